/* Raising, handling and `with`: exceptions.c of helpers.def.
 *
 * Contract
 *  - The stack of handled exceptions (tstate->exc_info) is changed only by
 *    push_exc_info and pop_except, which move references as CPython's opcodes do.
 *  - raise_varargs and reraise own what they are given, and leave with an
 *    exception set, whatever happens.
 */
#include "runtime.h"
#include "interned.h"

PyObject *pyjit_push_exc_info(PyThreadState *tstate, PyObject *exception) {
    _PyErr_StackItem *top = tstate->exc_info;
    PyObject *previous = top->exc_value; /* its reference goes to the caller */
    top->exc_value = Py_NewRef(exception);
    return previous != NULL ? previous : Py_NewRef(Py_None);
}

void pyjit_pop_except(PyThreadState *tstate, PyObject *previous) {
    _PyErr_StackItem *top = tstate->exc_info;
    PyObject *handled = top->exc_value;
    if (FAULT_IF(HANDLED_STAYS, handled != NULL && previous == Py_None))
        previous = Py_NewRef(handled);
    top->exc_value = previous;
    Py_XDECREF(handled); /* last: it may run Python code */
}

int pyjit_all_exception_classes(PyObject *type) {
    if (!PyTuple_Check(type)) return PyExceptionClass_Check(type);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type); i++) {
        if (!PyExceptionClass_Check(PyTuple_GET_ITEM(type, i))) return 0;
    }
    return 1;
}

int pyjit_check_exc_match(PyThreadState *tstate, PyObject *exception, PyObject *type) {
    if (!pyjit_all_exception_classes(type)) {
        _PyErr_SetString(tstate, PyExc_TypeError, PYJIT_CANNOT_CATCH);
        return -1;
    }
    return PyErr_GivenExceptionMatches(exception, type);
}

void pyjit_reraise(PyThreadState *tstate, PyObject *exception) {
    PyObject *type = Py_NewRef(PyExceptionInstance_Class(exception));
    _PyErr_Restore(tstate, type, exception, PyException_GetTraceback(exception));
}

static int raise_handled(PyThreadState *tstate) {
    PyObject *handled = _PyErr_GetTopmostException(tstate)->exc_value;
    if (handled == NULL || handled == Py_None) {
        _PyErr_SetString(tstate, PyExc_RuntimeError, "No active exception to reraise");
        return 0;
    }
    pyjit_reraise(tstate, Py_NewRef(handled));
    return 1;
}

/* The exception that `raise X` raises: steals X; *type is a new reference. NULL: an error is set.
 */
static PyObject *instance_to_raise(PyThreadState *tstate, PyObject *exception, PyObject **type) {
    if (PyExceptionInstance_Check(exception)) {
        *type = Py_NewRef(PyExceptionInstance_Class(exception));
        return exception;
    }
    if (!PyExceptionClass_Check(exception)) {
        Py_DECREF(exception);
        _PyErr_SetString(tstate, PyExc_TypeError, "exceptions must derive from BaseException");
        return NULL;
    }
    PyObject *value = PyObject_CallNoArgs(exception);
    if (value != NULL && !PyExceptionInstance_Check(value)) {
        _PyErr_Format(tstate, PyExc_TypeError,
                      "calling %R should have returned an instance of BaseException, not %R",
                      exception, Py_TYPE(value));
        Py_CLEAR(value);
    }
    if (value == NULL) {
        Py_DECREF(exception);
        return NULL;
    }
    *type = exception;
    return value;
}

/* Sets __cause__ of `value`; steals `cause`. */
static int attach_cause(PyThreadState *tstate, PyObject *value, PyObject *cause) {
    PyObject *fixed = NULL;
    if (PyExceptionClass_Check(cause)) {
        fixed = PyObject_CallNoArgs(cause);
        Py_DECREF(cause);
        if (fixed == NULL) return -1;
    } else if (PyExceptionInstance_Check(cause)) {
        fixed = cause;
    } else {
        int none = cause == Py_None;
        if (!none) {
            _PyErr_SetString(tstate, PyExc_TypeError,
                             "exception causes must derive from BaseException");
        }
        Py_DECREF(cause);
        if (!none) return -1;
    }
    if (FAULT_IF(CAUSE_NONE, fixed == NULL)) return 0;
    PyException_SetCause(value, fixed);
    return 0;
}

int pyjit_raise_varargs(PyThreadState *tstate, PyObject *exception, PyObject *cause) {
    if (exception == NULL) return raise_handled(tstate);
    PyObject *type;
    PyObject *value = instance_to_raise(tstate, exception, &type);
    if (value == NULL) {
        Py_XDECREF(cause);
        return 0;
    }
    if (cause == NULL || attach_cause(tstate, value, cause) == 0) {
        _PyErr_SetObject(tstate, type, value);
    }
    Py_DECREF(value);
    Py_DECREF(type);
    return 0;
}

PyObject *pyjit_with_except_start(PyObject *exit_function, PyObject *exception) {
    PyObject *traceback = PyException_GetTraceback(exception);
    if (traceback == NULL) traceback = Py_NewRef(Py_None);
    Py_DECREF(traceback); /* the exception holds it */
    /* one slot in front, as the vectorcall protocol allows the callee to borrow it */
    PyObject *stack[4] = {NULL, PyExceptionInstance_Class(exception), exception, traceback};
    return PyObject_Vectorcall(exit_function, stack + 1, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

static PyObject *lookup_with_method(PyThreadState *tstate, PyObject *manager, PyObject *name,
                                    const char *complaint) {
    if (name == NULL) return NULL;
    PyObject *method = _PyObject_LookupSpecial(manager, name);
    if (method == NULL && !_PyErr_Occurred(tstate)) {
        _PyErr_Format(tstate, PyExc_TypeError, complaint, Py_TYPE(manager)->tp_name);
    }
    return method;
}

/* [manager, ] becomes [exit, entered]: the manager is gone before it is entered. */
static int enter(PyThreadState *tstate, PyObject **base, PyObject *names[2],
                 const char *complaints[2]) {
    PyObject *manager = base[0];
    PyObject *enter_method = lookup_with_method(tstate, manager, names[0], complaints[0]);
    if (enter_method == NULL) return -1;
    PyObject *exit = lookup_with_method(tstate, manager, names[1], complaints[1]);
    if (exit == NULL) {
        Py_DECREF(enter_method);
        return -1;
    }
    base[0] = exit;
    Py_DECREF(manager);
    base[1] = PyObject_CallNoArgs(enter_method);
    Py_DECREF(enter_method);
    return base[1] == NULL ? -1 : 0;
}

int pyjit_before_with(PyThreadState *tstate, PyObject **base) {
    PYJIT_NAME(enter_name, "__enter__");
    PYJIT_NAME(exit_name, "__exit__");
    PyObject *names[] = {enter_name, exit_name};
    const char *complaints[] = {"'%.200s' object does not support the context manager protocol",
                                "'%.200s' object does not support the context manager protocol "
                                "(missed __exit__ method)"};
    return enter(tstate, base, names, complaints);
}

int pyjit_before_async_with(PyThreadState *tstate, PyObject **base) {
    PYJIT_NAME(enter_name, "__aenter__");
    PYJIT_NAME(exit_name, "__aexit__");
    PyObject *names[] = {enter_name, exit_name};
    const char *complaints[] = {
        "'%.200s' object does not support the asynchronous context manager protocol",
        "'%.200s' object does not support the asynchronous context manager protocol "
        "(missed __aexit__ method)"};
    return enter(tstate, base, names, complaints);
}
