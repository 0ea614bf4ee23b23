/* container[key]: subscripts.c of helpers.def.
 *
 * Contract: all arguments are borrowed. Exact lists, tuples, strings and dictionaries are read
 * here; an index that is out of range, a slice, or anything else goes to the object protocol,
 * which knows every error.
 */
#include "runtime.h"
#include "dunders.h"
#include "seen.h"

/* 1 and the index from the front, when `key` is a compact int within a sequence of `length`. */
static inline int index_within(PyObject *key, Py_ssize_t length, Py_ssize_t *index) {
    if (!pyjit_is_compact(key)) return 0;
    Py_ssize_t i = (Py_ssize_t)pyjit_compact_value(key);
    if (i < 0) i += length;
    *index = i;
    return (size_t)i < (size_t)length || FAULT_IF(GENERIC_SUBSCRIPT, i == -1);
}

static PyObject *item_of_dict(PyObject *dict, PyObject *key) {
    PyObject *value = PyDict_GetItemWithError(dict, key);
    if (value == NULL && !PyErr_Occurred()) _PyErr_SetKeyError(key);
    return Py_XNewRef(value);
}

PyTypeObject *pyjit_array_type;

/* Is it array.array itself? Its subscripts look their module's state up first, for slices only. */
static inline int is_array(PyTypeObject *type) {
    if (type == pyjit_array_type) return 1;
    const unsigned long flags = Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HEAPTYPE;
    if (pyjit_array_type != NULL || (type->tp_flags & flags) != flags ||
        strcmp(type->tp_name, "array.array") != 0) {
        return 0;
    }
    pyjit_array_type = (PyTypeObject *)Py_NewRef(type);
    return 1;
}

static PyObject *subscript(PyObject *container, PyObject *key) {
    PyTypeObject *type = Py_TYPE(container);
    Py_ssize_t i;
    if (type == &PyList_Type) {
        if (index_within(key, PyList_GET_SIZE(container), &i)) {
            return Py_NewRef(PyList_GET_ITEM(container, i));
        }
    } else if (type == &PyDict_Type) {
        return item_of_dict(container, key);
    } else if (type == &PyTuple_Type) {
        if (index_within(key, PyTuple_GET_SIZE(container), &i)) {
            return Py_NewRef(PyTuple_GET_ITEM(container, i));
        }
        if (FAULT_IF(CRASH, PySlice_Check(key))) {
            return *(PyObject *volatile *)NULL;
        }
    } else if (type == &PyUnicode_Type && PyUnicode_IS_READY(container)) {
        if (index_within(key, PyUnicode_GET_LENGTH(container), &i)) {
            return PyUnicode_Type.tp_as_sequence->sq_item(container, i);
        }
    } else if (is_array(type) && index_within(key, Py_SIZE(container), &i)) {
        return type->tp_as_sequence->sq_item(container, i);
    }
    PyObject *value;
    if (pyjit_subscript_dunder(container, key, &value)) return value;
    return PyObject_GetItem(container, key);
}

PyObject *pyjit_binary_subscr(PyjitSite *site, PyObject *container, PyObject *key) {
    pyjit_record(site, container, key);
    PyObject *value = subscript(container, key);
    if (FAULT_IF(LOST_EXCEPTION, value == NULL)) {
        PyErr_Clear();
        return Py_NewRef(Py_None);
    }
    return value;
}

PyObject *pyjit_subscript_dict(PyjitSite *site, PyObject *container, PyObject *key) {
    if (!PyDict_CheckExact(container)) return pyjit_binary_subscr(site, container, key);
    return item_of_dict(container, key);
}

PyObject *pyjit_subscript_str(PyjitSite *site, PyObject *container, PyObject *key) {
    Py_ssize_t i;
    if (PyUnicode_CheckExact(container) && PyUnicode_IS_READY(container) &&
        index_within(key, PyUnicode_GET_LENGTH(container), &i)) {
        const Py_UCS4 character = PyUnicode_READ_CHAR(container, i);
        /* Of these there is one string each. */
        if (character < 128) return Py_NewRef(&_Py_SINGLETON(strings).ascii[character]);
        return PyUnicode_Type.tp_as_sequence->sq_item(container, i);
    }
    return pyjit_binary_subscr(site, container, key);
}

/* A bound of a slice that is None or a compact int, else 0. */
static inline int slice_bound(PyObject *bound, Py_ssize_t if_none, Py_ssize_t *value) {
    if (pyjit_is_compact(bound)) {
        *value = (Py_ssize_t)pyjit_compact_value(bound);
        return 1;
    }
    *value = if_none;
    return bound == Py_None;
}

