/* Global, built-in, class-body and unbound names: names.c of helpers.def.
 *
 * Contract of a LOAD_GLOBAL site
 *  - Inline, generated code compares ma_version_tag: global_value (borrowed) is valid while
 *    globals_version_tag matches and, unless builtins_version_tag is 0, that one too. Tags are
 *    unique in the process and start at 1, so a zeroed site matches nothing.
 *  - Tags change with every write to a dictionary. So the site also knows where the value is:
 *    entry slow[0].index of the globals (builtins_keys_version == 0) or of the builtins, valid
 *    while globals_keys_version and builtins_keys_version match dk_version, which changes only
 *    when keys come or go. A helper's visit that this answers refreshes the tags. Generated code
 *    does the same for a name of the globals: fast.index[0] is where its value is in the keys.
 *  - Nothing is cached unless both dictionaries are exact and have string keys only.
 */
#include "runtime.h"
#include "dictkeys.h"
#include "events.h"
#include "interned.h"

/* --- Errors --------------------------------------------------------------- */

#define NOT_DEFINED "name '%.200s' is not defined"
#define UNBOUND_LOCAL "cannot access local variable '%s' where it is not associated with a value"
#define UNBOUND_FREE \
    "cannot access free variable '%s' where it is not associated with a value in enclosing scope"

/* A NameError carries its name, so that tracebacks can suggest similar ones. */
static void attach_name(PyObject *name) {
    PYJIT_NAME(name_name, "name");
    PyObject *type, *value, *traceback;
    if (name_name == NULL) return;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (PyErr_GivenExceptionMatches(value, PyExc_NameError) &&
        ((PyNameErrorObject *)value)->name == NULL) {
        (void)PyObject_SetAttr(value, name_name, name); /* the NameError replaces any error */
    }
    PyErr_Restore(type, value, traceback);
}

static void raise_about_name(PyObject *exception, const char *format, PyObject *name) {
    const char *text = PyUnicode_AsUTF8(name);
    if (text == NULL) return;
    PyErr_Format(exception, format, text);
    if (exception == PyExc_NameError && !FAULT_IF(NAME_OF_ERROR, 1)) attach_name(name);
}

void pyjit_raise_unbound_local(PyCodeObject *code, int index) {
    raise_about_name(PyExc_UnboundLocalError, UNBOUND_LOCAL,
                     PyTuple_GET_ITEM(code->co_localsplusnames, index));
}

void pyjit_raise_unbound_deref(PyCodeObject *code, int index) {
    if (PyErr_Occurred()) return;
    PyObject *name = PyTuple_GET_ITEM(code->co_localsplusnames, index);
    if (index < code->co_nlocals + code->co_nplaincellvars) {
        raise_about_name(PyExc_UnboundLocalError, UNBOUND_LOCAL, name);
    } else {
        raise_about_name(PyExc_NameError, UNBOUND_FREE, name);
    }
}

/* --- Looking up ----------------------------------------------------------- */

/* namespace[name] of any mapping: 1 and a new reference, 0 when it has no such key, -1 with an
   exception. */
static int look_up(PyObject *mapping, PyObject *name, PyObject **value) {
    if (PyDict_CheckExact(mapping)) {
        *value = Py_XNewRef(PyDict_GetItemWithError(mapping, name));
        if (*value != NULL) return 1;
        return PyErr_Occurred() ? -1 : 0;
    }
    *value = PyObject_GetItem(mapping, name);
    if (*value != NULL) return 1;
    if (!PyErr_ExceptionMatches(PyExc_KeyError)) return -1;
    PyErr_Clear();
    return 0;
}

/* The last namespace of a name. */
static PyObject *load_builtin(PyObject *builtins, PyObject *name) {
    PyObject *value;
    if (look_up(builtins, name, &value) == 0) {
        raise_about_name(PyExc_NameError, NOT_DEFINED, name);
    }
    return value;
}

