// Lowering: calls, functions and classes made, imports.
//
// A call of a known Python function pushes the callee's frame inline, moves the
// arguments into it and enters the compiled code; a call of a known C function
// goes straight to its ml_meth. Both are guarded; the slow path is pyjit_call.
#include "compiler.h"

#include "../config.h"
#include "../runtime/builtins.h"

#include <bit>

namespace pyjit {

void Baseline::lowerKwNames() { kwnames_ = PyTuple_GET_ITEM(code_->co_consts, instr().oparg); }

void Baseline::genericCall(PyjitSite* s, uint32_t nargs) {
    canonicaliseRange(depth() - nargs - 2, depth());
    spillAll();
    storePrev();
    const Arg args[] = {Arg::r(Reg::TState), Arg::p(s), Arg::address(slotOf(depth() - nargs - 2)),
                        Arg::i(nargs), Arg::p(kwnames_)};
    masm_.setArgs(args);
    masm_.call(reinterpret_cast<const void*>(pyjit_call));
    for (uint32_t i = 0; i < nargs + 2; ++i) stack_.pop_back();
}

// The slow path of a guarded call: does everything, arrives at `back` with the
// result in R0 and the operands gone.
Label Baseline::callSlow(PyjitSite* s, uint32_t nargs, Label back) {
    PyObject* kwnames = kwnames_;
    return cold([this, s, nargs, back, kwnames] {
        kwnames_ = kwnames;
        genericCall(s, nargs);
        kwnames_ = nullptr;
        masm_.jump(back);
    });
}

// The result, or NULL, is in R0.
void Baseline::finishCall(uint32_t) {
    locked_ = lockedF_ = 0;
    checkResult(Check::Null);
    pushOwned(masm_.ret());
    afterCall(true);
    kwnames_ = nullptr;
}

void Baseline::lowerCall() {
    const uint32_t nargs = instr().oparg;
    PyjitSite* s = site();
    if (s == nullptr) return;
    if (caching() && (trySuperMethod(s, nargs) || tryPythonCall(s, nargs) || tryCCall(s, nargs)))
        return;
    genericCall(s, nargs);
    finishCall(nargs);
}

// Which of the operands, or defaults, becomes which parameter of the callee.
bool Baseline::planCall(PyjitSite* s, uint32_t nargs, CallPlan& plan) const {
    const auto* callee = s->target.code;
    const int parameters = callee->co_argcount;
    const bool withSelf = s->call_form != PYJIT_FORM_PLAIN;
    const int keywords = kwnames_ == nullptr ? 0 : static_cast<int>(PyTuple_GET_SIZE(kwnames_));
    const int positional = static_cast<int>(nargs) - keywords + withSelf;
    if (positional > parameters || positional < 0) return false;
    plan.sources.assign(static_cast<size_t>(parameters), CallPlan::kDefault);
    for (int i = 0; i < positional; ++i) {
        // Operand distance from the top; self lies right below the arguments.
        plan.sources[i] = static_cast<int>(nargs) - 1 - (i - withSelf);
    }
    for (int k = 0; k < keywords; ++k) {
        PyObject* keyword = PyTuple_GET_ITEM(kwnames_, k);
        int found = -1;
        for (int i = callee->co_posonlyargcount; i < parameters; ++i) {
            if (PyTuple_GET_ITEM(callee->co_localsplusnames, i) == keyword) found = i;
        }
        if (found < 0 || plan.sources[found] != CallPlan::kDefault) return false;
        plan.sources[found] = FAULT_IF(KEYWORD_ORDER, keywords > 1) ? k : keywords - 1 - k;
    }
    plan.defaults = s->call_defaults;
    for (int i = 0; i < parameters; ++i) {
        if (plan.sources[i] != CallPlan::kDefault) continue;
        if (i < parameters - plan.defaults) return false;
        plan.usesDefaults = true;
    }
    return true;
}

bool Baseline::tryPythonCall(PyjitSite* s, uint32_t nargs) {
    CallPlan plan;
    if (s->call_kind != PYJIT_CALL_PYTHON || s->target.code == nullptr ||
        !planCall(s, nargs, plan)) {
        return false;
    }
    using namespace layout;
    const auto* callee = s->target.code;
    // This code calls this callee, whatever the site records later.
    PyjitTarget* target = machine_->expect(s->target.callee);
    if (target == nullptr) return false;
    const uint32_t below = depth() - nargs - 2;
    for (uint32_t i = 0; i < nargs; ++i) box(i);
    spillRange(0, below);
    const uint16_t form = callForm(s, nargs);
    const uint32_t functionAt = form == PYJIT_FORM_METHOD ? nargs + 1 : nargs;
    const Reg callable = use(functionAt);
    Reg null = Reg::None;
    const bool checkNull = form != PYJIT_FORM_METHOD && peek(nargs + 1).kind != Value::Kind::Const;
    if (checkNull) null = use(nargs + 1);
    reserve(3);
    const Label back = masm_.newLabel();
    const Label slow = callSlow(s, nargs, back);
    const Reg frame = temp(), scratch = temp();
    Reg function = callable;
    if (checkNull) FAULT_DROPS(PLAIN_FORM, slow, masm_.branchImm(Cond::Ne, null, 0, to));
    if (form == PYJIT_FORM_METHOD)
        FAULT_DROPS(METHOD_FORM, slow, masm_.branchImm(Cond::Eq, callable, 0, to));
    if (form == PYJIT_FORM_BOUND) {
        guardType(callable, &PyMethod_Type, slow);
        function = temp();
        masm_.load64(function, Mem::at(callable, kMethodFunc));
    }
    guardType(function, &PyFunction_Type, slow);
    masm_.load64(scratch, Mem::at(function, kFuncCode));
    FAULT_DROPS(CALLEE_CODE, slow,
                masm_.branchMem(Width::B64, Cond::Ne, Mem::abs(&target->code), scratch, to));
    if (plan.usesDefaults) {
        masm_.load64(scratch, Mem::at(function, kFuncDefaults));
        masm_.branchImm(Cond::Eq, scratch, 0, slow);
        FAULT_DROPS(
            DEFAULTS_LENGTH, slow,
            masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(scratch, kSize), plan.defaults, to));
    }
    const int64_t frameSize =
        8 * (callee->co_nlocalsplus + callee->co_stacksize + FRAME_SPECIALS_SIZE);
    masm_.load64(frame, Mem::at(Reg::TState, kThreadDataTop));
    masm_.lea(scratch, Mem::at(frame, frameSize));
    masm_.branchMem(Width::B64, Cond::ULe, Mem::at(Reg::TState, kThreadDataLimit), scratch, slow);
    masm_.store64(Mem::at(Reg::TState, kThreadDataTop), scratch);
    // From here on nothing fails: references move into the frame.
    const int parameters = static_cast<int>(plan.sources.size());
    for (int i = 0; i < parameters; ++i) {
        const Mem to = Mem::at(frame, local(i));
        const int source = plan.sources[i];
        if (source == CallPlan::kDefault) {
            masm_.load64(scratch, Mem::at(function, kFuncDefaults));
            const int item = i - (parameters - plan.defaults);
            masm_.load64(scratch, Mem::at(scratch, kTupleItems + 8 * static_cast<int64_t>(item)));
            FAULT_OMITS(DEFAULT_REFERENCE, incref(scratch));
            masm_.store64(to, scratch);
            continue;
        }
        const uint32_t at = static_cast<uint32_t>(source);
        if (form == PYJIT_FORM_BOUND && i == 0) {
            masm_.load64(scratch, Mem::at(callable, kMethodSelf));
            FAULT_OMITS(BOUND_SELF_REFERENCE, incref(scratch));
            masm_.store64(to, scratch);
            continue;
        }
        const Value v = peek(at);
        switch (v.kind) {
            case Value::Kind::Register: masm_.store64(to, v.reg); break;
            case Value::Kind::Memory:
                masm_.load64(scratch, slotOf(positionOf(at)));
                masm_.store64(to, scratch);
                break;
            case Value::Kind::Local:
                masm_.load64(scratch, localMem(v.index));
                incref(scratch);
                masm_.store64(to, scratch);
                break;
            default:
                masm_.movPtr(scratch, v.object);
                incref(scratch);
                masm_.store64(to, scratch);
                break;
        }
    }
    const Value callableValue = peek(functionAt);
    const uint32_t callablePosition = positionOf(functionAt);
    for (uint32_t i = 0; i < nargs + 2; ++i) stack_.pop_back();
    if (form == PYJIT_FORM_BOUND) {
        incref(function);
        lock(function);
        lock(frame);
        release(callableValue, callablePosition);
    } else if (callableValue.borrowed()) {
        incref(function);
    }
    // As the interpreter has it when it pushes a frame inline.
    storePrev(instr().next - 1);
    const Arg args[] = {Arg::r(Reg::TState), Arg::r(frame), Arg::r(function)};
    masm_.setArgs(args);
    masm_.callMem(Mem::abs(&target->callee->direct_entry));
    masm_.bind(back);
    finishCall(nargs);
    return true;
}

