/* Calls: the generic path, and what call sites remember for the next compilation.
 *
 * Contract
 *  - pyjit_call owns base[0 .. nargs + 2): it releases all of it, also when it fails.
 *  - A Python callee's code object is borrowed, and its death announced, through a
 *    PyjitTarget; a site owns a reference to a C callable,
 *    and takes only such callables whose lifetime nobody can observe: functions of
 *    modules and method descriptors.
 */
#include "../tier/codeinfo.h"
#include "dunders.h"

static PyObject *enter_compiled(PyObject *callable, PyObject *const *args, size_t nargsf,
                                PyObject *kwnames);

void pyjit_target_set(PyjitTarget *target, PyjitCodeInfo *callee) {
    if (target->code != NULL) {
        *target->prev = target->next;
        if (target->next != NULL) {
            target->next->prev = target->prev;
        }
        target->code = NULL;
    }
    if (callee != NULL) {
        target->code = callee->code;
        target->callee = callee;
        target->next = callee->dependents;
        target->prev = &callee->dependents;
        if (target->next != NULL) {
            target->next->prev = &target->next;
        }
        callee->dependents = target;
    }
}

void pyjit_site_forget(PyjitSite *site) {
    PyObject *callable = site->callable;
    pyjit_target_set(&site->target, NULL);
    site->callable = NULL;
    site->call_kind = PYJIT_CALL_NONE;
    Py_XDECREF(callable);
}

void pyjit_code_died(PyjitCodeInfo *info) {
    while (info->dependents != NULL) {
        pyjit_target_set(info->dependents, NULL);
    }
}

static int has_plain_parameters(PyCodeObject *code) {
    const int wanted = CO_OPTIMIZED | CO_NEWLOCALS;
    const int unwanted = CO_VARARGS | CO_VARKEYWORDS;
    return (code->co_flags & wanted) == wanted && !(code->co_flags & unwanted) &&
           code->co_kwonlyargcount == 0;
}

static void remember_python(PyjitSite *site, PyFunctionObject *function) {
    PyCodeObject *code = (PyCodeObject *)function->func_code;
    site->call_defaults =
        function->func_defaults == NULL ? 0 : (int32_t)PyTuple_GET_SIZE(function->func_defaults);
    if (site->target.code == code) {
        return;
    }
    site->call_changes++;
    pyjit_site_forget(site);
    PyjitCodeInfo *info = pyjit_info_get(code);
    if (info == NULL || !has_plain_parameters(code)) {
        site->call_kind = PYJIT_CALL_OTHER;
        return;
    }
    pyjit_target_set(&site->target, info);
    site->call_kind = PYJIT_CALL_PYTHON;
}

static PyjitCallKind convention(const PyMethodDef *method) {
    switch (method->ml_flags &
            (METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD)) {
        case METH_NOARGS: return PYJIT_CALL_NOARGS;
        case METH_O: return PYJIT_CALL_O;
        case METH_FASTCALL: return PYJIT_CALL_FAST;
        case METH_FASTCALL | METH_KEYWORDS: return PYJIT_CALL_FAST_KEYWORDS;
        default: return PYJIT_CALL_OTHER;
    }
}

static void remember_c(PyjitSite *site, PyObject *callable) {
    if (site->callable == callable) {
        return;
    }
    site->call_changes++;
    pyjit_site_forget(site);
    PyjitCallKind kind = PYJIT_CALL_OTHER;
    if (Py_IS_TYPE(callable, &PyMethodDescr_Type)) {
        kind = convention(((PyMethodDescrObject *)callable)->d_method);
    } else if (Py_IS_TYPE(callable, &PyCFunction_Type)) {
        PyObject *self = PyCFunction_GET_SELF(callable);
        if (self == NULL || PyModule_CheckExact(self)) {
            kind = convention(((PyCFunctionObject *)callable)->m_ml);
        }
    }
    site->call_kind = kind;
    if (kind != PYJIT_CALL_OTHER) {
        site->callable = Py_NewRef(callable);
    }
}

