#include "steps.h"

#include "../code/memory.h"
#include "../runtime/events.h"
#include "compiler.h"
#include "snapshot.h"

#include <algorithm>

namespace pyjit {

namespace {

// What was in front of the first frame that had no steps left.
struct Stopped {
    PyCodeObject* code = nullptr;  // owned
    Stop at;
    bool profiling = false;
};
Stopped stopped;

int64_t* stepCounter() {
    static int64_t* counter = [] {
        auto* made = static_cast<int64_t*>(CodeMemory::instance().allocateData(sizeof(int64_t)));
        if (made != nullptr) *made = pyjit_config.step_limit;
        return made;
    }();
    return counter;
}

}  // namespace

// Is this instruction in front of the first that can be traced? There, frames get their cells, or
// make generators of themselves.
bool Baseline::isPrologue() const {
    const auto begin = std::ranges::find(bytecode_.instrs, OP_RESUME, &Instr::op);
    return current_ < static_cast<uint32_t>(begin - bytecode_.instrs.begin());
}

void Baseline::countStep() {
    if (pyjit_config.step_limit == 0 || stepCounter() == nullptr) return;
    if (instr().op == OP_CALL || (instr().op == OP_PRECALL && kwnames_ != nullptr)) return;
    if (isPrologue()) return;
    const Label spent = cold(PYJIT_OUTCOMES, [this, operand = operand_] {
        operand_ = operand;
        spillAll();
        const auto index = static_cast<uint32_t>(machine_->stops.size());
        const uint32_t exit = describeExit(instr().start - 1, -1);
        Stop stop = {exit, instr().bci, instr().op == OP_KW_NAMES};
        while (instr().op == OP_KW_NAMES || instr().op == OP_PRECALL) ++current_;
        stop.opcode = instr().op;
        stop.special = special();  // only now it is known
        machine_->stops.push_back(stop);
        exitStub(reinterpret_cast<const void*>(pyjit_stop), index, true);
    });
    masm_.addMemImmBranch(Width::B64, Mem::abs(stepCounter()), -1, Cond::Lt, spent);
}

}  // namespace pyjit

using namespace pyjit;

extern "C" PyObject* pyjit_stop(PyThreadState* tstate, _PyInterpreterFrame* frame, void* code,
                                int64_t index) {
    const auto* machine = static_cast<const MachineCode*>(code);
    const Stop& stop = machine->stops[static_cast<size_t>(index)];
    if (stopped.code == nullptr) {
        Py_INCREF(frame->f_code);
        stopped = {frame->f_code, stop, machine->profiling};
    }
    return leaveStopped(tstate, frame, machine, stop.exit);
}

extern "C" void pyjit_steps_restart(void) {
    PyCodeObject* code = stopped.code;
    stopped = {};
    Py_XDECREF(code);
    pyjit_snapshots_clear();
    if (pyjit_config.step_limit != 0 && stepCounter() != nullptr) {
        *stepCounter() = pyjit_config.step_limit;
    }
}

extern "C" PyObject* pyjit_steps_stopped(void) {
    if (stopped.code == nullptr) Py_RETURN_NONE;
    const Stop& at = stopped.at;
    PyObject* made = pyjit_event_kind(at.opcode, at.special);
    if (made == nullptr) return nullptr;
    PyObject* kind = PyUnicode_FromFormat("%s%U", at.keywords ? "KW_NAMES " : "", made);
    Py_DECREF(made);
    return Py_BuildValue("(OOIsN)", stopped.code->co_filename, stopped.code->co_qualname,
                         at.bci * static_cast<uint32_t>(sizeof(_Py_CODEUNIT)),
                         stopped.profiling ? "generic" : "optimised", kind);
}
