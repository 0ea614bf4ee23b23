/* Arguments of a Python function bound to its parameters, in a frame that is pushed right here.
 *
 * Contract
 *  - What the interpreter does for *args, **kwargs, keyword-only parameters and keywords, where
 *    that succeeds. A call that does not fit is left to the interpreter, which knows every error:
 *    then nothing has happened.
 *  - Keywords are matched by identity. Those that the compiler and the interpreter make are
 *    interned, as names of parameters are, so two different ones are unequal; a call with others
 *    is not for here.
 *  - Arguments are borrowed; the frame gets references of its own.
 */
#include "arguments.h"

#include "../tier/codeinfo.h"

enum { MANY_PARAMETERS = 40 };

/* The values of all named parameters; owned. */
typedef struct {
    PyObject *values[MANY_PARAMETERS];
    Py_ssize_t named;   /* without *args and **kwargs */
    Py_ssize_t unnamed; /* keywords that go to **kwargs */
} Bound;

static void forget(Bound *bound) {
    for (Py_ssize_t i = 0; i < bound->named; i++) Py_XDECREF(bound->values[i]);
}

/* Index of the parameter that a keyword is for; -1: none. */
static Py_ssize_t parameter_of(const PyCodeObject *code, Py_ssize_t named, PyObject *name) {
    PyObject *const *names = &PyTuple_GET_ITEM(code->co_localsplusnames, 0);
    for (Py_ssize_t i = code->co_posonlyargcount; i < named; i++) {
        if (names[i] == name) return i;
    }
    return -1;
}

static int bind_keywords(const PyCodeObject *code, const PyjitArguments *given, Bound *bound) {
    for (Py_ssize_t k = 0; k < given->keywords; k++) {
        PyObject *name = given->names[k];
        if (!PyUnicode_CheckExact(name) || !PyUnicode_CHECK_INTERNED(name)) return 0;
        const Py_ssize_t i = parameter_of(code, bound->named, name);
        if (i < 0) {
            if (!(code->co_flags & CO_VARKEYWORDS)) return 0;
            bound->unnamed++;
        } else if (bound->values[i] != NULL) {
            return 0;
        } else {
            bound->values[i] = Py_NewRef(given->values[k]);
        }
    }
    return 1;
}

static int bind_defaults(PyFunctionObject *function, const PyCodeObject *code, Bound *bound) {
    PyObject *defaults = function->func_defaults, *by_name = function->func_kwdefaults;
    const Py_ssize_t first =
        code->co_argcount - (defaults == NULL ? 0 : PyTuple_GET_SIZE(defaults));
    for (Py_ssize_t i = 0; i < bound->named; i++) {
        if (bound->values[i] != NULL) continue;
        PyObject *value = NULL;
        if (i < code->co_argcount) {
            if (i >= first) value = PyTuple_GET_ITEM(defaults, i - first);
        } else if (by_name != NULL && PyDict_CheckExact(by_name) &&
                   ((PyDictObject *)by_name)->ma_keys->dk_kind != DICT_KEYS_GENERAL) {
            value = PyDict_GetItemWithError(by_name, PyTuple_GET_ITEM(code->co_localsplusnames, i));
        }
        if (value == NULL) return 0;
        bound->values[i] = Py_NewRef(value);
    }
    return 1;
}

static int bind(PyFunctionObject *function, const PyCodeObject *code, const PyjitArguments *given,
                Bound *bound) {
    bound->named = code->co_argcount + code->co_kwonlyargcount;
    bound->unnamed = 0;
    if (bound->named > MANY_PARAMETERS ||
        (given->positional > code->co_argcount && !(code->co_flags & CO_VARARGS))) {
        bound->named = 0;
        return 0;
    }
    const Py_ssize_t taken = Py_MIN(given->positional, code->co_argcount);
    for (Py_ssize_t i = 0; i < bound->named; i++) {
        bound->values[i] = i < taken ? Py_NewRef(given->args[i]) : NULL;
    }
    return bind_keywords(code, given, bound) && bind_defaults(function, code, bound);
}

/* What is left for **kwargs. */
static PyObject *make_dict(const PyCodeObject *code, const PyjitArguments *given,
                           const Bound *bound) {
    PyObject *dict = PyDict_New();
    for (Py_ssize_t k = 0; dict != NULL && bound->unnamed > 0 && k < given->keywords; k++) {
        if (parameter_of(code, bound->named, given->names[k]) >= 0) continue;
        if (PyDict_SetItem(dict, given->names[k], given->values[k]) < 0) Py_CLEAR(dict);
    }
    return dict;
}

/* What is left for *args. */
static PyObject *make_tuple(const PyCodeObject *code, const PyjitArguments *given) {
    const Py_ssize_t first = Py_MIN(given->positional, code->co_argcount);
    PyObject *tuple = PyTuple_New(given->positional - first);
    for (Py_ssize_t i = first; tuple != NULL && i < given->positional; i++) {
        PyTuple_SET_ITEM(tuple, i - first, Py_NewRef(given->args[i]));
    }
    return tuple;
}

static int has_room(PyThreadState *tstate, const PyCodeObject *code) {
    const Py_ssize_t size = code->co_nlocalsplus + code->co_stacksize + FRAME_SPECIALS_SIZE;
    /* A frame that is traced is the evaluation hook's to judge. */
    return !tstate->cframe->use_tracing && tstate->datastack_top != NULL &&
           size < tstate->datastack_limit - tstate->datastack_top;
}

/* With both containers made, which may have run a collection and that any code. */
static _PyInterpreterFrame *push(PyThreadState *tstate, const PyCodeObject *code,
                                 const Bound *bound, PyObject *rest, PyObject *keywords) {
    _PyInterpreterFrame *frame = (_PyInterpreterFrame *)tstate->datastack_top;
    tstate->datastack_top += code->co_nlocalsplus + code->co_stacksize + FRAME_SPECIALS_SIZE;
    memcpy(frame->localsplus, bound->values, sizeof(PyObject *) * (size_t)bound->named);
    PyObject **next = frame->localsplus + bound->named;
    if (rest != NULL) *next++ = rest;
    if (keywords != NULL) *next = keywords;
    return frame;
}

int pyjit_push_arguments(PyThreadState *tstate, PyFunctionObject *function,
                         const PyjitArguments *given, _PyInterpreterFrame **frame) {
    PyCodeObject *code = (PyCodeObject *)function->func_code;
    const int wanted = CO_OPTIMIZED | CO_NEWLOCALS;
    Bound bound;
    if ((code->co_flags & wanted) != wanted || !pyjit_is_ordinary(function) ||
        !has_room(tstate, code)) {
        return 0;
    }
    if (!bind(function, code, given, &bound)) {
        forget(&bound);
        return 0;
    }
    PyObject *keywords = NULL, *rest = NULL;
    int failed = 0;
    Py_INCREF(code);
    if (code->co_flags & CO_VARKEYWORDS) {
        keywords = make_dict(code, given, &bound);
        failed = keywords == NULL;
    }
    if (!failed && (code->co_flags & CO_VARARGS)) {
        rest = make_tuple(code, given);
        failed = rest == NULL;
    }
    /* What a collection has run may have changed the function or switched tracing on. */
    const int stale = (PyObject *)code != function->func_code || !has_room(tstate, code);
    if (failed || stale) {
        forget(&bound);
        Py_XDECREF(keywords);
        Py_XDECREF(rest);
        Py_DECREF(code);
        return failed ? -1 : 0;
    }
    Py_DECREF(code); /* the function has it */
    *frame = push(tstate, code, &bound, rest, keywords);
    return 1;
}