/* A class whose instances are made by object.__new__ and a plain Python __init__:
   the function is borrowed while the type's version stands (in slow[0], which call
   sites do not use otherwise). */
static void remember_class(PyjitSite *site, PyTypeObject *type) {
    PyjitEntry *entry = &site->slow[0];
    if (site->call_kind == PYJIT_CALL_CLASS &&
        (entry->version == type->tp_version_tag || FAULT_IF(CLASS_INIT, 1))) {
        return;
    }
    pyjit_site_forget(site);
    site->call_changes++;
    site->call_kind = type == &PySuper_Type ? PYJIT_CALL_SUPER : PYJIT_CALL_OTHER;
    entry->version = PYJIT_NO_VERSION;
    if (!Py_IS_TYPE((PyObject *)type, &PyType_Type) || type->tp_new != PyBaseObject_Type.tp_new ||
        (type->tp_flags & Py_TPFLAGS_IS_ABSTRACT)) {
        return;
    }
    PyObject *name = PyUnicode_InternFromString("__init__");
    PyObject *init = name == NULL ? NULL : _PyType_Lookup(type, name);
    Py_XDECREF(name);
    if (init == NULL || !Py_IS_TYPE(init, &PyFunction_Type) || type->tp_version_tag == 0 ||
        !(type->tp_flags & Py_TPFLAGS_VALID_VERSION_TAG) ||
        !has_plain_parameters((PyCodeObject *)((PyFunctionObject *)init)->func_code)) {
        PyErr_Clear();
        return;
    }
    entry->version = type->tp_version_tag;
    entry->value = init;
    site->call_kind = PYJIT_CALL_CLASS;
}

/* A site that calls ever new things is looked at now and then only. */
enum { CHANGEABLE = 64, LOOK_EVERY = 64 };

static void remember(PyjitSite *site, PyObject *callable, PyjitCallForm form) {
    site->call_form = form;
    if (PyFunction_Check(callable)) {
        remember_python(site, (PyFunctionObject *)callable);
    } else if (form == PYJIT_FORM_PLAIN && PyType_Check(callable)) {
        remember_class(site, (PyTypeObject *)callable);
    } else if (form != PYJIT_FORM_BOUND) {
        remember_c(site, callable);
    }
}

/* The interpreter moves the operands of a call into the callee's frame, so that
   the callee can be the one that drops their last reference. A call through
   PyObject_Vectorcall leaves the caller's references in place; therefore the
   evaluation hook drops them as soon as the callee's frame has its own. */
typedef struct Handover {
    PyThreadState *tstate;
    PyObject *function;
    PyObject **args;
    Py_ssize_t positional, total;
    int taken;
} Handover;

static Handover *handover;

/* Between the offer and the callee's frame other code may run: finalisers, when
   a dictionary for keywords is made and the garbage collector comes by, and then
   other threads too. */
static int is_offered(const Handover *offered, PyThreadState *tstate, _PyInterpreterFrame *frame) {
    if (offered->tstate != tstate || (PyObject *)frame->f_func != offered->function ||
        frame->owner == FRAME_OWNED_BY_GENERATOR) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < offered->positional && i < frame->f_code->co_argcount; i++) {
        if (frame->localsplus[i] != offered->args[i]) {
            return 0;
        }
    }
    return 1;
}

void pyjit_take_over(PyThreadState *tstate, _PyInterpreterFrame *frame) {
    Handover *offered = handover;
    if (offered == NULL || !is_offered(offered, tstate, frame) || FAULT_IF(HANDOVER, 1)) {
        return;
    }
    handover = NULL;
    offered->taken = 1;
    for (Py_ssize_t i = 0; i < offered->total; i++) {
        Py_DECREF(offered->args[i]);
    }
    Py_DECREF(offered->function);
}

/* Would the interpreter, without a hook, push this callee's frame itself? Then
   prev_instr is the last unit of CALL meanwhile. It is not when the arguments do
   not fit. */