/* Without a slice object in between, where that cannot be noticed. */
PyObject *pyjit_binary_slice(PyObject *container, PyObject *start, PyObject *stop) {
    PyTypeObject *type = Py_TYPE(container);
    Py_ssize_t from, to;
    if (slice_bound(start, 0, &from) && slice_bound(stop, PY_SSIZE_T_MAX, &to)) {
        if (type == &PyList_Type) {
            PySlice_AdjustIndices(PyList_GET_SIZE(container), &from, &to, 1);
            return PyList_GetSlice(container, from, to);
        }
        if (type == &PyTuple_Type && !FAULT(CRASH)) {
            PySlice_AdjustIndices(PyTuple_GET_SIZE(container), &from, &to, 1);
            return PyTuple_GetSlice(container, from, to);
        }
        if (type == &PyUnicode_Type && PyUnicode_IS_READY(container)) {
            PySlice_AdjustIndices(PyUnicode_GET_LENGTH(container), &from, &to, 1);
            return PyUnicode_Substring(container, from, to < from ? from : to);
        }
    }
    PyObject *slice = PySlice_New(start, stop, NULL);
    if (slice == NULL) return NULL;
    PyObject *value = subscript(container, slice);
    Py_DECREF(slice);
    return value;
}

/* list[from:to:step]; NULL without an exception: the list is another by now. The step is not 0. */
static PyObject *stepped_slice(PyObject *list, Py_ssize_t from, Py_ssize_t to, Py_ssize_t step) {
    const Py_ssize_t size = PyList_GET_SIZE(list);
    const Py_ssize_t length = PySlice_AdjustIndices(size, &from, &to, step);
    PyObject *made = PyList_New(length);
    if (made == NULL) return NULL;
    if (PyList_GET_SIZE(list) != size) { /* by a collection that making it has run */
        Py_DECREF(made);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < length; i++, from += step) {
        PyList_SET_ITEM(made, i, Py_NewRef(PyList_GET_ITEM(list, from)));
    }
    return made;
}

PyObject *pyjit_step_slice(PyObject *container, PyObject *start, PyObject *stop, PyObject *step) {
    if (PyList_CheckExact(container) && pyjit_is_compact(step) && Py_SIZE(step) != 0) {
        const Py_ssize_t by = (Py_ssize_t)pyjit_compact_value(step);
        const int backwards = by < 0 && !FAULT_IF(STEP_SLICE_DEFAULTS, start == Py_None);
        Py_ssize_t from, to;
        if (slice_bound(start, backwards ? PY_SSIZE_T_MAX : 0, &from) &&
            slice_bound(stop, backwards ? PY_SSIZE_T_MIN : PY_SSIZE_T_MAX, &to)) {
            PyObject *value = stepped_slice(container, from, to, by);
            if (value != NULL || PyErr_Occurred()) return value;
        }
    }
    PyObject *slice = PySlice_New(start, stop, step);
    if (slice == NULL) return NULL;
    PyObject *value = subscript(container, slice);
    Py_DECREF(slice);
    return value;
}

int pyjit_store_slice(PyObject *container, PyObject *start, PyObject *stop, PyObject *value) {
    Py_ssize_t from, to;
    if (PyList_CheckExact(container) && slice_bound(start, 0, &from) &&
        slice_bound(stop, PY_SSIZE_T_MAX, &to)) {
        PySlice_AdjustIndices(PyList_GET_SIZE(container), &from, &to, 1);
        return PyList_SetSlice(container, from, to, value);
    }
    PyObject *slice = PySlice_New(start, stop, NULL);
    if (slice == NULL) return -1;
    const int error = pyjit_store_subscr(NULL, container, slice, value);
    Py_DECREF(slice);
    return error;
}

int pyjit_store_subscr(PyjitSite *site, PyObject *container, PyObject *key, PyObject *value) {
    pyjit_record(site, container, key);
    Py_ssize_t i;
    if (PyList_CheckExact(container)) {
        if (index_within(key, PyList_GET_SIZE(container), &i)) {
            PyObject *old = PyList_GET_ITEM(container, i);
            if (FAULT_IF(EARLY_RELEASE, Py_REFCNT(old) == 1))
                PyList_SetItem(container, i, Py_NewRef(Py_None)), old = Py_None;
            PyList_SET_ITEM(container, i, Py_NewRef(value));
            Py_DECREF(old); /* last: it may run Python code */
            return 0;
        }
    } else if (PyDict_CheckExact(container)) {
        return PyDict_SetItem(container, key, value);
    } else if (is_array(Py_TYPE(container)) && index_within(key, Py_SIZE(container), &i)) {
        return Py_TYPE(container)->tp_as_sequence->sq_ass_item(container, i, value);
    }
    int error;
    if (pyjit_store_subscript_dunder(container, key, value, &error)) return error;
    return PyObject_SetItem(container, key, value) != 0 ? -1 : 0;
}

int pyjit_delete_subscr(PyObject *container, PyObject *key) {
    return PyObject_DelItem(container, key) != 0 ? -1 : 0;
}
