/* Functions, classes and imports: functions.c of helpers.def.
 *
 * Contract
 *  - make_function owns base[0..n), n being the number of bits set in `flags`, in
 *    the order defaults, keyword defaults, annotations, closure; `code` is borrowed.
 *  - Namespaces are those of `frame`, which outlives the call.
 */
#include "runtime.h"
#include <frameobject.h>
#include "interned.h"

enum { HAS_DEFAULTS = 1, HAS_KWDEFAULTS = 2, HAS_ANNOTATIONS = 4, HAS_CLOSURE = 8 };

/* What every new function asks its globals for, by the version of that dictionary, which no other
   ever has; borrowed from it. */
typedef struct {
    uint64_t version; /* 0: empty */
    PyObject *builtins, *module;
} Surroundings;

static Surroundings *surroundings_of(PyObject *globals) {
    enum { ENTRIES = 64 };
    static Surroundings known[ENTRIES];
    return &known[((uintptr_t)globals >> 4) % ENTRIES];
}

/* Only builtins that are in the dictionary itself; others are the current frame's. */
static void remember_surroundings(PyObject *globals, uint64_t version, PyFunctionObject *function) {
    PYJIT_NAME(name, "__builtins__");
    PyObject *builtins = name == NULL ? NULL : _PyDict_GetItemWithError(globals, name);
    if (builtins == NULL) {
        PyErr_Clear();
    } else if (((PyDictObject *)globals)->ma_version_tag == version) {
        *surroundings_of(globals) =
            (Surroundings){version, function->func_builtins, function->func_module};
    }
}

/* PyFunction_New(), which looks two names up in the globals. */
static PyFunctionObject *new_function(PyObject *globals, PyObject *code_object) {
    PyCodeObject *code = (PyCodeObject *)code_object;
    const uint64_t version = ((PyDictObject *)globals)->ma_version_tag;
    const Surroundings known = *surroundings_of(globals);
    if (known.version != version && !FAULT_IF(FUNCTION_MODULE, known.version != 0)) {
        PyFunctionObject *made = (PyFunctionObject *)PyFunction_New(code_object, globals);
        if (made != NULL) remember_surroundings(globals, version, made);
        return made;
    }
    /* Held, because the allocation may run a collection. */
    PyObject *builtins = Py_NewRef(known.builtins), *module = Py_XNewRef(known.module);
    PyFunctionObject *made = PyObject_GC_New(PyFunctionObject, &PyFunction_Type);
    if (made == NULL) {
        Py_DECREF(builtins);
        Py_XDECREF(module);
        return NULL;
    }
    PyObject *constants = code->co_consts, *doc = Py_None;
    if (PyTuple_GET_SIZE(constants) > 0 && PyUnicode_Check(PyTuple_GET_ITEM(constants, 0))) {
        doc = PyTuple_GET_ITEM(constants, 0);
    }
    made->func_globals = Py_NewRef(globals);
    made->func_builtins = builtins;
    made->func_name = Py_NewRef(code->co_name);
    made->func_qualname = Py_NewRef(code->co_qualname);
    made->func_code = Py_NewRef(code_object);
    made->func_doc = Py_NewRef(doc);
    made->func_module = module;
    made->func_defaults = made->func_kwdefaults = made->func_closure = NULL;
    made->func_dict = made->func_weakreflist = made->func_annotations = NULL;
    made->func_version = 0;
    made->vectorcall = _PyFunction_Vectorcall;
    PyObject_GC_Track(made);
    return made;
}

PyObject *pyjit_make_function(_PyInterpreterFrame *frame, PyObject *code, PyObject **base,
                              int flags) {
    PyFunctionObject *function = new_function(frame->f_globals, code);
    int n = 0;
    for (int bit = HAS_DEFAULTS; bit <= HAS_CLOSURE; bit <<= 1) {
        n += (flags & bit) != 0;
    }
    if (function == NULL) {
        while (n > 0) {
            Py_DECREF(base[--n]);
        }
        return NULL;
    }
    if (flags & HAS_CLOSURE) function->func_closure = base[--n];
    if (flags & HAS_ANNOTATIONS) function->func_annotations = base[--n];
    if (flags & HAS_KWDEFAULTS) function->func_kwdefaults = base[--n];
    if (flags & HAS_DEFAULTS) function->func_defaults = base[--n];
    return (PyObject *)function;
}

