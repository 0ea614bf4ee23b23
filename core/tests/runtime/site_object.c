/* Test-only: the type Site of the extension module _helpers, one PyjitSite each. Its fast_* methods
 * do exactly what generated code does inline, so that tests can hold what the helpers put into
 * `fast` against what the interpreter says.
 */
#include "site_object.h"
#include "runtime/caches.h"
#include <frameobject.h>
#include <structmember.h>
#include "internal/pycore_moduleobject.h"

typedef struct {
    PyObject_HEAD PyjitSite site;
} SiteObject;

static PyObject *site_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    SiteObject *self = (SiteObject *)type->tp_alloc(type, 0); /* zeroed */
    (void)args, (void)kwargs;
    if (self != NULL) pyjit_site_reset(&self->site);
    return (PyObject *)self;
}

int to_site(PyObject *value, PyjitSite **site) {
    if (value != Py_None && !Py_IS_TYPE(value, &SiteType)) {
        PyErr_SetString(PyExc_TypeError, "a Site or None is wanted");
        return 0;
    }
    *site = value == Py_None ? NULL : &((SiteObject *)value)->site;
    return 1;
}

static PyObject *site_set_fast_kind(SiteObject *self, PyObject *kind) {
    pyjit_site_set_fast_kind(&self->site, (PyjitAttrKind)PyLong_AsLong(kind));
    Py_RETURN_NONE;
}

static PyObject *site_best_kind(SiteObject *self, PyObject *ignored) {
    (void)ignored;
    return PyLong_FromLong(pyjit_site_best_kind(&self->site));
}

/* [(real kind, kind), …] of the entries in use. */
static PyObject *site_entries(SiteObject *self, PyObject *ignored) {
    (void)ignored;
    PyObject *list = PyList_New(0);
    for (int i = 0; list != NULL && i < PYJIT_ENTRIES; i++) {
        const PyjitEntry *entry = &self->site.slow[i];
        if (entry->version == PYJIT_NO_VERSION) continue;
        PyObject *pair = Py_BuildValue("(ii)", pyjit_entry_kind(entry), entry->kind);
        if (pair == NULL || PyList_Append(list, pair) < 0) Py_CLEAR(list);
        Py_XDECREF(pair);
    }
    return list;
}

static PyObject *site_fast_count(SiteObject *self, PyObject *ignored) {
    (void)ignored;
    int count = 0;
    for (int i = 0; i < PYJIT_ENTRIES; i++) count += self->site.fast.version[i] != PYJIT_NO_VERSION;
    return PyLong_FromLong(count);
}

/* As generated code: whether class attribute i holds for `owner`. */
static int not_shadowed(PyjitSite *site, int i, PyObject *owner) {
    const int64_t lazy = site->fast.index[i];
    if (lazy != 0) return *(PyObject **)((char *)owner + lazy) == NULL;
    if (site->fast.keys_version[i] == 0) return 1;
    PyHeapTypeObject *type = (PyHeapTypeObject *)Py_TYPE(owner);
    PyDictObject *dict = ((PyDictObject **)owner)[-3];
    PyDictKeysObject *keys = dict != NULL ? dict->ma_keys : type->ht_cached_keys;
    return keys->dk_version == site->fast.keys_version[i];
}

/* As generated code: whether the value's type is what the entry relies on. */
static int nature_holds(PyjitSite *site, int i) {
    const int64_t guard = site->fast.index[i];
    return guard == 0 || guard == Py_TYPE((PyObject *)site->fast.value[i])->tp_version_tag;
}

