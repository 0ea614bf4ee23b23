// Lowering: what asynchronous code does without suspending its frame: finding
// out what to await, entering `async with`, leaving `async for`.
#include "compiler.h"

namespace pyjit {

void Baseline::lowerGetAwaitable() {
    // [value] becomes what is sent to
    callHelper(reinterpret_cast<const void*>(pyjit_get_awaitable),
               {argOf(0), Arg::i(instr().oparg)}, 1, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerGetAiter() {
    // [value] becomes its iterator; the value dies before the iterator is looked at
    const Reg value = popOwned();
    callHelper(reinterpret_cast<const void*>(pyjit_get_aiter), {Arg::r(value)}, 0, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerGetAnext() {
    // [iterator] gets what to await on top
    callHelper(reinterpret_cast<const void*>(pyjit_get_anext), {argOf(0)}, 0, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerBeforeAsyncWith() {
    enterContext(reinterpret_cast<const void*>(pyjit_before_async_with));
}

void Baseline::lowerEndAsyncFor() {
    // [iterator, exception]: StopAsyncIteration ends the loop, and both are
    // dropped; anything else is raised again
    callHelper(reinterpret_cast<const void*>(PyErr_GivenExceptionMatches),
               {argOf(0), Arg::p(PyExc_StopAsyncIteration)}, 0, Check::None);
    const Label other = cold([this] {
        const Reg exception = popOwned();
        const Arg args[] = {Arg::r(Reg::TState), Arg::r(exception)};
        masm_.setArgs(args);
        masm_.call(reinterpret_cast<const void*>(pyjit_reraise));
        masm_.jump(errorExit(true));
    });
    masm_.branchTestImm(Cond::Eq, masm_.ret(), 0xffffffff, other);
    drop();
    drop();
}

}  // namespace pyjit
