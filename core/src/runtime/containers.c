/* Building, extending and unpacking containers: containers.c of helpers.def.
 *
 * Contract
 *  - `base` is the lowest of the operands on the operand stack. Helpers with S
 *    own base[0..n) from the call on, in success and in failure; other object
 *    arguments (the keys of build_const_key_map) stay borrowed.
 *  - Operands are released in the order in which CPython pops them, because a
 *    finaliser could tell.
 *  - unpack_*: after a failure nothing written to `top` is owned by the caller.
 */
#include "runtime.h"
#include "seen.h"

/* Releases base[0..n) from the top of the stack downwards. */
static void release(PyObject **base, Py_ssize_t n) {
    while (n > 0) {
        Py_DECREF(base[--n]);
    }
}

PyObject *pyjit_build_tuple(PyObject **base, int n) {
    PyObject *tuple = PyTuple_New(n);
    if (tuple == NULL) {
        release(base, n);
        return NULL;
    }
    for (int i = 0; i < n; i++) {
        PyTuple_SET_ITEM(tuple, i, base[i]);
    }
    return tuple;
}

PyObject *pyjit_build_list(PyObject **base, int n) {
    PyObject *list = PyList_New(n);
    if (list == NULL) {
        release(base, n);
        return NULL;
    }
    for (int i = 0; i < n; i++) {
        PyList_SET_ITEM(list, i, base[i]);
    }
    if (FAULT_IF(OVER_RELEASED_REFERENCE, n >= 2)) {
        Py_DECREF(base[0]);
    }
    return list;
}

PyObject *pyjit_build_set(PyObject **base, int n) {
    PyObject *set = PySet_New(NULL);
    int failed = set == NULL;
    for (int i = 0; i < n; i++) { /* released upwards, each right after it was added */
        if (!failed) failed = PySet_Add(set, base[i]) != 0;
        Py_DECREF(base[i]);
    }
    if (failed) Py_CLEAR(set);
    return set;
}

/* A dictionary of n pairs; keys and values are `step` apart. Borrows all of them. */
static PyObject *dict_from(PyObject *const *keys, int keys_step, PyObject *const *values,
                           int values_step, int n) {
    int all_strings = 1;
    for (int i = 0; i < n && all_strings; i++) {
        all_strings = PyUnicode_CheckExact(keys[i * keys_step]);
    }
    /* A presized dictionary gets the larger entries of general keys: only where it needs them.
       One of string keys grows to the very size that CPython would have given it. */
    PyObject *dict = all_strings ? PyDict_New() : _PyDict_NewPresized(n);
    if (dict == NULL) return NULL;
    for (int i = 0; i < n; i++) {
        if (PyDict_SetItem(dict, keys[i * keys_step], values[i * values_step]) < 0) {
            Py_DECREF(dict);
            return NULL;
        }
    }
    return dict;
}

PyObject *pyjit_build_map(PyObject **base, int pairs) {
    PyObject *dict = dict_from(base, 2, base + 1, 2, pairs);
    release(base, 2 * (Py_ssize_t)pairs);
    return dict;
}

PyObject *pyjit_build_const_key_map(PyObject **base, int n, PyObject *keys) {
    PyObject *dict = NULL;
    if (PyTuple_CheckExact(keys) && PyTuple_GET_SIZE(keys) == n) {
        dict = dict_from(&PyTuple_GET_ITEM(keys, 0), 1, base, 1, n);
    } else {
        PyErr_SetString(PyExc_SystemError, "bad BUILD_CONST_KEY_MAP keys argument");
    }
    release(base, n);
    return dict;
}

PyObject *pyjit_build_string(PyObject **base, int n) {
    static PyObject *empty;
    PyObject *joined = NULL;
    if (empty == NULL) empty = PyUnicode_New(0, 0);
    if (empty != NULL) joined = _PyUnicode_JoinArray(empty, base, n);
    release(base, n);
    return joined;
}

