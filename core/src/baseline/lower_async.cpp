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

// GET_ANEXT, LOAD_CONST and SEND in one, for an asynchronous generator that goes on in compiled
// code; behind it comes what does the same for everything else. Nothing is emitted unless they
// are in the form that `async for` has.
void Baseline::tryAnext() {
    const std::vector<Instr>& instrs = bytecode_.instrs;
    const uint32_t first = current_, send = current_ + 2;
    if (send + 1 >= instrs.size() || instr().handler < 0) return;
    const Instr &load = instrs[first + 1], &sends = instrs[send], &yields = instrs[send + 1];
    const Handler& handler = bytecode_.handlers[instr().handler];
    const uint32_t end = static_cast<uint32_t>(bytecode_.indexOf[handler.target]);
    if (load.op != OP_LOAD_CONST || load.leader ||
        PyTuple_GET_ITEM(code_->co_consts, load.oparg) != Py_None || sends.op != OP_SEND ||
        sends.handler != instr().handler || yields.op != OP_YIELD_VALUE ||
        instrs[end].op != OP_END_ASYNC_FOR || handler.depth != depth()) {
        return;
    }
    canonicalise();
    const auto target = static_cast<uint32_t>(sends.target);
    const Label otherwise = masm_.newLabel();
    const Label ended = cold([this, end] {
        current_ = end;
        drop();
        setEntryDepth(end + 1);
        jumpUnlessTraced(end + 1);
    });
    const Label waits = cold([this, send] {
        current_ = send;
        const Reg awaitable = temp();
        masm_.load64(awaitable, masm_.slot(0));
        pushOwned(awaitable);
        const Reg yielded = temp();
        masm_.load64(yielded, masm_.slot(1));
        pushOwned(yielded);
        checkTracing();
        current_ = send + 1;
        lowerYieldValue();
    });
    const Label others = cold([this, send, otherwise, waits, ended] {
        current_ = send;
        masm_.branchImm(Cond::Eq, masm_.ret(), 0, otherwise);
        masm_.branchImm(Cond::Eq, masm_.ret(), 2, waits);
        masm_.branchImm(Cond::Eq, masm_.ret(), 3, ended);
        masm_.jump(errorExit());
    });
    storePrev(sends.bci);
    const Arg args[] = {Arg::r(Reg::TState), Arg::load(slotOf(positionOf(0))),
                        Arg::address(masm_.slot(0))};
    masm_.setArgs(args);
    masm_.call(reinterpret_cast<const void*>(pyjit_next_async));
    masm_.branchImm(Cond::Ne, masm_.ret(), 1, others);
    masm_.load64(masm_.ret(), masm_.slot(0));
    masm_.store64(slotOf(depth()), masm_.ret());
    push(Value::memory());
    setEntryDepth(target);
    jumpUnlessTraced(target);
    stack_.pop_back();
    masm_.bind(otherwise);
}

void Baseline::lowerGetAnext() {
    if (specialises()) tryAnext();
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
