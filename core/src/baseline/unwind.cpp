// Leaving compiled code by its exits: exceptions, deoptimisation, tracing.
//
// Contract: everything an exit knows is in the MachineCode's tables (machine.h).
// Registers were written to the frame's slots before. What is returned is an
// address in this or another version's code; the native frame stays as it is.
#include "layout.h"
#include "machine.h"
#include "snapshot.h"
#include "../bytecode/cp311/bytecode.h"

#include <cstring>

namespace pyjit {

namespace {

constexpr uint32_t kDeoptsBeforeRecompile = 8;

PyObject** stackBase(_PyInterpreterFrame* frame) {
    return frame->localsplus + frame->f_code->co_nlocalsplus;
}

// Makes every operand stack entry an owned reference in its slot.
void materialise(_PyInterpreterFrame* frame, const MachineCode* machine, const Exit& exit) {
    PyObject** base = stackBase(frame);
    for (uint32_t i = 0; i < exit.depth; ++i) {
        const Slot& slot = machine->slots[exit.firstSlot + i];
        switch (slot.kind) {
            case Slot::Kind::Const:
                ++pyjit_counters.rebuilt_borrowed;
                base[i] = Py_XNewRef(machine->constants[slot.index]);
                break;
            case Slot::Kind::Local:
                ++pyjit_counters.rebuilt_borrowed;
                base[i] = frame->localsplus[slot.index];
                if (!FAULT_IF(MATERIALISED_LOCAL, base[i] != nullptr)) Py_XINCREF(base[i]);
                break;
            case Slot::Kind::Memory: break;
            case Slot::Kind::Int: {
                ++pyjit_counters.boxed_ints;
                int64_t value;
                std::memcpy(&value, &base[i], sizeof value);
                if (FAULT_IF(MATERIALISED_INT, value != static_cast<int32_t>(value)))
                    value = static_cast<int32_t>(value);
                base[i] = PyLong_FromLongLong(value);
                if (base[i] == nullptr) {
                    Py_FatalError("pyjit: no memory for an int while leaving compiled code");
                }
                break;
            }
            case Slot::Kind::Double: {
                ++pyjit_counters.boxed_floats;
                double value;
                std::memcpy(&value, &base[i], sizeof value);
                base[i] = PyFloat_FromDouble(value);
                if (base[i] == nullptr) {
                    Py_FatalError("pyjit: no memory for a float while leaving compiled code");
                }
                break;
            }
        }
    }
}

void addTraceback(_PyInterpreterFrame* frame) {
    if (_PyFrame_IsIncomplete(frame)) return;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyFrameObject* object = PyEval_GetFrame();  // this frame is the current one
    PyErr_Restore(type, value, traceback);
    if (object != nullptr) PyTraceBack_Here(object);
}

// Runs the rest of the frame in the interpreter, which links it and counts its
// recursion itself.
PyObject* interpret(PyThreadState* tstate, _PyInterpreterFrame* frame, int throwflag) {
    ++pyjit_counters.deopts;
    tstate->cframe->current_frame = frame->previous;
    tstate->recursion_remaining++;
    return _PyEval_EvalFrameDefault(tstate, frame, throwflag);
}

// Has the frame as the interpreter has it in front of the instruction that the exit is for.
void leaveFor(_PyInterpreterFrame* frame, const MachineCode* machine, int64_t index) {
    const Exit& exit = machine->exits[static_cast<size_t>(index)];
    materialise(frame, machine, exit);
    frame->stacktop = frame->f_code->co_nlocalsplus + static_cast<int>(exit.depth);
    frame->prev_instr = firstUnit(frame->f_code) + static_cast<int32_t>(exit.bci);
    pyjit_snapshots_go_on();
}

// The raised exception as an instance with its traceback, as handlers get it.
PyObject* takeException() {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyException_SetTraceback(
        value, traceback == nullptr || FAULT_IF(LOST_TRACEBACK, 1) ? Py_None : traceback);
    Py_XDECREF(traceback);
    Py_XDECREF(type);
    return value;
}

// Where a handler begins, with its EXTENDED_ARG: what is in front of it jumps,
// returns or raises, so it is no inline cache.
uint32_t startOf(PyCodeObject* code, uint32_t handler) {
    const _Py_CODEUNIT* units = firstUnit(code);
    while (handler > 0 && _Py_OPCODE(units[handler - 1]) == OP_EXTENDED_ARG) --handler;
    return handler;
}

// The exception is in a frame that somebody traces since one of its callees said
// so. The interpreter takes over: it adds the traceback entry, reports the exception,
// and later the return. An entry with throwflag would also report a call, as for a
// generator; with use_tracing off it does not, and the report of the exception
// switches it on again.
void* unwindTraced(PyThreadState* tstate, _PyInterpreterFrame* frame, const MachineCode* machine,
                   uint32_t depth) {
    frame->stacktop = frame->f_code->co_nlocalsplus + static_cast<int>(depth);
    tstate->cframe->use_tracing = 0;
    PyObject* result = interpret(tstate, frame, 1);
    *leftResult() = result;
    return machine->leaveResult();
}

// Profilers hear of no exceptions, but of a frame that is left by one.
void reportUnwound(PyThreadState* tstate, _PyInterpreterFrame* frame) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyFrameObject* object = PyThreadState_GetFrame(tstate);
    if (object != nullptr) {
        PyThreadState_EnterTracing(tstate);
        const int error =
            tstate->c_profilefunc(tstate->c_profileobj, object, PyTrace_RETURN, nullptr);
        PyThreadState_LeaveTracing(tstate);
        Py_DECREF(object);
        if (error != 0) {  // it takes the place of the exception
            Py_XDECREF(type);
            Py_XDECREF(value);
            Py_XDECREF(traceback);
            return;
        }
    }
    PyErr_Restore(type, value, traceback);
}

// The operand stack, `depth` entries of it, is canonical. No handler: the frame is left.
void* unwind(PyThreadState* tstate, _PyInterpreterFrame* frame, const MachineCode* machine,
             uint32_t depth, const Handler* handler, bool traceback) {
    PyObject** base = stackBase(frame);
    const bool traced = tstate->cframe->use_tracing != 0;
    if (traceback && traced && tstate->c_tracefunc != nullptr) {
        return unwindTraced(tstate, frame, machine, depth);
    }
    if (traceback) addTraceback(frame);
    const uint32_t keep =
        handler == nullptr ? 0
                           : handler->depth - (FAULT_IF(HANDLER_DEPTH, handler->depth > 0) ? 1 : 0);
    for (uint32_t i = depth; i > keep; --i) {
        if (!FAULT_IF(UNWIND_LEAK, base[i - 1] != nullptr)) Py_XDECREF(base[i - 1]);
    }
    if (handler == nullptr) {
        ++pyjit_counters.unwound;
        if (traced && tstate->c_profilefunc != nullptr) {
            frame->stacktop = frame->f_code->co_nlocalsplus;
            reportUnwound(tstate, frame);
        }
        return machine->leaveError();
    }
    ++pyjit_counters.handled;
    uint32_t top = keep;
    if (handler->lasti) {
        base[top++] =
            PyLong_FromLong(FAULT_IF(HANDLER_PLACE, 1) ? static_cast<long>(handler->target)
                                                       : _PyInterpreterFrame_LASTI(frame));
    }
    base[top++] = takeException();
    if (traced) {  // the interpreter runs what is traced, from the handler on
        frame->stacktop = frame->f_code->co_nlocalsplus + static_cast<int>(top);
        frame->prev_instr = firstUnit(frame->f_code) + startOf(frame->f_code, handler->target) - 1;
        PyObject* result = interpret(tstate, frame, 0);
        *leftResult() = result;
        return machine->leaveResult();
    }
    return machine->entry(handler->target);
}

const Handler* handlerOf(const MachineCode* machine, const Exit& exit) {
    return exit.handler < 0 ? nullptr : &machine->handlers[static_cast<size_t>(exit.handler)];
}

}  // namespace

}  // namespace pyjit