/* As generated code: the attribute, borrowed, or NULL when the inline path misses. */
static PyObject *inline_load(PyjitSite *site, PyObject *owner) {
    for (int i = 0; i < PYJIT_ENTRIES; i++) {
        if (site->fast.version[i] != Py_TYPE(owner)->tp_version_tag) continue;
        PyObject *value = NULL;
        switch (site->fast_kind) {
            case PYJIT_ATTR_VALUE: {
                char *values = ((char **)owner)[-4];
                if (values != NULL) value = *(PyObject **)(values + site->fast.index[i]);
                break;
            }
            case PYJIT_ATTR_SLOT:
                value = *(PyObject **)((char *)owner + site->fast.index[i]);
                break;
            case PYJIT_ATTR_CLASS:
            case PYJIT_ATTR_METHOD:
                if (not_shadowed(site, i, owner)) value = site->fast.value[i];
                break;
            case PYJIT_ATTR_DEFAULT: {
                char *values = ((char **)owner)[-4];
                if (values == NULL) break;
                value = *(PyObject **)(values + site->fast.index[i]);
                if (value == NULL) value = site->fast.value[i];
                break;
            }
            case PYJIT_ATTR_OWN_CLASS: value = (PyObject *)Py_TYPE(owner); break;
            case PYJIT_ATTR_TYPE:
                if (((PyTypeObject *)owner)->tp_version_tag == site->fast.keys_version[i] &&
                    nature_holds(site, i)) {
                    value = site->fast.value[i];
                }
                break;
            case PYJIT_ATTR_MODULE: {
                PyDictObject *dict = (PyDictObject *)((PyModuleObject *)owner)->md_dict;
                if (dict->ma_keys->dk_version == site->fast.keys_version[i]) {
                    value = *(PyObject **)((char *)dict->ma_keys + site->fast.index[i]);
                }
                break;
            }
            default: break;
        }
        if (value != NULL) return value;
    }
    return NULL;
}

static PyObject *maybe(PyObject *borrowed) /* () or (value,) */
{
    return borrowed == NULL ? PyTuple_New(0) : PyTuple_Pack(1, borrowed);
}

static PyObject *site_fast_load(SiteObject *self, PyObject *owner) {
    return maybe(inline_load(&self->site, owner));
}

static PyObject *site_fast_store(SiteObject *self, PyObject *args) {
    PyObject *owner, *value;
    if (!PyArg_ParseTuple(args, "OO", &owner, &value)) return NULL;
    PyjitSite *site = &self->site;
    for (int i = 0; i < PYJIT_ENTRIES; i++) {
        if (site->fast.version[i] != Py_TYPE(owner)->tp_version_tag) continue;
        PyObject **place = NULL;
        if (site->fast_kind == PYJIT_ATTR_VALUE && ((char **)owner)[-4] != NULL) {
            place = (PyObject **)(((char **)owner)[-4] + site->fast.index[i]);
        } else if (site->fast_kind == PYJIT_ATTR_SLOT) {
            place = (PyObject **)((char *)owner + site->fast.index[i]);
        }
        if (place != NULL && *place != NULL) {
            PyObject *old = *place;
            *place = Py_NewRef(value);
            Py_DECREF(old);
            Py_RETURN_TRUE;
        }
    }
    Py_RETURN_FALSE;
}

static PyObject *site_fast_global(SiteObject *self, PyObject *ignored) {
    (void)ignored;
    PyjitSite *site = &self->site;
    _PyInterpreterFrame *frame = PyEval_GetFrame()->f_frame; /* the caller in Python */
    uint64_t globals = ((PyDictObject *)frame->f_globals)->ma_version_tag;
    uint64_t builtins = ((PyDictObject *)frame->f_builtins)->ma_version_tag;
    int hit = globals == site->globals_version_tag &&
              (site->builtins_version_tag == 0 || builtins == site->builtins_version_tag);
    return maybe(hit ? site->global_value : NULL);
}

static PyMethodDef site_methods[] = {
    {"set_fast_kind", (PyCFunction)site_set_fast_kind, METH_O, NULL},
    {"best_kind", (PyCFunction)site_best_kind, METH_NOARGS, NULL},
    {"entries", (PyCFunction)site_entries, METH_NOARGS, NULL},
    {"fast_count", (PyCFunction)site_fast_count, METH_NOARGS, NULL},
    {"fast_load", (PyCFunction)site_fast_load, METH_O, NULL},
    {"fast_store", (PyCFunction)site_fast_store, METH_VARARGS, NULL},
    {"fast_global", (PyCFunction)site_fast_global, METH_NOARGS, NULL},
    {NULL},
};

#define FIELD(name, type) {#name, type, offsetof(SiteObject, site.name), READONLY, NULL}
static PyMemberDef site_members[] = {
    FIELD(hits, T_UINT),
    FIELD(misses, T_UINT),
    FIELD(guard_failures, T_UINT),
    FIELD(seen_left, T_USHORT),
    FIELD(seen_right, T_USHORT),
    FIELD(fast_kind, T_USHORT),
    {NULL},
};

PyTypeObject SiteType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "_helpers.Site",
    .tp_basicsize = sizeof(SiteObject),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = site_new,
    .tp_methods = site_methods,
    .tp_members = site_members,
};
