/* Which PYJIT_SEEN_* bit an operand sets, and what a "compact" int is. */
#ifndef PYJIT_RUNTIME_SEEN_H
#define PYJIT_RUNTIME_SEEN_H

#include "runtime.h"

/* An exact int of at most one digit: |value| < 2**30. */
static inline int pyjit_is_compact(PyObject *value) {
    return PyLong_CheckExact(value) && (size_t)(Py_SIZE(value) + 1) <= 2;
}

static inline int64_t pyjit_compact_value(PyObject *value) {
    return (int64_t)Py_SIZE(value) * ((PyLongObject *)value)->ob_digit[0];
}

/* array.array, once one has been subscripted (subscripts.c); owned for ever. */
extern PyTypeObject *pyjit_array_type;

/* Its beginning, whose layout is private to arraymodule.c. */
typedef struct {
    PyObject_VAR_HEAD char *items;
    Py_ssize_t allocated;
    const char *typecode; /* the first field of its description */
} PyjitArray;

/* C types that can be subclassed may be heap types too; theirs nobody can change. */
static inline int pyjit_is_made_in_python(const PyTypeObject *type) {
    return (type->tp_flags & (Py_TPFLAGS_HEAPTYPE | Py_TPFLAGS_IMMUTABLETYPE)) ==
           Py_TPFLAGS_HEAPTYPE;
}

static inline uint16_t pyjit_seen_array(PyObject *array) {
    switch (*((PyjitArray *)array)->typecode) {
        case 'd': return PYJIT_SEEN_DOUBLES;
        case 'i': return PYJIT_SEEN_INTS;
        default: return PYJIT_SEEN_BUILTIN;
    }
}

static inline uint16_t pyjit_seen(PyObject *value) {
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyLong_Type) {
        const size_t digits = (size_t)Py_ABS(Py_SIZE(value));
        return digits <= 1 ? PYJIT_SEEN_INT : digits == 2 ? PYJIT_SEEN_MEDIUM : PYJIT_SEEN_BIGINT;
    }
    if (type == &PyFloat_Type) return PYJIT_SEEN_FLOAT;
    if (type == &PyUnicode_Type) return PYJIT_SEEN_STR;
    if (type == &PyList_Type) return PYJIT_SEEN_LIST;
    if (type == &PyTuple_Type) return PYJIT_SEEN_TUPLE;
    if (type == &PyDict_Type) return PYJIT_SEEN_DICT;
    if (type == &PyRangeIter_Type) return PYJIT_SEEN_RANGE_ITER;
    if (type == &PyListIter_Type) return PYJIT_SEEN_LIST_ITER;
    if (type == &PyTupleIter_Type) return PYJIT_SEEN_TUPLE_ITER;
    if (type == &PyGen_Type) return PYJIT_SEEN_GENERATOR;
    if (type == pyjit_array_type) return pyjit_seen_array(value);
    return pyjit_is_made_in_python(type) ? PYJIT_SEEN_OTHER : PYJIT_SEEN_BUILTIN;
}

static inline void pyjit_record(PyjitSite *site, PyObject *left, PyObject *right) {
    if (site != NULL) {
        site->seen_left |= site->last_left = pyjit_seen(left);
        site->seen_right |= site->last_right = pyjit_seen(right);
    }
}

#endif