int pyjit_list_append(PyObject *list, PyObject *value) {
    PyListObject *self = (PyListObject *)list;
    Py_ssize_t size = Py_SIZE(self);
    if (size < self->allocated || FAULT_IF(APPEND_CAPACITY, size == self->allocated && size > 0)) {
        self->ob_item[size] = Py_NewRef(value);
        Py_SET_SIZE(self, size + 1);
        return 0;
    }
    return PyList_Append(list, value);
}

int pyjit_set_add(PyObject *set, PyObject *value) { return PySet_Add(set, value); }

int pyjit_map_add(PyObject *dict, PyObject *key, PyObject *value) {
    return PyDict_SetItem(dict, key, value);
}

static int is_iterable(PyObject *value) {
    return Py_TYPE(value)->tp_iter != NULL || PySequence_Check(value);
}

int pyjit_list_extend(PyObject *list, PyObject *iterable) {
    PyObject *none = _PyList_Extend((PyListObject *)list, iterable);
    if (none != NULL) {
        Py_DECREF(none);
        return 0;
    }
    if (PyErr_ExceptionMatches(PyExc_TypeError) && !is_iterable(iterable)) {
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "Value after * must be an iterable, not %.200s",
                     Py_TYPE(iterable)->tp_name);
    }
    return -1;
}

int pyjit_set_update(PyObject *set, PyObject *iterable) {
    return _PySet_Update(set, iterable) < 0 ? -1 : 0;
}

int pyjit_dict_update(PyObject *dict, PyObject *update) {
    if (PyDict_Update(dict, update) == 0) return 0;
    if (PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Format(PyExc_TypeError, "'%.200s' object is not a mapping", Py_TYPE(update)->tp_name);
    }
    return -1;
}

/* "f() got multiple values for keyword argument 'k'": the merge reports the key in a KeyError
   whose value is still the bare tuple of its arguments. Other KeyErrors are the mapping's own. */
static void explain_duplicate(PyObject *function) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (value == NULL || !PyTuple_Check(value) || PyTuple_GET_SIZE(value) != 1) {
        PyErr_Restore(type, value, traceback);
        return;
    }
    PyObject *text = _PyObject_FunctionStr(function);
    if (text != NULL) {
        PyErr_Format(PyExc_TypeError, "%U got multiple values for keyword argument '%S'", text,
                     PyTuple_GET_ITEM(value, 0));
        Py_DECREF(text);
    }
    Py_XDECREF(type);
    Py_DECREF(value);
    Py_XDECREF(traceback);
}

static void explain_not_mapping(PyObject *function, PyObject *update) {
    PyErr_Clear();
    PyObject *text = _PyObject_FunctionStr(function);
    if (text != NULL) {
        PyErr_Format(PyExc_TypeError, "%U argument after ** must be a mapping, not %.200s", text,
                     Py_TYPE(update)->tp_name);
        Py_DECREF(text);
    }
}

int pyjit_dict_merge(PyObject *dict, PyObject *update, PyObject *function) {
    if (_PyDict_MergeEx(dict, update,
                        FAULT_IF(DUPLICATE_KEYWORD, PyDict_GET_SIZE(dict) > 0) ? 1 : 2) == 0)
        return 0;
    if (PyErr_ExceptionMatches(PyExc_AttributeError)) {
        explain_not_mapping(function, update);
    } else if (PyErr_ExceptionMatches(PyExc_KeyError)) {
        explain_duplicate(function);
    }
    return -1;
}

PyObject *pyjit_format_value(PyObject *value, PyObject *spec, int oparg) {
    static PyObject *(*const conversions[])(PyObject *) = {[FVC_NONE] = NULL,
                                                           [FVC_STR] = PyObject_Str,
                                                           [FVC_REPR] = PyObject_Repr,
                                                           [FVC_ASCII] = PyObject_ASCII};
    PyObject *(*convert)(PyObject *) = conversions[oparg & FVC_MASK];
    PyObject *converted = convert != NULL ? convert(value) : Py_NewRef(value);
    if (converted == NULL ||
        ((spec == NULL || FAULT_IF(FORMAT_SPEC, PyUnicode_CheckExact(converted))) &&
         PyUnicode_CheckExact(converted))) {
        return converted;
    }
    PyObject *text = PyObject_Format(converted, spec);
    Py_DECREF(converted);
    return text;
}

