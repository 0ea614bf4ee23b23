/* Arguments bound to the parameters of a Python function; see arguments.c. */
#ifndef PYJIT_RUNTIME_ARGUMENTS_H
#define PYJIT_RUNTIME_ARGUMENTS_H

#include "runtime.h"

/* Borrowed. */
typedef struct {
    PyObject *const *args;
    Py_ssize_t positional;
    PyObject *const *names, *const *values; /* of keywords */
    Py_ssize_t keywords;
} PyjitArguments;

/* Pushes a frame with references of its own, for the direct entry of the function's code. 0: not
 * this way, nothing has happened; -1: an exception. */
int pyjit_push_arguments(PyThreadState *tstate, PyFunctionObject *function,
                         const PyjitArguments *given, _PyInterpreterFrame **frame);

/* calls.c: does nobody else have a say in its calls? */
int pyjit_is_ordinary(const PyFunctionObject *function);

#endif
