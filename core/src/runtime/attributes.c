/* Attributes and methods with inline caches: attributes.c of helpers.def.
 *
 * Contract
 *  - All arguments are borrowed; results are new references, both of load_method's too.
 *  - caches.h says what an entry means and what must hold for it. Entries are described from the
 *    state before the access, by looking only: describing runs no Python code and changes nothing
 *    but version numbers.
 *  - An entry may say where an attribute is found, never that it is missing: what no entry answers
 *    goes to the object protocol, which raises every "no attribute" error.
 *  - A type is trusted while its tp_version_tag stays what it was when that was valid: any change
 *    of the type, its bases or its slots sets the tag to 0 and later to a number never used before.
 *    Objects reachable from the type (descriptors, functions) live at least as long, so they are
 *    borrowed; they are held while Python code runs.
 */
#include "caches.h"
#include <structmember.h>

#include "dictkeys.h"
#include "dunders.h"
#include "events.h"
#include "interned.h"
#include "internal/pycore_moduleobject.h"

/* --- When to learn ----------------------------------------------------------- */

enum {
    PATIENCE = 32,     /* misses after which a site counts as megamorphic */
    RETRY_EVERY = 64,  /* and then looks again at every n-th miss only */
    OUTGROWN = 256, /* after so many failed guards it is time for code that knows all entries */
};

/* Are there entries that the code does not look at? It was compiled when there were fewer. */
static int has_more_entries(const PyjitSite *site) {
    return (uint32_t)pyjit_site_fast_entries(site) > site->fast_entries;
}

/* A visit of the helper: in code that handles one kind inline, its guards have failed. */
static void count_visit(PyjitSite *site) {
    if (site != NULL && site->fast_kind != PYJIT_ATTR_NONE) {
        pyjit_counters.guard_failures++;
        if (++site->guard_failures % OUTGROWN == 0 && has_more_entries(site)) {
            pyjit_outgrown(site);
        }
    }
}

/* Counts a visit that entry i answered. */
static void count_hit(PyjitSite *site, int i) {
    site->hits++;
    pyjit_count_event(site, pyjit_entry_kind(&site->slow[i]), PYJIT_OUTCOME_HIT);
}

/* Counts a visit that no entry answered; whether the site shall learn from it. */
static int miss_and_learn(PyjitSite *site) {
    pyjit_counters.slow_paths++;
    if (site == NULL) return 0;
    site->misses++;
    pyjit_count_event(site, site->fast_kind, PYJIT_OUTCOME_MISS);
    return pyjit_cache_entries() > 0 &&
           (site->misses <= PATIENCE || site->misses % RETRY_EVERY == 0);
}

/* --- Instances ---------------------------------------------------------------- */

static inline int has_managed_dict(PyTypeObject *type) {
    return (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) != 0;
}

static inline PyDictValues *inline_values(PyObject *owner, PyTypeObject *type) {
    return has_managed_dict(type) ? *_PyObject_ValuesPointer(owner) : NULL;
}

/* The instance dictionary as it is, borrowed; NULL where there is none yet. */
static PyObject *instance_dict(PyObject *owner, PyTypeObject *type) {
    if (has_managed_dict(type)) return *_PyObject_ManagedDictPointer(owner);
    if (type->tp_dictoffset == 0) return NULL;
    if (type->tp_dictoffset > 0) return *(PyObject **)((char *)owner + type->tp_dictoffset);
    PyObject **place = _PyObject_GetDictPtr(owner); /* behind the items of a variable-size object */
    return place == NULL ? NULL : *place;
}

/* Whether the instance itself has the attribute: 1 and a new reference, 0, or -1 with an
   exception (only with a dictionary that has keys other than strings). */
