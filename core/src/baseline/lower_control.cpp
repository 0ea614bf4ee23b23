// Lowering: jumps, truth, iteration, and ints that go straight into a local.
#include "compiler.h"

#include "../faults.h"

namespace pyjit {

void Baseline::lowerJumpForward() {
    canonicalise();
    const uint32_t target = static_cast<uint32_t>(instr().target);
    setEntryDepth(target);
    masm_.jump(labels_[target]);
}

void Baseline::lowerJumpBackward() {
    canonicalise();
    backEdge(static_cast<uint32_t>(instr().target));
}

// Around `yield from` and `await`: what is pending is for the innermost of suspended frames.
void Baseline::lowerJumpBackwardNoInterrupt() {
    canonicalise();
    backEdge(static_cast<uint32_t>(instr().target), false);
}

// The truth of the top operand as 0 or 1 in a register; the operand stays.
Reg Baseline::truthOfTop() {
    reserve(3);
    if (peek().isRawInt()) {
        const Reg value = temp();
        const Reg zero = temp();
        loadInt(0, value, Label{});
        masm_.movImm(zero, 0);
        masm_.setIf(Cond::Ne, value, value, zero);
        return value;
    }
    if (peek().isRaw()) {
        FReg value = loadDouble(0);
        FReg zero = tempF();
        Reg flag = temp();
        const Label done = masm_.newLabel();
        masm_.loadFImm(zero, 0.0);
        masm_.movImm(flag, 0);
        FAULT_ALTERS(FLOAT_TRUTH, masm_.branchF(FCond::Le, value, zero, done),
                     masm_.branchF(FCond::Eq, value, zero, done));
        masm_.movImm(flag, 1);
        masm_.bind(done);
        return flag;
    }
    Reg value = use(0);
    reserve(2);
    Reg flag = temp();
    Reg other = temp();
    if (peek().known == Known::Int) {
        masm_.load64(flag, Mem::at(value, layout::kSize));
        masm_.movImm(other, 0);
        FAULT_ALTERS(INT_TRUTH, masm_.setIf(Cond::Gt, flag, flag, other),
                     masm_.setIf(Cond::Ne, flag, flag, other));
        return flag;
    }
    const Label back = masm_.newLabel();
    const Label slow = slowCall(reinterpret_cast<const void*>(pyjit_is_true), {argOf(0)},
                                Check::Negative, flag, back);
    masm_.movPtr(other, Py_True);
    masm_.setIf(Cond::Eq, flag, value, other);
    masm_.branchImm(Cond::Ne, flag, 0, back);
    masm_.movPtr(other, Py_False);
    masm_.branch(Cond::Eq, value, other, back);
    masm_.movPtr(other, Py_None);
    FAULT_DROPS(OBJECT_TRUTH, slow, masm_.branch(Cond::Ne, value, other, to));
    masm_.bind(back);
    masm_.andImm(flag, 1);
    return flag;
}

void Baseline::lowerPopJumpIf() {
    const uint8_t op = instr().op;
    const bool whenTrue = op == OP_POP_JUMP_FORWARD_IF_TRUE || op == OP_POP_JUMP_BACKWARD_IF_TRUE;
    canonicaliseRange(0, depth() - 1);
    Reg flag = truthOfTop();
    drop();
    jumpIf(whenTrue ? Cond::Ne : Cond::Eq, flag, static_cast<uint32_t>(instr().target));
}

void Baseline::lowerPopJumpIfNone() {
    const uint8_t op = instr().op;
    const bool whenNone = op == OP_POP_JUMP_FORWARD_IF_NONE || op == OP_POP_JUMP_BACKWARD_IF_NONE;
    canonicaliseRange(0, depth() - 1);
    Reg value = use(0);
    reserve(2);
    Reg none = temp();
    Reg flag = temp();
    masm_.movPtr(none, Py_None);
    masm_.setIf(Cond::Eq, flag, value, none);
    drop();
    jumpIf(whenNone ? Cond::Ne : Cond::Eq, flag, static_cast<uint32_t>(instr().target));
}

void Baseline::lowerJumpIfOrPop() {
    const bool whenTrue = instr().op == OP_JUMP_IF_TRUE_OR_POP;
    canonicalise();
    Reg flag = truthOfTop();
    // The operand stays where the jump's target expects it: in its slot.
    peek() = Value::memory();
    jumpIf(whenTrue ? Cond::Ne : Cond::Eq, flag, static_cast<uint32_t>(instr().target));
    drop();
}

void Baseline::lowerGetIter() {
    callHelper(reinterpret_cast<const void*>(PyObject_GetIter), {argOf(0)}, 1, Check::Null);
    pushOwned(masm_.ret());
}

// The end of a loop: what the helper left behind is an exception, or nothing.
Label Baseline::exhausted(uint32_t target) {
    return cold([this, target] {
        FAULT_DROPS(
            ITERATION_ERROR, errorExit(),
            masm_.branchMemImm(Width::B64, Cond::Ne,
                               Mem::at(Reg::TState, offsetof(PyThreadState, curexc_type)), 0, to));
        drop();
        jumpUnlessTraced(target);
    });
}

void Baseline::lowerForIter() {
    canonicalise();
    const uint32_t target = static_cast<uint32_t>(instr().target);
    if (entryDepth_[target] < 0) entryDepth_[target] = static_cast<int32_t>(depth() - 1);
    PyjitSite* s = site();
    if (s == nullptr) return;
    const Label end = exhausted(target);
    if (specialises() && tryForIter(s, target, end)) return;
    callHelper(reinterpret_cast<const void*>(pyjit_for_iter),
               {Arg::r(Reg::TState), Arg::p(s), argOf(0)}, 0, Check::None);
    masm_.branchImm(Cond::Eq, masm_.ret(), 0, end);
    pushOwned(masm_.ret());
}

bool Baseline::tryForIter(PyjitSite* s, uint32_t target, Label end) {
    const bool list = seesOnly(left(s), PYJIT_SEEN_LIST_ITER);
    const bool tuple = seesOnly(left(s), PYJIT_SEEN_TUPLE_ITER);
    const bool range = seesOnly(left(s), PYJIT_SEEN_RANGE_ITER);
    const bool generator = seesOnly(left(s), PYJIT_SEEN_GENERATOR);
    if (!list && !tuple && !range && !generator) {
        constexpr uint16_t kBuiltin = PYJIT_SEEN_BUILTIN | PYJIT_SEEN_LIST_ITER |
                                      PYJIT_SEEN_TUPLE_ITER | PYJIT_SEEN_RANGE_ITER;
        if (!seesOnly(left(s), kBuiltin)) return false;
        nextOfBuiltin(end);
        return true;
    }
    // Nothing is in a register here: the block starts with this instruction.
    const Reg result = generator ? masm_.ret() : temp();
    const Label back = masm_.newLabel();
    const Arg iteratorArg = Arg::load(slotOf(positionOf(0)));
    const Label slow = cold(PYJIT_OUTCOME_HELPER, [this, s, iteratorArg, result, back, end] {
        storePrev();
        const Arg args[] = {Arg::r(Reg::TState), Arg::p(s), iteratorArg};
        masm_.setArgs(args);
        masm_.call(reinterpret_cast<const void*>(pyjit_for_iter));
        masm_.branchImm(Cond::Eq, masm_.ret(), 0, end);
        leaveIfTracing([this] { pushOwned(masm_.ret()); });
        if (result != masm_.ret()) masm_.mov(result, masm_.ret());
        masm_.jump(back);
    });
    if (generator) {
        nextOfGenerator(slow, back, end);
        return true;
    }
    const Reg iterator = temp(), index = temp(), other = temp();
    masm_.load64(iterator, slotOf(positionOf(0)));
    if (range) {
        const Label over = cold([this, target] {
            drop();
            jumpUnlessTraced(target);
        });
        rangeStep(iterator, result, index, other, RangeExits{slow, over, back});
        return true;
    }
    // The iterator lets go of its sequence.
    const Label over = cold([this, iterator, other, target] {
        masm_.storeImm(Width::B64, Mem::at(iterator, layout::kListIterSeq), 0);
        lock(other);
        FAULT_OMITS(EXHAUSTED_ITERATOR, decref(other));
        drop();
        jumpUnlessTraced(target);
    });
    // List and tuple iterators have one layout.
    guardType(iterator, list ? &PyListIter_Type : &PyTupleIter_Type, slow);
    masm_.load64(other, Mem::at(iterator, layout::kListIterSeq));
    masm_.branchImm(Cond::Eq, other, 0, slow);
    masm_.load64(index, Mem::at(iterator, layout::kListIterIndex));
    FAULT_WEAKENS(LIST_ITERATOR_BOUND, over,
                  masm_.branchMem(Width::B64, Cond::Lt, Mem::at(other, layout::kSize), index, to),
                  masm_.branchMem(Width::B64, Cond::Le, Mem::at(other, layout::kSize), index, to));
    if (list) {
        masm_.load64(other, Mem::at(other, layout::kListItems));
        masm_.load64(result, Mem::indexed(other, index, 3));
    } else {
        masm_.load64(result, Mem::indexed(other, index, 3, layout::kTupleItems));
    }
    FAULT_OMITS_IF(ITERATED_TUPLE_REFERENCE, tuple, incref(result));
    masm_.addMemImm(Width::B64, Mem::at(iterator, layout::kListIterIndex), 1);
    masm_.bind(back);
    pushOwned(result);
    return true;
}

// What FOR_ITER does for any iterator, so there is nothing to guard.
void Baseline::nextOfBuiltin(Label end) {
    const Label none = cold([this, end] {
        const Arg args[] = {Arg::r(Reg::TState)};
        masm_.setArgs(args);
        masm_.call(reinterpret_cast<const void*>(pyjit_end_of_iteration));
        masm_.jump(end);
    });
    storePrev();
    masm_.load64(masm_.arg(0), slotOf(positionOf(0)));
    masm_.load64(Reg::S1, Mem::at(masm_.arg(0), layout::kType));
    masm_.callMem(Mem::at(Reg::S1, offsetof(PyTypeObject, tp_iternext)));
    ranPython_ = true;
    masm_.branchImm(Cond::Eq, masm_.ret(), 0, none);
    pushOwned(masm_.ret());
}

void Baseline::nextOfGenerator(Label slow, Label back, Label end) {
    const Label ended = cold([this, end] {
        callHelper(reinterpret_cast<const void*>(pyjit_end_generator),
                   {Arg::load(slotOf(positionOf(0))), Arg::r(masm_.ret()), Arg::i(0)}, 0,
                   Check::None);
        masm_.jump(end);
    });
    resume(slotOf(positionOf(0)), &PyGen_Type, Arg::p(Py_None), slow, ended);
    masm_.bind(back);
    pushOwned(masm_.ret());
}

void Baseline::rangeStep(Reg iterator, Reg result, Reg index, Reg other, const RangeExits& exits) {
    using Iterator = layout::RangeIterator;
    guardType(iterator, &PyRangeIter_Type, exits.slow);
    masm_.load64(index, Mem::at(iterator, offsetof(Iterator, index)));
    FAULT_WEAKENS(RANGE_BOUND, exits.over,
                  masm_.branchMem(Width::B64, Cond::Lt, Mem::at(iterator, offsetof(Iterator, len)),
                                  index, to),
                  masm_.branchMem(Width::B64, Cond::Le, Mem::at(iterator, offsetof(Iterator, len)),
                                  index, to));
    masm_.load64(result, Mem::at(iterator, offsetof(Iterator, step)));
    masm_.load64(other, Mem::at(iterator, offsetof(Iterator, start)));
    masm_.mul(result, index);
    masm_.add(result, other);
    masm_.addMemImm(Width::B64, Mem::at(iterator, offsetof(Iterator, index)), 1);
    locked_ &= ~(1u << static_cast<int>(iterator) | 1u << static_cast<int>(index) |
                 1u << static_cast<int>(other));
    lock(result);
    uint32_t local;
    if (fusedStore(local)) {
        ++current_;
        storeInt(result, local, exits.back);
        return;
    }
    boxInt(result, result, true);
    masm_.bind(exits.back);
    pushOwned(result);
}

// Is the next instruction a store into a local that nothing on the stack borrows?
bool Baseline::fusedStore(uint32_t& local) const {
    const Instr* next = nextInstr();
    if (!specialises() || !fallsInto(next) || next->op != OP_STORE_FAST ||
        isGeneric(next->op, next->oparg))
        return false;
    // A handler that begins or ends between the two would see another state.
    if (next->handler != instr().handler) return false;
    local = next->oparg;
    return !borrowsLocal(local);
}

// STORE_FAST of a raw int.
bool Baseline::tryStoreInt(uint32_t index) {
    if (!peek().isRawInt() || borrowsLocal(index)) return false;
    reserve(4);
    const bool loaded = peek().kind == Value::Kind::Int;
    const Reg value = loaded ? peek().reg : temp();
    lock(value);
    if (!loaded) loadInt(0, value, Label{});
    stack_.pop_back();
    storeInt(value, index, Label{});
    return true;
}

// Stores an int value into a local: into the very object that the local holds,
// if that is an int of as many digits that nobody else holds. A slow path that
// has an object already arrives, with the object in `value`, at `boxed`.
void Baseline::storeInt(Reg value, uint32_t local, Label boxed) {
    lock(value);
    reserve(3);
    const Reg old = temp();
    const Reg scratch = temp();
    const Reg size = temp();
    const Label done = masm_.newLabel();
    const Label fresh = cold([this, value, local, boxed, done] {
        lock(value);
        boxInt(value, value, true);
        if (boxed.valid()) masm_.bind(boxed);
        locked_ = 0;
        lock(value);
        const Reg previous = temp();
        masm_.load64(previous, localMem(local));
        masm_.store64(localMem(local), value);
        FAULT_OMITS(LEAKED_REFERENCE, decrefOrNull(previous));
        masm_.jump(done);
    });
    constexpr int64_t kFirst = _PY_NSMALLPOSINTS;  // smaller ones are shared objects
    constexpr int64_t kBase = int64_t{1} << PyLong_SHIFT;
    constexpr int64_t kDigit = sizeof(digit);
    const Label twoDigits = cold([=, this] {
        masm_.branchImm(Cond::Ne, size, 2, fresh);
        masm_.mov(scratch, value);
        masm_.shrImm(scratch, PyLong_SHIFT);
        masm_.lea(size, Mem::at(scratch, -1));
        FAULT_DROPS(DIGITS_IN_PLACE, fresh, masm_.branchImm(Cond::UGe, size, kBase - 1, to));
        masm_.store(Width::B32, Mem::at(old, layout::kIntDigits + kDigit), scratch);
        masm_.mov(scratch, value);
        masm_.andImm(scratch, kBase - 1);
        masm_.store(Width::B32, Mem::at(old, layout::kIntDigits), scratch);
        masm_.jump(done);
    });
    masm_.load64(old, localMem(local));
    if (!isBound(local)) masm_.branchImm(Cond::Eq, old, 0, fresh);
    if (localKnown_[local] != Known::Int) guardType(old, &PyLong_Type, fresh);
    FAULT_DROPS(INT_IN_PLACE, fresh,
                masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(old, layout::kRefcnt), 1, to));
    masm_.load64(size, Mem::at(old, layout::kSize));
    masm_.branchImm(Cond::Ne, size, 1, twoDigits);
    masm_.lea(scratch, Mem::at(value, -kFirst));
    masm_.branchImm(Cond::UGe, scratch, kBase - kFirst, fresh);
    masm_.store(Width::B32, Mem::at(old, layout::kIntDigits), value);
    masm_.bind(done);
    setBound(local, true);
    // A slow path may have stored anything.
    localKnown_[local] = boxed.valid() ? Known::Nothing : Known::Int;
}

}  // namespace pyjit
