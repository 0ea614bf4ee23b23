// Leaving compiled code by its exits: exceptions, deoptimisation, tracing.
//
// Contract: everything an exit knows is in the MachineCode's tables (machine.h).
// Registers were written to the frame's slots before. What is returned is an
// address in this or another version's code; the native frame stays as it is.
#include "layout.h"
#include "machine.h"
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
            case Slot::Kind::Const: base[i] = Py_XNewRef(machine->constants[slot.index]); break;
            case Slot::Kind::Local: base[i] = Py_XNewRef(frame->localsplus[slot.index]); break;
            case Slot::Kind::Memory: break;
            case Slot::Kind::Int: {
                int64_t value;
                std::memcpy(&value, &base[i], sizeof value);
                base[i] = PyLong_FromLongLong(value);
                if (base[i] == nullptr) {
                    Py_FatalError("pyjit: no memory for an int while leaving compiled code");
                }
                break;
            }
            case Slot::Kind::Double: {
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

// The raised exception as an instance with its traceback, as handlers get it.
PyObject* takeException() {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyException_SetTraceback(value, traceback == nullptr ? Py_None : traceback);
    Py_XDECREF(traceback);
    Py_XDECREF(type);
    return value;
}

void* unwind(PyThreadState* tstate, _PyInterpreterFrame* frame, MachineCode* machine,
             const Exit& exit, bool traceback) {
    materialise(frame, machine, exit);
    PyObject** base = stackBase(frame);
    if (traceback && tstate->c_tracefunc != nullptr) {
        // Whoever traces hears of the exception: the interpreter takes over.
        frame->stacktop = frame->f_code->co_nlocalsplus + static_cast<int>(exit.depth);
        PyObject* result = interpret(tstate, frame, 1);
        base[0] = result;
        return machine->leaveResult();
    }
    if (traceback) addTraceback(frame);
    const uint32_t keep = exit.handler < 0 ? 0 : exit.handlerDepth;
    for (uint32_t i = exit.depth; i > keep; --i) Py_XDECREF(base[i - 1]);
    if (exit.handler < 0) return machine->leaveError();
    uint32_t top = keep;
    if (exit.handlerLasti) {
        base[top++] = PyLong_FromLong(_PyInterpreterFrame_LASTI(frame));
    }
    base[top] = takeException();
    return machine->entry(static_cast<uint32_t>(exit.handler));
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
    return unwind(tstate, frame, machine, exit, true);
}

extern "C" void* pyjit_unwind_reraise(PyThreadState* tstate, _PyInterpreterFrame* frame, void* code,
                                      int64_t index) {
    auto* machine = static_cast<MachineCode*>(code);
    return unwind(tstate, frame, machine, machine->exits[static_cast<size_t>(index)], false);
}

extern "C" void* pyjit_deopt(PyThreadState*, _PyInterpreterFrame* frame, void* code,
                             int64_t index) {
    auto* machine = static_cast<MachineCode*>(code);
    const Exit& exit = machine->exits[static_cast<size_t>(index)];
    PyjitCodeInfo* info = machine->info;
    ++pyjit_counters.guard_failures;
    materialise(frame, machine, exit);
    const MachineCode* generic = genericVersion(info);
    if (generic == nullptr || generic->entry(exit.bci) == nullptr) {
        Py_FatalError("pyjit: the generic version of a code object is missing");
    }
    // After a few of these there will be a version that knows what was seen here.
    if (++info->deopts >= kDeoptsBeforeRecompile) info->want_recompile = 1;
    return generic->entry(exit.bci);
}

extern "C" PyObject* pyjit_leave_compiled(PyThreadState* tstate, _PyInterpreterFrame* frame,
                                          void* code, int64_t index) {
    auto* machine = static_cast<MachineCode*>(code);
    const Exit& exit = machine->exits[static_cast<size_t>(index)];
    materialise(frame, machine, exit);
    frame->stacktop = frame->f_code->co_nlocalsplus + static_cast<int>(exit.depth);
    frame->prev_instr = firstUnit(frame->f_code) + static_cast<int32_t>(exit.bci);
    return interpret(tstate, frame, 0);
}
