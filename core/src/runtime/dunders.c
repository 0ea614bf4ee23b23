/* Operators that end in methods written in Python: called without the type's slot in between.
 *
 * Contract
 *  - Each function returns 0 when it has done nothing and the object protocol has to do it all;
 *    1 with *result set, or NULL with an exception.
 *  - What happens, and in which order, is what the slot functions of typeobject.c do: the method is
 *    looked up on the type, and after NotImplemented it is the other operand's turn.
 *  - Operands are borrowed.
 */
#include "dunders.h"
#include "interned.h"
#include "seen.h"

#include <opcode.h>

/* The method of that name, if it is a Python function. */
static PyFunctionObject *python_method(PyTypeObject *type, PyObject *name) {
    if (name == NULL) return NULL;
    PyObject *method = _PyType_Lookup(type, name);
    return method != NULL && PyFunction_Check(method) ? (PyFunctionObject *)method : NULL;
}

/* Calls it with the object and n - 1 arguments. */
static int call_method(PyFunctionObject *method, PyObject *const *args, Py_ssize_t n,
                       PyObject **result) {
    if (method == NULL) return 0;
    Py_INCREF(method); /* it may be removed from its class meanwhile */
    const int done = pyjit_call_plain(_PyThreadState_GET(), method, args, n, result);
    Py_DECREF(method);
    return done;
}

/* --- Binary operators ---------------------------------------------------- */

typedef struct {
    const char *name, *reflected, *symbol;
    size_t slot, in_place; /* offsets in PyNumberMethods */
    PyObject *name_object, *reflected_object;
} Operator;