static int is_pushed_inline(PyObject *callable, Py_ssize_t positional, PyObject *kwnames) {
    if (!PyFunction_Check(callable)) {
        return 0;
    }
    PyFunctionObject *function = (PyFunctionObject *)callable;
    PyCodeObject *code = (PyCodeObject *)function->func_code;
    if (!has_plain_parameters(code) || kwnames != NULL) {
        return 1;
    }
    const Py_ssize_t defaults =
        function->func_defaults == NULL ? 0 : PyTuple_GET_SIZE(function->func_defaults);
    return positional <= code->co_argcount && positional >= code->co_argcount - defaults;
}

/* Does nobody else have a say in its calls? */
static int is_ordinary(const PyFunctionObject *function) {
    return function->vectorcall == _PyFunction_Vectorcall || function->vectorcall == enter_compiled;
}

/* Could a frame for a Python function with `nargs` arguments be pushed right here, rather than by
   the interpreter's vectorcall? */
static int can_push(PyThreadState *tstate, PyFunctionObject *function, Py_ssize_t nargs) {
    PyCodeObject *code = (PyCodeObject *)function->func_code;
    const Py_ssize_t missing = code->co_argcount - nargs;
    if (missing != 0) {
        PyObject *defaults = function->func_defaults;
        if (missing < 0 || defaults == NULL || missing > PyTuple_GET_SIZE(defaults)) return 0;
    }
    const Py_ssize_t size = code->co_nlocalsplus + code->co_stacksize + FRAME_SPECIALS_SIZE;
    /* A frame that is traced is the evaluation hook's to judge. */
    return has_plain_parameters(code) && is_ordinary(function) && !tstate->cframe->use_tracing &&
           tstate->datastack_top != NULL && size < tstate->datastack_limit - tstate->datastack_top;
}

/* Pushes it, after can_push(). The caller stores the arguments, owned. */
static _PyInterpreterFrame *push(PyThreadState *tstate, PyFunctionObject *function,
                                 Py_ssize_t nargs) {
    PyCodeObject *code = (PyCodeObject *)function->func_code;
    _PyInterpreterFrame *frame = (_PyInterpreterFrame *)tstate->datastack_top;
    tstate->datastack_top += code->co_nlocalsplus + code->co_stacksize + FRAME_SPECIALS_SIZE;
    for (Py_ssize_t i = nargs; i < code->co_argcount; i++) {
        PyObject *defaults = function->func_defaults;
        const Py_ssize_t from_end = code->co_argcount - i;
        frame->localsplus[i] =
            Py_NewRef(PyTuple_GET_ITEM(defaults, PyTuple_GET_SIZE(defaults) - from_end));
    }
    return frame;
}

int pyjit_call_plain(PyThreadState *tstate, PyFunctionObject *function, PyObject *const *args,
                     Py_ssize_t nargs, PyObject **result) {
    PyjitCodeInfo *info = pyjit_info_get((PyCodeObject *)function->func_code);
    if (info == NULL || !can_push(tstate, function, nargs)) return 0;
    _PyInterpreterFrame *frame = push(tstate, function, nargs);
    for (Py_ssize_t i = 0; i < nargs; i++) frame->localsplus[i] = Py_NewRef(args[i]);
    *result = info->direct_entry(tstate, frame, (PyFunctionObject *)Py_NewRef(function));
    return 1;
}

void pyjit_shorten_calls(PyFunctionObject *function) {
    if (function->vectorcall == _PyFunction_Vectorcall) function->vectorcall = enter_compiled;
}

static PyObject *enter_compiled(PyObject *callable, PyObject *const *args, size_t nargsf,
                                PyObject *kwnames) {
    PyFunctionObject *function = (PyFunctionObject *)callable;
    const PyjitCodeInfo *info = pyjit_info_peek((PyCodeObject *)function->func_code);
    PyThreadState *tstate = _PyThreadState_GET();
    PyObject *result;
    /* The evaluation hook looks at the native stack; this leaves it a call now and then. Whoever
       is in its slot instead of it is asked first. */
    if (kwnames == NULL && info != NULL && info->state == PYJIT_COMPILED &&
        tstate->interp->eval_frame == pyjit_eval_frame && (tstate->recursion_remaining & 63) != 0 &&
        pyjit_call_plain(tstate, function, args, PyVectorcall_NARGS(nargsf), &result)) {
        pyjit_counters.entries++;
        return result;
    }
    return _PyFunction_Vectorcall(callable, args, nargsf, kwnames);
}

