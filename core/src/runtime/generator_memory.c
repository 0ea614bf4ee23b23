/* Memory of generators and coroutines: what dies is kept for the next one of its size.
 *
 * A coroutine that is awaited where it is made lives for one call, and half of what that cost was
 * the object.
 *
 * Contract
 *  - The garbage collector counts these objects as it counts others: a collection begins with the
 *    same allocation as without us.
 *  - Only what has come to its end in an ordinary way, or is suspended where nothing would
 *    catch the GeneratorExit that close() raises in it, dies here; the rest is for gen_dealloc().
 *  - The three types of generators have one layout.
 */
#include "generators.h"

#include <opcode.h>

enum {
    LARGEST = 40, /* operands and locals of the frames that are kept */
    KEPT = 24,    /* of each size */
};

typedef struct {
    PyObject *blocks[KEPT];
    int count;
} Pool;

static Pool pools[LARGEST + 1];

static Pool *pool_of(Py_ssize_t slots) { return slots <= LARGEST ? &pools[slots] : NULL; }

static destructor dealloc_generator, dealloc_coroutine, dealloc_async_generator;

PyGenObject *pyjit_new_generator(PyThreadState *tstate, PyTypeObject *type, Py_ssize_t slots) {
    struct gc_generation *youngest = &tstate->interp->gc.generations[0];
    Pool *pool = pool_of(slots);
    /* The allocation that begins a collection is CPython's own. */
    if (pool == NULL || pool->count == 0 || youngest->count >= youngest->threshold) {
        return PyObject_GC_NewVar(PyGenObject, type, slots);
    }
    youngest->count++;
    PyObject *object = pool->blocks[--pool->count];
    _PyObject_Init(object, type); /* despite their itemsize they have no ob_size */
    return (PyGenObject *)object;
}

/* Suspended, and closing it would have no effect but that its references are dropped: no handler,
   no delegation, nobody who holds its frame object or traces. `any(… for …)` leaves such a
   generator. */
static int is_abandoned(const PyThreadState *tstate, PyGenObject *gen) {
    const _PyInterpreterFrame *frame = (_PyInterpreterFrame *)gen->gi_iframe;
    if (gen->gi_frame_state != FRAME_SUSPENDED || !PyGen_CheckExact(gen) ||
        PyBytes_GET_SIZE(gen->gi_code->co_exceptiontable) != 0 || frame->frame_obj != NULL ||
        tstate->cframe->use_tracing || tstate->recursion_remaining <= 1 ||
        gen->gi_weakreflist != NULL || gen->gi_exc_state.exc_value != NULL ||
        !_PyObject_GC_IS_TRACKED((PyObject *)gen) || _PyGC_FINALIZED((PyObject *)gen)) {
        return 0;
    }
    const _Py_CODEUNIT behind = frame->prev_instr[1];
    return pyjit_base_opcode(_Py_OPCODE(behind)) == RESUME && _Py_OPARG(behind) < 2;
}

/* Drops what its frame holds; 0: a finaliser has got hold of the generator. It is done as the
   interpreter does when GeneratorExit goes through it: first the operands, while the frame is the
   current one; then function and locals, when it no longer is. */
static int abandon(PyThreadState *tstate, PyGenObject *gen) {
    _PyInterpreterFrame *frame = (_PyInterpreterFrame *)gen->gi_iframe;
    const int locals = gen->gi_code->co_nlocalsplus;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    Py_SET_REFCNT(gen, 1); /* it is alive while finalisers run */
    gen->gi_frame_state = FRAME_EXECUTING;
    tstate->recursion_remaining--;
    frame->previous = tstate->cframe->current_frame;
    tstate->cframe->current_frame = frame;
    while (frame->stacktop > locals) {
        PyObject *operand = frame->localsplus[--frame->stacktop];
        if (!FAULT_IF(ABANDONED_OPERAND, 1)) Py_XDECREF(operand); /* PUSH_NULL pushes NULL */
    }
    tstate->cframe->current_frame = frame->previous;
    frame->previous = NULL;
    tstate->recursion_remaining++;
    gen->gi_frame_state = FRAME_CLEARED;
    if (frame->frame_obj != NULL) {
        pyjit_clear_frame(frame); /* a finaliser has asked for it */
    } else {
        Py_DECREF(frame->f_func);
        for (int i = 0; i < locals; i++) Py_XDECREF(frame->localsplus[i]);
        Py_XDECREF(frame->f_locals);
        Py_DECREF(frame->f_code);
    }
    Py_SET_REFCNT(gen, Py_REFCNT(gen) - 1);
    PyErr_Restore(type, value, traceback);
    pyjit_counters.abandoned_generators++;
    return Py_REFCNT(gen) == 0;
}

/* 0: this one is not for us. */
static int dies_here(PyGenObject *gen) {
    return gen->gi_frame_state == FRAME_CLEARED && gen->gi_weakreflist == NULL &&
           gen->gi_exc_state.exc_value == NULL && gen->gi_origin_or_finalizer == NULL &&
           _PyObject_GC_IS_TRACKED((PyObject *)gen);
}

static void dealloc(PyObject *object, destructor otherwise) {
    PyGenObject *gen = (PyGenObject *)object;
    PyThreadState *tstate = _PyThreadState_GET();
    PyInterpreterState *interp = tstate->interp;
    const int ours = interp->eval_frame == pyjit_eval_frame;
    if (ours && is_abandoned(tstate, gen) && !abandon(tstate, gen)) return;
    if (!ours || !dies_here(gen)) {
        otherwise(object);
        return;
    }
    Pool *pool = pool_of(gen->gi_code->co_nlocalsplus + gen->gi_code->co_stacksize);
    _PyObject_GC_UNTRACK(object);
    Py_CLEAR(gen->gi_code);
    Py_CLEAR(gen->gi_name);
    Py_CLEAR(gen->gi_qualname);
    if (pool == NULL || pool->count == KEPT) {
        PyObject_GC_Del(object);
        return;
    }
    /* As PyObject_GC_Del() does it. */
    if (interp->gc.generations[0].count > 0) interp->gc.generations[0].count--;
    _Py_AS_GC(object)->_gc_next = _Py_AS_GC(object)->_gc_prev = 0;
    pool->blocks[pool->count++] = object;
}

static void generator_dies(PyObject *object) { dealloc(object, dealloc_generator); }
static void coroutine_dies(PyObject *object) { dealloc(object, dealloc_coroutine); }
static void async_generator_dies(PyObject *object) { dealloc(object, dealloc_async_generator); }

static void exchange(PyTypeObject *type, destructor *theirs, destructor ours, int take) {
    if (take && type->tp_dealloc != ours) {
        *theirs = type->tp_dealloc;
        type->tp_dealloc = ours;
    } else if (!take && type->tp_dealloc == ours) {
        type->tp_dealloc = *theirs;
    }
}

void pyjit_exchange_deallocs(int take) {
    exchange(&PyGen_Type, &dealloc_generator, generator_dies, take);
    exchange(&PyCoro_Type, &dealloc_coroutine, coroutine_dies, take);
    exchange(&PyAsyncGen_Type, &dealloc_async_generator, async_generator_dies, take);
}
