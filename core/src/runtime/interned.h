/* Names that helpers look up, interned once per process.
 *
 * CPython's own _Py_ID() strings sit at offsets that differ between micro
 * versions, so the runtime keeps references of its own. They are never freed.
 */
#ifndef PYJIT_RUNTIME_INTERNED_H
#define PYJIT_RUNTIME_INTERNED_H

#include "compat.h"

/* Borrowed reference to the interned string in `*cell`, made at the first use;
 * NULL with MemoryError set. */
static inline PyObject *pyjit_intern(PyObject **cell, const char *text) {
    if (*cell == NULL) {
        *cell = PyUnicode_InternFromString(text);
    }
    return *cell;
}

/* PYJIT_NAME(variable, "text"): declares `variable` as that borrowed string. */
#define PYJIT_NAME(variable, text)        \
    static PyObject *variable##_interned; \
    PyObject *variable = pyjit_intern(&variable##_interned, text)

#endif