/* Makes an instance and calls its __init__ in a frame pushed here, without the
   argument tuple in between. 1: done, *result is set or an exception; 0: not this
   way, nothing has happened. The arguments stay the caller's. */
static int call_class(PyThreadState *tstate, PyTypeObject *type, PyFunctionObject *init,
                      PyObject **args, Py_ssize_t nargs, PyObject **result) {
    static PyObject *empty;
    PyjitCodeInfo *info = pyjit_info_get((PyCodeObject *)init->func_code);
    if (info == NULL || tstate->recursion_remaining <= 1 || !can_push(tstate, init, nargs + 1) ||
        (empty == NULL && (empty = PyTuple_New(0)) == NULL)) {
        PyErr_Clear();
        return 0;
    }
    /* Held, because making the object can run a collection and that any code. */
    Py_INCREF(init);
    PyObject *object = type->tp_new(type, empty, NULL);
    *result = object;
    if (object == NULL) {
        Py_DECREF(init);
        return 1;
    }
    info = pyjit_info_get((PyCodeObject *)init->func_code);
    if (info == NULL || !can_push(tstate, init, nargs + 1)) {
        /* That code was given other defaults: the class has to find out what fits. */
        Py_DECREF(init);
        PyObject *arguments = PyTuple_New(nargs);
        for (Py_ssize_t i = 0; arguments != NULL && i < nargs; i++) {
            PyTuple_SET_ITEM(arguments, i, Py_NewRef(args[i]));
        }
        if (arguments == NULL || type->tp_init(object, arguments, NULL) < 0) Py_CLEAR(*result);
        Py_XDECREF(arguments);
        return 1;
    }
    /* Whatever a collection has run meanwhile has left the data stack as it was. */
    _PyInterpreterFrame *frame = push(tstate, init, nargs + 1);
    frame->localsplus[0] = Py_NewRef(object);
    for (Py_ssize_t i = 0; i < nargs; i++) frame->localsplus[1 + i] = Py_NewRef(args[i]);
    tstate->recursion_remaining--;
    PyObject *nothing = info->direct_entry(tstate, frame, init);
    tstate->recursion_remaining++;
    if (nothing != NULL && nothing != Py_None) {
        PyErr_Format(PyExc_TypeError, "__init__() should return None, not '%.200s'",
                     Py_TYPE(nothing)->tp_name);
    }
    if (nothing != Py_None) {
        if (FAULT_IF(FAILED_INIT_LEAK, nothing == NULL)) Py_INCREF(*result);
        Py_XDECREF(nothing);
        Py_CLEAR(*result);
        return 1;
    }
    Py_DECREF(nothing);
    return 1;
}

/* Calls a Python function whose frame gets the very references that the caller has. 0: not this
   way, and they are still the caller's. */
static int hand_over(PyThreadState *tstate, PyObject *callable, PyObject **args, Py_ssize_t nargs,
                     PyObject **result) {
    if (!PyFunction_Check(callable)) return 0;
    PyFunctionObject *function = (PyFunctionObject *)callable;
    PyjitCodeInfo *info = pyjit_info_get((PyCodeObject *)function->func_code);
    if (info == NULL || !can_push(tstate, function, nargs)) return 0;
    _PyInterpreterFrame *frame = push(tstate, function, nargs);
    memcpy(frame->localsplus, args, sizeof(PyObject *) * (size_t)nargs);
    *result = info->direct_entry(tstate, frame, function);
    return 1;
}

