// Lowering: super().name(…) in a method.
//
// The instructions make an object, ask it for a bound method, and call that. Here a
// helper finds the function, and the call is one of a method: [function, self].
// Where it finds none, the generic version goes on in front of the call of super().
#include "compiler.h"

namespace pyjit {

namespace {

// Index among the locals of the cell that super() takes the class from; -1: there is none.
int classCell(PyCodeObject* code) {
    for (int i = code->co_nlocalsplus - code->co_nfreevars; i < code->co_nlocalsplus; ++i) {
        PyObject* name = PyTuple_GET_ITEM(code->co_localsplusnames, i);
        if (PyUnicode_CompareWithASCIIString(name, "__class__") == 0) return i;
    }
    return -1;
}

}  // namespace

bool Baseline::trySuperMethod(PyjitSite* s, uint32_t nargs) {
    const Instr* method = nextInstr();
    const bool plain = nargs == 0 && kwnames_ == nullptr && code_->co_argcount > 0 &&
                       peek(1).kind == Value::Kind::Const;
    if (s->call_kind != PYJIT_CALL_SUPER || s->exits >= kGuesses || !plain || !fallsInto(method) ||
        method->op != OP_LOAD_METHOD) {
        return false;
    }
    PyObject* wanted = name(method->oparg);
    const int cell = classCell(code_);
    if (cell < 0 || PyUnicode_CompareWithASCIIString(wanted, "__class__") == 0) return false;
    const Reg callable = use(0);
    reserve(1);
    const Label changed = deoptExit();
    const Reg expected = temp();
    forcedFailure(changed);
    masm_.movPtr(expected, &PySuper_Type);
    masm_.branch(Cond::Ne, callable, expected, changed);
    spillAll();
    storePrev();
    const Arg args[] = {Arg::r(Reg::Frame), Arg::p(s), Arg::p(wanted), Arg::i(cell),
                        Arg::address(masm_.slot(0))};
    masm_.setArgs(args);
    masm_.call(reinterpret_cast<const void*>(pyjit_super_method));
    masm_.branchTestImm(Cond::Eq, masm_.ret(), 1, deoptExit());
    locked_ = 0;
    dropOperands(2);
    const Reg function = temp(), self = temp();
    masm_.load64(function, masm_.slot(0));
    masm_.load64(self, masm_.slot(1));
    pushOwned(function, Known::Function);
    pushOwned(self);
    ++current_;
    return true;
}

// How the callable arrives here, which for a method of super() is not how it used to.
uint16_t Baseline::callForm(const PyjitSite* s, uint32_t nargs) {
    const bool unbound =
        s->call_form == PYJIT_FORM_BOUND && peek(nargs + 1).known == Known::Function;
    return unbound ? static_cast<uint16_t>(PYJIT_FORM_METHOD) : s->call_form;
}

}  // namespace pyjit
