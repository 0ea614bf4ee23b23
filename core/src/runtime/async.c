/* Asynchronous code, as far as it does not suspend a frame: async.c of helpers.def.
 *
 * Contract
 *  - What CPython 3.11 does not export of this is written anew, with the same questions in the
 *    same order, and the same words when the answer is wrong.
 *  - Whether a coroutine is being awaited is asked of the coroutine (`cr_await`): only the
 *    interpreter knows how a suspended frame looks.
 */
#include "runtime.h"
#include "interned.h"

/* A coroutine, or a generator that types.coroutine() has made one. */
static int is_coroutine(PyObject *value) {
    if (PyCoro_CheckExact(value)) return 1;
    if (!PyGen_CheckExact(value)) return 0;
    return (((PyGenObject *)value)->gi_code->co_flags & CO_ITERABLE_COROUTINE) != 0;
}

/* What `await value` sends to: a new reference. */
static PyObject *awaitable_iterator(PyObject *value) {
    if (is_coroutine(value)) return Py_NewRef(value);
    PyTypeObject *type = Py_TYPE(value);
    if (type->tp_as_async == NULL || type->tp_as_async->am_await == NULL) {
        return PyErr_Format(PyExc_TypeError, "object %.100s can't be used in 'await' expression",
                            type->tp_name);
    }
    PyObject *iterator = type->tp_as_async->am_await(value);
    if (iterator == NULL) return NULL;
    if (is_coroutine(iterator)) {
        PyErr_SetString(PyExc_TypeError, "__await__() returned a coroutine");
    } else if (!PyIter_Check(iterator)) {
        PyErr_Format(PyExc_TypeError, "__await__() returned non-iterator of type '%.100s'",
                     Py_TYPE(iterator)->tp_name);
    } else {
        return iterator;
    }
    Py_DECREF(iterator);
    return NULL;
}

/* 1: this coroutine waits for something, so nobody else can await it; -1 with an exception. */
static int is_awaited(PyObject *coroutine) {
    if (((PyCoroObject *)coroutine)->cr_frame_state == FRAME_CREATED) return 0;
    PYJIT_NAME(cr_await_name, "cr_await");
    PyObject *waits_for =
        cr_await_name == NULL ? NULL : PyObject_GenericGetAttr(coroutine, cr_await_name);
    if (waits_for == NULL) return -1;
    int awaited = waits_for != Py_None;
    Py_DECREF(waits_for);
    return awaited;
}

/* `async with` says whose result it is that cannot be awaited, by the opcode's argument. */
static void name_culprit(PyTypeObject *type, int oparg) {
    static const char *const methods[] = {NULL, "__aenter__", "__aexit__"};
    if (oparg != 1 && oparg != 2) return;
    if (type->tp_as_async != NULL && type->tp_as_async->am_await != NULL) return;
    PyErr_Format(PyExc_TypeError,
                 "'async with' received an object from %s that does not implement __await__: "
                 "%.100s",
                 methods[oparg], type->tp_name);
}

PyObject *pyjit_get_awaitable(PyObject *value, int oparg) {
    PyObject *iterator = awaitable_iterator(value);
    if (iterator == NULL) {
        name_culprit(Py_TYPE(value), oparg);
        return NULL;
    }
    int awaited = PyCoro_CheckExact(iterator) ? is_awaited(iterator) : 0;
    if (awaited == 0 || FAULT_IF(AWAITED_TWICE, awaited > 0)) return iterator;
    if (awaited > 0) {
        PyErr_SetString(PyExc_RuntimeError, "coroutine is being awaited already");
    }
    Py_DECREF(iterator);
    return NULL;
}

PyObject *pyjit_get_aiter(PyObject *value) {
    PyTypeObject *type = Py_TYPE(value);
    if (type->tp_as_async == NULL || type->tp_as_async->am_aiter == NULL) {
        PyErr_Format(PyExc_TypeError,
                     "'async for' requires an object with __aiter__ method, got %.100s",
                     type->tp_name);
        Py_DECREF(value);
        return NULL;
    }
    PyObject *iterator = type->tp_as_async->am_aiter(value);
    Py_DECREF(value);
    if (iterator == NULL) return NULL;
    type = Py_TYPE(iterator);
    if (type->tp_as_async != NULL && type->tp_as_async->am_anext != NULL) return iterator;
    PyErr_Format(PyExc_TypeError,
                 "'async for' received an object from __aiter__ that does not implement "
                 "__anext__: %.100s",
                 type->tp_name);
    Py_DECREF(iterator);
    return NULL;
}

PyObject *pyjit_get_anext(PyObject *iterator) {
    PyTypeObject *type = Py_TYPE(iterator);
    if (type->tp_as_async == NULL || type->tp_as_async->am_anext == NULL) {
        return PyErr_Format(PyExc_TypeError,
                            "'async for' requires an iterator with __anext__ method, got %.100s",
                            type->tp_name);
    }
    PyObject *next = type->tp_as_async->am_anext(iterator);
    /* What an asynchronous generator answers needs no looking at. */
    if (next == NULL || PyAsyncGen_CheckExact(iterator)) return next;
    PyObject *awaitable = awaitable_iterator(next);
    if (awaitable == NULL) {
        _PyErr_FormatFromCause(PyExc_TypeError,
                               "'async for' received an invalid object from __anext__: %.100s",
                               Py_TYPE(next)->tp_name);
    }
    Py_DECREF(next);
    return awaitable;
}
