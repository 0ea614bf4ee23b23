// Lowering: exceptions, with statements.
//
// Handlers are entry points: unwind() rebuilds the canonical operand stack and
// says where the handler's code is.
#include "compiler.h"

namespace pyjit {

void Baseline::lowerLoadAssertionError() { push(Value::constant(PyExc_AssertionError)); }

void Baseline::lowerRaiseVarargs() {
    const uint32_t n = instr().oparg;
    // The helper steals both.
    for (uint32_t i = 0; i < n; ++i) own(i);
    spillAll();
    const Arg exception = n == 0 ? Arg::i(0) : Arg::load(slotOf(positionOf(n - 1)));
    const Arg cause = n == 2 ? Arg::load(slotOf(positionOf(0))) : Arg::i(0);
    for (uint32_t i = 0; i < n; ++i) stack_.pop_back();
    storePrev();
    const Arg args[] = {Arg::r(Reg::TState), exception, cause};
    masm_.setArgs(args);
    masm_.call(reinterpret_cast<const void*>(pyjit_raise_varargs));
    // 1: a bare raise, which adds no traceback entry here
    masm_.branchTestImm(Cond::Ne, masm_.ret(), 0xffffffff, errorExit(true));
    masm_.jump(errorExit());
}

void Baseline::lowerReraise() {
    // With an argument, the index of the instruction that raised lies below: the
    // traceback's line is that one's.
    if (instr().oparg != 0) {
        Reg lasti = use(instr().oparg);
        reserve(2);
        Reg value = temp();
        compactInt(lasti, value, errorExit());
        masm_.shlImm(value, 1);
        Reg first = temp();
        masm_.movPtr(first, firstUnit(code_));
        masm_.add(value, first);
        masm_.store64(Mem::at(Reg::Frame, layout::kFramePrevInstr), value);
    } else {
        storePrev();
    }
    Reg exception = popOwned();
    spillAll();
    const Arg args[] = {Arg::r(Reg::TState), Arg::r(exception)};
    masm_.setArgs(args);
    masm_.call(reinterpret_cast<const void*>(pyjit_reraise));
    masm_.jump(errorExit(true));
}

void Baseline::lowerPushExcInfo() {
    // [exception] becomes [previous exception or None, exception].
    callHelper(reinterpret_cast<const void*>(pyjit_push_exc_info), {Arg::r(Reg::TState), argOf(0)},
               0, Check::None);
    own(0);
    const Value exception = peek();
    stack_.pop_back();
    pushOwned(masm_.ret());
    push(exception);
}

void Baseline::lowerPopExcept() {
    Reg previous = popOwned();
    spillAll();
    storePrev();
    const Arg args[] = {Arg::r(Reg::TState), Arg::r(previous)};
    masm_.setArgs(args);
    masm_.call(reinterpret_cast<const void*>(pyjit_pop_except));
}

void Baseline::lowerCheckExcMatch() {
    // [exception, type] becomes [exception, bool]
    prepareCondition(1);
    callHelper(reinterpret_cast<const void*>(pyjit_check_exc_match),
               {Arg::r(Reg::TState), argOf(1), argOf(0)}, 1, Check::Negative);
    Reg flag = temp();
    masm_.mov(flag, masm_.ret());
    masm_.andImm(flag, 1);
    finishCondition(flag);
}

void Baseline::lowerWithExceptStart() {
    // [exit, lasti, previous exception, exception] gets the result of exit() on top
    callHelper(reinterpret_cast<const void*>(pyjit_with_except_start), {argOf(3), argOf(0)}, 0,
               Check::Null);
    pushOwned(masm_.ret());
    afterCall(true);
}

// [manager] becomes [bound exit method, result of the enter method]. The helper
// works in the frame's slots: what is in the first is owned, also when it fails.
void Baseline::enterContext(const void* helper) {
    canonicaliseRange(depth() - 1, depth());
    callHelper(helper, {Arg::r(Reg::TState), Arg::address(slotOf(positionOf(0)))}, 0,
               Check::Negative);
    peek() = Value::memory();
    push(Value::memory());
    afterCall(true);
}

void Baseline::lowerBeforeWith() { enterContext(reinterpret_cast<const void*>(pyjit_before_with)); }

void Baseline::lowerCheckEgMatch() {
    // [exception, type] becomes [rest, match], or [exception, None]
    canonicaliseRange(depth() - 2, depth());
    const Arg base = Arg::address(slotOf(positionOf(1)));
    stack_.pop_back();  // the helper releases the type
    callHelper(reinterpret_cast<const void*>(pyjit_check_eg_match), {base}, 0, Check::Negative);
    peek() = Value::memory();
    push(Value::memory());
}

void Baseline::lowerPrepReraiseStar() {
    // [original exception, list of what clauses raised] becomes an exception or None
    callHelper(reinterpret_cast<const void*>(pyjit_prep_reraise_star), {argOf(1), argOf(0)}, 0,
               Check::None);
    drop();
    drop();
    checkResult(Check::Null);
    pushOwned(masm_.ret());
}

}  // namespace pyjit