PyObject *pyjit_call(PyThreadState *tstate, PyjitSite *site, PyObject **base, int nargs,
                     PyObject *kwnames) {
    PyjitCallForm form = PYJIT_FORM_METHOD;
    if (base[0] == NULL) {
        form = PYJIT_FORM_PLAIN;
        if (Py_IS_TYPE(base[1], &PyMethod_Type)) {
            form = PYJIT_FORM_BOUND;
            PyObject *bound = base[1];
            base[0] = Py_NewRef(PyMethod_GET_FUNCTION(bound));
            base[1] = Py_NewRef(PyMethod_GET_SELF(bound));
            Py_DECREF(bound);
        }
    }
    const int with_self = form != PYJIT_FORM_PLAIN;
    PyObject *callable = with_self ? base[0] : base[1];
    PyObject **args = with_self ? base + 1 : base + 2;
    const Py_ssize_t total = nargs + with_self;
    const Py_ssize_t keywords = kwnames == NULL ? 0 : PyTuple_GET_SIZE(kwnames);
    if (site != NULL && pyjit_config.inline_caches > 0) {
        if (site->call_changes < CHANGEABLE || site->misses % LOOK_EVERY == 0) {
            remember(site, callable, form);
        }
        site->misses++;
    }
    if (is_pushed_inline(callable, total - keywords, kwnames)) {
        tstate->cframe->current_frame->prev_instr += INLINE_CACHE_ENTRIES_CALL;
    }
    PyObject *result;
    if (callable == (PyObject *)&PyType_Type && total == 1 && kwnames == NULL) {
        result = Py_NewRef(Py_TYPE(args[0]));
        Py_DECREF(callable);
        Py_DECREF(args[0]);
        return result;
    }
    if (site != NULL && site->call_kind == PYJIT_CALL_CLASS && kwnames == NULL &&
        PyType_Check(callable) &&
        ((PyTypeObject *)callable)->tp_version_tag == site->slow[0].version &&
        call_class(tstate, (PyTypeObject *)callable, site->slow[0].value, args, total, &result)) {
        Py_DECREF(callable);
        for (Py_ssize_t i = 0; i < total; i++) {
            Py_DECREF(args[i]);
        }
        return result;
    }
    if (kwnames == NULL && hand_over(tstate, callable, args, total, &result)) return result;
    const size_t flags = (size_t)(total - keywords) | PY_VECTORCALL_ARGUMENTS_OFFSET;
    Handover offer = {tstate, callable, args, total - keywords, total, 0};
    /* Without a hook nobody would take it, and the address would outlive it. */
    handover = PyFunction_Check(callable) && pyjit_enabled() ? &offer : NULL;
    result = PyObject_Vectorcall(callable, args, flags, kwnames);
    handover = NULL;
    if (!offer.taken) {
        Py_DECREF(callable);
        for (Py_ssize_t i = 0; i < total; i++) {
            Py_DECREF(args[i]);
        }
    }
    return result;
}

PyObject *pyjit_call_function_ex(PyThreadState *tstate, PyObject *function, PyObject *args,
                                 PyObject *kwargs) {
    (void)tstate;
    PyObject *result = NULL;
    if (kwargs != NULL && !PyDict_CheckExact(kwargs)) {
        PyObject *dict = PyDict_New();
        if (dict == NULL || pyjit_dict_merge(dict, kwargs, function) < 0) {
            Py_XDECREF(dict);
            goto done;
        }
        Py_SETREF(kwargs, dict);
    }
    if (!PyTuple_CheckExact(args)) {
        if (Py_TYPE(args)->tp_iter == NULL && !PySequence_Check(args)) {
            PyObject *text = _PyObject_FunctionStr(function);
            if (text != NULL) {
                PyErr_Format(PyExc_TypeError, "%U argument after * must be an iterable, not %.200s",
                             text, Py_TYPE(args)->tp_name);
                Py_DECREF(text);
            }
            goto done;
        }
        PyObject *tuple = PySequence_Tuple(args);
        if (tuple == NULL) {
            goto done;
        }
        Py_SETREF(args, tuple);
    }
    result = PyObject_Call(function, args, kwargs);
done:
    if (FAULT_IF(STAR_LEAK, kwargs != NULL && result == NULL)) Py_INCREF(kwargs);
    Py_DECREF(function);
    Py_DECREF(args);
    Py_XDECREF(kwargs);
    return result;
}