static int find_in_instance(PyObject *owner, PyTypeObject *type, PyObject *name, PyObject **value) {
    PyDictValues *values = inline_values(owner, type);
    *value = NULL;
    if (values != NULL) {
        Py_ssize_t index = pyjit_keys_find(pyjit_shared_keys(type), name);
        if (index >= 0) *value = Py_XNewRef(values->values[index]);
        return *value != NULL;
    }
    PyObject *dict = instance_dict(owner, type);
    if (dict == NULL) return 0;
    if (pyjit_dict_is_plain(dict)) {
        Py_ssize_t index = pyjit_keys_find(((PyDictObject *)dict)->ma_keys, name);
        if (index >= 0) *value = Py_XNewRef(pyjit_dict_value_at((PyDictObject *)dict, index));
        return *value != NULL;
    }
    Py_INCREF(dict);
    *value = Py_XNewRef(PyDict_GetItemWithError(dict, name));
    Py_DECREF(dict);
    if (*value != NULL) return 1;
    return PyErr_Occurred() ? -1 : 0;
}

/* --- Types -------------------------------------------------------------------- */

typedef enum {
    OPAQUE, /* attribute access of this type is its own business */
    HOOKED, /* ordinary, but what is not found goes on to a __getattr__ */
    PLAIN,
} AccessStyle;

/* How `type` looks attributes up, compared with `ordinary` (PyObject_GenericGetAttr, or the
   tp_getattro of `type` for class objects). */
static AccessStyle access_style(PyTypeObject *type, getattrofunc ordinary) {
    if (type->tp_getattro == ordinary) return PLAIN;
    if (type->tp_getattro == NULL) return OPAQUE;
    if (type->tp_getattro == PyModule_Type.tp_getattro && ordinary == PyObject_GenericGetAttr) {
        return HOOKED;
    }
    /* A class with __getattr__ and the __getattribute__ of `ordinary`: the slot function that
       CPython gives it is not exported, but what it consults is visible. A C type with a
       tp_getattro of its own has a __getattribute__ that wraps it. */
    PYJIT_NAME(getattr_name, "__getattr__");
    PYJIT_NAME(getattribute_name, "__getattribute__");
    if (getattr_name == NULL || getattribute_name == NULL) {
        PyErr_Clear();
        return OPAQUE;
    }
    if (_PyType_Lookup(type, getattr_name) == NULL) return OPAQUE;
    PyObject *base = _PyType_Lookup(type, getattribute_name);
    int wraps_ordinary = base != NULL && Py_IS_TYPE(base, &PyWrapperDescr_Type) &&
                         ((PyWrapperDescrObject *)base)->d_wrapped == (void *)ordinary;
    return wraps_ordinary ? HOOKED : OPAQUE;
}

/* The version of a type that was just searched with _PyType_Lookup; 0 when it has none. */
static uint32_t version_of(PyTypeObject *type) {
    uint32_t version = type->tp_version_tag;
    int valid = (type->tp_flags & Py_TPFLAGS_VALID_VERSION_TAG) && version != PYJIT_NO_VERSION;
    return valid ? version : 0;
}

/* Notes that an entry relies on the present nature of `value`, an attribute of a class: nothing
   for a value of an immutable type, else the version of its type. 0: it has none. */
static int guard_nature(PyjitEntry *entry, PyObject *value, PyObject *name, uint32_t *version) {
    PyTypeObject *type = Py_TYPE(value);
    *version = 0;
    if (type->tp_flags & Py_TPFLAGS_IMMUTABLETYPE) return 1;
    (void)_PyType_Lookup(type, name); /* gives it a version */
    *version = version_of(type);
    entry->flags |= ENTRY_GUARDED;
    return *version != 0;
}

static inline int nature_holds(const PyjitEntry *entry, uint32_t version) {
    return !(entry->flags & ENTRY_GUARDED) ||
           Py_TYPE((PyObject *)entry->value)->tp_version_tag == version ||
           FAULT_IF(DESCRIPTOR_NATURE, 1);
}

/* The member behind a descriptor, of __slots__ or of a type made in C, that `type` may use with
   `forbidden` flags unset. Reading a T_OBJECT gives None where nothing is, which no entry says. */
static PyMemberDef *slot_member(PyTypeObject *type, PyObject *descriptor, int forbidden) {
    if (!Py_IS_TYPE(descriptor, &PyMemberDescr_Type)) return NULL;
    PyMemberDef *member = ((PyMemberDescrObject *)descriptor)->d_member;
    const int readable = member->type == T_OBJECT && forbidden == PY_AUDIT_READ;
    if ((member->type != T_OBJECT_EX && !readable) || (member->flags & forbidden)) return NULL;
    if (member->offset <= 0 || member->offset > INT32_MAX) return NULL;
    return PyType_IsSubtype(type, PyDescr_TYPE(descriptor)) ? member : NULL;
}