PyObject *pyjit_load_build_class(_PyInterpreterFrame *frame) {
    PYJIT_NAME(name, "__build_class__");
    if (name == NULL) return NULL;
    PyObject *result;
    int missing;
    if (PyDict_CheckExact(frame->f_builtins)) {
        result = Py_XNewRef(_PyDict_GetItemWithError(frame->f_builtins, name));
        missing = result == NULL && !PyErr_Occurred();
    } else {
        result = PyObject_GetItem(frame->f_builtins, name);
        missing = result == NULL && PyErr_ExceptionMatches(PyExc_KeyError);
    }
    if (missing) PyErr_SetString(PyExc_NameError, "__build_class__ not found");
    return result;
}

PyObject *pyjit_import_name(PyThreadState *tstate, _PyInterpreterFrame *frame, PyObject *name,
                            PyObject *fromlist, PyObject *level) {
    PYJIT_NAME(import_name, "__import__");
    if (import_name == NULL) return NULL;
    PyObject *import = _PyDict_GetItemWithError(frame->f_builtins, import_name);
    if (import == NULL) {
        if (!_PyErr_Occurred(tstate)) {
            _PyErr_SetString(tstate, PyExc_ImportError, "__import__ not found");
        }
        return NULL;
    }
    PyObject *locals = frame->f_locals == NULL ? Py_None : frame->f_locals;
    if (import == tstate->interp->import_func) { /* nobody replaced __import__ */
        int depth = _PyLong_AsInt(level);
        if (depth == -1 && _PyErr_Occurred(tstate)) return NULL;
        return PyImport_ImportModuleLevelObject(name, frame->f_globals, locals, fromlist, depth);
    }
    PyObject *arguments[] = {name, frame->f_globals, locals, fromlist, level};
    Py_INCREF(import);
    PyObject *module = PyObject_Vectorcall(import, arguments, 5, NULL);
    Py_DECREF(import);
    return module;
}

/* ImportError "cannot import name …". `package` is the module's __name__ or NULL; stolen. */
static void raise_cannot_import(PyThreadState *tstate, PyObject *module, PyObject *name,
                                PyObject *package) {
    PyObject *path = PyModule_GetFilenameObject(module);
    PyObject *shown =
        package != NULL ? Py_NewRef(package) : PyUnicode_FromString("<unknown module name>");
    PyObject *message;
    if (shown == NULL) {
        Py_XDECREF(path);
        return;
    }
    if (path == NULL || !PyUnicode_Check(path)) {
        _PyErr_Clear(tstate);
        message =
            PyUnicode_FromFormat("cannot import name %R from %R (unknown location)", name, shown);
        PyErr_SetImportError(message, package, NULL);
    } else {
        PYJIT_NAME(spec_name, "__spec__");
        PyObject *spec = spec_name == NULL ? NULL : PyObject_GetAttr(module, spec_name);
        const char *format = _PyModuleSpec_IsInitializing(spec)
                                 ? "cannot import name %R from partially initialized module %R "
                                   "(most likely due to a circular import) (%S)"
                                 : "cannot import name %R from %R (%S)";
        Py_XDECREF(spec);
        message = PyUnicode_FromFormat(format, name, shown, path);
        PyErr_SetImportError(message, package, path);
    }
    Py_XDECREF(message);
    Py_DECREF(shown);
    Py_XDECREF(package);
    Py_XDECREF(path);
}

PyObject *pyjit_import_from(PyThreadState *tstate, PyObject *module, PyObject *name) {
    PYJIT_NAME(name_name, "__name__");
    PyObject *value;
    if (name_name == NULL) return NULL;
    if (_PyObject_LookupAttr(module, name, &value) != 0) return value;
    /* A submodule of a package that is being imported is in sys.modules before it is an attribute.
     */
    PyObject *package = PyObject_GetAttr(module, name_name);
    if (package == NULL || !PyUnicode_Check(package)) {
        Py_CLEAR(package);
    } else {
        PyObject *full_name = PyUnicode_FromFormat("%U.%U", package, name);
        if (full_name == NULL) {
            Py_DECREF(package);
            return NULL;
        }
        value = PyImport_GetModule(full_name);
        Py_DECREF(full_name);
        if (value != NULL || _PyErr_Occurred(tstate)) {
            Py_DECREF(package);
            return value;
        }
    }
    raise_cannot_import(tstate, module, name, package);
    return NULL;
}

