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

// The truth of the top operand as 0 or 1 in a register; the operand stays.
Reg Baseline::truthOfTop() {
    reserve(3);
    if (peek().isRaw()) {
        FReg value = loadDouble(0);
        FReg zero = tempF();
        Reg flag = temp();
        const Label done = masm_.newLabel();
        masm_.loadFImm(zero, 0.0);
        masm_.movImm(flag, 0);
        masm_.branchF(FCond::Eq, value, zero, done);
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
        masm_.setIf(Cond::Ne, flag, flag, other);
        return flag;
    }
    const Label back = masm_.newLabel();
    const Label slow = slowCall(reinterpret_cast<const void*>(pyjit_is_true), {argOf(0)},
                                Check::Negative, flag, back);
    masm_.movPtr(other, Py_True);
    masm_.setIf(Cond::Eq, flag, value, other);
    masm_.branchImm(Cond::Ne, flag, 0, back);
    masm_.movPtr(other, Py_False);
    masm_.branch(Cond::Ne, value, other, slow);
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
        masm_.branchMemImm(Width::B64, Cond::Ne,
                           Mem::at(Reg::TState, offsetof(PyThreadState, curexc_type)), 0,
                           errorExit());
        drop();
        masm_.jump(labels_[target]);
    });
}

void Baseline::lowerForIter() {
    canonicalise();
    const uint32_t target = static_cast<uint32_t>(instr().target);
    if (entryDepth_[target] < 0) entryDepth_[target] = static_cast<int32_t>(depth() - 1);
    PyjitSite* s = site();
    if (s == nullptr) return;
    const Label end = exhausted(target);
    if (optimised_ && tryForIter(s, end)) return;
    callHelper(reinterpret_cast<const void*>(pyjit_for_iter), {Arg::p(s), argOf(0)}, 0,
               Check::None);
    masm_.branchImm(Cond::Eq, masm_.ret(), 0, end);
    pushOwned(masm_.ret());
}

bool Baseline::tryForIter(PyjitSite* s, Label end) {
    const bool list = seesOnly(s->seen_left, PYJIT_SEEN_LIST_ITER);
    const bool tuple = seesOnly(s->seen_left, PYJIT_SEEN_TUPLE_ITER);
    const bool range = seesOnly(s->seen_left, PYJIT_SEEN_RANGE_ITER);
    if (!list && !tuple && !range) return false;
    // Nothing is in a register here: the block starts with this instruction.
    const Reg iterator = temp(), result = temp(), index = temp(), other = temp();
    const Label back = masm_.newLabel();
    const Arg iteratorArg = Arg::load(slotOf(positionOf(0)));
    const Label slow = cold([this, s, iteratorArg, result, back, end] {
        storePrev();
        const Arg args[] = {Arg::p(s), iteratorArg};
        masm_.setArgs(args);
        masm_.call(reinterpret_cast<const void*>(pyjit_for_iter));
        masm_.branchImm(Cond::Eq, masm_.ret(), 0, end);
        if (result != masm_.ret()) masm_.mov(result, masm_.ret());
        masm_.jump(back);
    });
    masm_.load64(iterator, slotOf(positionOf(0)));
    if (range) {
        rangeStep(iterator, result, index, other, slow, back);
        return true;
    }
    // List and tuple iterators have one layout.
    guardType(iterator, list ? &PyListIter_Type : &PyTupleIter_Type, slow);
    masm_.load64(other, Mem::at(iterator, layout::kListIterSeq));
    masm_.branchImm(Cond::Eq, other, 0, slow);
    masm_.load64(index, Mem::at(iterator, layout::kListIterIndex));
    masm_.branchMem(Width::B64, Cond::Le, Mem::at(other, layout::kSize), index, slow);
    if (list) {
        masm_.load64(other, Mem::at(other, layout::kListItems));
        masm_.load64(result, Mem::indexed(other, index, 3));
    } else {
        masm_.load64(result, Mem::indexed(other, index, 3, layout::kTupleItems));
    }
    incref(result);
    masm_.addMemImm(Width::B64, Mem::at(iterator, layout::kListIterIndex), 1);
    masm_.bind(back);
    pushOwned(result);
    return true;
}