/* --- Describing where an attribute is ------------------------------------------ */

/* The attribute as the instance itself has it; `nature` is the guard of a class attribute of the
   same name. */
static int describe_own(PyjitEntry *entry, PyObject *owner, PyTypeObject *type, PyObject *name,
                        uint32_t nature) {
    PyDictValues *values = inline_values(owner, type);
    entry->keys_version = nature;
    if (values != NULL) {
        PyObject *inherited = entry->value;
        Py_ssize_t index = pyjit_keys_find(pyjit_shared_keys(type), name);
        const int or_else = inherited != NULL && !(entry->flags & ENTRY_GUARDED) &&
                            Py_TYPE(inherited)->tp_descr_get == NULL;
        if (index < 0 || (values->values[index] == NULL && !or_else)) return 0;
        entry->kind = or_else ? PYJIT_ATTR_DEFAULT : PYJIT_ATTR_VALUE;
        entry->index = (int32_t)index;
        return 1;
    }
    PyDictObject *dict = (PyDictObject *)instance_dict(owner, type);
    if (dict == NULL || !pyjit_dict_is_plain((PyObject *)dict)) return 0;
    Py_ssize_t index = pyjit_keys_find(dict->ma_keys, name);
    if (index < 0 || index > INT32_MAX || pyjit_dict_value_at(dict, index) == NULL) return 0;
    entry->kind = PYJIT_ATTR_DICT;
    entry->index = (int32_t)index;
    if (has_managed_dict(type)) entry->flags |= ENTRY_MANAGED;
    if (PyModule_CheckExact(owner) && dict->ma_values == NULL && !(entry->flags & ENTRY_GUARDED)) {
        uint32_t version = pyjit_keys_version(dict->ma_keys);
        Py_ssize_t offset = pyjit_value_offset(dict->ma_keys, index);
        if (version != 0 && offset <= INT32_MAX) {
            entry->kind = PYJIT_ATTR_MODULE;
            entry->keys_version = version;
            entry->index = (int32_t)offset;
        }
    }
    return 1;
}

/* The version of the shared keys if they do not have the name, else 0. */
static uint32_t version_without(PyTypeObject *type, PyObject *name) {
    PyDictKeysObject *keys = pyjit_shared_keys(type);
    if (keys == NULL || pyjit_keys_find(keys, name) >= 0) return 0;
    return pyjit_keys_version(keys);
}

/* The attribute as the class of the instance has it, in `value`: no data descriptor. */
static int describe_inherited(PyjitEntry *entry, PyTypeObject *type, PyObject *name,
                              PyObject *value, uint32_t nature, AccessStyle style, int for_method) {
    PyTypeObject *value_type = Py_TYPE(value);
    int guarded = entry->flags & ENTRY_GUARDED;
    entry->kind = PYJIT_ATTR_CLASS;
    entry->value = value;
    entry->index = (int32_t)nature;
    entry->keys_version = 0;
    if ((value_type->tp_flags & Py_TPFLAGS_METHOD_DESCRIPTOR) && !guarded) {
        if (for_method) {
            entry->kind = PYJIT_ATTR_METHOD;
        } else {
            entry->flags |= ENTRY_BINDS; /* binding a function cannot raise AttributeError */
        }
    } else if (value_type->tp_descr_get != NULL) {
        if (style != PLAIN) return 0; /* an AttributeError would have to go to __getattr__ */
        entry->flags |= ENTRY_BINDS;
    }
    if (has_managed_dict(type)) {
        entry->keys_version = version_without(type, name);
    } else if (type->tp_dictoffset == 0) {
        entry->flags |= ENTRY_NEVER_SHADOWED;
    } else if (type->tp_dictoffset > 0 && type->tp_dictoffset <= INT32_MAX && !guarded) {
        entry->flags |= ENTRY_LAZY_DICT;
        entry->index = (int32_t)type->tp_dictoffset;
    }
    return 1;
}

