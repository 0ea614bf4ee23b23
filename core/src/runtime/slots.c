/* Generators and coroutines that C drives (`tuple(...)`, `set(...)`, `sum(...)`, the step of a
 * task), without CPython's send() and the evaluation hook in between.
 *
 * While the JIT is enabled, tp_iternext of generators and am_send of generators and coroutines are
 * functions of our own.
 *
 * Contract
 *  - They do something themselves only for frames that go on in compiled code, and only where the
 *    evaluation hook of the current interpreter is ours; the rest is for the function that was in
 *    the slot.
 *  - The slots are given back as they were, unless somebody else has changed them since.
 */
#include "generators.h"

static iternextfunc next_of_generator;
static sendfunc send_to_generator, send_to_coroutine;

/* What the generator yields or, at its end, returns; PYJIT_NOT_RESUMED: not this way. */
static PyObject *go_on(PyObject *generator, PyObject *sent) {
    PyThreadState *tstate = _PyThreadState_GET();
    if (tstate->interp->eval_frame != pyjit_eval_frame || pyjit_go_on == NULL) {
        return PYJIT_NOT_RESUMED;
    }
    PyObject *result = pyjit_run_generator(tstate, (PyGenObject *)generator, 0, sent);
    if (result == PYJIT_NOT_RESUMED || pyjit_is_suspended(generator)) return result;
    return pyjit_end_generator(generator, result, 1);
}

static PyObject *next(PyObject *generator) {
    PyObject *result = go_on(generator, Py_None);
    if (result == PYJIT_NOT_RESUMED) return next_of_generator(generator);
    if (result == NULL || pyjit_is_suspended(generator)) return result;
    if (result != Py_None) _PyGen_SetStopIterationValue(result);
    Py_DECREF(result);
    return NULL;
}

static PySendResult send(PyObject *receiver, PyObject *value, PyObject **out) {
    out[0] = go_on(receiver, value);
    if (out[0] == PYJIT_NOT_RESUMED) {
        return (PyCoro_CheckExact(receiver) ? send_to_coroutine : send_to_generator)(receiver,
                                                                                     value, out);
    }
    if (out[0] == NULL) return PYGEN_ERROR;
    return pyjit_is_suspended(receiver) ? PYGEN_NEXT : PYGEN_RETURN;
}

void pyjit_take_slots(void) {
    PyAsyncMethods *generators = PyGen_Type.tp_as_async, *coroutines = PyCoro_Type.tp_as_async;
    if (PyGen_Type.tp_iternext == next || generators->am_send == send ||
        coroutines->am_send == send) {
        return; /* somebody has put one of them back: what is behind them is known already */
    }
    next_of_generator = PyGen_Type.tp_iternext;
    send_to_generator = generators->am_send;
    send_to_coroutine = coroutines->am_send;
    PyGen_Type.tp_iternext = next;
    generators->am_send = coroutines->am_send = send;
    pyjit_exchange_deallocs(1);
}

void pyjit_give_back_slots(void) {
    PyAsyncMethods *generators = PyGen_Type.tp_as_async, *coroutines = PyCoro_Type.tp_as_async;
    if (PyGen_Type.tp_iternext == next) PyGen_Type.tp_iternext = next_of_generator;
    if (generators->am_send == send) generators->am_send = send_to_generator;
    if (coroutines->am_send == send) coroutines->am_send = send_to_coroutine;
    pyjit_exchange_deallocs(0);
}