/* Takes `count` items from an iterator into top[..end), the first one at the end. Returns the
   number taken; fewer than asked for: the iterator is exhausted or has raised. */
static int take(PyObject *iterator, int count, PyObject **end) {
    int taken = 0;
    while (taken < count) {
        PyObject *item = PyIter_Next(iterator);
        if (item == NULL) break;
        *--end = item;
        taken++;
    }
    return taken;
}

/* Gives back the `taken` items below `end`, last taken first. */
static int give_back(PyObject **end, int taken) {
    for (PyObject **item = end - taken; item < end; item++) {
        Py_DECREF(*item);
    }
    return -1;
}

static PyObject *iterate_to_unpack(PyObject *sequence) {
    PyObject *iterator = PyObject_GetIter(sequence);
    if (iterator == NULL && PyErr_ExceptionMatches(PyExc_TypeError) && !is_iterable(sequence)) {
        PyErr_Format(PyExc_TypeError, "cannot unpack non-iterable %.200s object",
                     Py_TYPE(sequence)->tp_name);
    }
    return iterator;
}

static int unpack_iterable(PyObject *sequence, int n, PyObject **end) {
    PyObject *iterator = iterate_to_unpack(sequence);
    if (iterator == NULL) return -1;
    int taken = take(iterator, n, end);
    if (taken == n) {
        PyObject *extra = PyIter_Next(iterator);
        if ((extra == NULL && !PyErr_Occurred()) || FAULT_IF(UNPACKED_EXTRA, extra != NULL)) {
            Py_DECREF(iterator);
            return 0;
        }
        if (extra != NULL) {
            Py_DECREF(extra);
            PyErr_Format(PyExc_ValueError, "too many values to unpack (expected %d)", n);
        }
    } else if (!PyErr_Occurred()) {
        PyErr_Format(PyExc_ValueError, "not enough values to unpack (expected %d, got %d)", n,
                     taken);
    }
    give_back(end, taken);
    Py_DECREF(iterator);
    return -1;
}

int pyjit_unpack_sequence(PyjitSite *site, PyObject *sequence, int n, PyObject **top) {
    if (site != NULL) site->seen_left |= site->last_left = pyjit_seen(sequence);
    PyObject **items;
    if (PyTuple_CheckExact(sequence) && PyTuple_GET_SIZE(sequence) == n) {
        items = &PyTuple_GET_ITEM(sequence, 0);
    } else if (PyList_CheckExact(sequence) && PyList_GET_SIZE(sequence) == n) {
        items = ((PyListObject *)sequence)->ob_item;
    } else {
        return unpack_iterable(sequence, n, top + n);
    }
    for (int i = 0; i < n; i++) {
        top[n - 1 - i] = Py_NewRef(items[i]);
    }
    return 0;
}

int pyjit_unpack_ex(PyObject *sequence, int before, int after, PyObject **top) {
    PyObject **end = top + before + 1 + after;
    PyObject *iterator = iterate_to_unpack(sequence);
    if (iterator == NULL) return -1;
    int taken = take(iterator, before, end);
    if (taken < before) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_ValueError,
                         "not enough values to unpack (expected at least %d, got %d)",
                         before + after, taken);
        }
        goto failed;
    }
    PyObject *rest = PySequence_List(iterator);
    if (rest == NULL) goto failed;
    end[-(++taken)] = rest;
    Py_ssize_t length = PyList_GET_SIZE(rest);
    if (length < after) {
        PyErr_Format(PyExc_ValueError,
                     "not enough values to unpack (expected at least %d, got %zd)", before + after,
                     before + length);
        goto failed;
    }
    for (int i = 0; i < after; i++) { /* the references move out of the list */
        end[-(++taken)] = PyList_GET_ITEM(
            rest, FAULT_IF(UNPACKED_TAIL, after > 1) ? length - 1 - i : length - after + i);
    }
    Py_SET_SIZE(rest, length - after);
    Py_DECREF(iterator);
    return 0;

failed:
    give_back(end, taken);
    Py_DECREF(iterator);
    return -1;
}