/* Is it what objects have their __class__ from? */
static int is_class_of_object(PyObject *descriptor) {
    static PyObject *found;
    if (found == NULL) {
        PYJIT_NAME(name, "__class__");
        if (name == NULL) PyErr_Clear();
        if (name != NULL) found = _PyType_Lookup(&PyBaseObject_Type, name);
    }
    return descriptor == found;
}

static int describe_data_descriptor(PyjitEntry *entry, PyTypeObject *type, PyObject *descriptor,
                                    PyObject *name, int forbidden_flags) {
    PyMemberDef *member = slot_member(type, descriptor, forbidden_flags);
    if (member != NULL) {
        entry->kind = PYJIT_ATTR_SLOT;
        entry->index = (int32_t)member->offset;
        return 1;
    }
    uint32_t nature;
    if (!guard_nature(entry, descriptor, name, &nature)) return 0;
    entry->kind = PYJIT_ATTR_PROPERTY;
    entry->value = descriptor;
    entry->index = (int32_t)nature;
    return 1;
}

static int describe_instance_load(PyjitEntry *entry, PyObject *owner, PyObject *name,
                                  int for_method) {
    PyTypeObject *type = Py_TYPE(owner);
    AccessStyle style = access_style(type, PyObject_GenericGetAttr);
    if (style == OPAQUE) return 0;
    PyObject *found = _PyType_Lookup(type, name);
    entry->version = version_of(type);
    if (entry->version == 0) return 0;
    uint32_t nature = 0;
    if (found != NULL) {
        PyTypeObject *found_type = Py_TYPE(found);
        if (is_class_of_object(found)) {
            entry->kind = PYJIT_ATTR_OWN_CLASS;
            return 1;
        }
        if (found_type->tp_descr_get != NULL && found_type->tp_descr_set != NULL) {
            int described = describe_data_descriptor(entry, type, found, name, PY_AUDIT_READ);
            return described &&
                   (entry->kind == PYJIT_ATTR_SLOT || style == PLAIN || FAULT_IF(PROPERTY_HOOK, 1));
        }
        if (!guard_nature(entry, found, name, &nature)) return 0;
        entry->value = found;
    }
    if (describe_own(entry, owner, type, name, nature)) return 1;
    if (found == NULL) return 0;
    return describe_inherited(entry, type, name, found, nature, style, for_method);
}

/* Is what has this type, got from its class, just that? */
static int is_itself_in_class(const PyTypeObject *type) {
    return type->tp_descr_get == NULL || type == &PyFunction_Type || type == &PyProperty_Type ||
           type == &PyWrapperDescr_Type || type == &PyMethodDescr_Type ||
           type == &PyGetSetDescr_Type || type == &PyMemberDescr_Type;
}

/* An attribute of a class object. */
static int describe_type_load(PyjitEntry *entry, PyTypeObject *owner, PyObject *name) {
    PyTypeObject *meta = Py_TYPE(owner);
    AccessStyle style = access_style(meta, PyType_Type.tp_getattro);
    if (style == OPAQUE || owner->tp_dict == NULL) return 0;
    PyObject *meta_value = _PyType_Lookup(meta, name);
    entry->version = version_of(meta);
    if (entry->version == 0) return 0;
    if (meta_value != NULL) {
        PyTypeObject *meta_value_type = Py_TYPE(meta_value);
        if (!(meta_value_type->tp_flags & Py_TPFLAGS_IMMUTABLETYPE)) return 0;
        if (meta_value_type->tp_descr_get != NULL && meta_value_type->tp_descr_set != NULL) {
            entry->kind = PYJIT_ATTR_PROPERTY;
            entry->value = meta_value;
            return style == PLAIN;
        }
    }
    PyObject *value = _PyType_Lookup(owner, name);
    entry->keys_version = version_of(owner);
    if (value == NULL || entry->keys_version == 0) return 0;
    uint32_t nature;
    if (!guard_nature(entry, value, name, &nature)) return 0;
    entry->kind = PYJIT_ATTR_TYPE;
    entry->value = value;
    entry->index = (int32_t)nature;
    if (!is_itself_in_class(Py_TYPE(value))) entry->flags |= ENTRY_BINDS;
    return !(entry->flags & ENTRY_BINDS) || style == PLAIN;
}