using namespace pyjit;

extern "C" void* pyjit_unwind(PyThreadState* tstate, _PyInterpreterFrame* frame, void* code,
                              int64_t index) {
    auto* machine = static_cast<MachineCode*>(code);
    const Exit& exit = machine->exits[static_cast<size_t>(index)];
    if (frame->prev_instr < firstUnit(frame->f_code) + exit.bci ||
        frame->prev_instr > firstUnit(frame->f_code) + exit.bci + 4) {
        frame->prev_instr = firstUnit(frame->f_code) + exit.bci;
    }
    if (!PyErr_Occurred()) {
        PyErr_SetString(PyExc_SystemError, "error return without exception set");
    }
    materialise(frame, machine, exit);
    return unwind(tstate, frame, machine, exit.depth, handlerOf(machine, exit), true);
}

extern "C" void* pyjit_unwind_reraise(PyThreadState* tstate, _PyInterpreterFrame* frame, void* code,
                                      int64_t index) {
    auto* machine = static_cast<MachineCode*>(code);
    const Exit& exit = machine->exits[static_cast<size_t>(index)];
    materialise(frame, machine, exit);
    return unwind(tstate, frame, machine, exit.depth, handlerOf(machine, exit), false);
}

extern "C" void* pyjit_raise_resumed(PyThreadState* tstate, _PyInterpreterFrame* frame) {
    ++pyjit_counters.thrown;
    PyCodeObject* code = frame->f_code;
    const auto depth = static_cast<uint32_t>(frame->stacktop - code->co_nlocalsplus);
    Handler handler;
    const auto bci = static_cast<uint32_t>(_PyInterpreterFrame_LASTI(frame));
    const bool handled = findHandler(code, bci, handler);
    frame->stacktop = code->co_nlocalsplus;
    return unwind(tstate, frame, genericVersion(pyjit_info_peek(code)), depth,
                  handled ? &handler : nullptr, true);
}

