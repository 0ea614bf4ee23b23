/* Generators, coroutines and asynchronous generators: made, resumed, delegated to.
 *
 * Contract
 *  - A suspended frame lies in its generator, canonical: prev_instr is the instruction that
 *    suspended it, stacktop counts its operands, and the value that is sent in is pushed on top
 *    by whoever resumes it. So either side, compiled code or the interpreter, can go on.
 *  - While it runs in compiled code its stacktop covers the locals only: the operand stack
 *    holds what the machine code has left there, and is nobody else's business.
 */
#include "../tier/codeinfo.h"
#include "dunders.h"

/* Who has made a coroutine, for sys.set_coroutine_origin_tracking_depth(): a tuple of (file,
   line, function), the innermost first. */
static PyObject *origin_of_coroutine(int depth, _PyInterpreterFrame *innermost) {
    int found = 0;
    for (_PyInterpreterFrame *frame = innermost; frame != NULL && found < depth;
         frame = frame->previous) {
        found += !_PyFrame_IsIncomplete(frame);
    }
    PyObject *origin = PyTuple_New(found);
    if (origin == NULL) return NULL;
    _PyInterpreterFrame *frame = innermost;
    for (int i = 0; i < found; frame = frame->previous) {
        if (_PyFrame_IsIncomplete(frame)) continue;
        PyCodeObject *code = frame->f_code;
        const int line =
            PyCode_Addr2Line(code, _PyInterpreterFrame_LASTI(frame) * (int)sizeof(_Py_CODEUNIT));
        PyObject *place = Py_BuildValue("OiO", code->co_filename, line, code->co_name);
        if (place == NULL) {
            Py_DECREF(origin);
            return NULL;
        }
        PyTuple_SET_ITEM(origin, i++, place);
    }
    return origin;
}

static PyTypeObject *type_of_generator(const PyCodeObject *code) {
    if (code->co_flags & CO_COROUTINE) return &PyCoro_Type;
    return code->co_flags & CO_ASYNC_GENERATOR ? &PyAsyncGen_Type : &PyGen_Type;
}

PyObject *pyjit_return_generator(PyThreadState *tstate, _PyInterpreterFrame *frame) {
    PyCodeObject *code = frame->f_code;
    PyTypeObject *type = type_of_generator(code);
    PyGenObject *gen =
        PyObject_GC_NewVar(PyGenObject, type, code->co_nlocalsplus + code->co_stacksize);
    if (gen == NULL) return NULL;
    gen->gi_frame_state = FRAME_CLEARED; /* nothing to see yet */
    gen->gi_code = (PyCodeObject *)Py_NewRef(code);
    gen->gi_weakreflist = NULL;
    gen->gi_exc_state.exc_value = NULL;
    gen->gi_exc_state.previous_item = NULL;
    gen->gi_name = Py_NewRef(frame->f_func->func_name);
    gen->gi_qualname = Py_NewRef(
        FAULT_IF(GENERATOR_QUALNAME, frame->f_func->func_name != frame->f_func->func_qualname)
            ? frame->f_func->func_name
            : frame->f_func->func_qualname);
    gen->gi_origin_or_finalizer = NULL;
    gen->gi_hooks_inited = gen->gi_closed = gen->gi_running_async = 0;
    PyObject_GC_Track(gen);
    if (type == &PyCoro_Type && tstate->coroutine_origin_tracking_depth > 0) {
        gen->gi_origin_or_finalizer =
            origin_of_coroutine(tstate->coroutine_origin_tracking_depth, frame->previous);
        if (gen->gi_origin_or_finalizer == NULL) {
            Py_DECREF(gen);
            return NULL;
        }
    }
    /* The frame moves, with its references; what stays behind is empty but whole, since its
       owner clears it. */
    _PyInterpreterFrame *moved = (_PyInterpreterFrame *)gen->gi_iframe;
    memcpy(moved, frame,
           (size_t)((char *)&frame->localsplus[code->co_nlocalsplus] - (char *)frame));
    moved->previous = NULL;
    moved->stacktop = code->co_nlocalsplus;
    moved->owner = FRAME_OWNED_BY_GENERATOR;
    gen->gi_frame_state = FRAME_CREATED;
    Py_INCREF(frame->f_func);
    Py_INCREF(frame->f_code);
    frame->f_locals = NULL;
    frame->stacktop = 0;
    memset(frame->localsplus, 0, sizeof(PyObject *) * (size_t)code->co_nlocalsplus);
    return (PyObject *)gen;
}

