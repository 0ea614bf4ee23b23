/* What inline caches rely on, and whether it is so: see expectations.h. */
#include "expectations.h"

#include <opcode.h>

#include "caches.h"
#include "dictkeys.h"
#include "internal/pycore_moduleobject.h"

static int is_alive(PyObject *object) { return object != NULL && Py_REFCNT(object) > 0; }

/* --- Attributes ----------------------------------------------------------- */

/* The instance's dictionary where its class keeps it in front of the object; borrowed or NULL. */
static PyDictObject *managed_dict(PyObject *owner) {
    return (PyDictObject *)*_PyObject_ManagedDictPointer(owner);
}

static const char *unmet_value(PyObject *owner, int64_t offset, int stores) {
    PyDictValues *values = *_PyObject_ValuesPointer(owner);
    if (values == NULL) return "values";
    return stores || *(PyObject **)((char *)values + offset) != NULL ? NULL : "unset";
}

/* That the instance does not have the name that its class has. */
static const char *unmet_shadow(PyObject *owner, int64_t lazy, uint32_t keys_version) {
    if (lazy != 0) return *(PyObject **)((char *)owner + lazy) == NULL ? NULL : "dict";
    if (keys_version == 0) return NULL;
    PyDictObject *dict = managed_dict(owner);
    if (dict != NULL) return dict->ma_keys->dk_version == keys_version ? NULL : "dict";
    return pyjit_shared_keys(Py_TYPE(owner))->dk_version == keys_version ? NULL : "keys";
}

static const char *unmet_hint(PyObject *owner, int64_t hint, PyObject *name) {
    PyDictObject *dict = managed_dict(owner);
    if (dict == NULL || !pyjit_dict_is_plain((PyObject *)dict)) return "dict";
    if (hint >= dict->ma_keys->dk_nentries) return "hint";
    const PyDictUnicodeEntry *entry = &DK_UNICODE_ENTRIES(dict->ma_keys)[hint];
    if (entry->me_key != name) return "hint";
    return entry->me_value != NULL ? NULL : "unset";
}

static const char *unmet_module(PyObject *owner, uint32_t keys_version) {
    PyDictObject *dict = (PyDictObject *)((PyModuleObject *)owner)->md_dict;
    return dict != NULL && dict->ma_keys->dk_version == keys_version ? NULL : "module";
}

static const char *unmet_class(const PyjitSite *site, PyObject *owner) {
    if (((PyTypeObject *)owner)->tp_version_tag != site->fast.keys_version[0]) return "class";
    PyTypeObject *type = Py_TYPE((PyObject *)site->fast.value[0]);
    if (site->fast.index[0] != 0) {
        return type->tp_version_tag == (uint64_t)site->fast.index[0] ? NULL : "nature";
    }
    /* Of types that cannot change it was looked at once. */
    return (type->tp_flags & Py_TPFLAGS_HEAPTYPE) && type->tp_descr_get != NULL ? "nature" : NULL;
}

static const char *unmet_attribute(const PyjitSite *site, PyObject *owner, PyObject *name) {
    const int stores = site->opcode == STORE_ATTR;
    if (site->fast_kind == PYJIT_ATTR_NONE || site->fast_entries == 0) return NULL;
    const uint32_t version = Py_TYPE(owner)->tp_version_tag;
    uint32_t i = 0;
    while (i < site->fast_entries && site->fast.version[i] != version) i++;
    if (i == site->fast_entries) return "type";
    const int64_t index = site->fast.index[i];
    switch (site->fast_kind) {
        case PYJIT_ATTR_VALUE: return unmet_value(owner, index, stores);
        case PYJIT_ATTR_DEFAULT: return unmet_value(owner, index, 1);
        case PYJIT_ATTR_SLOT:
            return stores || *(PyObject **)((char *)owner + index) != NULL ? NULL : "unset";
        case PYJIT_ATTR_CLASS:
        case PYJIT_ATTR_METHOD: return unmet_shadow(owner, index, site->fast.keys_version[i]);
        case PYJIT_ATTR_DICT: return unmet_hint(owner, index, name);
        case PYJIT_ATTR_MODULE: return unmet_module(owner, site->fast.keys_version[i]);
        case PYJIT_ATTR_TYPE: return unmet_class(site, owner);
        default: return NULL;
    }
}