extern "C" void* pyjit_deopt(PyThreadState* tstate, _PyInterpreterFrame* frame, void* code,
                             int64_t index) {
    auto* machine = static_cast<MachineCode*>(code);
    const Exit& exit = machine->exits[static_cast<size_t>(index)];
    PyjitCodeInfo* info = machine->info;
    ++pyjit_counters.guard_failures;
    if (info->sites != nullptr && info->sites[exit.bci] != nullptr) ++info->sites[exit.bci]->exits;
    materialise(frame, machine, exit);
    const MachineCode* generic = genericVersion(info);
    if (generic == nullptr || generic->entry(exit.bci) == nullptr) {
        // It is compiled first and kept as long as the code object, so this does not
        // happen; if it did, the interpreter could do the rest as well.
        frame->stacktop = frame->f_code->co_nlocalsplus + static_cast<int>(exit.depth);
        const Bytecode bytecode = decode(frame->f_code);
        const Instr& next = bytecode.instrs[static_cast<size_t>(bytecode.indexOf[exit.bci])];
        frame->prev_instr = firstUnit(frame->f_code) + static_cast<int32_t>(next.start) - 1;
        *leftResult() = interpret(tstate, frame, 0);
        return machine->leaveResult();
    }
    // After a few of these there will be a version that knows what was seen here.
    if (++info->deopts >= kDeoptsBeforeRecompile) info->want_recompile = 1;
    return generic->entry(exit.bci);
}

extern "C" PyObject* pyjit_leave_compiled(PyThreadState* tstate, _PyInterpreterFrame* frame,
                                          void* code, int64_t index) {
    leaveFor(frame, static_cast<MachineCode*>(code), index);
    return interpret(tstate, frame, 0);
}

PyObject* pyjit::leaveStopped(PyThreadState* tstate, _PyInterpreterFrame* frame,
                              const MachineCode* machine, int64_t exit) {
    leaveFor(frame, machine, exit);
    pyjit_snapshots_take(tstate, frame);
    return interpret(tstate, frame, 0);
}