static int describe_load(PyjitEntry *entry, PyObject *owner, PyObject *name, int for_method) {
    *entry = (PyjitEntry){.version = 0};
    return PyType_Check(owner) ? describe_type_load(entry, (PyTypeObject *)owner, name)
                               : describe_instance_load(entry, owner, name, for_method);
}

static void learn_load(PyjitSite *site, PyObject *owner, PyObject *name, int for_method) {
    PyjitEntry entry;
    if (describe_load(&entry, owner, name, for_method)) pyjit_site_learn(site, entry);
}

static int describe_store(PyjitEntry *entry, PyObject *owner, PyObject *name) {
    PyTypeObject *type = Py_TYPE(owner);
    if (type->tp_setattro != PyObject_GenericSetAttr) return 0;
    PyObject *found = _PyType_Lookup(type, name);
    entry->version = version_of(type);
    if (entry->version == 0) return 0;
    uint32_t nature = 0;
    if (found != NULL) {
        if (Py_TYPE(found)->tp_descr_set != NULL) {
            return describe_data_descriptor(entry, type, found, name, READONLY);
        }
        if (!guard_nature(entry, found, name, &nature)) return 0;
        entry->value = found;
    }
    entry->keys_version = nature;
    if (inline_values(owner, type) != NULL) {
        Py_ssize_t index = pyjit_keys_find(pyjit_shared_keys(type), name);
        entry->kind = PYJIT_ATTR_VALUE;
        entry->index = (int32_t)index;
        return index >= 0;
    }
    entry->kind = PYJIT_ATTR_DICT;
    return instance_dict(owner, type) != NULL;
}

/* --- Answering from an entry ----------------------------------------------------- */

/* The beginning of CPython's own property object, whose layout is private to descrobject.c. */
typedef struct {
    PyObject_HEAD PyObject *getter;
} Property;

/* descriptor.__get__(instance, type), holding the descriptor meanwhile. */
static PyObject *bind(PyObject *descriptor, PyObject *instance, PyTypeObject *type) {
    PyObject *value;
    Py_INCREF(descriptor);
    PyObject *getter = Py_IS_TYPE(descriptor, &PyProperty_Type) && instance != NULL
                           ? ((Property *)descriptor)->getter
                           : NULL;
    if (getter != NULL && PyFunction_Check(getter) && instance != Py_None &&
        pyjit_call_plain(_PyThreadState_GET(), (PyFunctionObject *)getter, &instance, 1, &value)) {
        Py_DECREF(descriptor);
        return value;
    }
    value = Py_TYPE(descriptor)->tp_descr_get(descriptor, instance, (PyObject *)type);
    Py_DECREF(descriptor);
    return value;
}

/* The value of `name` in the instance dictionary, borrowed or NULL; corrects the hint. */
static PyObject *load_with_hint(PyjitEntry *entry, PyObject *dict_object, PyObject *name) {
    PyDictObject *dict = (PyDictObject *)dict_object;
    if (dict == NULL || !pyjit_dict_is_plain(dict_object)) return NULL;
    PyDictKeysObject *keys = dict->ma_keys;
    if (entry->index >= keys->dk_nentries ||
        (DK_UNICODE_ENTRIES(keys)[entry->index].me_key != name && !FAULT_IF(GENERIC_HINT_KEY, 1))) {
        Py_ssize_t index = pyjit_keys_find(keys, name);
        if (index < 0 || index > INT32_MAX) return NULL;
        entry->index = (int32_t)index;
    }
    return pyjit_dict_value_at(dict, entry->index);
}

static PyObject *load_from_module(const PyjitEntry *entry, PyObject *module) {
    PyDictObject *dict = (PyDictObject *)((PyModuleObject *)module)->md_dict;
    if (dict == NULL || dict->ma_keys->dk_version != entry->keys_version ||
        dict->ma_values != NULL) {
        return NULL;
    }
    return *(PyObject **)((char *)dict->ma_keys + entry->index);
}

/* An attribute of the class that the instance does not shadow. 1: *result is the answer, and
 *unbound says that it is a function that wants the owner as its first argument. */
