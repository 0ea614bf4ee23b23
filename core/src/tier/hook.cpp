// The evaluation hook (PEP 523) and the policy: what is compiled, and when.
//
// Contract
//  - Whoever was in the slot before us is called for everything that is not
//    compiled, and gets the slot back on disable().
//  - Frames are left to the interpreter while a trace or profile function is set,
//    and in other interpreters than the main one.
#include "../baseline/machine.h"
#include "../baseline/snapshot.h"
#include "../bytecode/cp311/bytecode.h"
#include "../config.h"
#include "budget.h"

#include <string>

using namespace pyjit;

namespace {

_PyFrameEvalFunction previousEvaluator = nullptr;
bool enabled = false;

PyObject* interpreted(PyThreadState* tstate, _PyInterpreterFrame* frame, int throwflag) {
    if (previousEvaluator != nullptr) return previousEvaluator(tstate, frame, throwflag);
    return _PyEval_EvalFrameDefault(tstate, frame, throwflag);
}

// Compiles for the first time. The state is COMPILED or REFUSED afterwards.
void compileFirst(PyjitCodeInfo* info) {
    if (!pyjit_may_be_compiled(info->code)) {
        info->refusal = "not among config.compile_only";
    } else if (compileVersion(info, true) != nullptr) {
        return;
    }
    info->state = PYJIT_REFUSED;
    pyjit_refused(info->refusal);
    if (pyjit_config.log) {
        const char* name = PyUnicode_AsUTF8(info->code->co_qualname);
        std::fprintf(stderr, "pyjit: left %s to the interpreter: %s\n", name, info->refusal);
    }
}

// Imports under way. What runs meanwhile mostly runs once, loops or not: compiling it
// would cost short programs more than it could ever gain them.
int importing = 0;

// importlib's own function that finds and runs a module; borrowed, nullptr if it is not what
// it used to be.
PyCodeObject* importCode = nullptr;

PyCodeObject* findImportCode() {
    PyObject* importlib = PyImport_AddModule("_frozen_importlib");
    PyObject* function =
        importlib == nullptr ? nullptr : PyObject_GetAttrString(importlib, "_find_and_load");
    if (function == nullptr) PyErr_Clear();
    const bool usual = function != nullptr && PyFunction_Check(function);
    auto* code = usual ? reinterpret_cast<PyCodeObject*>(PyFunction_GET_CODE(function)) : nullptr;
    Py_XDECREF(function);
    return code;
}

bool isHot(PyjitCodeInfo* info) {
    const int64_t threshold = info->has_loops && importing == 0 ? pyjit_config.threshold_loops
                                                                : pyjit_config.threshold_calls;
    if (++info->calls < threshold) return false;
    if (mayCompile(info)) return true;
    // Its turn comes; meanwhile the clock is not looked at with every call.
    info->calls = static_cast<uint32_t>(threshold - 1 - threshold / 8);
    return false;
}

PyObject* runImport(PyThreadState* tstate, _PyInterpreterFrame* frame) {
    ++importing;
    PyObject* result = interpreted(tstate, frame, 0);
    --importing;
    return result;
}

// What runs for the first time, as most code of most programs does for the last time too, is
// not worth a record.
bool isYoung(PyCodeObject* code) {
    return code->co_warmup == QUICKENING_INITIAL_WARMUP_VALUE && pyjit_config.threshold_loops > 1 &&
           pyjit_config.threshold_calls > 1 && pyjit_info_peek(code) == nullptr;
}

// The record, with the calls that went before it, by the counter of the interpreter: it counts
// calls and some of the jumps back until it specialises the code.
PyjitCodeInfo* recordOf(PyCodeObject* code) {
    PyjitCodeInfo* info = pyjit_info_peek(code);
    if (info != nullptr) return info;
    const int counted = code->co_warmup - QUICKENING_INITIAL_WARMUP_VALUE;
    info = pyjit_info_get(code);
    if (info != nullptr && counted > 0)
        info->calls = info->has_loops ? 1u : static_cast<uint32_t>(counted);
    return info;
}

bool usable(PyThreadState* tstate) {
    return enabled && !tstate->cframe->use_tracing && tstate->interp == PyInterpreterState_Main();
}

PyObject* resume(PyThreadState* tstate, _PyInterpreterFrame* frame, const void* address) {
    frame->stacktop = frame->f_code->co_nlocalsplus;
    ++pyjit_counters.entries;
    return pyjit_resume(tstate, frame, 0, address);
}

}  // namespace

extern "C" int pyjit_may_be_compiled(PyCodeObject* code) {
    if (*pyjit_config.compile_only == '\0') return 1;
    const char* name = PyUnicode_AsUTF8(code->co_qualname);
    if (name == nullptr) {
        PyErr_Clear();
        return 0;
    }
    const std::string chosen = std::string(",") + pyjit_config.compile_only + ",";
    return chosen.find("," + std::string(name) + ",") != std::string::npos;
}