PyObject *pyjit_load_name(_PyInterpreterFrame *frame, PyObject *name) {
    PyObject *value;
    if (frame->f_locals == NULL) {
        PyErr_Format(PyExc_SystemError, "no locals when loading %R", name);
        return NULL;
    }
    if (look_up(frame->f_locals, name, &value) != 0) return value;
    value = Py_XNewRef(PyDict_GetItemWithError(frame->f_globals, name));
    if (value != NULL || PyErr_Occurred()) return value;
    return load_builtin(frame->f_builtins, name);
}

PyObject *pyjit_load_classderef(_PyInterpreterFrame *frame, int index) {
    PyCodeObject *code = frame->f_code;
    PyObject *value;
    PyObject *name = PyTuple_GET_ITEM(code->co_localsplusnames, index);
    if (look_up(frame->f_locals, name, &value) != 0) return value;
    value = Py_XNewRef(PyCell_GET(frame->localsplus[index]));
    if (value == NULL) pyjit_raise_unbound_deref(code, index);
    return value;
}

/* --- LOAD_GLOBAL ---------------------------------------------------------- */

static PyObject *load_global_generic(PyObject *globals, PyObject *builtins, PyObject *name) {
    PyObject *value;
    if (!PyDict_CheckExact(globals) || !PyDict_CheckExact(builtins)) {
        /* as CPython does it: PyObject_GetItem on both, also where one is an exact dict */
        value = PyObject_GetItem(globals, name);
        if (value != NULL || !PyErr_ExceptionMatches(PyExc_KeyError)) return value;
        PyErr_Clear();
        value = PyObject_GetItem(builtins, name);
        if (value == NULL && PyErr_ExceptionMatches(PyExc_KeyError)) {
            raise_about_name(PyExc_NameError, NOT_DEFINED, name);
        }
        return value;
    }
    if (look_up(globals, name, &value) != 0) return value;
    return load_builtin(builtins, name);
}

static int is_cacheable(PyObject *namespace) {
    return PyDict_CheckExact(namespace) && pyjit_dict_is_plain(namespace) &&
           ((PyDictObject *)namespace)->ma_values == NULL;
}

static void remember_tags(PyjitSite *site, PyDictObject *globals, PyDictObject *builtins,
                          PyObject *value) {
    site->global_value = value;
    site->globals_version_tag = globals->ma_version_tag;
    site->builtins_version_tag = builtins == NULL ? 0 : builtins->ma_version_tag;
}

/* The value by keys versions; borrowed, NULL when they do not match. */
static PyObject *global_by_keys(PyjitSite *site, PyDictObject *globals, PyDictObject *builtins) {
    if (site->globals_keys_version == 0 ||
        (site->globals_keys_version != globals->ma_keys->dk_version &&
         !FAULT_IF(GLOBAL_KEYS, site->builtins_keys_version != 0))) {
        return NULL;
    }
    PyDictObject *home = globals;
    if (site->builtins_keys_version != 0) {
        if (site->builtins_keys_version != builtins->ma_keys->dk_version) return NULL;
        home = builtins;
    }
    PyObject *value = pyjit_dict_value_at(home, site->slow[0].index);
    if (value != NULL) remember_tags(site, globals, home == globals ? NULL : builtins, value);
    return value;
}

/* Looks `name` up in both dictionaries and fills the site; borrowed, NULL when it is nowhere. */
static PyObject *find_global(PyjitSite *site, PyDictObject *globals, PyDictObject *builtins,
                             PyObject *name) {
    PyDictObject *home = globals;
    uint32_t builtins_version = 0;
    Py_ssize_t index = pyjit_keys_find(globals->ma_keys, name);
    if (index < 0) {
        home = builtins;
        builtins_version = builtins->ma_keys->dk_version; /* 0: CPython has not numbered them */
        index = pyjit_keys_find(builtins->ma_keys, name);
        if (index < 0) return NULL;
    }
    PyObject *value = pyjit_dict_value_at(home, index);
    if (value == NULL) return NULL;
    remember_tags(site, globals, home == globals ? NULL : builtins, value);
    site->globals_keys_version = 0;
    if (index <= INT32_MAX && (home == globals || builtins_version != 0)) {
        site->slow[0].index = (int32_t)index;
        site->fast.index[0] = pyjit_value_offset(home->ma_keys, index);
        site->builtins_keys_version = builtins_version;
        site->globals_keys_version = pyjit_keys_version(globals->ma_keys);
    }
    return value;
}