static int load_inherited(const PyjitEntry *entry, PyObject *owner, PyTypeObject *type,
                          PyObject *name, PyObject **result, int *unbound) {
    int known_absent = (entry->flags & ENTRY_NEVER_SHADOWED) ||
                       ((entry->flags & ENTRY_LAZY_DICT) &&
                        *(PyObject **)((char *)owner + entry->index) == NULL) ||
                       (entry->keys_version != 0 && *_PyObject_ManagedDictPointer(owner) == NULL &&
                        (pyjit_shared_keys(type)->dk_version == entry->keys_version ||
                         FAULT_IF(INHERITED_KEYS, 1)));
    if (!known_absent) {
        PyObject *descriptor = Py_NewRef((PyObject *)entry->value); /* odd keys run Python code */
        int flags = entry->flags, kind = pyjit_entry_kind(entry);
        int found = find_in_instance(owner, type, name, result);
        if (found == 0) {
            *unbound = kind == PYJIT_ATTR_METHOD;
            *result = flags & ENTRY_BINDS ? bind(descriptor, owner, type) : Py_NewRef(descriptor);
        }
        Py_DECREF(descriptor);
        return 1;
    }
    *unbound = pyjit_entry_kind(entry) == PYJIT_ATTR_METHOD;
    *result = entry->flags & ENTRY_BINDS ? bind(entry->value, owner, type)
                                         : Py_NewRef((PyObject *)entry->value);
    return 1;
}

static int load_from_type(const PyjitEntry *entry, PyTypeObject *owner, PyObject **result) {
    if ((owner->tp_version_tag != entry->keys_version && !FAULT_IF(GENERIC_CLASS_VERSION, 1)) ||
        !nature_holds(entry, (uint32_t)entry->index)) {
        return 0;
    }
    *result = entry->flags & ENTRY_BINDS ? bind(entry->value, NULL, owner)
                                         : Py_NewRef((PyObject *)entry->value);
    return 1;
}

/* 1: *result is the attribute, or NULL with an exception; 0: this entry does not know. */
static int load_from_entry(PyjitEntry *entry, PyObject *owner, PyObject *name, PyObject **result,
                           int *unbound) {
    PyTypeObject *type = Py_TYPE(owner);
    PyObject *value = NULL;
    switch (pyjit_entry_kind(entry)) {
        case PYJIT_ATTR_VALUE: {
            PyDictValues *values = *_PyObject_ValuesPointer(owner);
            if (values == NULL || !nature_holds(entry, entry->keys_version)) return 0;
            value = values->values[entry->index];
            break;
        }
        case PYJIT_ATTR_DICT:
            if (!nature_holds(entry, entry->keys_version)) return 0;
            value = load_with_hint(entry, instance_dict(owner, type), name);
            break;
        case PYJIT_ATTR_DEFAULT: {
            PyDictValues *values = *_PyObject_ValuesPointer(owner);
            if (values == NULL) return 0;
            value = values->values[entry->index];
            if (value == NULL) value = entry->value;
            break;
        }
        case PYJIT_ATTR_OWN_CLASS: value = (PyObject *)type; break;
        case PYJIT_ATTR_SLOT: value = *(PyObject **)((char *)owner + entry->index); break;
        case PYJIT_ATTR_MODULE: value = load_from_module(entry, owner); break;
        case PYJIT_ATTR_PROPERTY:
            if (!nature_holds(entry, (uint32_t)entry->index)) return 0;
            *result = bind(entry->value, owner, type);
            return 1;
        case PYJIT_ATTR_TYPE: return load_from_type(entry, (PyTypeObject *)owner, result);
        case PYJIT_ATTR_CLASS:
        case PYJIT_ATTR_METHOD:
            if (!nature_holds(entry, (uint32_t)entry->index)) return 0;
            return load_inherited(entry, owner, type, name, result, unbound);
        default: return 0;
    }
    *result = Py_XNewRef(value);
    return value != NULL;
}

static int load_from_site(PyjitSite *site, PyObject *owner, PyObject *name, PyObject **result,
                          int *unbound) {
    uint32_t version = Py_TYPE(owner)->tp_version_tag;
    int n = site == NULL ? 0 : pyjit_cache_entries();
    *unbound = 0;
    for (int i = 0; i < n; i++) {
        if (site->slow[i].version == version &&
            load_from_entry(&site->slow[i], owner, name, result, unbound)) {
            count_hit(site, i);
            return 1;
        }
    }
    return 0;
}