extern "C" PyObject* pyjit_eval_frame(PyThreadState* tstate, _PyInterpreterFrame* frame,
                                      int throwflag) {
    const bool suspended = frame->owner == FRAME_OWNED_BY_GENERATOR;
    // The short way first; now and then the longer one looks at the native stack.
    if (suspended && !throwflag && usable(tstate) &&
        (tstate->recursion_remaining & PYJIT_STACK_CHECK_MASK) != 0) {
        const void* address = pyjit_resume_address(pyjit_info_peek(frame->f_code), frame);
        if (address != nullptr) return resume(tstate, frame, address);
    }
    if (!throwflag) pyjit_take_over(tstate, frame);
    if (pyjit_check_stack(tstate) < 0) return nullptr;
    if (!usable(tstate)) return interpreted(tstate, frame, throwflag);
    if (frame->f_code == importCode && pyjit_config.threshold_calls > 1)
        return runImport(tstate, frame);
    if (isYoung(frame->f_code)) return interpreted(tstate, frame, throwflag);
    PyjitCodeInfo* info = recordOf(frame->f_code);
    if (info == nullptr) return interpreted(tstate, frame, throwflag);
    if (info->state == PYJIT_COLD && isHot(info)) compileFirst(info);
    if (info->state != PYJIT_COMPILED) return interpreted(tstate, frame, throwflag);
    const void* address = suspended ? pyjit_resume_address(info, frame) : nullptr;
    if (address != nullptr) {
        if (!throwflag) return resume(tstate, frame, address);
        // An exception goes through the handlers of the generic version, where all are.
        if (genericVersion(info) != nullptr) {
            ++pyjit_counters.entries;
            return pyjit_resume(tstate, frame, 0, pyjit_raise_address);
        }
    } else if (!suspended && !throwflag && frame->prev_instr == firstUnit(frame->f_code) - 1) {
        ++pyjit_counters.entries;
        pyjit_shorten_calls(frame->f_func);
        return info->entry(tstate, frame, 0);
    }
    return interpreted(tstate, frame, throwflag);
}

extern "C" int pyjit_compile(PyCodeObject* code) {
    PyjitCodeInfo* info = pyjit_info_get(code);
    if (info == nullptr) return 0;
    if (info->state == PYJIT_COLD) compileFirst(info);
    return info->state == PYJIT_COMPILED;
}

extern "C" int pyjit_enable(void) {
    if (enabled) return 0;
    PyInterpreterState* interp = PyInterpreterState_Get();
    if (interp != PyInterpreterState_Main()) {
        PyErr_SetString(PyExc_RuntimeError, "pyjit-core works in the main interpreter only");
        return -1;
    }
    CodeMemory::instance().setLimit(static_cast<size_t>(pyjit_config.code_memory) * 1024);
    const _PyFrameEvalFunction current = _PyInterpreterState_GetEvalFrameFunc(interp);
    importCode = findImportCode();
    previousEvaluator = current == _PyEval_EvalFrameDefault ? nullptr : current;
    _PyInterpreterState_SetEvalFrameFunc(interp, pyjit_eval_frame);
    pyjit_take_slots();
    enabled = true;
    return 0;
}

extern "C" void pyjit_disable(void) {
    if (!enabled) return;
    pyjit_snapshots_end();  // it has put the interpreter into our slot for a while
    enabled = false;
    pyjit_give_back_slots();
    PyInterpreterState* interp = PyInterpreterState_Main();
    // Somebody who chained to us keeps the slot; we pass everything on then.
    if (_PyInterpreterState_GetEvalFrameFunc(interp) == pyjit_eval_frame) {
        _PyInterpreterState_SetEvalFrameFunc(
            interp, previousEvaluator == nullptr ? _PyEval_EvalFrameDefault : previousEvaluator);
    }
}

extern "C" int pyjit_enabled(void) { return enabled; }

extern "C" PyObject* pyjit_listing(PyCodeObject* code, const char* arch) {
    const std::string which = arch;
    if (which != "x86_64" && which != "aarch64") {
        PyErr_Format(PyExc_ValueError, "unknown architecture %s: x86_64 or aarch64", arch);
        return nullptr;
    }
    PyjitCodeInfo* info = pyjit_info_get(code);
    if (info == nullptr) return PyErr_NoMemory();
    std::string listing;
    if (!listVersion(info, which == "aarch64", listing)) {
        PyErr_Format(PyExc_ValueError, "%U cannot be compiled: %s", code->co_qualname,
                     info->refusal == nullptr ? "unknown reason" : info->refusal);
        return nullptr;
    }
    return PyUnicode_FromStringAndSize(listing.data(), static_cast<Py_ssize_t>(listing.size()));
}
