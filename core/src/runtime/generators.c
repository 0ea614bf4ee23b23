/* Generators and coroutines: made, resumed, delegated to. What is special about asynchronous
 * generators is in async_generators.c.
 *
 * Contract
 *  - A suspended frame lies in its generator, canonical: prev_instr is the instruction that
 *    suspended it, stacktop counts its operands, and the value that is sent in is pushed on top
 *    by whoever resumes it. So either side, compiled code or the interpreter, can go on.
 *  - While it runs in compiled code its stacktop covers the locals only: the operand stack
 *    holds what the machine code has left there, and is nobody else's business.
 */
#include "dunders.h"
#include "generators.h"
#include "tracing.h"

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
    PyGenObject *gen = pyjit_new_generator(tstate, type, code->co_nlocalsplus + code->co_stacksize);
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
    _PyObject_GC_TRACK(gen);
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

PyObject *pyjit_end_generator(PyObject *generator, PyObject *result, int wanted) {
    PyGenObject *gen = (PyGenObject *)generator;
    const int async = PyAsyncGen_CheckExact(gen);
    const char *raised = NULL;
    if (result == NULL) {
        raised = PyErr_ExceptionMatches(PyExc_StopIteration)                 ? "StopIteration"
                 : async && PyErr_ExceptionMatches(PyExc_StopAsyncIteration) ? "StopAsyncIteration"
                                                                             : NULL;
    }
    if (raised != NULL && !FAULT_IF(STOP_ITERATION, !async)) {
        const char *what = PyCoro_CheckExact(gen) ? "coroutine"
                           : async                ? "async generator"
                                                  : "generator";
        _PyErr_FormatFromCause(PyExc_RuntimeError, "%s raised %s", what, raised);
    }
    Py_CLEAR(gen->gi_exc_state.exc_value);
    gen->gi_frame_state = FRAME_CLEARED;
    pyjit_clear_frame((_PyInterpreterFrame *)gen->gi_iframe);
    if (wanted || result == NULL) return result;
    PyThreadState *tstate = PyThreadState_Get();
    if (tstate->c_tracefunc != NULL && result != Py_None) {
        _PyGen_SetStopIterationValue(result);
        pyjit_report_exhausted(tstate);
    }
    Py_DECREF(result);
    return NULL;
}

PyObject *pyjit_next(PyThreadState *tstate, PyObject *iterator) {
    PyObject *item = PYJIT_NOT_RESUMED;
    if (PyGen_CheckExact(iterator)) {
        item = pyjit_run_generator(tstate, (PyGenObject *)iterator, 0, Py_None);
    }
    if (item == PYJIT_NOT_RESUMED) {
        if (pyjit_next_dunder(iterator, &item)) return item;
        return Py_TYPE(iterator)->tp_iternext(iterator);
    }
    if (pyjit_is_suspended(iterator)) return item;
    return pyjit_end_generator(iterator, item, 0);
}

int pyjit_send(PyThreadState *tstate, PyObject *receiver, PyObject *value, PyObject **out) {
    if (Py_IS_TYPE(receiver, &_PyAsyncGenASend_Type)) {
        return pyjit_send_to_asend(tstate, receiver, value, out);
    }
    PyObject *result = PYJIT_NOT_RESUMED;
    if (PyGen_CheckExact(receiver) || PyCoro_CheckExact(receiver)) {
        result = pyjit_run_generator(tstate, (PyGenObject *)receiver, 0, value);
    }
    if (result == PYJIT_NOT_RESUMED) return PyIter_Send(receiver, value, out);
    out[0] = result;
    if (pyjit_is_suspended(receiver)) return PYGEN_NEXT;
    out[0] = pyjit_end_generator(receiver, result, 1);
    return out[0] == NULL ? PYGEN_ERROR : PYGEN_RETURN;
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
