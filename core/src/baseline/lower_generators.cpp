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

void Baseline::lowerYieldValue() {
    setEntryDepth(current_ + 1);  // what is sent replaces what is yielded
    canonicaliseRange(0, depth() - 1);
    const Reg value = popOwned();
    if (value != masm_.ret()) masm_.mov(masm_.ret(), value);
    storePrev();
    masm_.storeImm(
        Width::B32, Mem::at(Reg::Frame, layout::kFrameStackTop),
        code_->co_nlocalsplus + static_cast<int64_t>(depth()) - FAULT_IF(YIELD_DEPTH, depth() > 0));
    masm_.storeImm(Width::B8, Mem::at(Reg::Frame, layout::kGeneratorState), FRAME_SUSPENDED);
    masm_.jump(leave_);
}

// [receiver, value] becomes [receiver, yielded value], or [returned value] at the target.
void Baseline::lowerSend() {
    const uint32_t target = static_cast<uint32_t>(instr().target);
    canonicaliseRange(0, depth() - 1);
    callHelper(reinterpret_cast<const void*>(pyjit_send),
               {Arg::r(Reg::TState), argOf(1), argOf(0), Arg::address(masm_.slot(0))}, 1,
               Check::Negative);
    setEntryDepth(target);
    const Reg value = temp();
    masm_.load64(value, masm_.slot(0));
    const Label returned = cold([this, value, target] {
        lock(value);
        const Reg receiver = temp();
        masm_.load64(receiver, slotOf(positionOf(0)));
        masm_.store64(slotOf(positionOf(0)), value);
        FAULT_OMITS(DELEGATE_LEAK, decref(receiver));
        jumpUnlessTraced(target);
    });
    masm_.branchTestImm(Cond::Eq, masm_.ret(), 0xffffffff, returned);
    pushOwned(value);
}

void Baseline::lowerGetYieldFromIter() {
    callHelper(reinterpret_cast<const void*>(pyjit_get_yield_from_iter),
               {argOf(0), Arg::i(code_->co_flags)}, 1, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerAsyncGenWrap() {
    callHelper(reinterpret_cast<const void*>(pyjit_async_gen_wrap), {argOf(0)}, 1, Check::Null);
    pushOwned(masm_.ret());
}

}  // namespace pyjit
