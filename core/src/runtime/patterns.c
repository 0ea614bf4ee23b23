/* `match` statements: patterns.c of helpers.def.
 *
 * Contract
 *  - What a pattern asks of its subject is asked in the interpreter's order, as often as it
 *    asks, and with its words: keys are hashed and compared, attributes are looked up, and a
 *    pattern that names one twice is an error only when it gets there.
 *  - A subject that does not match is None, not an exception.
 *  - Operands are borrowed; generated code releases them.
 */
#include "runtime.h"
#include "interned.h"

PyObject *pyjit_get_len(PyObject *subject) {
    Py_ssize_t length = PyObject_Length(subject);
    return length < 0 ? NULL : PyLong_FromSsize_t(length);
}

/* --- mappings -------------------------------------------------------------------- */

/* What `subject.get(key, absent)` needs; exact dicts are asked directly. */
typedef struct {
    PyObject *subject;
    PyObject *get; /* owned; NULL for an exact dict */
    int unbound;   /* get wants the subject as its first argument */
    PyObject *absent;
} Lookup;

static int lookup_begin(Lookup *lookup, PyObject *subject) {
    *lookup = (Lookup){.subject = subject};
    if (PyDict_CheckExact(subject)) return 0;
    PYJIT_NAME(get_name, "get");
    if (get_name == NULL) return -1;
    lookup->unbound = _PyObject_GetMethod(subject, get_name, &lookup->get);
    return lookup->get == NULL ? -1 : 0;
}

static void lookup_end(Lookup *lookup) {
    Py_XDECREF(lookup->get);
    Py_XDECREF(lookup->absent);
}

/* 1 and a new reference in *value; 0: not in the mapping; -1 with an exception. */
static int lookup_key(Lookup *lookup, PyObject *key, PyObject **value) {
    if (lookup->get == NULL) {
        *value = Py_XNewRef(PyDict_GetItemWithError(lookup->subject, key));
        return *value != NULL ? 1 : PyErr_Occurred() ? -1 : 0;
    }
    if (lookup->absent == NULL) {
        lookup->absent = PyObject_CallNoArgs((PyObject *)&PyBaseObject_Type);
        if (lookup->absent == NULL) return -1;
    }
    PyObject *arguments[] = {lookup->subject, key, lookup->absent};
    *value =
        PyObject_Vectorcall(lookup->get, arguments + !lookup->unbound, 2 + lookup->unbound, NULL);
    if (*value != lookup->absent) return *value == NULL ? -1 : 1;
    Py_CLEAR(*value);
    return 0;
}

/* Adds a key to those that the pattern has asked for; -1: it was there, or an exception. */
static int first_time(PyObject *seen, PyObject *key) {
    int known = PySet_Contains(seen, key);
    if (known == 0) return PySet_Add(seen, key);
    if (known > 0) {
        PyErr_Format(PyExc_ValueError, "mapping pattern checks duplicate key (%R)", key);
    }
    return -1;
}

/* Fills the tuple `values`: 1, or 0 when a key is missing, or -1 with an exception. */
static int look_up_all(Lookup *lookup, PyObject *keys, PyObject *seen, PyObject *values) {
    int found = 1;
    for (Py_ssize_t i = 0; found == 1 && i < PyTuple_GET_SIZE(keys); i++) {
        PyObject *key = PyTuple_GET_ITEM(keys, i), *value = NULL;
        if (first_time(seen, key) < 0) return -1;
        found = lookup_key(lookup, key, &value);
        PyTuple_SET_ITEM(values, i, value);
        if (FAULT_IF(MATCHED_NONE, found == 1 && value == Py_None)) found = 0;
    }
    return found;
}

PyObject *pyjit_match_keys(PyObject *subject, PyObject *keys) {
    if (PyTuple_GET_SIZE(keys) == 0) return PyTuple_New(0);
    Lookup lookup;
    if (lookup_begin(&lookup, subject) < 0) return NULL;
    PyObject *seen = PySet_New(NULL);
    PyObject *values = seen == NULL ? NULL : PyTuple_New(PyTuple_GET_SIZE(keys));
    int found = values == NULL ? -1 : look_up_all(&lookup, keys, seen, values);
    if (found == 0) Py_SETREF(values, Py_NewRef(Py_None));
    lookup_end(&lookup);
    Py_XDECREF(seen);
    if (found < 0) Py_CLEAR(values);
    return values;
}

/* --- classes --------------------------------------------------------------------- */

/* The attributes that a class pattern asks for: their names, and their values as far as they
 * are known. */