bool Baseline::tryCCall(PyjitSite* s, uint32_t nargs) {
    PyMethodDef* method;
    PyObject* boundSelf = nullptr;
    PyTypeObject* selfType = nullptr;
    auto* callee = static_cast<PyObject*>(s->callable);
    const uint16_t form = s->call_form;
    if (callee == nullptr || s->call_kind < PYJIT_CALL_NOARGS ||
        s->call_kind > PYJIT_CALL_FAST_KEYWORDS) {
        return false;
    }
    if (Py_TYPE(callee) == &PyMethodDescr_Type && form == PYJIT_FORM_METHOD) {
        method = reinterpret_cast<PyMethodDescrObject*>(callee)->d_method;
        selfType = reinterpret_cast<PyMethodDescrObject*>(callee)->d_common.d_type;
    } else if (Py_TYPE(callee) == &PyCFunction_Type && form == PYJIT_FORM_PLAIN) {
        method = reinterpret_cast<PyCFunctionObject*>(callee)->m_ml;
        boundSelf = PyCFunction_GET_SELF(callee);
    } else {
        return false;
    }
    const uint16_t kind = s->call_kind;
    const uint32_t keywords =
        kwnames_ == nullptr ? 0 : static_cast<uint32_t>(PyTuple_GET_SIZE(kwnames_));
    if (keywords != 0 && kind != PYJIT_CALL_FAST_KEYWORDS) return false;
    if (kind == PYJIT_CALL_NOARGS && nargs != 0) return false;
    if (kind == PYJIT_CALL_O && nargs != 1) return false;

    const uint32_t callableAt = form == PYJIT_FORM_METHOD ? nargs + 1 : nargs;
    for (uint32_t i = 0; i <= nargs; ++i) box(i);
    const Reg callable = use(callableAt);
    Reg other = Reg::None;  // self, or what should be NULL
    if (form == PYJIT_FORM_METHOD) {
        other = use(nargs);
    } else if (peek(nargs + 1).kind != Value::Kind::Const) {
        other = use(nargs + 1);
    }
    reserve(2);
    const Label back = masm_.newLabel();
    const Label slow = callSlow(s, nargs, back);
    const Reg expected = temp();
    forcedFailure(slow);
    machine_->keep(callee);
    masm_.movPtr(expected, callee);
    FAULT_DROPS(C_CALLEE, slow, masm_.branch(Cond::Ne, callable, expected, to));
    if (form == PYJIT_FORM_METHOD) {
        guardType(other, selfType, slow);
    } else if (other != Reg::None) {
        masm_.branchImm(Cond::Ne, other, 0, slow);
        peek(nargs + 1) = Value::constant(nullptr);
    }
    const bool recursive = kind == PYJIT_CALL_NOARGS || kind == PYJIT_CALL_O;
    const Mem remaining = Mem::at(Reg::TState, layout::kThreadRecursionRemaining);
    if (recursive) {
        // The interpreter counts these calls as a level of recursion.
        masm_.branchMemImm(Width::B32, Cond::Le, remaining, 0, slow);
        masm_.addMemImm(Width::B32, remaining, -1);
    }
    const Arg self = form == PYJIT_FORM_METHOD ? argOf(nargs) : Arg::p(boundSelf);
    Arg args[4] = {self};
    size_t n = 0;
    args[n++] = self;
    if (kind == PYJIT_CALL_O) {
        args[n++] = argOf(0);
    } else if (kind == PYJIT_CALL_NOARGS) {
        args[n++] = Arg::i(0);
    } else {
        // The operands' slots are the argument vector; borrowed ones are written
        // there too, without a reference, for the time of the call.
        const Reg scratch = temp();
        for (uint32_t i = 0; i < nargs; ++i) {
            const Value v = peek(i);
            if (!v.borrowed()) continue;
            if (v.kind == Value::Kind::Local) {
                masm_.load64(scratch, localMem(v.index));
            } else {
                masm_.movPtr(scratch, v.object);
            }
            masm_.store64(slotOf(positionOf(i)), scratch);
        }
        args[n++] = Arg::address(slotOf(depth() - nargs));
        args[n++] = Arg::i(FAULT_IF(KEYWORD_COUNT, keywords > 0) ? nargs : nargs - keywords);
        if (kind == PYJIT_CALL_FAST_KEYWORDS) args[n++] = Arg::p(kwnames_);
    }
    spillAll();
    storePrev();
    masm_.setArgs(std::span<const Arg>(args, n));
    masm_.call(reinterpret_cast<const void*>(pyjit_stand_in(method->ml_meth)));
    if (recursive) FAULT_OMITS(RECURSION_DRIFT, masm_.addMemImm(Width::B32, remaining, 1));
    locked_ = lockedF_ = 0;
    lock(masm_.ret());
    dropOperands(nargs + 2);
    masm_.bind(back);
    finishCall(nargs);
    return true;
}

