/* `except*`: groups.c of helpers.def.
 *
 * Contract
 *  - CPython 3.11 does not export what its opcodes do this with, so it is written anew here, with
 *    the same effects: a group is split by its own `split`, what is left of a group is made by its
 *    own `derive`, and metadata is shared or copied as the interpreter does it.
 *  - A clause that matches makes its part the handled exception.
 */
#include "runtime.h"
#include "interned.h"

static int is_group(PyObject *exception) {
    return PyObject_TypeCheck(exception, (PyTypeObject *)PyExc_BaseExceptionGroup);
}

static PyObject *new_group(PyObject *exceptions) {
    return PyObject_CallFunction(PyExc_BaseExceptionGroup, "sO", "", exceptions);
}

/* --- CHECK_EG_MATCH ---------------------------------------------------------------- */

/* 1: `type`, which is an exception class or a tuple of those, has a group among them. */
static int catches_groups(PyObject *type) {
    if (!PyTuple_Check(type)) return PyObject_IsSubclass(type, PyExc_BaseExceptionGroup);
    int found = 0;
    for (Py_ssize_t i = 0; found == 0 && i < PyTuple_GET_SIZE(type); i++) {
        found = PyObject_IsSubclass(PyTuple_GET_ITEM(type, i), PyExc_BaseExceptionGroup);
    }
    return found;
}

static int check_clause(PyObject *type) {
    if (!pyjit_all_exception_classes(type)) {
        PyErr_SetString(PyExc_TypeError, PYJIT_CANNOT_CATCH);
        return -1;
    }
    int found = catches_groups(type);
    if (found > 0) {
        PyErr_SetString(PyExc_TypeError,
                        "catching ExceptionGroup with except* is not allowed. Use except instead.");
    }
    return found == 0 ? 0 : -1;
}

/* Asks the group itself; later versions of 3.11 check the answer, so this does. */
static int split(PyObject *group, PyObject *type, PyObject **match, PyObject **rest) {
    PyObject *pair = PyObject_CallMethod(group, "split", "(O)", type);
    if (pair == NULL) return -1;
    int good = PyTuple_CheckExact(pair) && PyTuple_GET_SIZE(pair) >= 2;
    if (good) {
        *match = Py_NewRef(PyTuple_GET_ITEM(pair, 0));
        *rest = Py_NewRef(PyTuple_GET_ITEM(pair, 1));
    } else if (!PyTuple_CheckExact(pair)) {
        PyErr_Format(PyExc_TypeError, "%.200s.split must return a tuple, not %.200s",
                     Py_TYPE(group)->tp_name, Py_TYPE(pair)->tp_name);
    } else {
        PyErr_Format(PyExc_TypeError, "%.200s.split must return a 2-tuple, got tuple of size %zd",
                     Py_TYPE(group)->tp_name, PyTuple_GET_SIZE(pair));
    }
    Py_DECREF(pair);
    return good ? 0 : -1;
}

/* What a clause gets of the exception, and what it leaves; either may be None. */
static int divide(PyObject *exception, PyObject *type, PyObject **match, PyObject **rest) {
    *match = *rest = NULL;
    if (exception != Py_None && PyErr_GivenExceptionMatches(exception, type)) {
        if (is_group(exception)) {
            *match = Py_NewRef(exception);
        } else {
            PyObject *alone = PyTuple_Pack(1, exception);
            *match = alone == NULL ? NULL : new_group(alone);
            Py_XDECREF(alone);
            if (*match == NULL) return -1;
        }
    } else if (exception != Py_None && is_group(exception)) {
        return split(exception, type, match, rest);
    } else {
        *match = Py_NewRef(Py_None);
    }
    *rest = Py_NewRef(Py_None);
    return 0;
}

int pyjit_check_eg_match(PyObject **base) {
    PyObject *exception = base[0], *type = base[1], *match, *rest;
    int failed = check_clause(type) < 0 || divide(exception, type, &match, &rest) < 0;
    Py_DECREF(type);
    if (failed) return -1;
    base[1] = match;
    if (match == Py_None) {
        Py_DECREF(rest);
        return 0;
    }
    base[0] = rest;
    PyErr_SetHandledException(match);
    Py_DECREF(exception);
    return 0;
}

/* --- PREP_RERAISE_STAR ------------------------------------------------------------- */

static int collect_leaves(PyObject *exception, PyObject *leaves) {
    if (!is_group(exception)) {
        PyObject *identity = PyLong_FromVoidPtr(exception);
        if (identity == NULL) return -1;
        int result = PySet_Add(leaves, identity);
        Py_DECREF(identity);
        return result;
    }
    PyObject *exceptions = ((PyBaseExceptionGroupObject *)exception)->excs;
    int result = 0;
    for (Py_ssize_t i = 0; result == 0 && i < PyTuple_GET_SIZE(exceptions); i++) {
        if (_Py_EnterRecursiveCall(" in collect_exception_group_leaf_ids")) return -1;
        result = collect_leaves(PyTuple_GET_ITEM(exceptions, i), leaves);
        _Py_LeaveRecursiveCall();
    }
    return result;
}

/* Gives `part` the notes of `group`: a list of its own. What is no sequence is left out. */
static int copy_notes(PyObject *group, PyObject *part) {
    PYJIT_NAME(notes_name, "__notes__");
    if (notes_name == NULL) return -1;
    if (!PyObject_HasAttr(group, notes_name)) return 0;
    PyObject *notes = PyObject_GetAttr(group, notes_name);
    if (notes == NULL) return -1;
    PyObject *copy = PySequence_Check(notes) ? PySequence_List(notes) : NULL;
    int failed = PySequence_Check(notes) && copy == NULL;
    Py_DECREF(notes);
    if (copy != NULL) {
        failed = PyObject_SetAttr(part, notes_name, copy) < 0;
        Py_DECREF(copy);
    }
    return failed ? -1 : 0;
}

