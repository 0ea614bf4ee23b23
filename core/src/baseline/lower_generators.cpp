// Lowering: what suspends a frame, and what goes on with one.
//
// A suspended frame is canonical, and the instruction behind the one that
// suspended it is an entry (resume in machine.h).
#include "compiler.h"

namespace pyjit {

void Baseline::lowerReturnGenerator() {
    storePrev();
    callHelper(reinterpret_cast<const void*>(pyjit_return_generator),
               {Arg::r(Reg::TState), Arg::r(Reg::Frame)}, 0, Check::Null);
    masm_.jump(leave_);
    push(Value::memory());  // what is sent first
    setEntryDepth(current_ + 1);
}

// The frame is left, suspended; R0 holds what it yields, and the rest is canonical.
void Baseline::suspend() {
    storePrev();
    masm_.storeImm(
        Width::B32, Mem::at(Reg::Frame, layout::kFrameStackTop),
        code_->co_nlocalsplus + static_cast<int64_t>(depth()) - FAULT_IF(YIELD_DEPTH, depth() > 0));
    masm_.storeImm(Width::B8, Mem::at(Reg::Frame, layout::kGeneratorState), FRAME_SUSPENDED);
    masm_.jump(leave_);
}

void Baseline::lowerYieldValue() {
    setEntryDepth(current_ + 1);  // what is sent replaces what is yielded
    canonicaliseRange(0, depth() - 1);
    const Reg value = popOwned();
    if (value != masm_.ret()) masm_.mov(masm_.ret(), value);
    suspend();
}

void Baseline::lowerAsyncGenWrap() {
    if (fallsInto(nextInstr()) && nextInstr()->op == OP_YIELD_VALUE && optimised_) {
        return wrapAndYield();
    }
    callHelper(reinterpret_cast<const void*>(pyjit_async_gen_wrap), {argOf(0)}, 1, Check::Null);
    pushOwned(masm_.ret());
}

// A driver of our own (async_generators.c) takes the value as it is.
void Baseline::wrapAndYield() {
    canonicaliseRange(0, depth() - 1);
    const Reg value = popOwned();
    if (value != masm_.ret()) masm_.mov(masm_.ret(), value);
    const Label yield = masm_.newLabel();
    const Label wrap = cold([this, yield] {
        pushOwned(masm_.ret());
        callHelper(reinterpret_cast<const void*>(pyjit_async_gen_wrap), {argOf(0)}, 1, Check::Null);
        masm_.jump(yield);
    });
    masm_.branchImm(Cond::Eq, Reg::S0, 0, wrap);
    masm_.storeImm(Width::B8, Mem::abs(pyjit_yielded_bare), 1);
    masm_.bind(yield);
    ++current_;  // the yield is part of this instruction
    setEntryDepth(current_ + 1, depth() + 1);
    suspend();
}

// Goes on with the generator or coroutine of that type whose reference is in `slot`, without a
// C function in between. At `slow` nothing has happened yet; `ended` has the result in R0, behind
// it what was yielded is there. Every operand is in memory or borrowed.
void Baseline::resume(Mem slot, PyTypeObject* type, const Arg& sent, Label slow, Label ended) {
    using namespace layout;
    const Reg generator = temp();
    masm_.load64(generator, slot);
    guardType(generator, type, slow);
    storePrev();
    const Arg args[] = {Arg::r(Reg::TState), Arg::address(Mem::at(generator, kGeneratorFrame)),
                        Arg::i(0), sent};
    masm_.setArgs(args);
    masm_.call(stubs_->goOn);
    locked_ = lockedF_ = 0;
    lock(masm_.ret());
    masm_.branchImm(Cond::Eq, masm_.ret(), reinterpret_cast<intptr_t>(PYJIT_NOT_RESUMED), slow);
    const Reg again = temp(), outer = temp();
    masm_.load64(again, slot);
    const auto field = [again](int64_t offset) { return Mem::at(again, kGeneratorFrame + offset); };
    masm_.load64(outer, field(kGeneratorOuter));
    masm_.store64(Mem::at(Reg::TState, kThreadExceptions), outer);
    masm_.storeImm(Width::B64, field(kGeneratorOuter), 0);
    masm_.storeImm(Width::B64, field(kFramePrevious), 0);
    masm_.branchMemImm(Width::B8, Cond::Ne, field(kGeneratorState), FRAME_SUSPENDED, ended);
    ranPython_ = true;
}

// [receiver, value] becomes [receiver, yielded value], or [returned value] at the target.
void Baseline::lowerSend() {
    const uint32_t target = static_cast<uint32_t>(instr().target);
    canonicalise();
    setEntryDepth(target, depth() - 1);
    const Label yielded = masm_.newLabel();
    // [receiver], and what it has returned is in R0.
    const auto returned = [this, target] {
        locked_ = 0;
        lock(masm_.ret());
        const Reg receiver = temp();
        masm_.load64(receiver, slotOf(positionOf(0)));
        masm_.store64(slotOf(positionOf(0)), masm_.ret());
        FAULT_OMITS(DELEGATE_LEAK, decref(receiver));
        jumpUnlessTraced(target);
    };
    const auto byHelper = [this, returned, yielded] {
        callHelper(reinterpret_cast<const void*>(pyjit_send),
                   {Arg::r(Reg::TState), argOf(1), argOf(0), Arg::address(masm_.slot(0))}, 1,
                   Check::Negative);
        const Label end = cold([this, returned] {
            masm_.load64(masm_.ret(), masm_.slot(0));
            returned();
        });
        masm_.branchTestImm(Cond::Eq, masm_.ret(), 0xffffffff, end);
        masm_.load64(masm_.ret(), masm_.slot(0));
        if (optimised_) masm_.jump(yielded);
    };
    if (optimised_) {
        const Label ended = cold([this, returned] {
            callHelper(reinterpret_cast<const void*>(pyjit_end_generator),
                       {Arg::load(slotOf(positionOf(1))), Arg::r(masm_.ret()), Arg::i(1)}, 1,
                       Check::Null);
            returned();
        });
        const bool awaits = (code_->co_flags & (CO_COROUTINE | CO_ASYNC_GENERATOR)) != 0;
        resume(slotOf(positionOf(1)), awaits ? &PyCoro_Type : &PyGen_Type, argOf(0), cold(byHelper),
               ended);
        dropOperands(1);
        masm_.bind(yielded);
    } else {
        byHelper();
    }
    locked_ = 0;
    lock(masm_.ret());
    pushOwned(masm_.ret());
}

void Baseline::lowerGetYieldFromIter() {
    callHelper(reinterpret_cast<const void*>(pyjit_get_yield_from_iter),
               {argOf(0), Arg::i(code_->co_flags)}, 1, Check::Null);
    pushOwned(masm_.ret());
}

}  // namespace pyjit