#define NUMBER(slot) offsetof(PyNumberMethods, nb_##slot)
#define OPERATOR(name, symbol, slot) \
    {"__" name "__", "__r" name "__", symbol, NUMBER(slot), NUMBER(inplace_##slot), NULL, NULL}

/* By the plain operator of BINARY_OP; ** has three operands and is left out. */
static Operator operators[NB_INPLACE_ADD] = {
    [NB_ADD] = OPERATOR("add", "+", add),
    [NB_AND] = OPERATOR("and", "&", and),
    [NB_FLOOR_DIVIDE] = OPERATOR("floordiv", "//", floor_divide),
    [NB_LSHIFT] = OPERATOR("lshift", "<<", lshift),
    [NB_MATRIX_MULTIPLY] = OPERATOR("matmul", "@", matrix_multiply),
    [NB_MULTIPLY] = OPERATOR("mul", "*", multiply),
    [NB_REMAINDER] = OPERATOR("mod", "%", remainder),
    [NB_OR] = OPERATOR("or", "|", or),
    [NB_RSHIFT] = OPERATOR("rshift", ">>", rshift),
    [NB_SUBTRACT] = OPERATOR("sub", "-", subtract),
    [NB_TRUE_DIVIDE] = OPERATOR("truediv", "/", true_divide),
    [NB_XOR] = OPERATOR("xor", "^", xor),
};

static binaryfunc number_slot(const PyTypeObject *type, size_t offset) {
    const char *methods = (const char *)type->tp_as_number;
    return methods == NULL ? NULL : *(const binaryfunc *)(methods + offset);
}

/* + and * of sequences come after the numbers' methods. */
static int is_sequence(const PyTypeObject *type) {
    const PySequenceMethods *methods = type->tp_as_sequence;
    return methods != NULL && (methods->sq_concat != NULL || methods->sq_repeat != NULL);
}

/* vectorcall_maybe of typeobject.c: the reflected method, or NotImplemented. */
static PyObject *call_reflected(Operator *op, PyObject *left, PyObject *right) {
    PyObject *name = pyjit_intern(&op->reflected_object, op->reflected);
    PyObject *method = name == NULL ? NULL : _PyObject_LookupSpecial(right, name);
    if (method == NULL) return PyErr_Occurred() ? NULL : Py_NewRef(Py_NotImplemented);
    PyObject *result = PyObject_CallOneArg(method, left);
    Py_DECREF(method);
    return result;
}

/* The left operand's method has returned NotImplemented. The slots are those from before it
   was called, as the object protocol reads them. */
static PyObject *right_operands_turn(Operator *op, PyObject *left, PyObject *right,
                                     binaryfunc left_slot, binaryfunc right_slot) {
    if (right_slot == NULL) return Py_NewRef(Py_NotImplemented);
    if (right_slot != left_slot) return right_slot(left, right);
    if (Py_IS_TYPE(right, Py_TYPE(left))) return Py_NewRef(Py_NotImplemented);
    return call_reflected(op, left, right);
}

static PyObject *no_such_operation(const Operator *op, int in_place, PyObject *left,
                                   PyObject *right) {
    PyErr_Format(PyExc_TypeError, "unsupported operand type(s) for %s%s: '%.100s' and '%.100s'",
                 op->symbol, in_place ? "=" : "", Py_TYPE(left)->tp_name, Py_TYPE(right)->tp_name);
    return NULL;
}

int pyjit_binary_dunder(PyObject *left, PyObject *right, int oparg, PyObject **result) {
    const int in_place = oparg >= NB_INPLACE_ADD;
    Operator *op = &operators[in_place ? oparg - NB_INPLACE_ADD : oparg];
    PyTypeObject *type = Py_TYPE(left), *other = Py_TYPE(right);
    if (!pyjit_is_made_in_python(type) || op->name == NULL || is_sequence(type) ||
        is_sequence(other) ||
        (other != type && PyType_IsSubtype(other, type) && !FAULT_IF(SUBCLASS_FIRST, 1)) ||
        (in_place && number_slot(type, op->in_place) != NULL && !FAULT_IF(IN_PLACE_METHOD, 1))) {
        return 0;
    }
    const binaryfunc left_slot = number_slot(type, op->slot);
    const binaryfunc right_slot = other == type ? NULL : number_slot(other, op->slot);
    PyFunctionObject *method = python_method(type, pyjit_intern(&op->name_object, op->name));
    PyObject *args[] = {left, right};
    if (!call_method(method, args, 2, result)) return 0;
    if (*result == Py_NotImplemented) {
        Py_DECREF(*result);
        *result = right_operands_turn(op, left, right, left_slot, right_slot);
    }
    if (*result == Py_NotImplemented) {
        Py_DECREF(*result);
        *result = no_such_operation(op, in_place, left, right);
    }
    return 1;
}

/* --- Comparisons --------------------------------------------------------- */

static const char *const comparisons[] = {"__lt__", "__le__", "__eq__",
                                          "__ne__", "__gt__", "__ge__"};
static const char *const comparison_symbols[] = {"<", "<=", "==", "!=", ">", ">="};

static PyObject *compared_from_the_right(PyObject *left, PyObject *right, int op) {
    const richcmpfunc compare = Py_TYPE(right)->tp_richcompare;
    if (compare != NULL) {
        PyObject *result = compare(right, left, _Py_SwappedOp[op]);
        if (result != Py_NotImplemented) return result;
        Py_DECREF(result);
    }
    if (op == Py_EQ || op == Py_NE) {
        return Py_NewRef((left == right) == (op == Py_EQ) ? Py_True : Py_False);
    }
    PyErr_Format(PyExc_TypeError, "'%s' not supported between instances of '%.100s' and '%.100s'",
                 comparison_symbols[op], Py_TYPE(left)->tp_name, Py_TYPE(right)->tp_name);
    return NULL;
}

int pyjit_compare_dunder(PyObject *left, PyObject *right, int op, PyObject **result) {
    static PyObject *names[Py_GE + 1];
    PyTypeObject *type = Py_TYPE(left), *other = Py_TYPE(right);
    if (!pyjit_is_made_in_python(type) || (other != type && PyType_IsSubtype(other, type))) {
        return 0;
    }
    PyThreadState *tstate = _PyThreadState_GET();
    if (tstate->recursion_remaining <= 1) return 0; /* a comparison counts as a level */
    PyFunctionObject *method = python_method(type, pyjit_intern(&names[op], comparisons[op]));
    PyObject *args[] = {left, right};
    tstate->recursion_remaining--;
    const int done = call_method(method, args, 2, result);
    if (done && *result == Py_NotImplemented) {
        Py_DECREF(*result);
        *result = compared_from_the_right(left, right, op);
    }
    tstate->recursion_remaining++;
    return done;
}

/* --- Subscripts, iteration ------------------------------------------------ */

int pyjit_subscript_dunder(PyObject *container, PyObject *key, PyObject **result) {
    PyTypeObject *type = Py_TYPE(container);
    if (!pyjit_is_made_in_python(type) || type->tp_as_mapping->mp_subscript == NULL) {
        return 0;
    }
    PYJIT_NAME(name, "__getitem__");
    PyObject *args[] = {container, key};
    return call_method(python_method(type, name), args, 2, result);
}

int pyjit_store_subscript_dunder(PyObject *container, PyObject *key, PyObject *value, int *error) {
    PyTypeObject *type = Py_TYPE(container);
    if (!pyjit_is_made_in_python(type) || type->tp_as_mapping->mp_ass_subscript == NULL) {
        return 0;
    }
    PYJIT_NAME(name, "__setitem__");
    PyObject *args[] = {container, key, value}, *result;
    if (!call_method(python_method(type, name), args, 3, &result)) return 0;
    *error = result == NULL ? -1 : 0;
    Py_XDECREF(result);
    return 1;
}

int pyjit_next_dunder(PyObject *iterator, PyObject **result) {
    PyTypeObject *type = Py_TYPE(iterator);
    if (!pyjit_is_made_in_python(type)) return 0;
    PYJIT_NAME(name, "__next__");
    return call_method(python_method(type, name), &iterator, 1, result);
}
