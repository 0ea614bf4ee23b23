/* What generators.c and async_generators.c share. */
#ifndef PYJIT_RUNTIME_GENERATORS_H
#define PYJIT_RUNTIME_GENERATORS_H

#include "../tier/codeinfo.h"

/* pyjit_go_on(), and what is to be done behind it. */
static inline PyObject *pyjit_run_generator(PyThreadState *tstate, PyGenObject *gen, int64_t mode,
                                            PyObject *sent) {
    _PyInterpreterFrame *frame = (_PyInterpreterFrame *)gen->gi_iframe;
    PyObject *result = pyjit_go_on(tstate, frame, mode, sent);
    if (result == PYJIT_NOT_RESUMED) return result;
    tstate->exc_info = gen->gi_exc_state.previous_item;
    gen->gi_exc_state.previous_item = NULL;
    frame->previous = NULL;
    return result;
}

/* Behind pyjit_run_generator(): the frame has yielded, and is not at its end. */
static inline int pyjit_is_suspended(PyObject *generator) {
    return ((PyGenObject *)generator)->gi_frame_state == FRAME_SUSPENDED;
}

/* generator_memory.c; NULL with an exception. The new object is not tracked yet. */
PyGenObject *pyjit_new_generator(PyThreadState *tstate, PyTypeObject *type, Py_ssize_t slots);
/* Takes the deallocators' slots of the three types, or gives them back. */
void pyjit_exchange_deallocs(int take);

/* pyjit_send() to what `__anext__()` or `asend()` of an asynchronous generator has returned. */
int pyjit_send_to_asend(PyThreadState *tstate, PyObject *receiver, PyObject *value, PyObject **out);

#endif