/* --- Sites that see too many types ------------------------------------------------- */

/* What they share: entries by type and name. */
typedef struct {
    PyObject *name; /* owned: another string at the same address would be taken for it */
    PyjitEntry entry;
} SharedEntry;

typedef enum { FOR_LOAD, FOR_METHOD, FOR_STORE } Purpose;

static SharedEntry *shared_entry(PyObject *owner, PyObject *name, Purpose purpose) {
    enum { SHARED_ENTRIES = 2048 };
    static SharedEntry entries[3][SHARED_ENTRIES];
    const PyTypeObject *type = PyType_Check(owner) ? (PyTypeObject *)owner : Py_TYPE(owner);
    const size_t hash = type->tp_version_tag * (size_t)31 + ((size_t)name >> 4);
    return &entries[purpose][(hash ^ hash >> 11) % SHARED_ENTRIES];
}

static int is_megamorphic(const PyjitSite *site) {
    return site != NULL && site->misses > PATIENCE && pyjit_cache_entries() > 0;
}

static int is_for(const SharedEntry *shared, PyObject *owner, PyObject *name) {
    return shared->name == name && shared->entry.version == Py_TYPE(owner)->tp_version_tag &&
           shared->entry.version != 0;
}

static void share(SharedEntry *shared, PyObject *name, PyjitEntry entry) {
    PyObject *old = shared->name;
    shared->entry = entry;
    shared->name = Py_NewRef(name);
#ifdef Py_REF_DEBUG
    /* A table that fills is no leak. CPython's own begins with references to None instead, which
       would make all of this one resident. */
    if (old == NULL) _Py_RefTotal--;
#endif
    Py_XDECREF(old);
}

static int load_shared(PyjitSite *site, PyObject *owner, PyObject *name, Purpose purpose,
                       PyObject **result, int *unbound) {
    if (!is_megamorphic(site)) return 0;
    SharedEntry *shared = shared_entry(owner, name, purpose);
    if (is_for(shared, owner, name)) {
        return load_from_entry(&shared->entry, owner, name, result, unbound);
    }
    PyjitEntry entry;
    if (describe_load(&entry, owner, name, purpose == FOR_METHOD)) share(shared, name, entry);
    return 0;
}

/* --- The helpers ------------------------------------------------------------------- */

/* PyObject_GetAttr tells an AttributeError what was asked of whom, for suggestions; so must an
   access that went round it. */
static void attach_context(PyObject *owner, PyObject *name) {
    PYJIT_NAME(name_name, "name");
    PYJIT_NAME(obj_name, "obj");
    if (name_name == NULL || obj_name == NULL || !PyErr_ExceptionMatches(PyExc_AttributeError)) {
        return;
    }
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (PyErr_GivenExceptionMatches(value, PyExc_AttributeError)) {
        PyAttributeErrorObject *error = (PyAttributeErrorObject *)value;
        if (error->name == NULL && error->obj == NULL &&
            (PyObject_SetAttr(value, name_name, name) ||
             PyObject_SetAttr(value, obj_name, owner))) {
            Py_XDECREF(type); /* the error of setting it is raised instead */
            Py_XDECREF(value);
            Py_XDECREF(traceback);
            return;
        }
    }
    PyErr_Restore(type, value, traceback);
}

PyObject *pyjit_load_attr(PyjitSite *site, PyObject *owner, PyObject *name) {
    PyObject *value;
    int unbound;
    count_visit(site);
    if (load_from_site(site, owner, name, &value, &unbound)) {
        if (value == NULL) attach_context(owner, name);
        return value;
    }
    if (miss_and_learn(site)) learn_load(site, owner, name, 0);
    if (load_shared(site, owner, name, FOR_LOAD, &value, &unbound)) {
        if (value == NULL) attach_context(owner, name);
        return value;
    }
    return PyObject_GetAttr(owner, name);
}

