/* Arithmetic, comparison, truth: numbers.c of helpers.def.
 *
 * Contract
 *  - Operands are borrowed; every result is a new reference.
 *  - The fast paths are for exact int, float and str only, where no Python code can run, and give
 *    bit for bit what the number protocol gives; anything unusual (zero divisors, large ints)
 *    falls through to it, so that errors and their texts have one source.
 */
#include "runtime.h"
#include "dunders.h"
#include "seen.h"

#include <errno.h>
#include <math.h>
#include <opcode.h>

/* --- Making numbers --------------------------------------------------------- */

PyObject *pyjit_float_new(double value) { return PyFloat_FromDouble(value); }

PyObject *pyjit_int_new(int64_t value) {
    return PyLong_FromLongLong(value); /* looks into the cache of small ints first */
}

/* float ** float through the type's slot: negative bases, infinities, overflow. */
static PyObject *float_power_generic(double left, double right) {
    PyObject *base = PyFloat_FromDouble(left), *exponent = PyFloat_FromDouble(right);
    PyObject *power = NULL;
    if (base != NULL && exponent != NULL) power = PyNumber_Power(base, exponent, Py_None);
    Py_XDECREF(base);
    Py_XDECREF(exponent);
    return power;
}

PyObject *pyjit_float_power(double left, double right) {
    if (isfinite(left) && left > 0.0 && isfinite(right)) {
        errno = 0;
        double power = pow(left, right);
        if (errno == 0 && isfinite(power)) return PyFloat_FromDouble(power);
    }
    return float_power_generic(left, right);
}

/* --- Binary operations ------------------------------------------------------ */

static PyObject *power(PyObject *left, PyObject *right) {
    return PyNumber_Power(left, right, Py_None);
}

static PyObject *in_place_power(PyObject *left, PyObject *right) {
    return PyNumber_InPlacePower(left, right, Py_None);
}

static const binaryfunc binary_operations[] = {
    [NB_ADD] = PyNumber_Add,
    [NB_AND] = PyNumber_And,
    [NB_FLOOR_DIVIDE] = PyNumber_FloorDivide,
    [NB_LSHIFT] = PyNumber_Lshift,
    [NB_MATRIX_MULTIPLY] = PyNumber_MatrixMultiply,
    [NB_MULTIPLY] = PyNumber_Multiply,
    [NB_REMAINDER] = PyNumber_Remainder,
    [NB_OR] = PyNumber_Or,
    [NB_POWER] = power,
    [NB_RSHIFT] = PyNumber_Rshift,
    [NB_SUBTRACT] = PyNumber_Subtract,
    [NB_TRUE_DIVIDE] = PyNumber_TrueDivide,
    [NB_XOR] = PyNumber_Xor,
    [NB_INPLACE_ADD] = PyNumber_InPlaceAdd,
    [NB_INPLACE_AND] = PyNumber_InPlaceAnd,
    [NB_INPLACE_FLOOR_DIVIDE] = PyNumber_InPlaceFloorDivide,
    [NB_INPLACE_LSHIFT] = PyNumber_InPlaceLshift,
    [NB_INPLACE_MATRIX_MULTIPLY] = PyNumber_InPlaceMatrixMultiply,
    [NB_INPLACE_MULTIPLY] = PyNumber_InPlaceMultiply,
    [NB_INPLACE_REMAINDER] = PyNumber_InPlaceRemainder,
    [NB_INPLACE_OR] = PyNumber_InPlaceOr,
    [NB_INPLACE_POWER] = in_place_power,
    [NB_INPLACE_RSHIFT] = PyNumber_InPlaceRshift,
    [NB_INPLACE_SUBTRACT] = PyNumber_InPlaceSubtract,
    [NB_INPLACE_TRUE_DIVIDE] = PyNumber_InPlaceTrueDivide,
    [NB_INPLACE_XOR] = PyNumber_InPlaceXor,
};

/* int, float and str have no in-place operations of their own: x += y is x + y. */
static inline int plain_operation(int oparg) {
    return oparg >= NB_INPLACE_ADD ? oparg - NB_INPLACE_ADD : oparg;
}

static int64_t floor_divide(int64_t a, int64_t b) {
    int64_t quotient = a / b;
    return quotient - (a % b != 0 && (a < 0) != (b < 0) && !FAULT_IF(GENERIC_FLOOR, a > 0));
}