typedef struct {
    PyObject *subject;
    PyTypeObject *type;
    PyObject *positional; /* __match_args__, or NULL: the subject itself is the only one */
    Py_ssize_t nargs;
    PyObject *keywords;
} ClassPattern;

static PyObject *attribute_name(const ClassPattern *pattern, Py_ssize_t i) {
    return i < pattern->nargs ? PyTuple_GET_ITEM(pattern->positional, i)
                              : PyTuple_GET_ITEM(pattern->keywords, i - pattern->nargs);
}

/* Names are exact strings, so comparing them cannot be noticed. */
static int asked_before(const ClassPattern *pattern, Py_ssize_t i) {
    PyObject *name = attribute_name(pattern, i);
    for (Py_ssize_t j = pattern->positional == NULL ? pattern->nargs : 0; j < i; j++) {
        PyObject *earlier = attribute_name(pattern, j);
        if (earlier == name || _PyUnicode_Equal(earlier, name)) return 1;
    }
    return 0;
}

/* The value of sub-pattern i; NULL without an exception: there is no such attribute. */
static PyObject *sub_subject(const ClassPattern *pattern, Py_ssize_t i) {
    if (pattern->positional == NULL && i < pattern->nargs) return Py_NewRef(pattern->subject);
    PyObject *name = attribute_name(pattern, i);
    if (!PyUnicode_CheckExact(name)) {
        return PyErr_Format(PyExc_TypeError, "__match_args__ elements must be strings (got %s)",
                            Py_TYPE(name)->tp_name);
    }
    if (asked_before(pattern, i) && !FAULT_IF(MATCHED_TWICE, 1)) {
        return PyErr_Format(PyExc_TypeError, "%s() got multiple sub-patterns for attribute %R",
                            pattern->type->tp_name, name);
    }
    PyObject *value = PyObject_GetAttr(pattern->subject, name);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear();
    return value;
}

/* Finds what positional sub-patterns stand for; the new reference is in pattern->positional. */
static int find_positional(ClassPattern *pattern) {
    PYJIT_NAME(match_args_name, "__match_args__");
    if (match_args_name == NULL) return -1;
    PyObject *match_args = PyObject_GetAttr((PyObject *)pattern->type, match_args_name);
    Py_ssize_t allowed;
    if (match_args == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
        PyErr_Clear();
        /* int, str, list … stand for themselves. */
        allowed = PyType_HasFeature(pattern->type, _Py_TPFLAGS_MATCH_SELF) ? 1 : 0;
    } else if (!PyTuple_CheckExact(match_args)) {
        PyErr_Format(PyExc_TypeError, "%s.__match_args__ must be a tuple (got %s)",
                     pattern->type->tp_name, Py_TYPE(match_args)->tp_name);
        Py_DECREF(match_args);
        return -1;
    } else {
        allowed = PyTuple_GET_SIZE(match_args);
    }
    if (allowed < pattern->nargs) {
        PyErr_Format(PyExc_TypeError, "%s() accepts %zd positional sub-pattern%s (%zd given)",
                     pattern->type->tp_name, allowed, allowed == 1 ? "" : "s", pattern->nargs);
        Py_XDECREF(match_args);
        return -1;
    }
    pattern->positional = match_args;
    return 0;
}

/* Fills the tuple: 1, or 0 when it does not match or an exception is set. */
static int take_apart(const ClassPattern *pattern, PyObject *values) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(values); i++) {
        PyObject *value = sub_subject(pattern, i);
        if (value == NULL) return 0;
        PyTuple_SET_ITEM(values, i, value);
    }
    return 1;
}

PyObject *pyjit_match_class(PyObject *subject, PyObject *type, int64_t nargs, PyObject *keywords) {
    if (!PyType_Check(type)) {
        PyErr_SetString(PyExc_TypeError, "called match pattern must be a type");
        return NULL;
    }
    int instance = PyObject_IsInstance(subject, type);
    if (instance < 0) return NULL;
    if (instance == 0) Py_RETURN_NONE;
    ClassPattern pattern = {subject, (PyTypeObject *)type, NULL, (Py_ssize_t)nargs, keywords};
    if (nargs != 0 && find_positional(&pattern) < 0) return NULL;
    PyObject *values = PyTuple_New(pattern.nargs + PyTuple_GET_SIZE(keywords));
    int matches = values != NULL && take_apart(&pattern, values);
    Py_XDECREF(pattern.positional);
    if (!matches) {
        Py_XDECREF(values);
        if (PyErr_Occurred()) return NULL;
        Py_RETURN_NONE;
    }
    return values;
}