void Baseline::rangeStep(Reg iterator, Reg result, Reg index, Reg other, Label slow, Label back) {
    using Iterator = layout::RangeIterator;
    guardType(iterator, &PyRangeIter_Type, slow);
    masm_.load64(index, Mem::at(iterator, offsetof(Iterator, index)));
    masm_.branchMem(Width::B64, Cond::Le, Mem::at(iterator, offsetof(Iterator, len)), index, slow);
    masm_.load64(result, Mem::at(iterator, offsetof(Iterator, step)));
    masm_.load64(other, Mem::at(iterator, offsetof(Iterator, start)));
    masm_.mul(result, index);
    masm_.add(result, other);
    masm_.addMemImm(Width::B64, Mem::at(iterator, offsetof(Iterator, index)), 1);
    locked_ &= ~(1u << static_cast<int>(iterator) | 1u << static_cast<int>(index) |
                 1u << static_cast<int>(other));
    IntOperation op{result, Reg::None, slow, back};
    uint32_t local;
    if (fusedStore(local)) {
        storeInt(op, 0, local);
        return;
    }
    boxInt(result, result, true);
    masm_.bind(back);
    pushOwned(result, Known::Int);
}

// Is the next instruction a store into a local that nothing on the stack, apart
// from the `operands` topmost entries, borrows?
bool Baseline::fusedStore(uint32_t& local, uint32_t operands) {
    const Instr* next = nextInstr();
    if (!optimised_ || !fallsInto(next) || next->op != OP_STORE_FAST) return false;
    // A handler that begins or ends between the two would see another state.
    if (next->handler != instr().handler) return false;
    local = next->oparg;
    for (uint32_t p = 0; p + operands < depth(); ++p) {
        if (stack_[p].kind == Value::Kind::Local && stack_[p].index == local) return false;
    }
    return true;
}

// Stores the int value in op.a into a local: into the very object that the local
// holds, if that is an int of one digit that nobody else holds. `operands` are
// dropped on the way; op.back is where the slow path arrives with an object.
void Baseline::storeInt(const IntOperation& op, uint32_t operands, uint32_t local) {
    const Reg value = op.a;
    reserve(2);
    Reg old = temp();
    Reg offset = temp();
    const Label done = masm_.newLabel();
    const Label fresh = cold([this, op, operands, local, done] {
        lock(op.a);
        boxInt(op.a, op.a, true);
        masm_.bind(op.back);
        locked_ = 0;
        lock(op.a);
        dropOperands(operands);
        lock(op.a);
        Reg previous = temp();
        masm_.load64(previous, localMem(local));
        masm_.store64(localMem(local), op.a);
        if (!FAULT(LEAKED_REFERENCE)) decrefOrNull(previous);
        masm_.jump(done);
    });
    constexpr int64_t kFirst = _PY_NSMALLPOSINTS;  // smaller ones are shared objects
    masm_.load64(old, localMem(local));
    if (!isBound(local)) masm_.branchImm(Cond::Eq, old, 0, fresh);
    if (localKnown_[local] != Known::Int) guardType(old, &PyLong_Type, fresh);
    masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(old, layout::kRefcnt), 1, fresh);
    masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(old, layout::kSize), 1, fresh);
    masm_.lea(offset, Mem::at(value, -kFirst));
    masm_.branchImm(Cond::UGe, offset, (int64_t{1} << PyLong_SHIFT) - kFirst, fresh);
    masm_.store(Width::B32, Mem::at(old, layout::kIntDigits), value);
    dropOperands(operands);
    masm_.bind(done);
    setBound(local, true);
    localKnown_[local] = Known::Nothing;  // the slow path may have stored anything
    ++current_;
}

}  // namespace pyjit