int pyjit_load_method(PyjitSite *site, PyObject *owner, PyObject *name, PyObject **out) {
    PyObject *method = NULL;
    int unbound;
    count_visit(site);
    int found = load_from_site(site, owner, name, &method, &unbound);
    if (!found) {
        if (miss_and_learn(site)) learn_load(site, owner, name, 1);
        found = load_shared(site, owner, name, FOR_METHOD, &method, &unbound);
    }
    if (!found) {
        unbound = _PyObject_GetMethod(owner, name, &method);
    } else if (method == NULL && Py_TYPE(owner)->tp_getattro != PyObject_GenericGetAttr) {
        attach_context(owner, name); /* as only the way through PyObject_GetAttr does */
    }
    if (method == NULL) return -1;
    out[0] = unbound ? method : NULL;
    out[1] = unbound ? Py_NewRef(owner) : method;
    return 0;
}

/* 0 stored, -1 exception, 1 not known here. */
static int store_in_entry(const PyjitEntry *entry, PyObject *owner, PyObject *name,
                          PyObject *value) {
    PyTypeObject *type = Py_TYPE(owner);
    PyObject **place, *old;
    switch (pyjit_entry_kind(entry)) {
        case PYJIT_ATTR_VALUE: {
            PyDictValues *values = *_PyObject_ValuesPointer(owner);
            if (values == NULL || !nature_holds(entry, entry->keys_version)) return 1;
            place = &values->values[entry->index];
            if (*place == NULL && !FAULT_IF(GENERIC_INSERTION_ORDER, 1))
                _PyDictValues_AddToInsertionOrder(values, entry->index);
            break;
        }
        case PYJIT_ATTR_SLOT: place = (PyObject **)((char *)owner + entry->index); break;
        case PYJIT_ATTR_DICT: {
            PyObject *dict = instance_dict(owner, type);
            if (dict == NULL || !pyjit_dict_is_plain(dict) ||
                !nature_holds(entry, entry->keys_version)) {
                return 1;
            }
            Py_INCREF(dict); /* releasing the old value may drop it */
            int result = PyDict_SetItem(dict, name, value);
            Py_DECREF(dict);
            return result;
        }
        case PYJIT_ATTR_PROPERTY: {
            if (!nature_holds(entry, (uint32_t)entry->index)) return 1;
            PyObject *descriptor = Py_NewRef((PyObject *)entry->value);
            Py_INCREF(type);
            int result = Py_TYPE(descriptor)->tp_descr_set(descriptor, owner, value);
            Py_DECREF(descriptor);
            Py_DECREF(type);
            return result != 0 ? -1 : 0;
        }
        default: return 1;
    }
    old = *place;
    *place = Py_NewRef(value);
    Py_XDECREF(old); /* last: it may run Python code */
    return 0;
}

static int store_shared(PyObject *owner, PyObject *name, PyObject *value) {
    SharedEntry *shared = shared_entry(owner, name, FOR_STORE);
    if (is_for(shared, owner, name)) return store_in_entry(&shared->entry, owner, name, value);
    PyjitEntry entry = {.version = 0};
    if (describe_store(&entry, owner, name)) share(shared, name, entry);
    return 1;
}

int pyjit_store_attr(PyjitSite *site, PyObject *owner, PyObject *name, PyObject *value) {
    uint32_t version = Py_TYPE(owner)->tp_version_tag;
    int n = site == NULL ? 0 : pyjit_cache_entries();
    count_visit(site);
    for (int i = 0; i < n; i++) {
        if (site->slow[i].version != version) continue;
        int result = store_in_entry(&site->slow[i], owner, name, value);
        if (result <= 0) {
            count_hit(site, i);
            return result;
        }
    }
    PyjitEntry entry = {.version = 0};
    if (miss_and_learn(site) && describe_store(&entry, owner, name)) {
        pyjit_site_learn(site, entry);
    }
    if (is_megamorphic(site)) {
        int result = store_shared(owner, name, value);
        if (result <= 0) return result;
    }
    return PyObject_SetAttr(owner, name, value) != 0 ? -1 : 0;
}

int pyjit_delete_attr(PyObject *owner, PyObject *name) {
    return PyObject_SetAttr(owner, name, NULL) != 0 ? -1 : 0;
}