/* --- Globals -------------------------------------------------------------- */

static int has_plain_globals(const _PyInterpreterFrame *frame) {
    return PyDict_CheckExact(frame->f_globals) && PyDict_CheckExact(frame->f_builtins);
}

/* Where the value is: sites know that of plain dictionaries only. */
static const char *unmet_global_keys(const PyjitSite *site, const _PyInterpreterFrame *frame) {
    if (site->globals_keys_version == 0) return NULL;
    const PyDictObject *globals = (PyDictObject *)frame->f_globals;
    const PyDictObject *builtins = (PyDictObject *)frame->f_builtins;
    if (globals->ma_keys->dk_version != site->globals_keys_version) return "keys";
    if (site->builtins_keys_version == 0) return NULL;
    return builtins->ma_keys->dk_version == site->builtins_keys_version ? NULL : "builtins";
}

static const char *unmet_global(const PyjitSite *site, const _PyInterpreterFrame *frame) {
    if (site->global_value == NULL) return NULL;
    const PyDictObject *globals = (PyDictObject *)frame->f_globals;
    const PyDictObject *builtins = (PyDictObject *)frame->f_builtins;
    const char *unmet = unmet_global_keys(site, frame);
    if (unmet != NULL) return unmet;
    if (globals->ma_version_tag != site->globals_version_tag) return "version";
    if (site->builtins_version_tag == 0) return NULL;
    return builtins->ma_version_tag == site->builtins_version_tag ? NULL : "builtins";
}

/* --- Calls ---------------------------------------------------------------- */

static const char *unmet_python(const PyjitSite *site, PyObject *callable, uint32_t arguments) {
    if (site->compiled_form == PYJIT_FORM_BOUND) {
        if (!Py_IS_TYPE(callable, &PyMethod_Type)) return "callee";
        callable = PyMethod_GET_FUNCTION(callable);
        arguments++;
    }
    if (!PyFunction_Check(callable)) return "callee";
    const PyFunctionObject *function = (PyFunctionObject *)callable;
    if (function->func_code != site->compiled_for) return "callee";
    const PyCodeObject *code = (PyCodeObject *)function->func_code;
    if (arguments >= (uint32_t)code->co_argcount) return NULL;
    const PyObject *defaults = function->func_defaults;
    const Py_ssize_t count = defaults == NULL ? 0 : PyTuple_GET_SIZE(defaults);
    return count == site->compiled_defaults ? NULL : "defaults";
}

static const char *unmet_callee(const PyjitSite *site, PyObject *const *operands,
                                uint32_t arguments) {
    const int with_self = operands[0] != NULL;
    PyObject *callable = operands[!with_self];
    if (!is_alive(callable)) return NULL;
    const void *expected = site->compiled_for;
    switch (site->compiled_kind) {
        case PYJIT_CALL_PYTHON:
            if (with_self != (site->compiled_form == PYJIT_FORM_METHOD)) return "form";
            return unmet_python(site, callable, arguments + (uint32_t)with_self);
        case PYJIT_CALL_CLASS:
            if (!PyType_Check(callable)) return "callee";
            return ((PyTypeObject *)callable)->tp_version_tag == site->slow[0].version ? NULL
                                                                                       : "class";
        case PYJIT_CALL_TYPE: return callable == (PyObject *)&PyType_Type ? NULL : "callee";
        case PYJIT_CALL_STR: return callable == (PyObject *)&PyUnicode_Type ? NULL : "callee";
        case PYJIT_CALL_VECTOR:
            return expected == NULL || Py_TYPE(callable) == expected ? NULL : "callee";
        case PYJIT_CALL_NOARGS:
        case PYJIT_CALL_O:
        case PYJIT_CALL_FAST:
        case PYJIT_CALL_FAST_KEYWORDS:
            if (with_self != (site->compiled_form == PYJIT_FORM_METHOD)) return "form";
            return expected == NULL || callable == expected ? NULL : "callee";
        default: return NULL;
    }
}

