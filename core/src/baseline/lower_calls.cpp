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
    return cold(PYJIT_OUTCOME_HELPER, [this, s, nargs, back, kwnames] {
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
    if (optimised_) {
        s->compiled_kind = s->call_kind;
        s->compiled_form = s->call_form;
        s->compiled_defaults = s->call_defaults;
        s->compiled_for = pyjit_site_callee(s);
    }
    if (caching() && (trySuperMethod(s, nargs) || tryPythonCall(s, nargs) || tryCCall(s, nargs) ||
                      tryClassCall(s, nargs))) {
        return;
    }
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

// Any callee that takes just these arguments.
bool Baseline::planAnyCall(const PyjitSite* s, uint32_t nargs, CallPlan& plan) const {
    if (kwnames_ != nullptr) return false;
    const int withSelf = s->call_form != PYJIT_FORM_PLAIN;
    plan.sources.resize(nargs + static_cast<uint32_t>(withSelf));
    for (int i = 0; i < static_cast<int>(plan.sources.size()); ++i) {
        plan.sources[i] = static_cast<int>(nargs) - 1 - (i - withSelf);
    }
    return true;
}

// The info of the function's code object, if that has so many plain parameters.
void Baseline::guardAnyPython(Reg function, Reg info, Reg scratch, int parameters, Label slow) {
    masm_.load64(info, Mem::at(function, layout::kFuncCode));
    masm_.load64(info, Mem::at(info, offsetof(PyCodeObject, co_extra)));
    masm_.branchImm(Cond::Eq, info, 0, slow);
    masm_.branchMemImm(Width::B64, Cond::Le, Mem::at(info, offsetof(PyjitCodeExtra, size)),
                       pyjit_extra_index, slow);
    masm_.load64(info, Mem::at(info, static_cast<int64_t>(offsetof(PyjitCodeExtra, extras)) +
                                         8 * static_cast<int64_t>(pyjit_extra_index)));
    masm_.branchImm(Cond::Eq, info, 0, slow);
    masm_.branchMemImm(Width::B32, Cond::Ne,
                       Mem::at(info, offsetof(PyjitCodeInfo, plain_arguments)), parameters, slow);
    masm_.load(Width::B32, scratch, Mem::at(info, offsetof(PyjitCodeInfo, frame_bytes)));
}

// References move into the frame.
void Baseline::moveArguments(const CallPlan& plan, uint16_t form, Reg callable, Reg function,
                             Reg frame, Reg scratch) {
    using namespace layout;
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
}

bool Baseline::tryPythonCall(PyjitSite* s, uint32_t nargs) {
    CallPlan plan;
    const bool any = s->call_kind == PYJIT_CALL_PYTHON_ANY;
    if (any ? !planAnyCall(s, nargs, plan)
            : s->call_kind != PYJIT_CALL_PYTHON || s->target.code == nullptr ||
                  !planCall(s, nargs, plan)) {
        return false;
    }
    using namespace layout;
    // This code calls this callee, whatever the site records later.
    PyjitTarget* target = any ? nullptr : machine_->expect(s->target.callee);
    if (target == nullptr && !any) return false;
    const uint32_t below = depth() - nargs - 2;
    for (uint32_t i = 0; i < nargs; ++i) box(i);
    spillRange(0, below);
    const uint16_t form = callForm(s, nargs);
    const uint32_t functionAt = form == PYJIT_FORM_METHOD ? nargs + 1 : nargs;
    const Reg callable = use(functionAt);
    Reg null = Reg::None;
    const bool checkNull = form != PYJIT_FORM_METHOD && peek(nargs + 1).kind != Value::Kind::Const;
    if (checkNull) null = use(nargs + 1);
    reserve(any ? 4 : 3);
    const Label back = masm_.newLabel();
    const Label slow = callSlow(s, nargs, back);
    const Reg frame = temp(), scratch = temp();
    Reg function = callable, info = Reg::None;
    if (checkNull) FAULT_DROPS(PLAIN_FORM, slow, masm_.branchImm(Cond::Ne, null, 0, to));
    if (form == PYJIT_FORM_METHOD)
        FAULT_DROPS(METHOD_FORM, slow, masm_.branchImm(Cond::Eq, callable, 0, to));
    if (form == PYJIT_FORM_BOUND) {
        guardType(callable, &PyMethod_Type, slow);
        function = temp();
        masm_.load64(function, Mem::at(callable, kMethodFunc));
    }
    guardType(function, &PyFunction_Type, slow);
    if (any) {
        info = temp();
        guardAnyPython(function, info, scratch, static_cast<int>(plan.sources.size()), slow);
        masm_.load64(frame, Mem::at(Reg::TState, kThreadDataTop));
        masm_.add(scratch, frame);
    } else {
        const auto* callee = s->target.code;
        masm_.load64(scratch, Mem::at(function, kFuncCode));
        FAULT_DROPS(CALLEE_CODE, slow,
                    masm_.branchMem(Width::B64, Cond::Ne, Mem::abs(&target->code), scratch, to));
        if (plan.usesDefaults) {
            masm_.load64(scratch, Mem::at(function, kFuncDefaults));
            masm_.branchImm(Cond::Eq, scratch, 0, slow);
            FAULT_DROPS(DEFAULTS_LENGTH, slow,
                        masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(scratch, kSize),
                                           plan.defaults, to));
        }
        masm_.load64(frame, Mem::at(Reg::TState, kThreadDataTop));
        masm_.lea(scratch, Mem::at(frame, 8 * (callee->co_nlocalsplus + callee->co_stacksize +
                                               FRAME_SPECIALS_SIZE)));
    }
    masm_.branchMem(Width::B64, Cond::ULe, Mem::at(Reg::TState, kThreadDataLimit), scratch, slow);
    masm_.store64(Mem::at(Reg::TState, kThreadDataTop), scratch);
    // From here on nothing fails.
    moveArguments(plan, form, callable, function, frame, scratch);
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
    if (any) masm_.load64(Reg::S1, Mem::at(info, offsetof(PyjitCodeInfo, direct_entry)));
    masm_.setArgs(args);
    any ? masm_.callReg(Reg::S1) : masm_.callMem(Mem::abs(&target->callee->direct_entry));
    masm_.bind(back);
    finishCall(nargs);
    return true;
}

bool Baseline::planCCall(PyjitSite* s, uint32_t nargs, CCall& plan) const {
    auto* callee = static_cast<PyObject*>(s->callable);
    const uint16_t form = s->call_form;
    const bool keywords = kwnames_ != nullptr;
    plan.kind = s->call_kind;
    plan.callee = callee;
    plan.withSelf = form == PYJIT_FORM_METHOD;
    if (form == PYJIT_FORM_BOUND) return false;
    switch (plan.kind) {
        case PYJIT_CALL_NOARGS:
            if (keywords || nargs != 0) return false;
            break;
        case PYJIT_CALL_O:
            if (keywords || nargs != 1) return false;
            break;
        case PYJIT_CALL_FAST:
            if (keywords) return false;
            break;
        case PYJIT_CALL_FAST_KEYWORDS: break;
        case PYJIT_CALL_VECTOR: return true;
        case PYJIT_CALL_TYPE:
        case PYJIT_CALL_STR: return nargs == 1 && !keywords;
        default: return false;
    }
    const Instr* next = nextInstr();
    const bool discarded = next != nullptr && next->op == OP_POP_TOP;
    // What the interpreter counts once it has specialised the call.
    plan.counts = (plan.kind == PYJIT_CALL_NOARGS || plan.kind == PYJIT_CALL_O) &&
                  !pyjit_takes_no_level(callee, plan.withSelf, nargs, discarded);
    if (callee == nullptr) return true;
    if (plan.withSelf) {
        plan.method = reinterpret_cast<PyMethodDescrObject*>(callee)->d_method;
        plan.selfType = reinterpret_cast<PyMethodDescrObject*>(callee)->d_common.d_type;
    } else {
        plan.method = reinterpret_cast<PyCFunctionObject*>(callee)->m_ml;
    }
    return true;
}

// Checks the callable. Where it is not one that is known by itself, the function to
// call ends up in S1.
void Baseline::guardCallee(const CCall& plan, Reg callable, Label slow) {
    constexpr int64_t kDefinition = offsetof(PyCFunctionObject, m_ml);
    if (plan.kind == PYJIT_CALL_VECTOR && plan.callee == nullptr) {
        masm_.load64(Reg::S1, Mem::at(callable, layout::kType));
        masm_.branchTestMemImm(Width::B64, Cond::Eq,
                               Mem::at(Reg::S1, offsetof(PyTypeObject, tp_flags)),
                               Py_TPFLAGS_HAVE_VECTORCALL, slow);
        masm_.load64(Reg::S1, Mem::at(Reg::S1, offsetof(PyTypeObject, tp_vectorcall_offset)));
        masm_.add(Reg::S1, callable);
        masm_.load64(Reg::S1, Mem::at(Reg::S1, 0));
        masm_.branchImm(Cond::Eq, Reg::S1, 0, slow);
        return;
    }
    if (plan.kind == PYJIT_CALL_VECTOR) {
        auto* type = reinterpret_cast<PyTypeObject*>(plan.callee);
        machine_->keep(plan.callee);
        guardType(callable, type, slow);
        masm_.load64(Reg::S1, Mem::at(callable, type->tp_vectorcall_offset));
        if (type != &PyType_Type) {
            masm_.branchImm(Cond::Eq, Reg::S1, 0, slow);
            return;
        }
        // Most types made in C have none; of those made in Python the site wants to know.
        const Label found = masm_.newLabel();
        const Label none = cold([this, callable, slow, found] {
            masm_.branchTestMemImm(Width::B64, Cond::Ne, Mem::at(callable, layout::kTypeFlags),
                                   Py_TPFLAGS_HEAPTYPE, slow);
            masm_.movPtr(Reg::S1, reinterpret_cast<const void*>(pyjit_call_type));
            masm_.jump(found);
        });
        masm_.branchImm(Cond::Eq, Reg::S1, 0, none);
        masm_.bind(found);
        return;
    }
    if (plan.kind != PYJIT_CALL_TYPE && plan.kind != PYJIT_CALL_STR && plan.callee == nullptr) {
        static constexpr int kFlags[] = {METH_NOARGS, METH_O, METH_FASTCALL,
                                         METH_FASTCALL | METH_KEYWORDS};
        guardType(callable, &PyCFunction_Type, slow);
        masm_.load64(Reg::S1, Mem::at(callable, kDefinition));
        masm_.branchMemImm(Width::B32, Cond::Ne, Mem::at(Reg::S1, offsetof(PyMethodDef, ml_flags)),
                           kFlags[plan.kind - PYJIT_CALL_NOARGS], slow);
        masm_.load64(Reg::S1, Mem::at(Reg::S1, offsetof(PyMethodDef, ml_meth)));
        return;
    }
    PyObject* expected = plan.callee;
    if (plan.kind == PYJIT_CALL_TYPE) expected = reinterpret_cast<PyObject*>(&PyType_Type);
    if (plan.kind == PYJIT_CALL_STR) expected = reinterpret_cast<PyObject*>(&PyUnicode_Type);
    const Reg pointer = temp();
    forcedFailure(slow);
    machine_->keep(expected);
    masm_.movPtr(pointer, expected);
    FAULT_DROPS(C_CALLEE, slow, masm_.branch(Cond::Ne, callable, pointer, to));
}

// An instance of a C type, mostly not of a subclass.
void Baseline::guardInstance(Reg object, PyTypeObject* type, Label slow) {
    const unsigned long flag = pyjit_subclass_flag(type);
    if (flag == 0) return guardType(object, type, slow);
    const Reg actual = temp();
    const Label fine = masm_.newLabel();
    const Label subclass = cold([=, this] {
        masm_.load64(actual, Mem::at(object, layout::kType));
        masm_.branchTestMemImm(Width::B64, Cond::Eq, Mem::at(actual, layout::kTypeFlags),
                               static_cast<int64_t>(flag), slow);
        masm_.jump(fine);
    });
    guardType(object, type, subclass);
    masm_.bind(fine);
}

// The operands' slots, from `first` (its distance from the top) upwards, as an argument
// vector: borrowed ones are written there too, without a reference, for the time of the
// call.
Arg Baseline::argumentVector(uint32_t first, uint32_t count) {
    const Reg scratch = temp();
    for (uint32_t i = first + 1 - count; i <= first && count > 0; ++i) {
        const Value v = peek(i);
        if (!v.borrowed()) continue;
        if (v.kind == Value::Kind::Local) {
            masm_.load64(scratch, localMem(v.index));
        } else {
            masm_.movPtr(scratch, v.object);
        }
        masm_.store64(slotOf(positionOf(i)), scratch);
    }
    return Arg::address(slotOf(depth() - 1 - first));
}

// Spills everything and calls, with the result in R0; the operands stay.
void Baseline::callConvention(const CCall& plan, uint32_t nargs, Reg callable) {
    const uint64_t keywords =
        kwnames_ == nullptr ? 0 : static_cast<uint64_t>(PyTuple_GET_SIZE(kwnames_));
    if (plan.kind == PYJIT_CALL_TYPE) {
        const Reg value = use(0);
        spillAll();
        masm_.load64(masm_.ret(), Mem::at(value, layout::kType));
        return incref(masm_.ret());
    }
    Arg self = Arg::r(callable);
    if (plan.withSelf && plan.kind != PYJIT_CALL_VECTOR) {
        self = argOf(nargs);
    } else if (plan.method != nullptr) {
        self = Arg::p(PyCFunction_GET_SELF(plan.callee));
    } else if (plan.kind < PYJIT_CALL_VECTOR) {
        const Reg bound = temp();
        masm_.load64(bound, Mem::at(callable, offsetof(PyCFunctionObject, m_self)));
        self = Arg::r(bound);
    }
    Arg args[4] = {self};
    size_t n = 1;
    switch (plan.kind) {
        case PYJIT_CALL_STR: args[0] = argOf(0); break;
        case PYJIT_CALL_O: args[n++] = argOf(0); break;
        case PYJIT_CALL_NOARGS: args[n++] = Arg::i(0); break;
        case PYJIT_CALL_VECTOR:
            args[n++] = argumentVector(nargs - 1 + plan.withSelf, nargs + plan.withSelf);
            args[n++] = Arg::i((nargs + plan.withSelf - keywords) | PY_VECTORCALL_ARGUMENTS_OFFSET);
            args[n++] = Arg::p(kwnames_);
            break;
        default:
            args[n++] = argumentVector(nargs - 1, nargs);
            args[n++] = Arg::i(FAULT_IF(KEYWORD_COUNT, keywords > 0) ? nargs : nargs - keywords);
            if (plan.kind == PYJIT_CALL_FAST_KEYWORDS) args[n++] = Arg::p(kwnames_);
            break;
    }
    spillAll();
    storePrev();
    masm_.setArgs(std::span<const Arg>(args, n));
    if (plan.kind == PYJIT_CALL_STR) {
        masm_.call(reinterpret_cast<const void*>(PyObject_Str));
    } else if (plan.method != nullptr) {
        masm_.call(reinterpret_cast<const void*>(pyjit_stand_in(plan.method->ml_meth)));
    } else {
        masm_.callReg(Reg::S1);
    }
}

bool Baseline::tryCCall(PyjitSite* s, uint32_t nargs) {
    CCall plan;
    if (!planCCall(s, nargs, plan)) return false;
    for (uint32_t i = 0; i <= nargs; ++i) box(i);
    const Reg callable = use(plan.withSelf ? nargs + 1 : nargs);
    Reg other = Reg::None;  // self, or what should be NULL
    if (plan.withSelf) {
        other = use(nargs);
    } else if (peek(nargs + 1).kind != Value::Kind::Const) {
        other = use(nargs + 1);
    }
    reserve(4);
    const Label back = masm_.newLabel();
    const Label slow = callSlow(s, nargs, back);
    if (plan.withSelf) masm_.branchImm(Cond::Eq, callable, 0, slow);
    guardCallee(plan, callable, slow);
    if (!plan.withSelf) {
        if (other != Reg::None) {
            masm_.branchImm(Cond::Ne, other, 0, slow);
            peek(nargs + 1) = Value::constant(nullptr);
        }
    } else if (plan.selfType != nullptr) {
        guardInstance(other, plan.selfType, slow);
    }
    const Mem remaining = Mem::at(Reg::TState, layout::kThreadRecursionRemaining);
    if (plan.counts) {
        masm_.branchMemImm(Width::B32, Cond::Le, remaining, 0, slow);
        masm_.addMemImm(Width::B32, remaining, -1);
    }
    callConvention(plan, nargs, callable);
    if (plan.counts) FAULT_OMITS(RECURSION_DRIFT, masm_.addMemImm(Width::B32, remaining, 1));
    locked_ = lockedF_ = 0;
    lock(masm_.ret());
    dropOperands(nargs + 2);
    masm_.bind(back);
    finishCall(nargs);
    return true;
}

// A class: the helper makes the instance and enters its __init__.
bool Baseline::tryClassCall(PyjitSite* s, uint32_t nargs) {
    if (s->call_kind != PYJIT_CALL_CLASS) return false;
    canonicaliseRange(depth() - nargs - 2, depth());
    spillAll();
    storePrev();
    const Arg args[] = {Arg::r(Reg::TState), Arg::p(s), Arg::address(slotOf(depth() - nargs - 2)),
                        Arg::i(nargs), Arg::p(kwnames_)};
    masm_.setArgs(args);
    masm_.call(reinterpret_cast<const void*>(pyjit_call_class));
    for (uint32_t i = 0; i < nargs + 2; ++i) stack_.pop_back();
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
