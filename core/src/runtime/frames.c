/* Frames: what CPython 3.11 does not export, written anew; pending work; counters.
 *
 * Contract: a frame that is cleared here is unlinked already, so that finalisers
 * that run meanwhile do not see it.
 */
#include "../tier/codeinfo.h"
#include <frameobject.h>
#include <pthread.h>

PyjitCounters pyjit_counters;

/* The frame object outlives the frame: it gets a copy of it. */
static void take_ownership(PyFrameObject *object, _PyInterpreterFrame *frame) {
    Py_ssize_t size = (char *)&frame->localsplus[frame->stacktop] - (char *)frame;
    _PyInterpreterFrame *copy = (_PyInterpreterFrame *)object->_f_frame_data;
    memcpy(copy, frame, (size_t)size);
    object->f_frame = copy;
    copy->owner = FRAME_OWNED_BY_FRAME_OBJECT;
    if (_PyFrame_IsIncomplete(copy)) {
        copy->prev_instr = _PyCode_CODE(copy->f_code) + copy->f_code->_co_firsttraceable;
    }
    _PyInterpreterFrame *previous = copy->previous;
    while (previous != NULL && _PyFrame_IsIncomplete(previous)) {
        previous = previous->previous;
    }
    if (previous != NULL && !FAULT_IF(FRAME_BACK, 1)) {
        /* `previous` is the current frame now, so this makes its frame object. */
        PyFrameObject *back = PyThreadState_GetFrame(_PyThreadState_GET());
        if (back == NULL) {
            PyErr_Clear();
        }
        object->f_back = back;
        copy->previous = NULL;
    }
    if (!_PyObject_GC_IS_TRACKED((PyObject *)object)) {
        PyObject_GC_Track((PyObject *)object);
    }
}

void pyjit_clear_frame(_PyInterpreterFrame *frame) {
    if (frame->frame_obj != NULL) {
        PyFrameObject *object = frame->frame_obj;
        frame->frame_obj = NULL;
        if (Py_REFCNT(object) > 1) {
            pyjit_counters.outlived_frames++;
            take_ownership(object, frame);
            Py_DECREF(object);
            return;
        }
        Py_DECREF(object);
    }
    for (int i = 0; i < frame->stacktop; i++) {
        Py_XDECREF(frame->localsplus[i]);
    }
    Py_XDECREF(frame->f_locals);
    Py_DECREF(frame->f_func);
    Py_DECREF(frame->f_code);
}

void pyjit_clear_and_pop(PyThreadState *tstate, _PyInterpreterFrame *frame) {
    tstate->recursion_remaining--;
    pyjit_clear_frame(frame);
    tstate->recursion_remaining++;
    /* Frames entered directly never are the first of their chunk. */
    tstate->datastack_top = (PyObject **)frame;
}

PyObject *pyjit_direct_interpreted(PyThreadState *tstate, _PyInterpreterFrame *frame,
                                   PyFunctionObject *function) {
    PyCodeObject *code = (PyCodeObject *)function->func_code;
    frame->f_func = function;
    frame->f_code = (PyCodeObject *)Py_NewRef(code);
    frame->f_builtins = function->func_builtins;
    frame->f_globals = function->func_globals;
    frame->f_locals = NULL;
    frame->stacktop = code->co_nlocalsplus;
    frame->frame_obj = NULL;
    frame->prev_instr = _PyCode_CODE(code) - 1;
    frame->is_entry = false;
    frame->owner = FRAME_OWNED_BY_THREAD;
    for (int i = pyjit_parameters(code); i < code->co_nlocalsplus; i++) {
        frame->localsplus[i] = NULL;
    }
    PyObject *result = pyjit_eval_frame(tstate, frame, 0);
    pyjit_clear_and_pop(tstate, frame);
    return result;
}

int pyjit_recursion_error(PyThreadState *tstate) {
    if (_Py_CheckRecursiveCall(tstate, "") == 0) {
        return 0;
    }
    tstate->recursion_remaining--;
    return -1;
}

/* Python calls take native stack in a process with an evaluation hook, compiled
   ones about a hundred bytes, others ten times as much; a recursion limit that was
   raised would end in a segmentation fault. So the end of the stack is an error like
   the limit, well before it is reached: what does not come by here needs room too. */
enum { STACK_RESERVE = 256 * 1024 };

typedef struct {
    char *low,
        *end; /* low: what must stay free ends here; end: of the stack, NULL: not known yet */
} StackBounds;

static StackBounds find_stack(void) {
    char *base = NULL;
    size_t size = 0;
#ifdef __APPLE__
    char *top = pthread_get_stackaddr_np(pthread_self());
    size = pthread_get_stacksize_np(pthread_self());
    base = top - size;
#else
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        void *address;
        if (pthread_attr_getstack(&attributes, &address, &size) == 0) base = address;
        pthread_attr_destroy(&attributes);
    }
#endif
    if (base == NULL) return (StackBounds){NULL, (char *)UINTPTR_MAX}; /* never low */
    const size_t reserve = size / 4 < STACK_RESERVE ? size / 4 : STACK_RESERVE;
    return (StackBounds){base + reserve, base + size};
}

int pyjit_stack_is_low(void) {
    static __thread StackBounds bounds __attribute__((tls_model("initial-exec")));
    char *here = __builtin_frame_address(0);
    if (bounds.end == NULL) bounds = find_stack();
    /* Somebody may run us on a stack of their own making: that is not judged. */
    return here < bounds.low && here >= bounds.low - STACK_RESERVE;
}

int pyjit_check_stack(PyThreadState *tstate) {
    if (!pyjit_stack_is_low()) return 0;
    _PyErr_SetString(tstate, PyExc_RecursionError,
                     "maximum recursion depth exceeded: the native stack is used up");
    return -1;
}

/* Signals, pending calls, another thread's wish for the GIL, asynchronous
   exceptions: what the interpreter does when its eval breaker is set. */
int pyjit_handle_pending(PyThreadState *tstate) {
    struct _ceval_state *ceval = &tstate->interp->ceval;
    pyjit_counters.pending_calls++;
    if (Py_MakePendingCalls() < 0) {
        return -1;
    }
    if (_Py_atomic_load_relaxed(&ceval->gil_drop_request)) {
        PyEval_RestoreThread(PyEval_SaveThread());
    }
    if (tstate->async_exc != NULL) {
        PyObject *exception = tstate->async_exc;
        tstate->async_exc = NULL;
        ceval->pending.async_exc = 0;
        int again = _Py_atomic_load_relaxed(&ceval->gil_drop_request) |
                    _Py_atomic_load_relaxed(&_PyRuntime.ceval.signals_pending) |
                    _Py_atomic_load_relaxed(&ceval->pending.calls_to_do);
        _Py_atomic_store_relaxed(&ceval->eval_breaker, again);
        PyErr_SetNone(exception);
        Py_DECREF(exception);
        return -1;
    }
    return 0;
}