/* a OP b of compact ints: 1 and *result (NULL with MemoryError), or 0: not done here. */
static int compact_operation(int64_t a, int64_t b, int operation, PyObject **result) {
    int64_t value;
    switch (operation) {
        case NB_ADD: value = a + b; break;
        case NB_SUBTRACT: value = a - b; break;
        case NB_MULTIPLY: value = a * b; break;
        case NB_AND: value = a & b; break;
        case NB_OR: value = a | b; break;
        case NB_XOR: value = a ^ b; break;
        case NB_FLOOR_DIVIDE:
            if (b == 0) return 0;
            value = floor_divide(a, b);
            break;
        case NB_REMAINDER:
            if (b == 0) return 0;
            value = a - floor_divide(a, b) * b;
            break;
        case NB_LSHIFT:
            if (b < 0 || (b > 32 && !FAULT_IF(GENERIC_SHIFT, b < 63 && a != 0))) return 0;
            value = a * (INT64_C(1) << b);
            break;
        case NB_RSHIFT:
            if (b < 0) return 0;
            value = a >> (b > 63 ? 63 : b);
            break;
        case NB_TRUE_DIVIDE: /* both are exact as doubles, so one division rounds once */
            if (b == 0) return 0;
            *result = PyFloat_FromDouble((double)a / (double)b);
            return 1;
        default: return 0;
    }
    *result = PyLong_FromLongLong(value);
    return 1;
}

static int float_operation(double a, double b, int operation, PyObject **result) {
    double value;
    switch (operation) {
        case NB_ADD: value = a + b; break;
        case NB_SUBTRACT: value = a - b; break;
        case NB_MULTIPLY: value = a * b; break;
        case NB_TRUE_DIVIDE:
            if (b == 0.0) return 0;
            value = a / b;
            break;
        default: return 0;
    }
    *result = PyFloat_FromDouble(value);
    return 1;
}

/* The value as a double, for exact floats and compact ints. */
static inline int as_double(PyObject *value, double *result) {
    if (PyFloat_CheckExact(value)) {
        *result = PyFloat_AS_DOUBLE(value);
        return 1;
    }
    if (pyjit_is_compact(value)) {
        *result = (double)pyjit_compact_value(value);
        return 1;
    }
    return 0;
}

PyObject *pyjit_binary_op(PyjitSite *site, PyObject *left, PyObject *right, int oparg) {
    pyjit_record(site, left, right);
    int operation = plain_operation(oparg);
    PyObject *result;
    double a, b;
    if (pyjit_is_compact(left) && pyjit_is_compact(right)) {
        if (compact_operation(pyjit_compact_value(left), pyjit_compact_value(right), operation,
                              &result)) {
            return result;
        }
    } else if (as_double(left, &a) && as_double(right, &b)) {
        if (float_operation(a, b, operation, &result)) return result;
    } else if (operation == NB_ADD && PyUnicode_CheckExact(left) && PyUnicode_CheckExact(right)) {
        return PyUnicode_Concat(left, right);
    }
    if (pyjit_binary_dunder(left, right, oparg, &result)) return result;
    return binary_operations[oparg](left, right);
}

PyObject *pyjit_binary_builtin(PyjitSite *site, PyObject *left, PyObject *right, int oparg) {
    if (pyjit_is_made_in_python(Py_TYPE(left))) return pyjit_binary_op(site, left, right, oparg);
    return binary_operations[oparg](left, right);
}

/* --- Comparison ------------------------------------------------------------- */

#define COMPARE(a, b, op)         \
    ((op) == Py_LT   ? (a) < (b)  \
     : (op) == Py_LE ? (a) <= (b) \
     : (op) == Py_EQ ? (a) == (b) \
     : (op) == Py_NE ? (a) != (b) \
     : (op) == Py_GT ? (a) > (b)  \
                     : (a) >= (b))

enum { NOT_COMPARED = -1 };

/* Comparisons count as a level of recursion, but for those that the interpreter specialises: in
   front of a jump, of two operands of one type. */
static int meets_limit(PyObject *left, PyObject *right, int before_jump) {
    if (before_jump && Py_TYPE(left) == Py_TYPE(right)) return 0;
    return _PyThreadState_GET()->recursion_remaining <= 0;
}

