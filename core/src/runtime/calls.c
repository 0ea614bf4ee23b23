/* Calls: the generic path, and what call sites remember for the next compilation.
 *
 * Contract
 *  - pyjit_call owns base[0 .. nargs + 2): it releases all of it, also when it fails.
 *  - A Python callee's code object is borrowed, and its death announced, through a
 *    PyjitTarget; a site owns a reference to a C callable, and takes only such
 *    callables whose lifetime nobody can observe: lives_on.
 */
#include "../tier/codeinfo.h"
#include "arguments.h"
#include "builtins.h"
#include "caches.h"
#include "dunders.h"
#include "events.h"
#include "interned.h"

#include <opcode.h>

enum {
    FEW_CHANGES = 2, /* of callable, after which a site relies on less than the very callable */
    MANY_CHANGES = 16, /* and on nothing */
    RETRY_EVERY = 1024, /* visits, after which it is looked at again all the same */
};

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

static void remember_python(PyjitSite *site, PyFunctionObject *function) {
    PyCodeObject *code = (PyCodeObject *)function->func_code;
    site->call_defaults =
        function->func_defaults == NULL ? 0 : (int32_t)PyTuple_GET_SIZE(function->func_defaults);
    if (site->target.code == code) {
        return;
    }
    PyjitCodeInfo *info = pyjit_info_get(code);
    const int plain = info != NULL && info->plain_arguments >= 0;
    const int several = site->call_changes > FEW_CHANGES;
    if (several && plain && site->call_kind == PYJIT_CALL_PYTHON_ANY) return;
    site->call_changes++;
    pyjit_site_forget(site);
    if (!plain) {
        site->call_kind = PYJIT_CALL_OTHER;
    } else if (several) {
        site->call_kind = PYJIT_CALL_PYTHON_ANY;
    } else {
        pyjit_target_set(&site->target, info);
        site->call_kind = PYJIT_CALL_PYTHON;
    }
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

/* Of the type itself, or of a subclass that its flags show. */
static int is_ordinary_instance(PyObject *self, PyTypeObject *type) {
    return Py_IS_TYPE(self, type) || (Py_TYPE(self)->tp_flags & pyjit_subclass_flag(type)) != 0;
}

/* May a site own a C callable, or the type of one? Only if neither is ever freed, because what
   keeps them keeps their module: they are built in, or of a module that is loaded once. */
static int lives_on(PyObject *object) {
    if (PyType_Check(object)) return !(((PyTypeObject *)object)->tp_flags & Py_TPFLAGS_HEAPTYPE);
    if (Py_IS_TYPE(object, &PyMethodDescr_Type)) return lives_on((PyObject *)PyDescr_TYPE(object));
    PyObject *self = PyCFunction_GET_SELF(object);
    if (self == NULL || !PyModule_CheckExact(self)) return 0;
    const PyModuleDef *definition = PyModule_GetDef(self);
    return definition != NULL && definition->m_slots == NULL;
}

/* What the site may rely on in calling a C callable: a convention, and in *kept (borrowed) the
   callable itself or, as PYJIT_CALL_VECTOR has it, its type. A callable that can die, as one does
   with the object it is bound to, or one of several, is not kept. */
static PyjitCallKind kind_of_c(PyObject *callable, PyObject *self, int several, PyObject **kept) {
    PyTypeObject *type = Py_TYPE(callable);
    PyjitCallKind kind = PYJIT_CALL_OTHER;
    const PyjitCallForm form = self != NULL ? PYJIT_FORM_METHOD : PYJIT_FORM_PLAIN;
    *kept = callable;
    if (type == &PyMethodDescr_Type && self != NULL && !several && lives_on(callable) &&
        is_ordinary_instance(self, PyDescr_TYPE(callable))) {
        kind = convention(((PyMethodDescrObject *)callable)->d_method);
    } else if (type == &PyCFunction_Type && form == PYJIT_FORM_PLAIN) {
        kind = convention(((PyCFunctionObject *)callable)->m_ml);
        if (several || !lives_on(callable)) *kept = NULL;
    } else if (form == PYJIT_FORM_PLAIN && callable == (PyObject *)&PyType_Type) {
        return PYJIT_CALL_TYPE;
    } else if (form == PYJIT_FORM_PLAIN && callable == (PyObject *)&PyUnicode_Type) {
        return PYJIT_CALL_STR;
    } else if (form == PYJIT_FORM_PLAIN && callable == (PyObject *)&PySuper_Type) {
        *kept = NULL;
        return PYJIT_CALL_SUPER;
    }
    const unsigned long flags = Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_VECTORCALL;
    if (kind == PYJIT_CALL_OTHER && (type->tp_flags & flags) == flags) {
        kind = PYJIT_CALL_VECTOR;
        *kept = lives_on((PyObject *)type) ? (PyObject *)type : NULL;
    }
    if (kind == PYJIT_CALL_OTHER) *kept = NULL;
    return kind;
}

/* `self`: what came with it, or NULL. */
static void remember_c(PyjitSite *site, PyObject *callable, PyObject *self) {
    PyObject *kept;
    const int several = site->call_changes > FEW_CHANGES;
    PyjitCallKind kind = kind_of_c(callable, self, several, &kept);
    if (site->call_kind == kind && site->callable == kept) return;
    site->call_changes++;
    pyjit_site_forget(site);
    site->call_kind = kind;
    site->callable = Py_XNewRef(kept);
}

/* The Python __init__ of a class whose instances are made by object.__new__; borrowed. */
static PyObject *plain_init(PyTypeObject *type) {
    PYJIT_NAME(name, "__init__");
    if (name == NULL) PyErr_Clear();
    if (name == NULL || !Py_IS_TYPE((PyObject *)type, &PyType_Type) ||
        type->tp_new != PyBaseObject_Type.tp_new || (type->tp_flags & Py_TPFLAGS_IS_ABSTRACT)) {
        return NULL;
    }
    PyObject *init = _PyType_Lookup(type, name);
    if (init == NULL || !Py_IS_TYPE(init, &PyFunction_Type) || type->tp_version_tag == 0 ||
        !(type->tp_flags & Py_TPFLAGS_VALID_VERSION_TAG) ||
        !pyjit_is_ordinary((PyFunctionObject *)init)) {
        return NULL;
    }
    return init;
}

/* The function is borrowed while the type's version stands (in slow[0], which call sites do not
   use otherwise). */
static void remember_class(PyjitSite *site, PyTypeObject *type) {
    PyjitEntry *entry = &site->slow[0];
    if (site->call_kind == PYJIT_CALL_CLASS &&
        (entry->version == type->tp_version_tag || FAULT_IF(CLASS_INIT, 1))) {
        return;
    }
    PyObject *init = plain_init(type);
    if (init == NULL) {
        remember_c(site, (PyObject *)type, NULL);
        return;
    }
    pyjit_site_forget(site);
    site->call_changes++;
    entry->version = type->tp_version_tag;
    entry->value = init;
    site->call_kind = PYJIT_CALL_CLASS;
}

/* A site that keeps calling something else costs more to follow than it could gain; now and then
   it is looked at again. */
static int is_worth_following(PyjitSite *site) {
    if (site->call_changes < MANY_CHANGES) return 1;
    if (site->call_kind != PYJIT_CALL_OTHER) {
        pyjit_site_forget(site);
        site->call_kind = PYJIT_CALL_OTHER;
    }
    if (site->misses % RETRY_EVERY != 0) return 0;
    site->call_changes = FEW_CHANGES + 1;
    return 1;
}

/* What the site knows is not what the newest code was made for: now and then worth another. */
static void ask_for_better(PyjitSite *site) {
    enum { FIRST = 64, LAST = 65536 };
    const uint32_t times = ++site->guard_failures;
    if (times >= FIRST && times <= LAST && (times & (times - 1)) == 0) pyjit_outgrown(site);
}

static void remember(PyjitSite *site, PyObject *callable, PyObject *self, PyjitCallForm form) {
    site->misses++;
    if (!is_worth_following(site)) return;
    site->call_form = form;
    if (PyFunction_Check(callable)) {
        remember_python(site, (PyFunctionObject *)callable);
    } else if (form == PYJIT_FORM_PLAIN && PyType_Check(callable)) {
        remember_class(site, (PyTypeObject *)callable);
    } else if (form != PYJIT_FORM_BOUND) {
        remember_c(site, callable, self);
    }
    if (site->compiled_kind != PYJIT_CALL_NONE &&
        (site->compiled_kind != site->call_kind || site->compiled_for != pyjit_site_callee(site))) {
        pyjit_count_event(site, site->call_kind, PYJIT_OUTCOME_MISS);
        ask_for_better(site);
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
    if (!pyjit_has_plain_parameters(code) || kwnames != NULL) {
        return 1;
    }
    const Py_ssize_t defaults =
        function->func_defaults == NULL ? 0 : PyTuple_GET_SIZE(function->func_defaults);
    return positional <= code->co_argcount && positional >= code->co_argcount - defaults;
}

int pyjit_is_ordinary(const PyFunctionObject *function) {
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
    return pyjit_has_plain_parameters(code) && pyjit_is_ordinary(function) &&
           !tstate->cframe->use_tracing && tstate->datastack_top != NULL &&
           size < tstate->datastack_limit - tstate->datastack_top;
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

/* type.tp_init(object, *args): the class has to find out what fits. */
static int initialise(PyTypeObject *type, PyObject *object, PyObject **args, Py_ssize_t positional,
                      PyObject *kwnames) {
    PyObject *arguments = PyTuple_New(positional), *keywords = NULL;
    for (Py_ssize_t i = 0; arguments != NULL && i < positional; i++) {
        PyTuple_SET_ITEM(arguments, i, Py_NewRef(args[i]));
    }
    int failed = arguments == NULL;
    if (!failed && kwnames != NULL) {
        keywords = _PyStack_AsDict(args + positional, kwnames);
        failed = keywords == NULL;
    }
    if (!failed) failed = type->tp_init(object, arguments, keywords) < 0;
    Py_XDECREF(arguments);
    Py_XDECREF(keywords);
    return failed ? -1 : 0;
}

static PyjitArguments given_arguments(PyObject *const *args, Py_ssize_t positional,
                                      PyObject *kwnames) {
    PyjitArguments given = {args, positional, NULL, args + positional, 0};
    if (kwnames != NULL) {
        given.names = &PyTuple_GET_ITEM(kwnames, 0);
        given.keywords = PyTuple_GET_SIZE(kwnames);
    }
    return given;
}

/* Pushes a frame for object.__init__(*args); 0: not this way, -1: an exception. */
static int push_init(PyThreadState *tstate, PyFunctionObject *init, PyObject *object,
                     PyObject **args, Py_ssize_t positional, PyObject *kwnames,
                     _PyInterpreterFrame **frame) {
    if (kwnames == NULL && can_push(tstate, init, positional + 1)) {
        *frame = push(tstate, init, positional + 1);
        PyObject **locals = (*frame)->localsplus;
        *locals++ = Py_NewRef(object);
        for (Py_ssize_t i = 0; i < positional; i++) locals[i] = Py_NewRef(args[i]);
        return 1;
    }
    PyObject *callable = args[-1];
    args[-1] = object;
    const PyjitArguments given = given_arguments(args - 1, positional + 1, kwnames);
    const int pushed = pyjit_push_arguments(tstate, init, &given, frame);
    args[-1] = callable;
    return pushed;
}

/* What is left of making an instance when __init__ has returned `nothing`: -1 with an exception
   unless that was None. */
static int check_init_result(PyObject *nothing) {
    if (nothing == NULL) return -1;
    const int fine = nothing == Py_None;
    if (!fine) {
        PyErr_Format(PyExc_TypeError, "__init__() should return None, not '%.200s'",
                     Py_TYPE(nothing)->tp_name);
    }
    Py_DECREF(nothing);
    return fine ? 0 : -1;
}

/* Makes an instance and calls its __init__ in a frame pushed here, without the
   argument tuple in between. 1: done, *result is set or an exception; 0: not this
   way, nothing has happened. The arguments stay the caller's, and so does what is in front of
   them, which is changed meanwhile. */
static int make_instance(PyThreadState *tstate, PyTypeObject *type, PyFunctionObject *init,
                         PyObject **args, Py_ssize_t positional, PyObject *kwnames,
                         PyObject **result) {
    static PyObject *empty;
    if (tstate->recursion_remaining <= 1 || (empty == NULL && (empty = PyTuple_New(0)) == NULL)) {
        PyErr_Clear();
        return 0;
    }
    /* Held, because making the object can run a collection and that any code, which may even
       give the function another code. */
    Py_INCREF(init);
    PyObject *object = type->tp_new(type, empty, NULL);
    *result = object;
    if (object == NULL) {
        Py_DECREF(init);
        return 1;
    }
    PyjitCodeInfo *info = pyjit_info_get((PyCodeObject *)init->func_code);
    _PyInterpreterFrame *frame;
    const int pushed =
        info == NULL ? 0 : push_init(tstate, init, object, args, positional, kwnames, &frame);
    int failed = -1;
    if (pushed > 0) {
        tstate->recursion_remaining--;
        failed = check_init_result(info->direct_entry(tstate, frame, init));
        tstate->recursion_remaining++;
    } else {
        Py_DECREF(init);
        if (pushed == 0) failed = initialise(type, object, args, positional, kwnames);
    }
    if (FAULT_IF(FAILED_INIT_LEAK, failed)) Py_INCREF(*result);
    if (failed) Py_CLEAR(*result);
    return 1;
}

/* Is it the class that the site has seen, unchanged? */
static int knows_class(const PyjitSite *site, PyObject *callable) {
    return site != NULL && site->call_kind == PYJIT_CALL_CLASS && PyType_Check(callable) &&
           (((PyTypeObject *)callable)->tp_version_tag == site->slow[0].version ||
            FAULT_IF(CLASS_INIT, 1));
}

/* Calls a Python function whose frame gets the very references that the caller has. 0: not this
   way, and they are still the caller's. */
static int hand_over(PyThreadState *tstate, PyObject *callable, PyObject **args,
                     Py_ssize_t positional, PyObject *kwnames, PyObject **result) {
    if (!PyFunction_Check(callable)) return 0;
    PyFunctionObject *function = (PyFunctionObject *)callable;
    PyjitCodeInfo *info = pyjit_info_get((PyCodeObject *)function->func_code);
    _PyInterpreterFrame *frame;
    if (info == NULL) return 0;
    if (kwnames == NULL && can_push(tstate, function, positional)) {
        frame = push(tstate, function, positional);
        memcpy(frame->localsplus, args, sizeof(PyObject *) * (size_t)positional);
        *result = info->direct_entry(tstate, frame, function);
        return 1;
    }
    const PyjitArguments given = given_arguments(args, positional, kwnames);
    const int pushed = pyjit_push_arguments(tstate, function, &given, &frame);
    if (pushed == 0) return 0;
    for (Py_ssize_t i = 0; i < positional + given.keywords; i++) Py_DECREF(args[i]);
    if (pushed > 0) {
        *result = info->direct_entry(tstate, frame, function);
    } else {
        *result = NULL;
        Py_DECREF(function);
    }
    return 1;
}

/* Is this call, of the current frame's CALL instruction, one that is no level of recursion? 1 or 0:
   what vectorcall, which takes a level all the same, has to be given beforehand. */
static int is_level_free(PyThreadState *tstate, PyObject *callable, PyjitCallForm form, int nargs,
                         PyObject *kwnames) {
    if (kwnames != NULL || form == PYJIT_FORM_BOUND || PyFunction_Check(callable)) return 0;
    const _Py_CODEUNIT *call = tstate->cframe->current_frame->prev_instr;
    const int behind = _Py_OPCODE(call[1 + INLINE_CACHE_ENTRIES_CALL]);
    return pyjit_takes_no_level(callable, form == PYJIT_FORM_METHOD, nargs, behind == POP_TOP);
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
        remember(site, callable, form == PYJIT_FORM_METHOD ? args[0] : NULL, form);
    }
    if (is_pushed_inline(callable, total - keywords, kwnames)) {
        tstate->cframe->current_frame->prev_instr += INLINE_CACHE_ENTRIES_CALL;
    }
    PyObject *result;
    if (form == PYJIT_FORM_PLAIN && knows_class(site, callable) &&
        make_instance(tstate, (PyTypeObject *)callable, site->slow[0].value, args, total - keywords,
                      kwnames, &result)) {
        Py_DECREF(callable);
        for (Py_ssize_t i = 0; i < total; i++) {
            Py_DECREF(args[i]);
        }
        return result;
    }
    if (hand_over(tstate, callable, args, total - keywords, kwnames, &result)) return result;
    const size_t flags = (size_t)(total - keywords) | PY_VECTORCALL_ARGUMENTS_OFFSET;
    Handover offer = {tstate, callable, args, total - keywords, total, 0};
    /* Without a hook nobody would take it, and the address would outlive it. */
    handover = PyFunction_Check(callable) && pyjit_enabled() ? &offer : NULL;
    const int level = is_level_free(tstate, callable, form, nargs, kwnames);
    tstate->recursion_remaining += level;
    result = PyObject_Vectorcall(callable, args, flags, kwnames);
    tstate->recursion_remaining -= level;
    handover = NULL;
    if (!offer.taken) {
        Py_DECREF(callable);
        for (Py_ssize_t i = 0; i < total; i++) {
            Py_DECREF(args[i]);
        }
    }
    return result;
}

PyObject *pyjit_call_class(PyThreadState *tstate, PyjitSite *site, PyObject **base, int nargs,
                           PyObject *kwnames) {
    const Py_ssize_t positional = nargs - (kwnames == NULL ? 0 : PyTuple_GET_SIZE(kwnames));
    PyObject *result;
    if (base[0] != NULL || !knows_class(site, base[1]) ||
        !make_instance(tstate, (PyTypeObject *)base[1], site->slow[0].value, base + 2, positional,
                       kwnames, &result)) {
        return pyjit_call(tstate, site, base, nargs, kwnames);
    }
    for (int i = 0; i <= nargs; i++) Py_DECREF(base[1 + i]);
    return result;
}

PyObject *pyjit_call_type(PyObject *callable, PyObject *const *args, size_t nargsf,
                          PyObject *kwnames) {
    return _PyObject_MakeTpCall(_PyThreadState_GET(), callable, args, PyVectorcall_NARGS(nargsf),
                                kwnames);
}

/* f(*args, **kwargs) of a Python function; 0: not this way. */
static int spread(PyThreadState *tstate, PyObject *callable, PyObject *args, PyObject *kwargs,
                  PyObject **result) {
    enum { MANY_KEYWORDS = 24 };
    PyObject *names[MANY_KEYWORDS], *values[MANY_KEYWORDS];
    PyjitArguments given = {&PyTuple_GET_ITEM(args, 0), PyTuple_GET_SIZE(args), names, values, 0};
    if (!PyFunction_Check(callable) ||
        (kwargs != NULL && PyDict_GET_SIZE(kwargs) > MANY_KEYWORDS)) {
        return 0;
    }
    Py_ssize_t position = 0;
    while (kwargs != NULL &&
           PyDict_Next(kwargs, &position, &names[given.keywords], &values[given.keywords])) {
        if (++given.keywords == MANY_KEYWORDS) return 0;
    }
    PyFunctionObject *function = (PyFunctionObject *)callable;
    PyjitCodeInfo *info = pyjit_info_get((PyCodeObject *)function->func_code);
    _PyInterpreterFrame *frame;
    const int pushed = info == NULL ? 0 : pyjit_push_arguments(tstate, function, &given, &frame);
    if (pushed == 0) return 0;
    *result = NULL;
    if (pushed > 0) {
        Py_INCREF(function);
        *result = info->direct_entry(tstate, frame, function);
    }
    return 1;
}

PyObject *pyjit_call_function_ex(PyThreadState *tstate, PyObject *function, PyObject *args,
                                 PyObject *kwargs) {
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
    if (!spread(tstate, function, args, kwargs, &result)) {
        result = PyObject_Call(function, args, kwargs);
    }
done:
    if (FAULT_IF(STAR_LEAK, kwargs != NULL && result == NULL)) Py_INCREF(kwargs);
    Py_DECREF(function);
    Py_DECREF(args);
    Py_XDECREF(kwargs);
    return result;
}
