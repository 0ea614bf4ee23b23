// Versions of machine code: made, published, listed, freed. See machine.h.
#include "machine.h"

#include "../code/gdb.h"
#include "../code/perf_map.h"
#include "../config.h"
#include "../tier/budget.h"
#include "compiler.h"
#include "plant.h"

#include <algorithm>
#include <cstring>

namespace pyjit {

namespace {

// Versions of one code object, after which there are no better ones.
constexpr int kMaxVersions = 12;

// What is large takes long to compile, and has to earn it.
int64_t patience(const PyjitCodeInfo* info) {
    constexpr uint32_t kOrdinary = 256;
    return pyjit_config.recompile_after * (1 + static_cast<int64_t>(info->bytecodes / kOrdinary));
}

// Is it in the half of all functions that config.optimise_sample stands for? By names, so that it
// is the same in every process, on every architecture, and in a program that was made smaller.
bool mayBeOptimised(const PyjitCodeInfo* info) {
    if (pyjit_config.optimise_sample == 0) return true;
    const char* name = PyUnicode_AsUTF8(info->code->co_qualname);
    if (name == nullptr) {
        PyErr_Clear();
        return true;
    }
    // FNV-1a, and a last round, because its low bits depend on few of the name's.
    uint32_t hash = 2166136261u ^ static_cast<uint32_t>(pyjit_config.optimise_sample);
    for (; *name != '\0'; name++) hash = (hash ^ static_cast<uint8_t>(*name)) * 16777619u;
    hash ^= hash >> 15;
    return ((hash * 2246822519u) >> 31) != 0;
}

// Code sizes are not known before; this is on the safe side, and what is left
// over is given back.
size_t estimate(PyCodeObject* code, int attempt) {
    const size_t units = static_cast<size_t>(Py_SIZE(code));
    return (4096 + units * 160) << (2 * attempt);
}

void announce(PyjitCodeInfo* info, MachineCode* machine) {
    const char* name = PyUnicode_AsUTF8(info->code->co_qualname);
    if (name == nullptr) {
        PyErr_Clear();
        name = "?";
    }
    pyjit_perf_map_add(name, machine->span.address, machine->span.size);
    machine->gdbEntry = pyjit_gdb_register(name, machine->span.address, machine->span.size);
    if (pyjit_config.log) {
        std::fprintf(stderr, "pyjit: compiled %s (%s, %zu bytes)\n", name,
                     machine->profiling ? "generic" : "optimised", machine->span.size);
    }
}

// Emits into memory that is allocated already; false when it does not fit.
bool emit(PyjitCodeInfo* info, MachineCode& machine, bool& tooSmall) {
    tooSmall = false;
    auto masm =
        MacroAssembler::create(hostArch(), reinterpret_cast<uintptr_t>(machine.span.address));
    Baseline compiler(info, &machine, *masm, machine.profiling);
    if (!compiler.compile()) {
        info->refusal = compiler.refusal();
        return false;
    }
    std::vector<uint8_t> bytes;
    if (!masm->finish(bytes)) {
        info->refusal = "the assembler failed";
        if (pyjit_config.log) std::fprintf(stderr, "pyjit: assembler: %s\n", masm->error());
        return false;
    }
    if (bytes.size() > machine.span.size) {
        tooSmall = true;
        return false;
    }
    compiler.collectTables();
    CodeMemory& memory = CodeMemory::instance();
    memory.shrink(machine.span, bytes.size());
    if (!memory.write(machine.span, bytes.data(), bytes.size())) {
        info->refusal = "code memory cannot be made executable";
        return false;
    }
    info->entry = reinterpret_cast<PyjitEntry0>(machine.span.address + compiler.hookOffset());
    info->direct_entry =
        reinterpret_cast<PyjitDirectEntry>(machine.span.address + compiler.directOffset());
    info->bytecodes = compiler.instructionCount();
    info->code_bytes = static_cast<uint32_t>(bytes.size());
    return true;
}

void release(MachineCode* machine) {
    pyjit_gdb_unregister(machine->gdbEntry);
    if (machine->span) CodeMemory::instance().free(machine->span);
    for (PyjitTarget* target : machine->targets) {
        pyjit_target_set(target, nullptr);
        CodeMemory::instance().freeData(target, sizeof *target);
    }
    const std::vector<PyObject*> kept = std::move(machine->kept);
    delete machine;
    for (PyObject* object : kept) Py_DECREF(object);
}

const void* publish(MacroAssembler& masm, const CodeSpan& span) {
    std::vector<uint8_t> bytes;
    if (!masm.finish(bytes) || bytes.size() > span.size) return nullptr;
    if (!CodeMemory::instance().write(span, bytes.data(), bytes.size())) return nullptr;
    return span.address;
}

constexpr size_t kStubBytes = 1024;

void emitResume(MacroAssembler& masm) {
    using namespace layout;
    const Mem remaining = Mem::at(Reg::TState, kThreadRecursionRemaining);
    const Label deep = masm.newLabel();
    masm.prologue(kNativeSlots);
    masm.mov(Reg::S1, masm.arg(3));
    masm.storeImm(Width::B8, Mem::at(Reg::Frame, kFrameIsEntry), 1);
    masm.load64(Reg::CFrame, Mem::at(Reg::TState, kThreadCFrame));
    masm.load64(Reg::R7, Mem::at(Reg::CFrame, kCFrameCurrent));
    masm.store64(Mem::at(Reg::Frame, kFramePrevious), Reg::R7);
    masm.store64(Mem::at(Reg::CFrame, kCFrameCurrent), Reg::Frame);
    masm.addMemImmBranch(Width::B32, remaining, -1, Cond::Lt, deep);
    masm.jumpReg(Reg::S1);
    masm.bind(deep);
    const Label refused = masm.newLabel();
    masm.mov(masm.arg(0), Reg::TState);
    masm.call(reinterpret_cast<const void*>(pyjit_recursion_error));
    masm.branchTestImm(Cond::Ne, masm.ret(), 0x80000000, refused);
    masm.jumpReg(Reg::S1);
    masm.bind(refused);
    masm.load64(Reg::R7, Mem::at(Reg::Frame, kFramePrevious));
    masm.store64(Mem::at(Reg::CFrame, kCFrameCurrent), Reg::R7);
    masm.addMemImm(Width::B32, remaining, 1);
    masm.movImm(masm.ret(), 0);
    masm.epilogue();
}

// Nothing is written before the last question is answered. Called with a valid frame, so the
// registers of the arguments and R5 to R7 are ours.
void emitGoOn(MacroAssembler& masm_) {
    using namespace layout;
    const Reg thread = masm_.arg(0), frame = masm_.arg(1), sent = masm_.arg(3);
    const Reg address = Reg::R5, scratch = Reg::R6, code = Reg::R7;
    const Label notThisWay = masm_.newLabel(), sendable = masm_.newLabel();
    const Mem state = Mem::at(frame, kGeneratorState);
    const Mem remaining = Mem::at(thread, kThreadRecursionRemaining);
    masm_.branchMemImm(Width::B8, Cond::Ge, state, FRAME_EXECUTING, notThisWay);
    masm_.branchMemImm(Width::B8, Cond::Eq, state, FRAME_SUSPENDED, sendable);
    masm_.movPtr(scratch, Py_None);
    masm_.branch(Cond::Eq, sent, scratch, sendable);
    FAULT_OMITS(FIRST_SEND, masm_.jump(notThisWay));
    masm_.bind(sendable);
    masm_.load64(scratch, Mem::at(thread, kThreadCFrame));
    masm_.branchMemImm(Width::B8, Cond::Ne, Mem::at(scratch, kCFrameUseTracing), 0, notThisWay);
    masm_.branchMemImm(Width::B32, Cond::Le, remaining, 0, notThisWay);
    masm_.branchTestMemImm(Width::B32, Cond::Eq, remaining, PYJIT_STACK_CHECK_MASK, notThisWay);
    // pyjit_resume_address()
    masm_.load64(code, Mem::at(frame, kFrameCode));
    masm_.load64(address, Mem::at(code, kCodeExtra));
    masm_.branchImm(Cond::Eq, address, 0, notThisWay);
    masm_.branchMemImm(Width::B64, Cond::Le, Mem::at(address, offsetof(PyjitCodeExtra, size)),
                       pyjit_extra_index, notThisWay);
    masm_.load64(address, Mem::at(address, static_cast<int64_t>(offsetof(PyjitCodeExtra, extras)) +
                                               8 * pyjit_extra_index));
    masm_.branchImm(Cond::Eq, address, 0, notThisWay);
    masm_.load64(address, Mem::at(address, offsetof(PyjitCodeInfo, resume)));
    masm_.branchImm(Cond::Eq, address, 0, notThisWay);
    masm_.load64(scratch, Mem::at(frame, kFramePrevInstr));
    masm_.sub(scratch, code);
    // A unit has two bytes, and its address in the table eight.
    static_assert(sizeof(_Py_CODEUNIT) == 2);
    masm_.load64(address, Mem::indexed(address, scratch, 2, 4 * (2 - kCodeUnits)));
    masm_.branchImm(Cond::Eq, address, 0, notThisWay);
    // What is sent is on top of the operand stack, which ceases to be counted.
    countReferences(masm_, 1);
    masm_.addMemImm(Width::B64, Mem::at(sent, kRefcnt), 1);
    masm_.loadSigned32(scratch, Mem::at(frame, kFrameStackTop));
    masm_.store64(Mem::indexed(frame, scratch, 3, kFrameLocalsPlus), sent);
    masm_.load(Width::B32, scratch, Mem::at(code, kCodeLocals));
    masm_.store(Width::B32, Mem::at(frame, kFrameStackTop), scratch);
    masm_.load64(scratch, Mem::at(thread, kThreadExceptions));
    masm_.store64(Mem::at(frame, kGeneratorOuter), scratch);
    const Label linked = masm_.newLabel(), unhandled = masm_.newLabel();
    if (FAULT(GENERATOR_HANDLED)) {
        masm_.branchMemImm(Width::B64, Cond::Eq, Mem::at(frame, kGeneratorHandled), 0, unhandled);
        FAULT_COUNT();
        masm_.jump(linked);
        masm_.bind(unhandled);
    }
    masm_.lea(scratch, Mem::at(frame, kGeneratorExceptions));
    masm_.store64(Mem::at(thread, kThreadExceptions), scratch);
    masm_.bind(linked);
    masm_.storeImm(Width::B8, state, FRAME_EXECUTING);
    masm_.prologue(kNativeSlots);
    masm_.storeImm(Width::B8, Mem::at(Reg::Frame, kFrameIsEntry), 1);
    masm_.load64(Reg::CFrame, Mem::at(Reg::TState, kThreadCFrame));
    masm_.load64(scratch, Mem::at(Reg::CFrame, kCFrameCurrent));
    masm_.store64(Mem::at(Reg::Frame, kFramePrevious), scratch);
    masm_.store64(Mem::at(Reg::CFrame, kCFrameCurrent), Reg::Frame);
    masm_.addMemImm(Width::B32, Mem::at(Reg::TState, kThreadRecursionRemaining), -1);
    masm_.jumpReg(address);
    masm_.bind(notThisWay);
    masm_.movImm(masm_.ret(), reinterpret_cast<uintptr_t>(PYJIT_NOT_RESUMED));
    masm_.ret_();
}

Stubs makeStubs() {
    using namespace layout;
    Stubs made;
    CodeMemory& memory = CodeMemory::instance();
    auto stub = [&](auto body) -> const void* {
        const CodeSpan span = memory.allocate(kStubBytes);
        if (!span) return nullptr;
        auto masm = MacroAssembler::create(hostArch(), reinterpret_cast<uintptr_t>(span.address));
        body(*masm);
        return publish(*masm, span);
    };
    made.dealloc = stub([](MacroAssembler& masm) {
        masm.saveVolatiles();
        masm.stubArg(masm.arg(0));
        masm.call(reinterpret_cast<const void*>(_Py_Dealloc));
        masm.restoreVolatiles();
        masm.ret_();
    });
    made.leaveDirect = stub([](MacroAssembler& masm) {
        for (int64_t field : {kFrameFunc, kFrameCode}) {
            const Label alive = masm.newLabel();
            masm.load64(masm.arg(0), Mem::at(Reg::Frame, field));
            countReferences(masm, -1);
            masm.addMemImmBranch(Width::B64, Mem::at(masm.arg(0), kRefcnt), -1, Cond::Ne, alive);
            masm.call(reinterpret_cast<const void*>(_Py_Dealloc));
            masm.bind(alive);
        }
        masm.store64(Mem::at(Reg::TState, kThreadDataTop), Reg::Frame);
        masm.mov(masm.ret(), Reg::S1);
        masm.epilogue();
    });
    made.leaveGeneral = stub([](MacroAssembler& masm) {
        masm.mov(masm.arg(0), Reg::TState);
        masm.mov(masm.arg(1), Reg::Frame);
        masm.call(reinterpret_cast<const void*>(pyjit_clear_and_pop));
        masm.mov(masm.ret(), Reg::S1);
        masm.epilogue();
    });
    made.raise = stub([](MacroAssembler& masm) {
        masm.mov(masm.arg(0), Reg::TState);
        masm.mov(masm.arg(1), Reg::Frame);
        masm.call(reinterpret_cast<const void*>(pyjit_raise_resumed));
        masm.jumpReg(masm.ret());
    });
    made.resume = stub(emitResume);
    std::memcpy(&pyjit_resume, &made.resume, sizeof made.resume);
    made.goOn = stub(emitGoOn);
    std::memcpy(&pyjit_go_on, &made.goOn, sizeof made.goOn);
    pyjit_yielded_bare = static_cast<uint8_t*>(memory.allocateData(sizeof(uint8_t)));
    pyjit_raise_address = made.raise;
    return made;
}

}  // namespace

void* MachineCode::entry(uint32_t bci) const {
    const auto found = std::lower_bound(entries.begin(), entries.end(), std::pair{bci, 0u});
    return found == entries.end() || found->first != bci ? nullptr : span.address + found->second;
}

PyjitTarget* MachineCode::expect(PyjitCodeInfo* callee) {
    auto* target =
        static_cast<PyjitTarget*>(CodeMemory::instance().allocateData(sizeof(PyjitTarget)));
    if (target == nullptr) return nullptr;
    pyjit_target_set(target, callee);
    targets.push_back(target);
    return target;
}

int64_t* guardCounter() {
    static int64_t* counter = [] {
        auto* made = static_cast<int64_t*>(CodeMemory::instance().allocateData(sizeof(int64_t)));
        if (made != nullptr) *made = pyjit_config.fail_guards;
        return made;
    }();
    return counter;
}

const Stubs* stubs() {
    static Stubs made = makeStubs();
    const bool whole = made.dealloc && made.leaveDirect && made.leaveGeneral && made.resume &&
                       made.goOn && made.raise && pyjit_yielded_bare;
    return whole ? &made : nullptr;
}

PyObject** leftResult() {
    static auto** cell =
        static_cast<PyObject**>(CodeMemory::instance().allocateData(sizeof(PyObject*)));
    return cell;
}

// Without memory, generators are left to the interpreter.
void publishResume(PyjitCodeInfo* info, const MachineCode& machine) {
    PyCodeObject* code = info->code;
    const int suspending = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR;
    if (!(code->co_flags & suspending)) return;
    const auto units = static_cast<size_t>(Py_SIZE(code));
    if (info->resume == nullptr) {
        info->resume = static_cast<const void**>(PyMem_RawCalloc(units + 1, sizeof *info->resume));
    }
    for (uint32_t bci = 0; info->resume != nullptr && bci < units; ++bci) {
        info->resume[bci] = machine.entry(behindExtendedArgs(code, bci));
    }
}

MachineCode* compileVersion(PyjitCodeInfo* info, bool profiling) {
    const uint64_t start = processorTime();
    for (int attempt = 0; attempt < 3; ++attempt) {
        auto* machine = new MachineCode;
        machine->info = info;
        machine->profiling = profiling;
        machine->span = CodeMemory::instance().allocate(estimate(info->code, attempt));
        if (!machine->span) {
            info->refusal = "code memory is full";
            release(machine);
            return nullptr;
        }
        bool tooSmall;
        const PyjitEntry0 entry = info->entry;
        const PyjitDirectEntry direct = info->direct_entry;
        if (!emit(info, *machine, tooSmall)) {
            release(machine);
            if (tooSmall) continue;
            return nullptr;
        }
        machine->older = newest(info);
        info->machine = machine;
        publishResume(info, *machine);
        info->state = PYJIT_COMPILED;
        info->heat = patience(info);
        info->want_recompile = 0;
        info->deopts = 0;
        if (machine->older == nullptr) {
            ++pyjit_counters.compiled;
        } else {
            ++pyjit_counters.recompiles;
        }
        if (profiling && machine->older != nullptr) {
            // Made for an exit of optimised code: calls still go there.
            info->entry = entry;
            info->direct_entry = direct;
            info->machine = machine->older;
            machine->older = newest(info)->older;
            newest(info)->older = machine;
            publishResume(info, *newest(info));
        }
        ++info->versions;
        const uint64_t spent = processorTime() - start;
        chargeCompilation(info, spent);
        info->compile_nanoseconds += spent;
        pyjit_counters.compile_nanoseconds += spent;
        pyjit_counters.bytecodes_compiled += info->bytecodes;
        pyjit_counters.code_bytes += info->code_bytes;
        announce(info, machine);
        return machine;
    }
    info->refusal = "too large";
    return nullptr;
}

MachineCode* genericVersion(PyjitCodeInfo* info) {
    for (MachineCode* m = newest(info); m != nullptr; m = m->older) {
        if (m->profiling) return m;
    }
    return compileVersion(info, true);
}

bool listVersion(PyjitCodeInfo* info, bool a64, std::string& listing) {
    auto owned = new MachineCode;
    const std::unique_ptr<MachineCode, void (*)(MachineCode*)> guard(owned, release);
    MachineCode& scratch = *owned;
    scratch.info = info;
    auto masm = MacroAssembler::create(a64 ? Arch::A64 : Arch::X64, uintptr_t{1} << 32);
    masm->setLog(&listing, targetName);
    const MachineCode* current = newest(info);
    scratch.profiling = current == nullptr || current->profiling;
    masm->comment(current == nullptr  ? "version generic, not compiled yet"
                  : scratch.profiling ? "version generic"
                                      : "version optimised");
    Baseline compiler(info, &scratch, *masm, scratch.profiling);
    compiler.setLogging(true);
    if (!compiler.compile()) {
        info->refusal = compiler.refusal();
        return false;
    }
    std::vector<uint8_t> bytes;
    if (masm->finish(bytes)) return true;
    info->refusal = "the assembler failed";
    return false;
}

void freeMachineCode(PyjitCodeInfo* info) {
    while (newest(info) != nullptr) {
        MachineCode* machine = newest(info);
        info->machine = machine->older;
        release(machine);
    }
}

}  // namespace pyjit