/* 0 or 1 for exact numbers and strings, else NOT_COMPARED, also at the recursion limit. Never
   raises. */
static int compare_exact(PyObject *left, PyObject *right, int op, int before_jump) {
    if (meets_limit(left, right, before_jump)) return NOT_COMPARED;
    if (pyjit_is_compact(left) && pyjit_is_compact(right)) {
        int64_t a = pyjit_compact_value(left), b = pyjit_compact_value(right);
        return COMPARE(a, b, op);
    }
    double a, b;
    if (as_double(left, &a) && as_double(right, &b)) {
        return COMPARE(a, b, op);
    }
    if ((op == Py_EQ || op == Py_NE) && PyUnicode_CheckExact(left) && PyUnicode_CheckExact(right) &&
        PyUnicode_IS_READY(left) && PyUnicode_IS_READY(right)) {
        int equal = left == right || _PyUnicode_EQ(left, right);
        return op == Py_EQ ? equal : !equal;
    }
    return NOT_COMPARED;
}

/* Of two exact strings. -1: an old one has no memory to become what others are. */
int pyjit_equal_strings(PyObject *left, PyObject *right) {
    if (PyUnicode_READY(left) < 0 || PyUnicode_READY(right) < 0) return -1;
    const Py_ssize_t length = PyUnicode_GET_LENGTH(left);
    const unsigned kind = PyUnicode_KIND(left);
    if (length != PyUnicode_GET_LENGTH(right) || kind != PyUnicode_KIND(right)) return 0;
    const size_t size = FAULT_IF(COMPARED_STRINGS, length > 1) ? 1 : (size_t)length * kind;
    return memcmp(PyUnicode_DATA(left), PyUnicode_DATA(right), size) == 0;
}

int pyjit_unequal_strings(PyObject *left, PyObject *right) {
    const int equal = pyjit_equal_strings(left, right);
    return equal < 0 ? equal : !equal;
}

static PyObject *compare_generic(PyObject *left, PyObject *right, int op) {
    if (FAULT_IF(SWAPPED_EVALUATION_ORDER, left != right)) {
        return PyObject_RichCompare(right, left, _Py_SwappedOp[op]);
    }
    PyObject *result;
    if (pyjit_compare_dunder(left, right, op, &result)) return result;
    return PyObject_RichCompare(left, right, op);
}

PyObject *pyjit_compare(PyjitSite *site, PyObject *left, PyObject *right, int op) {
    pyjit_record(site, left, right);
    const int before_jump = op & PYJIT_BEFORE_JUMP;
    op &= ~PYJIT_BEFORE_JUMP;
    int answer = compare_exact(left, right, op, before_jump);
    if (answer != NOT_COMPARED) return Py_NewRef(answer ? Py_True : Py_False);
    return compare_generic(left, right, op);
}

int pyjit_compare_bool(PyjitSite *site, PyObject *left, PyObject *right, int op, PyObject **other) {
    pyjit_record(site, left, right);
    const int before_jump = op & PYJIT_BEFORE_JUMP;
    op &= ~PYJIT_BEFORE_JUMP;
    int answer = compare_exact(left, right, op, before_jump);
    if (answer != NOT_COMPARED) return answer;
    /* not PyObject_RichCompareBool: that takes identical objects for equal */
    PyObject *result = compare_generic(left, right, op);
    if (result == NULL) return -1;
    if (!PyBool_Check(result)) {
        /* its truth is asked for when the operands are gone: they may have finalisers */
        *other = result;
        return 2;
    }
    answer = result == Py_True;
    Py_DECREF(result);
    return answer;
}

int pyjit_is_true(PyObject *value) {
    if (value == Py_True) return 1;
    if (value == Py_False || value == Py_None) return 0;
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyUnicode_Type && PyUnicode_IS_READY(value))
        return PyUnicode_GET_LENGTH(value) != 0;
    if (type == &PyLong_Type || type == &PyList_Type || type == &PyTuple_Type) {
        return Py_SIZE(value) != 0;
    }
    if (type == &PyDict_Type) return PyDict_GET_SIZE(value) != 0;
    return PyObject_IsTrue(value);
}
