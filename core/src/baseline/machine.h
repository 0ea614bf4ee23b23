// What one compilation leaves behind: code, entry points and exits.
//
// Contract
//  - A MachineCode is owned by its PyjitCodeInfo and lives until the code object
//    dies: activations may still be running in an old version.
//  - Exits are data. Exit k describes, for one place in the code, the bytecode
//    index, every operand stack entry (kind and place), and the handler that
//    covers it; unwind and deoptimisation read nothing else.
//  - At every entry point the frame is canonical: all operand stack entries are
//    owned references in the frame's own stack slots.
#pragma once

#include "../bytecode/cp311/bytecode.h"
#include "../code/memory.h"
#include "../masm/masm.h"
#include "../tier/codeinfo.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pyjit {

struct Slot {
    enum class Kind : uint8_t {
        Const,   // MachineCode::constants[index]
        Local,   // borrowed from local `index`
        Memory,  // an owned reference (or NULL) in its frame slot
        Double,  // raw bits of a double in its frame slot
        Int,     // a raw 64-bit int in its frame slot
    };
    Kind kind : 3;
    uint32_t index : 29;

    Slot(Kind k, uint32_t i = 0) : kind(k), index(i) {}
    bool operator==(const Slot&) const = default;
};

// There are more exits than instructions, so they are small and share their slots.
struct Exit {
    uint32_t bci;        // of the instruction that raised, or to resume at
    uint32_t firstSlot;  // into MachineCode::slots
    uint32_t depth;
    int32_t handler;     // into MachineCode::handlers: what covers it; -1: leaves the frame
};

// Where code goes on in the interpreter when config.step_limit is reached (steps.h).
struct Stop {
    uint32_t exit = 0;      // into MachineCode::exits
    uint32_t bci = 0;
    bool keywords = false;  // a call with keywords
    int opcode = 0;         // CALL for all that belongs to it
    int special = 0;        // what the instruction was compiled for (events.h)
};

struct MachineCode {
    PyjitCodeInfo* info = nullptr;
    CodeSpan span;
    bool profiling = false;                // the generic version, every instruction an entry
    std::vector<std::pair<uint32_t, uint32_t>> entries;  // bci and offset, in order of bci
    std::vector<Exit> exits;
    std::vector<Stop> stops;
    std::vector<Handler> handlers;
    std::vector<Slot> slots;
    std::vector<PyObject*> constants;      // borrowed: co_consts or static objects; may be NULL
    uint32_t leaveErrorOffset = 0;         // leaves the frame with NULL
    uint32_t leaveResultOffset = 0;  // the frame is unlinked; its result is in leftResult()
    std::vector<PyjitTarget*> targets;  // Python callees that it calls directly
    std::vector<PyObject*> kept;  // owned: C callees that it calls directly
    void* gdbEntry = nullptr;
    MachineCode* older = nullptr;

    // nullptr without memory
    PyjitTarget* expect(PyjitCodeInfo* callee);
    void keep(PyObject* object) { kept.push_back(Py_NewRef(object)); }
    // nullptr if the code does not come by there
    void* entry(uint32_t bci) const;
    void* leaveError() const { return span.address + leaveErrorOffset; }
    void* leaveResult() const { return span.address + leaveResultOffset; }
};

inline MachineCode* newest(const PyjitCodeInfo* info) {
    return static_cast<MachineCode*>(info->machine);
}

// The generic version of a code object, compiled on demand; nullptr without memory.
MachineCode* genericVersion(PyjitCodeInfo* info);

// Every version has the same native frame, so that one can go on where another
// left off. The slots serve helpers that write more than one result.
constexpr int kNativeSlots = 2;

// Compiles a new version and makes it the newest. With `profiling` the generic
// one. Returns nullptr and sets info->refusal when it cannot.
MachineCode* compileVersion(PyjitCodeInfo* info, bool profiling);

// Emits for any architecture without publishing; the text is a listing: lines of machine code, and
// between them, behind "; ", what the lines that follow are of (pyjit_core/_listing.py reads it).
bool listVersion(PyjitCodeInfo* info, bool a64, std::string& listing);
// A function or stub that generated code calls, or nullptr.
const char* targetName(const void* address);

void freeMachineCode(PyjitCodeInfo* info);

// Routines shared by all compiled code, emitted once.
struct Stubs {
    const void* dealloc = nullptr;  // callStub: _Py_Dealloc(value), keeps all registers
    // Jumped to, with the result in S1; they outlive the code that they drop.
    const void* leaveDirect = nullptr;  // drops function and code, pops the frame, returns
    const void* leaveGeneral = nullptr;  // clears the whole frame, pops it, returns
    const void* resume = nullptr;  // pyjit_resume()
    const void* goOn = nullptr;    // pyjit_go_on()
    const void* raise = nullptr;   // pyjit_raise_address
};
// nullptr when there is no code memory.
const Stubs* stubs();

// The result of a frame that the interpreter has brought to its end in mid-code, on
// the way from unwind() or deopt() to leaveResult(). The frame itself may be suspended.
PyObject** leftResult();

// Interpreters built for debugging add up all reference counts; what generated code
// does to one counts as well, so that sys.gettotalrefcount() shows its leaks.
inline void countReferences(MacroAssembler& masm, int change) {
#ifdef Py_REF_DEBUG
    masm.addMemImm(Width::B64, Mem::abs(&_Py_RefTotal), change);
#else
    static_cast<void>(masm), static_cast<void>(change);
#endif
}

// Runs the rest of a frame that has no steps left in the interpreter, and describes it
// (snapshot.h).
PyObject* leaveStopped(PyThreadState* tstate, _PyInterpreterFrame* frame,
                       const MachineCode* machine, int64_t exit);

// Stress: executions of guards until the next one is forced to fail.
int64_t* guardCounter();

}  // namespace pyjit