void Baseline::lowerCallFunctionEx() {
    // [NULL, function, args, kwargs?]; the helper steals the last three.
    const uint32_t n = (instr().oparg & 1) ? 3 : 2;
    for (uint32_t i = 0; i < n; ++i) own(i);
    spillAll();
    const uint32_t top = depth();
    const Arg args[] = {Arg::r(Reg::TState), Arg::load(slotOf(top - n)),
                        Arg::load(slotOf(top - n + 1)),
                        n == 3 ? Arg::load(slotOf(top - 1)) : Arg::i(0)};
    for (uint32_t i = 0; i < n + 1; ++i) stack_.pop_back();
    storePrev();
    masm_.setArgs(args);
    masm_.call(reinterpret_cast<const void*>(pyjit_call_function_ex));
    finishCall(0);
}

void Baseline::lowerMakeFunction() {
    // [extras..., code]: closure, annotations, keyword defaults, defaults.
    const uint32_t extras = static_cast<uint32_t>(std::popcount(instr().oparg & 0xf));
    const Arg code = argOf(0);
    canonicaliseRange(depth() - 1 - extras, depth() - 1);
    spillAll();
    storePrev();
    const Arg args[] = {Arg::r(Reg::Frame), code, Arg::address(slotOf(depth() - 1 - extras)),
                        Arg::i(instr().oparg)};
    masm_.setArgs(args);
    masm_.call(reinterpret_cast<const void*>(pyjit_make_function));
    locked_ = 0;
    lock(masm_.ret());
    drop();
    for (uint32_t i = 0; i < extras; ++i) stack_.pop_back();
    checkResult(Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerLoadBuildClass() {
    callHelper(reinterpret_cast<const void*>(pyjit_load_build_class), {Arg::r(Reg::Frame)}, 0,
               Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerImportName() {
    callHelper(
        reinterpret_cast<const void*>(pyjit_import_name),
        {Arg::r(Reg::TState), Arg::r(Reg::Frame), Arg::p(name(instr().oparg)), argOf(0), argOf(1)},
        2, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerImportFrom() {
    callHelper(reinterpret_cast<const void*>(pyjit_import_from),
               {Arg::r(Reg::TState), argOf(0), Arg::p(name(instr().oparg))}, 0, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerImportStar() {
    callHelper(reinterpret_cast<const void*>(pyjit_import_star),
               {Arg::r(Reg::TState), Arg::r(Reg::Frame), argOf(0)}, 1, Check::Negative);
}

void Baseline::lowerPrintExpr() {
    // The helper takes the operand.
    const Reg value = popOwned();
    callHelper(reinterpret_cast<const void*>(pyjit_print_expr),
               {Arg::r(Reg::TState), Arg::r(value)}, 0, Check::Negative);
}

}  // namespace pyjit