PyObject* (*pyjit_resume)(PyThreadState*, _PyInterpreterFrame*, int64_t, const void*);
PyObject* (*pyjit_go_on)(PyThreadState*, _PyInterpreterFrame*, int64_t, PyObject*);
const void* pyjit_raise_address;
uint8_t* pyjit_yielded_bare;

// The code asks for a better version of itself, at a point where the frame is
// canonical.
extern "C" void* pyjit_recompile(PyThreadState*, _PyInterpreterFrame*, void* code, int64_t bci) {
    using namespace pyjit;
    auto* machine = static_cast<MachineCode*>(code);
    PyjitCodeInfo* info = machine->info;
    const auto position = static_cast<uint32_t>(bci);
    // A loop that has left the newest version by an exit goes back to it.
    const bool returning = machine != newest(info) && !info->want_recompile;
    if (!returning && !mayBeOptimised(info)) {
        info->heat = INT64_MAX;
        info->want_recompile = 0;
        return machine->entry(position);
    }
    if (!returning && info->versions < kMaxVersions && !mayCompile(info)) {
        // Not now: as it is for another while, in which failing guards count anew.
        info->heat = patience(info);
        info->want_recompile = 0;
        info->deopts = 0;
        return machine->entry(position);
    }
    if (!returning && (info->versions >= kMaxVersions || compileVersion(info, false) == nullptr)) {
        // This is as good as it gets.
        info->want_recompile = 0;
        info->deopts = 0;
    }
    info->heat = newest(info)->profiling ? INT64_MAX : patience(info);
    if (FAULT_IF(RECOMPILE_STORM, info->versions > 1 && pyjit_counters.recompiles < 4000)) {
        info->versions = 1;
        info->want_recompile = 1;
    }
    void* better = newest(info)->entry(position);
    return better != nullptr ? better : machine->entry(position);
}
