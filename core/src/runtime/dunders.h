/* Operators on classes made in Python; see dunders.c. 1: done, with *result new or NULL. */
#ifndef PYJIT_RUNTIME_DUNDERS_H
#define PYJIT_RUNTIME_DUNDERS_H

#include "runtime.h"

int pyjit_binary_dunder(PyObject *left, PyObject *right, int oparg, PyObject **result);
int pyjit_compare_dunder(PyObject *left, PyObject *right, int op, PyObject **result);
int pyjit_subscript_dunder(PyObject *container, PyObject *key, PyObject **result);
int pyjit_store_subscript_dunder(PyObject *container, PyObject *key, PyObject *value, int *error);
int pyjit_next_dunder(PyObject *iterator, PyObject **result);

/* calls.c: calls a Python function with plain parameters and borrowed arguments in a frame that is
 * pushed right here. 0: not this way, nothing has happened. */
int pyjit_call_plain(PyThreadState *tstate, PyFunctionObject *function, PyObject *const *args,
                     Py_ssize_t nargs, PyObject **result);

#endif