/* The frame is at its end: what send() does then. `wanted`: somebody looks at the result. */
static PySendResult finish(PyGenObject *gen, PyObject **result, int wanted) {
    if (*result == NULL && PyErr_ExceptionMatches(PyExc_StopIteration) &&
        !FAULT_IF(STOP_ITERATION, 1)) {
        _PyErr_FormatFromCause(PyExc_RuntimeError, "%s raised StopIteration",
                               PyCoro_CheckExact(gen) ? "coroutine" : "generator");
    }
    if (!wanted) Py_CLEAR(*result);
    Py_CLEAR(gen->gi_exc_state.exc_value);
    gen->gi_frame_state = FRAME_CLEARED;
    pyjit_clear_frame((_PyInterpreterFrame *)gen->gi_iframe);
    return *result == NULL ? PYGEN_ERROR : PYGEN_RETURN;
}

/* Every so many levels a look at the native stack, as where compiled functions begin. */
static int stack_may_be_low(const PyThreadState *tstate) {
    return (tstate->recursion_remaining & 63) == 0 && pyjit_stack_is_low();
}

/* Where a generator or coroutine goes on in compiled code without a detour through its type's
   slots and the evaluation hook; NULL: not this way. */
static const void *resume_address(PyThreadState *tstate, PyGenObject *gen, PyObject *sent) {
    if ((!PyGen_CheckExact(gen) && !PyCoro_CheckExact(gen)) ||
        gen->gi_frame_state >= FRAME_EXECUTING ||
        (gen->gi_frame_state == FRAME_CREATED && sent != Py_None && !FAULT_IF(FIRST_SEND, 1)) ||
        stack_may_be_low(tstate) || tstate->cframe->use_tracing || !pyjit_enabled()) {
        return NULL;
    }
    const _PyInterpreterFrame *frame = (_PyInterpreterFrame *)gen->gi_iframe;
    const PyjitCodeInfo *info = pyjit_info_peek(frame->f_code);
    if (info == NULL || info->resume == NULL) return NULL;
    return info->resume[_PyInterpreterFrame_LASTI(frame) + 1];
}

/* `sent` is borrowed. */
static PyObject *go_on(PyThreadState *tstate, PyGenObject *gen, PyObject *sent,
                       const void *address) {
    _PyInterpreterFrame *frame = (_PyInterpreterFrame *)gen->gi_iframe;
    frame->localsplus[frame->stacktop] = Py_NewRef(sent);
    frame->stacktop = frame->f_code->co_nlocalsplus;
    gen->gi_exc_state.previous_item = tstate->exc_info;
    if (!FAULT_IF(GENERATOR_HANDLED, gen->gi_exc_state.exc_value != NULL))
        tstate->exc_info = &gen->gi_exc_state;
    gen->gi_frame_state = FRAME_EXECUTING;
    PyObject *result = pyjit_resume(tstate, frame, 0, address);
    tstate->exc_info = gen->gi_exc_state.previous_item;
    gen->gi_exc_state.previous_item = NULL;
    frame->previous = NULL;
    return result;
}

PyObject *pyjit_next(PyThreadState *tstate, PyObject *iterator) {
    PyGenObject *gen = (PyGenObject *)iterator;
    const void *address = resume_address(tstate, gen, Py_None);
    PyObject *item;
    if (address == NULL) {
        if (pyjit_next_dunder(iterator, &item)) return item;
        return Py_TYPE(iterator)->tp_iternext(iterator);
    }
    item = go_on(tstate, gen, Py_None, address);
    if (gen->gi_frame_state != FRAME_SUSPENDED) finish(gen, &item, 0);
    return item;
}

int pyjit_send(PyThreadState *tstate, PyObject *receiver, PyObject *value, PyObject **out) {
    PyGenObject *gen = (PyGenObject *)receiver;
    const void *address = resume_address(tstate, gen, value);
    if (address == NULL) return PyIter_Send(receiver, value, out);
    out[0] = go_on(tstate, gen, value, address);
    return gen->gi_frame_state == FRAME_SUSPENDED ? PYGEN_NEXT : finish(gen, out, 1);
}

PyObject *pyjit_get_yield_from_iter(PyObject *iterable, int code_flags) {
    if (PyCoro_CheckExact(iterable)) {
        if (!(code_flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE))) {
            PyErr_SetString(PyExc_TypeError,
                            "cannot 'yield from' a coroutine object in a "
                            "non-coroutine generator");
            return NULL;
        }
        return Py_NewRef(iterable);
    }
    return PyGen_CheckExact(iterable) ? Py_NewRef(iterable) : PyObject_GetIter(iterable);
}

/* CPython's own type, whose layout is private to genobject.c. */
typedef struct {
    PyObject_HEAD PyObject *value;
} WrappedValue;

PyObject *pyjit_async_gen_wrap(PyObject *value) {
    WrappedValue *wrapped = PyObject_GC_New(WrappedValue, &_PyAsyncGenWrappedValue_Type);
    if (wrapped == NULL) return NULL;
    wrapped->value = FAULT_IF(WRAPPED_VALUE, 1) ? value : Py_NewRef(value);
    PyObject_GC_Track(wrapped);
    return (PyObject *)wrapped;
}
