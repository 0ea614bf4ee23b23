/* Reading the keys of dictionaries, and giving their states a version.
 *
 * Contract
 *  - Only keys of the kinds "unicode" and "split" are read here: all their keys
 *    are exact strings, so no lookup can run Python code or fail.
 *  - A key, once in a keys object, keeps its index as long as dk_version stays
 *    what it is; in the shared keys of a class (which only grow) for ever.
 *  - CPython numbers the states of keys upwards from 2 with a counter that it
 *    does not export. Ours are numbered downwards from the other end of the
 *    32 bits, so the two never give one number to different states.
 */
#ifndef PYJIT_RUNTIME_DICTKEYS_H
#define PYJIT_RUNTIME_DICTKEYS_H

#include "compat.h"

/* Index of the entry of `name` (an exact str whose hash is known), or -1. */
Py_ssize_t pyjit_keys_find(PyDictKeysObject *keys, PyObject *name);

/* The version of the present state of `keys`, given now if it has none; 0 when
 * there are none left. Not for the keys of a builtins dictionary: CPython's own
 * caches have room for 16 bits there and would give up. */
uint32_t pyjit_keys_version(PyDictKeysObject *keys);

static inline PyDictKeysObject *pyjit_shared_keys(PyTypeObject *type) {
    return ((PyHeapTypeObject *)type)->ht_cached_keys;
}

/* The value at `index` of a dictionary with unicode or split keys, borrowed or NULL. */
static inline PyObject *pyjit_dict_value_at(PyDictObject *dict, Py_ssize_t index) {
    return dict->ma_values != NULL ? dict->ma_values->values[index]
                                   : DK_UNICODE_ENTRIES(dict->ma_keys)[index].me_value;
}

/* Byte offset of an entry's value in a keys object of unicode keys. */
static inline Py_ssize_t pyjit_value_offset(PyDictKeysObject *keys, Py_ssize_t index) {
    return (char *)&DK_UNICODE_ENTRIES(keys)[index].me_value - (char *)keys;
}

/* 1 when lookups of exact strings in `dict` can neither fail nor run Python code. */
static inline int pyjit_dict_is_plain(PyObject *dict) {
    return DK_IS_UNICODE(((PyDictObject *)dict)->ma_keys);
}

#endif
