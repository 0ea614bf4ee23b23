/* Reading the keys of dictionaries: see dictkeys.h for the contract. */
#include "dictkeys.h"

#define PROBE_SHIFT 5 /* PERTURB_SHIFT of dictobject.c: part of the layout */

static inline Py_ssize_t slot_at(const PyDictKeysObject *keys, size_t slot) {
    int log2_size = DK_LOG_SIZE(keys);
    if (log2_size < 8) return ((const int8_t *)keys->dk_indices)[slot];
    if (log2_size < 16) return ((const int16_t *)keys->dk_indices)[slot];
    if (log2_size < 32) return ((const int32_t *)keys->dk_indices)[slot];
    return (Py_ssize_t)((const int64_t *)keys->dk_indices)[slot];
}

Py_ssize_t pyjit_keys_find(PyDictKeysObject *keys, PyObject *name) {
    Py_hash_t hash = PyObject_Hash(name); /* cached in the string: cannot fail */
    PyDictUnicodeEntry *entries = DK_UNICODE_ENTRIES(keys);
    size_t mask = (size_t)DK_SIZE(keys) - 1;
    size_t perturb = (size_t)hash;
    for (size_t slot = (size_t)hash & mask;; slot = mask & (slot * 5 + perturb + 1)) {
        Py_ssize_t index = slot_at(keys, slot);
        if (index >= 0) {
            PyObject *key = entries[index].me_key;
            if (key == name || (((PyASCIIObject *)key)->hash == hash && _PyUnicode_EQ(key, name))) {
                return index;
            }
        } else if (index == DKIX_EMPTY) {
            return -1;
        }
        perturb >>= PROBE_SHIFT;
    }
}

uint32_t pyjit_keys_version(PyDictKeysObject *keys) {
    static uint32_t next = UINT32_MAX - 1;
    if (keys->dk_version == 0 && next > UINT32_MAX / 2) {
        keys->dk_version = next--;
    }
    return keys->dk_version;
}
