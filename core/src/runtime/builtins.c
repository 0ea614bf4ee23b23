/* Builtin functions that are called in a way of their own: those for which there is a quicker
 * function of the same signature and behaviour, and those whose calls are no level of recursion.
 *
 * Contract: a stand-in answers what needs no look at anybody's Python code, and hands everything
 * else, untouched, to the function it stands in for.
 */
#include "builtins.h"
#include "interned.h"

typedef PyObject *(*Fast)(PyObject *, PyObject *const *, Py_ssize_t);

static PyCFunction true_isinstance, true_len;

/* Does the class's metaclass leave isinstance() to `type`? What is called for it then takes two
   levels of recursion. */
static int has_plain_metaclass(PyObject *class) {
    static PyObject *of_type;
    if (!PyType_Check(class)) return 0;
    PYJIT_NAME(name, "__instancecheck__");
    if (name == NULL) PyErr_Clear();
    if (of_type == NULL && name != NULL) of_type = _PyType_Lookup(&PyType_Type, name);
    return of_type != NULL && name != NULL && _PyType_Lookup(Py_TYPE(class), name) == of_type &&
           _PyThreadState_GET()->recursion_remaining > 2;
}

/* isinstance() of an object and one class: 0 or 1; -1: not answered here. */
static int is_instance(PyObject *object, PyObject *class) {
    if (Py_IS_TYPE(object, (PyTypeObject *)class)) return 1;
    if (!PyType_CheckExact(class) && !has_plain_metaclass(class)) return -1;
    PyTypeObject *type = Py_TYPE(object);
    if (PyType_IsSubtype(type, (PyTypeObject *)class)) return 1;
    /* Next it would be asked for its __class__, which most objects have from `object`. */
    static PyObject *class_of_object;
    PYJIT_NAME(name, "__class__");
    if (name == NULL) PyErr_Clear();
    if (class_of_object == NULL && name != NULL) {
        class_of_object = _PyType_Lookup(&PyBaseObject_Type, name);
    }
    const int ordinary = name != NULL && type->tp_getattro == PyObject_GenericGetAttr &&
                         _PyType_Lookup(type, name) == class_of_object;
    return ordinary ? 0 : -1;
}

static PyObject *quick_isinstance(PyObject *module, PyObject *const *args, Py_ssize_t nargs) {
    int answer = -1;
    if (nargs == 2) {
        answer = is_instance(args[0], args[1]);
        /* A tuple counts as a level of recursion. */
        if (answer < 0 && PyTuple_CheckExact(args[1]) &&
            _PyThreadState_GET()->recursion_remaining > 0) {
            answer = 0;
            for (Py_ssize_t i = 0;
                 answer == 0 && i < PyTuple_GET_SIZE(args[1]) && !FAULT_IF(ISINSTANCE_TUPLE, i > 0);
                 i++) {
                answer = is_instance(args[0], PyTuple_GET_ITEM(args[1], i));
            }
        }
    }
    if (answer >= 0) return Py_NewRef(answer ? Py_True : Py_False);
    Fast function;
    memcpy(&function, &true_isinstance, sizeof function);
    return function(module, args, nargs);
}

static PyObject *quick_len(PyObject *module, PyObject *object) {
    if (PyList_CheckExact(object) || PyTuple_CheckExact(object)) {
        return PyLong_FromSsize_t(Py_SIZE(object));
    }
    if (PyDict_CheckExact(object)) return PyLong_FromSsize_t(PyDict_GET_SIZE(object));
    return true_len(module, object);
}

/* The builtin of that name, unless somebody has put another function in its place. */
static PyCFunction function_of(PyObject *builtins, const char *name) {
    PyObject *function = PyDict_GetItemString(PyModule_GetDict(builtins), name);
    if (function == NULL || !PyCFunction_CheckExact(function) ||
        PyCFunction_GET_SELF(function) != builtins ||
        strcmp(((PyCFunctionObject *)function)->m_ml->ml_name, name) != 0) {
        return NULL;
    }
    return PyCFunction_GET_FUNCTION(function);
}

int pyjit_builtins_init(void) {
    PyObject *builtins = PyImport_ImportModule("builtins");
    if (builtins == NULL) return -1;
    true_isinstance = function_of(builtins, "isinstance");
    true_len = function_of(builtins, "len");
    Py_DECREF(builtins);
    return 0;
}

int pyjit_takes_no_level(PyObject *callable, int with_self, Py_ssize_t arguments, int discarded) {
    const PyInterpreterState *interp = _PyInterpreterState_GET();
    if (arguments != 1) return 0;
    if (with_self) return callable == interp->callable_cache.list_append && discarded;
    return callable == interp->callable_cache.len;
}

PyCFunction pyjit_stand_in(PyCFunction function) {
    if (function == NULL) return NULL;
    if (function == true_len) return quick_len;
    if (function != true_isinstance) return function;
    const Fast quick = quick_isinstance;
    PyCFunction stand_in;
    memcpy(&stand_in, &quick, sizeof stand_in);
    return stand_in;
}