/* The group with these of its exceptions: derived by the group itself, with its metadata. */
static PyObject *derive(PyObject *group, PyObject *exceptions) {
    PyObject *part = PyObject_CallMethod(group, "derive", "(O)", exceptions);
    if (part == NULL) return NULL;
    if (!is_group(part)) {
        PyErr_SetString(PyExc_TypeError, "derive must return an instance of BaseExceptionGroup");
        Py_DECREF(part);
        return NULL;
    }
    PyObject *traceback = PyException_GetTraceback(group);
    int failed = traceback != NULL && PyException_SetTraceback(part, traceback) < 0;
    Py_XDECREF(traceback);
    if (!failed) {
        PyException_SetContext(part, PyException_GetContext(group));
        PyException_SetCause(part, PyException_GetCause(group));
        failed = copy_notes(group, part) < 0;
    }
    if (failed) Py_CLEAR(part);
    return part;
}

static int project(PyObject *exception, PyObject *leaves, PyObject **part);

static int project_all(PyObject *group, PyObject *leaves, PyObject *kept) {
    PyObject *exceptions = ((PyBaseExceptionGroupObject *)group)->excs;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(exceptions); i++) {
        PyObject *part;
        if (_Py_EnterRecursiveCall(" in exceptiongroup_split_recursive")) return -1;
        int result = project(PyTuple_GET_ITEM(exceptions, i), leaves, &part);
        _Py_LeaveRecursiveCall();
        if (result == 0 && part != NULL) result = PyList_Append(kept, part);
        Py_XDECREF(part);
        if (result < 0) return -1;
    }
    return 0;
}

/* *part: what of the exception has its leaves among `leaves`, in its own nesting; NULL: nothing. */
static int project(PyObject *exception, PyObject *leaves, PyObject **part) {
    *part = NULL;
    if (!is_group(exception)) {
        PyObject *identity = PyLong_FromVoidPtr(exception);
        int found = identity == NULL ? -1 : PySet_Contains(leaves, identity);
        Py_XDECREF(identity);
        if (found > 0) *part = Py_NewRef(exception);
        return found < 0 ? -1 : 0;
    }
    PyObject *kept = PyList_New(0);
    if (kept == NULL) return -1;
    int result = project_all(exception, leaves, kept);
    if (result == 0 && PyList_GET_SIZE(kept) > 0) {
        *part = derive(exception, kept);
        result = *part == NULL ? -1 : 0;
    }
    Py_DECREF(kept);
    return result;
}

/* The part of `original` that consists of the leaves of the groups in `reraised`, or None. */
static PyObject *reassemble(PyObject *original, PyObject *reraised) {
    PyObject *leaves = PySet_New(NULL), *part = NULL;
    int result = leaves == NULL ? -1 : 0;
    for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(reraised); i++) {
        result = collect_leaves(PyList_GET_ITEM(reraised, i), leaves);
    }
    if (result == 0) result = project(original, leaves, &part);
    Py_XDECREF(leaves);
    if (result < 0) return NULL;
    return part != NULL ? part : Py_NewRef(Py_None);
}

/* A part that a clause raised again shares what belongs to the exception it was split from. */
static int was_reraised(PyObject *exception, PyObject *original) {
    const PyBaseExceptionObject *a = (PyBaseExceptionObject *)exception;
    const PyBaseExceptionObject *b = (PyBaseExceptionObject *)original;
    return a->notes == b->notes && a->traceback == b->traceback && a->cause == b->cause &&
           a->context == b->context;
}

/* Sorts what clauses raised into the lists; None is what is left when nothing is. */
static int sort_raised(PyObject *original, PyObject *exceptions, PyObject *raised,
                       PyObject *reraised) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(exceptions); i++) {
        PyObject *exception = PyList_GET_ITEM(exceptions, i);
        if (exception == Py_None) continue;
        PyObject *list = was_reraised(exception, original) ? reraised : raised;
        if (PyList_Append(list, exception) < 0) return -1;
    }
    return 0;
}

/* What is raised behind the last clause: what was reraised as one group, beside what was raised. */
static PyObject *combine(PyObject *original, PyObject *raised, PyObject *reraised) {
    PyObject *again = reassemble(original, reraised);
    if (again == NULL || PyList_GET_SIZE(raised) == 0) return again;
    int result = again == Py_None || FAULT_IF(GROUP_REST, 1) ? 0 : PyList_Append(raised, again);
    Py_DECREF(again);
    return result < 0 ? NULL : new_group(raised);
}

PyObject *pyjit_prep_reraise_star(PyObject *original, PyObject *exceptions) {
    if (PyList_GET_SIZE(exceptions) == 0) return Py_NewRef(Py_None);
    /* One that came alone was wrapped for the one clause that caught it. */
    if (!is_group(original)) return Py_NewRef(PyList_GET_ITEM(exceptions, 0));
    PyObject *raised = PyList_New(0), *reraised = PyList_New(0), *result = NULL;
    if (raised != NULL && reraised != NULL &&
        sort_raised(original, exceptions, raised, reraised) == 0) {
        result = combine(original, raised, reraised);
    }
    Py_XDECREF(raised);
    Py_XDECREF(reraised);
    return result;
}