/* --- What helpers rely on ------------------------------------------------- */

/* An attribute of a class, whose own version is in the entry. */
static const char *unmet_entry_of_class(const PyjitSite *site, PyTypeObject *owner) {
    const char *unmet = NULL;
    for (int i = 0; i < PYJIT_ENTRIES; i++) {
        const PyjitEntry *entry = &site->slow[i];
        if (entry->version != Py_TYPE((PyObject *)owner)->tp_version_tag) continue;
        if (pyjit_entry_kind(entry) != PYJIT_ATTR_TYPE) continue;
        if (entry->keys_version != owner->tp_version_tag) {
            unmet = "class";
            continue;
        }
        const uint32_t nature = Py_TYPE((PyObject *)entry->value)->tp_version_tag;
        return (entry->flags & ENTRY_GUARDED) && nature != (uint32_t)entry->index ? "nature" : NULL;
    }
    return unmet;
}

static const char *unmet_entry(const PyjitEntry *entry, PyObject *owner, PyObject *name) {
    const PyjitAttrKind kind = pyjit_entry_kind(entry);
    const int own = kind == PYJIT_ATTR_VALUE || kind == PYJIT_ATTR_DICT;
    if (entry->flags & ENTRY_GUARDED) {
        const uint32_t nature = own ? entry->keys_version : (uint32_t)entry->index;
        if (Py_TYPE((PyObject *)entry->value)->tp_version_tag != nature) return "nature";
    }
    switch (kind) {
        case PYJIT_ATTR_CLASS:
        case PYJIT_ATTR_METHOD:
            return unmet_shadow(owner, entry->flags & ENTRY_LAZY_DICT ? entry->index : 0,
                                entry->flags & ENTRY_NEVER_SHADOWED ? 0 : entry->keys_version);
        case PYJIT_ATTR_DICT:
            return entry->flags & ENTRY_MANAGED ? unmet_hint(owner, entry->index, name) : NULL;
        case PYJIT_ATTR_MODULE: return unmet_module(owner, entry->keys_version);
        default: return NULL;
    }
}

static const char *unmet_entries(const PyjitSite *site, PyObject *owner, PyObject *name) {
    const uint32_t version = Py_TYPE(owner)->tp_version_tag;
    if (PyType_Check(owner)) return unmet_entry_of_class(site, (PyTypeObject *)owner);
    for (int i = 0; i < PYJIT_ENTRIES && version != 0; i++) {
        if (site->slow[i].version == version) return unmet_entry(&site->slow[i], owner, name);
    }
    return NULL;
}

static const char *unmet_known_class(const PyjitSite *site, PyObject *const *operands) {
    PyObject *callable = operands[operands[0] == NULL];
    if (site->call_kind != PYJIT_CALL_CLASS || !is_alive(callable) || !PyType_Check(callable)) {
        return NULL;
    }
    return ((PyTypeObject *)callable)->tp_version_tag == site->slow[0].version ? NULL : "class";
}

const char *pyjit_unmet(const PyjitSite *site, const _PyInterpreterFrame *frame, uint32_t oparg,
                        int by_helper) {
    PyObject *const *top = frame->localsplus + frame->stacktop;
    switch (site->opcode) {
        case LOAD_ATTR:
        case LOAD_METHOD:
        case STORE_ATTR: {
            if (!is_alive(top[-1])) return NULL;
            PyObject *name = PyTuple_GET_ITEM(frame->f_code->co_names, (Py_ssize_t)oparg);
            return (by_helper ? unmet_entries : unmet_attribute)(site, top[-1], name);
        }
        case LOAD_GLOBAL:
            if (!has_plain_globals(frame)) return NULL;
            return (by_helper ? unmet_global_keys : unmet_global)(site, frame);
        case CALL: {
            PyObject *const *operands = top - oparg - 2;
            return by_helper ? unmet_known_class(site, operands)
                             : unmet_callee(site, operands, oparg);
        }
        default: return NULL;
    }
}