/* The names that `import *` takes: new reference. *skip_private: leave out names with a leading
   underscore, because they come from __dict__. */
static PyObject *names_to_import(PyObject *module, int *skip_private) {
    PYJIT_NAME(all_name, "__all__");
    PYJIT_NAME(dict_name, "__dict__");
    PyObject *names, *dict;
    *skip_private = 0;
    if (all_name == NULL || dict_name == NULL) return NULL;
    if (_PyObject_LookupAttr(module, all_name, &names) != 0) return names;
    if (_PyObject_LookupAttr(module, dict_name, &dict) < 0) return NULL;
    if (dict == NULL) {
        PyErr_SetString(PyExc_ImportError, "from-import-* object has no __dict__ and no __all__");
        return NULL;
    }
    names = PyMapping_Keys(dict);
    Py_DECREF(dict);
    *skip_private = 1;
    return names;
}

static void raise_bad_name(PyObject *module, PyObject *name, int from_dict) {
    PYJIT_NAME(name_name, "__name__");
    PyObject *module_name = name_name == NULL ? NULL : PyObject_GetAttr(module, name_name);
    if (module_name == NULL) return;
    if (!PyUnicode_Check(module_name)) {
        PyErr_Format(PyExc_TypeError, "module __name__ must be a string, not %.100s",
                     Py_TYPE(module_name)->tp_name);
    } else {
        PyErr_Format(PyExc_TypeError, "%s in %U.%s must be str, not %.100s",
                     from_dict ? "Key" : "Item", module_name, from_dict ? "__dict__" : "__all__",
                     Py_TYPE(name)->tp_name);
    }
    Py_DECREF(module_name);
}

static int import_one(PyObject *module, PyObject *name, int skip_private, PyObject *locals) {
    if (!PyUnicode_Check(name)) {
        raise_bad_name(module, name, skip_private);
        return -1;
    }
    if (skip_private) {
        if (PyUnicode_READY(name) < 0) return -1;
        if (PyUnicode_READ_CHAR(name, 0) == '_') return 0;
    }
    PyObject *value = PyObject_GetAttr(module, name);
    if (value == NULL) return -1;
    int failed = PyDict_CheckExact(locals) ? PyDict_SetItem(locals, name, value)
                                           : PyObject_SetItem(locals, name, value);
    Py_DECREF(value);
    return failed;
}

static int import_all(PyObject *module, PyObject *locals) {
    int skip_private;
    PyObject *names = names_to_import(module, &skip_private);
    if (names == NULL) return -1;
    int failed = 0;
    for (Py_ssize_t i = 0; !failed; i++) {
        PyObject *name = PySequence_GetItem(names, i);
        if (name == NULL) {
            failed = !PyErr_ExceptionMatches(PyExc_IndexError);
            if (!failed) PyErr_Clear();
            break;
        }
        failed = import_one(module, name, skip_private, locals) != 0;
        Py_DECREF(name);
    }
    Py_DECREF(names);
    return failed ? -1 : 0;
}

int pyjit_import_star(PyThreadState *tstate, _PyInterpreterFrame *frame, PyObject *module) {
    /* The compiler allows `import *` in modules only, whose locals are a mapping already; code
       objects made by hand may have fast locals all the same. */
    int fast_locals = frame->f_code->co_nlocalsplus > 0 || frame->f_locals == NULL;
    PyFrameObject *object = NULL;
    if (fast_locals) {
        object = PyThreadState_GetFrame(tstate);
        if (object == NULL || PyFrame_FastToLocalsWithError(object) < 0) {
            Py_XDECREF(object);
            return -1;
        }
    }
    int result = -1;
    if (frame->f_locals == NULL) {
        _PyErr_SetString(tstate, PyExc_SystemError, "no locals found during 'import *'");
    } else {
        result = import_all(module, frame->f_locals);
        if (fast_locals) PyFrame_LocalsToFast(object, 0);
    }
    Py_XDECREF(object);
    return result;
}

/* What an interactive session does with the value of an expression; sys.displayhook is borrowed,
 * as by the interpreter. */
int pyjit_print_expr(PyThreadState *tstate, PyObject *value) {
    PyObject *hook = PySys_GetObject("displayhook"), *result = NULL;
    if (hook == NULL) {
        _PyErr_SetString(tstate, PyExc_RuntimeError, "lost sys.displayhook");
    } else {
        result = PyObject_CallOneArg(hook, value);
    }
    Py_DECREF(value);
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}
