/* Asynchronous generators, driven by compiled code without the objects and exceptions in between.
 *
 * CPython has every step of one go through an awaitable, which ends with a StopIteration that
 * carries a wrapper with the value. Nobody sees these if the generator yields without awaiting
 * anything first.
 *
 * Contract
 *  - drive() is gen_send_ex() and async_gen_unwrap_value() of genobject.c in one, for generators
 *    that go on in compiled code.
 *  - An awaitable is made, in the state that it would have by now, when a step has to wait.
 */
#include "generators.h"

#include "internal/pycore_genobject.h"

/* CPython's own types, whose layout is private to genobject.c. */
typedef struct _PyAsyncGenWrappedValue {
    PyObject_HEAD PyObject *value;
} WrappedValue;

typedef enum { ASEND_NEW, ASEND_STARTED, ASEND_CLOSED } ASendState;

typedef struct PyAsyncGenASend {
    PyObject_HEAD PyAsyncGenObject *generator;
    PyObject *first;  /* what is sent by the first step; NULL: None */
    ASendState state;
} ASend;

PyObject *pyjit_async_gen_wrap(PyObject *value) {
    struct _Py_async_gen_state *state = &_PyInterpreterState_GET()->async_gen;
    WrappedValue *wrapped;
    if (state->value_numfree > 0) {
        wrapped = state->value_freelist[--state->value_numfree];
        _Py_NewReference((PyObject *)wrapped);
    } else {
        wrapped = PyObject_GC_New(WrappedValue, &_PyAsyncGenWrappedValue_Type);
        if (wrapped == NULL) return NULL;
    }
    wrapped->value = FAULT_IF(WRAPPED_VALUE, 1) ? value : Py_NewRef(value);
    PyObject_GC_Track(wrapped);
    return (PyObject *)wrapped;
}

/* How a step has ended. */
typedef enum {
    STEP_FAILED = -1,  /* with an exception */
    STEP_NOT_DONE,     /* not this way; nothing has happened */
    STEP_VALUE,        /* it has yielded */
    STEP_WAITS,        /* it awaits something that has yielded */
    STEP_END,          /* it has returned; no exception is set */
} Step;

static Step drive(PyThreadState *tstate, PyAsyncGenObject *gen, PyObject *sent, PyObject **out) {
    const int was_running = gen->ag_running_async;
    gen->ag_running_async = 1;
    PyObject *result = pyjit_run_generator(tstate, (PyGenObject *)gen, PYJIT_DRIVEN, sent);
    if (result == PYJIT_NOT_RESUMED) {
        gen->ag_running_async = was_running;
        return STEP_NOT_DONE;
    }
    if (pyjit_is_suspended((PyObject *)gen)) {
        *out = result;
        if (*pyjit_yielded_bare) {
            *pyjit_yielded_bare = 0;
        } else if (Py_IS_TYPE(result, &_PyAsyncGenWrappedValue_Type)) {
            *out = Py_NewRef(((WrappedValue *)result)->value);
            Py_DECREF(result);
        } else {
            return STEP_WAITS;
        }
        gen->ag_running_async = 0;
        return STEP_VALUE;
    }
    result = pyjit_end_generator((PyObject *)gen, result, 1);
    if (result != NULL || PyErr_ExceptionMatches(PyExc_StopAsyncIteration) ||
        PyErr_ExceptionMatches(PyExc_GeneratorExit)) {
        gen->ag_closed = 1;
    }
    gen->ag_running_async = 0;
    if (result == NULL) return STEP_FAILED;
    Py_DECREF(result); /* None */
    return STEP_END;
}

int pyjit_send_to_asend(PyThreadState *tstate, PyObject *receiver, PyObject *value,
                        PyObject **out) {
    ASend *asend = (ASend *)receiver;
    const ASendState before = asend->state;
    const int first = before == ASEND_NEW;
    if (before == ASEND_CLOSED || (first && asend->generator->ag_running_async)) {
        return PyIter_Send(receiver, value, out);
    }
    const int by_default = first && value == Py_None && asend->first != NULL;
    asend->state = ASEND_STARTED;
    const Step step = drive(tstate, asend->generator, by_default ? asend->first : value, out);
    if (step == STEP_WAITS) return PYGEN_NEXT;
    asend->state = step == STEP_NOT_DONE ? before : ASEND_CLOSED;
    if (step == STEP_NOT_DONE) return PyIter_Send(receiver, value, out);
    if (step == STEP_VALUE) return PYGEN_RETURN;
    if (step == STEP_END) PyErr_SetNone(PyExc_StopAsyncIteration);
    out[0] = NULL;
    return PYGEN_ERROR;
}

int64_t pyjit_next_async(PyThreadState *tstate, PyObject *iterator, PyObject **out) {
    PyAsyncGenObject *gen = (PyAsyncGenObject *)iterator;
    if (!PyAsyncGen_CheckExact(iterator) || !gen->ag_hooks_inited || gen->ag_running_async) {
        return STEP_NOT_DONE;
    }
    const Step step = drive(tstate, gen, Py_None, &out[0]);
    if (step == STEP_WAITS) {
        ASend *asend = (ASend *)Py_TYPE(iterator)->tp_as_async->am_anext(iterator);
        if (asend == NULL) {
            Py_DECREF(out[0]);
            return STEP_FAILED;
        }
        asend->state = ASEND_STARTED;
        out[1] = out[0];
        out[0] = (PyObject *)asend;
    } else if (step == STEP_END && tstate->cframe->use_tracing) {
        PyErr_SetNone(PyExc_StopAsyncIteration); /* somebody looks at the exception now */
        return STEP_FAILED;
    }
    return step;
}