PyObject *pyjit_load_global(PyjitSite *site, _PyInterpreterFrame *frame, PyObject *name) {
    PyObject *globals = frame->f_globals, *builtins = frame->f_builtins;
    if (site == NULL || PYJIT_CACHE_ENTRIES == 0 || !is_cacheable(globals) ||
        !is_cacheable(builtins)) {
        pyjit_counters.slow_paths++;
        return load_global_generic(globals, builtins, name);
    }
    PyDictObject *globals_dict = (PyDictObject *)globals, *builtins_dict = (PyDictObject *)builtins;
    PyObject *value = global_by_keys(site, globals_dict, builtins_dict);
    if (value != NULL) {
        site->hits++;
        if (pyjit_config.count_events) {
            const int special = pyjit_event_special(site->opcode, 0, site, 0, 0);
            pyjit_count_event(site, special, PYJIT_OUTCOME_HIT);
        }
        return Py_NewRef(value);
    }
    site->misses++;
    pyjit_counters.slow_paths++;
    pyjit_count_event(site, 0, PYJIT_OUTCOME_MISS);
    value = find_global(site, globals_dict, builtins_dict, name);
    if (value == NULL) {
        raise_about_name(PyExc_NameError, NOT_DEFINED, name);
        return NULL;
    }
    return Py_NewRef(value);
}

/* --- Storing and deleting -------------------------------------------------- */

int pyjit_store_global(_PyInterpreterFrame *frame, PyObject *name, PyObject *value) {
    return PyDict_SetItem(frame->f_globals, name, value);
}

int pyjit_delete_global(_PyInterpreterFrame *frame, PyObject *name) {
    if (PyDict_DelItem(frame->f_globals, name) == 0) return 0;
    if (PyErr_ExceptionMatches(PyExc_KeyError)) {
        raise_about_name(PyExc_NameError, NOT_DEFINED, name);
    }
    return -1;
}

static int set_in_locals(PyObject *locals, PyObject *name, PyObject *value) {
    int failed = PyDict_CheckExact(locals) ? PyDict_SetItem(locals, name, value)
                                           : PyObject_SetItem(locals, name, value);
    return failed ? -1 : 0;
}

int pyjit_store_name(_PyInterpreterFrame *frame, PyObject *name, PyObject *value) {
    if (frame->f_locals == NULL) {
        PyErr_Format(PyExc_SystemError, "no locals found when storing %R", name);
        return -1;
    }
    return set_in_locals(frame->f_locals, name, value);
}

int pyjit_delete_name(_PyInterpreterFrame *frame, PyObject *name) {
    if (frame->f_locals == NULL) {
        PyErr_Format(PyExc_SystemError, "no locals when deleting %R", name);
        return -1;
    }
    if (PyObject_DelItem(frame->f_locals, name) == 0) return 0;
    /* whatever the mapping raised, as in CPython */
    raise_about_name(PyExc_NameError, NOT_DEFINED, name);
    return -1;
}

int pyjit_setup_annotations(_PyInterpreterFrame *frame) {
    PYJIT_NAME(annotations, "__annotations__");
    PyObject *existing;
    if (annotations == NULL) return -1;
    if (frame->f_locals == NULL) {
        PyErr_Format(PyExc_SystemError, "no locals found when setting up annotations");
        return -1;
    }
    int found = look_up(frame->f_locals, annotations, &existing);
    if (found != 0) {
        Py_XDECREF(existing);
        return found < 0 ? -1 : 0;
    }
    PyObject *fresh = PyDict_New();
    if (fresh == NULL) return -1;
    int result = set_in_locals(frame->f_locals, annotations, fresh);
    Py_DECREF(fresh);
    return result;
}
