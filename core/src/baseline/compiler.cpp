// The driver of tier 1: entries, blocks, instructions in order, cold paths.
#include "compiler.h"

#include "../config.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace pyjit {

namespace {

using Lowering = void (Baseline::*)();

}  // namespace

Baseline::Baseline(PyjitCodeInfo* info, MachineCode* machine, MacroAssembler& masm, bool profiling)
    : info_(info),
      machine_(machine),
      masm_(masm),
      code_(info->code),
      optimised_(!profiling),
      stubs_(stubs()) {}

// Which locals are certainly bound at each leader: a forward data flow over the
// instructions in order, repeated until nothing changes.
void Baseline::analyseBound() {
    const auto& instrs = bytecode_.instrs;
    boundAt_.assign(instrs.size(), ~0ull);
    const int args = pyjit_parameters(code_);
    const uint64_t initial = args >= 64 ? ~0ull : (1ull << args) - 1;
    bool changed = true;
    auto meet = [&](uint32_t leader, uint64_t with) {
        const uint64_t met = boundAt_[leader] & with;
        changed |= met != boundAt_[leader];
        boundAt_[leader] = met;
    };
    while (changed) {
        changed = false;
        bound_ = initial;
        bool falls = true;
        for (uint32_t i = 0; i < instrs.size(); ++i) {
            const Instr& instr = instrs[i];
            if (instr.leader) {
                if (falls) meet(i, bound_);
                bound_ = boundAt_[i];
            }
            if (instr.handler >= 0) {
                meet(static_cast<uint32_t>(
                         bytecode_.indexOf[bytecode_.handlers[instr.handler].target]),
                     bound_);
            }
            if (instr.op == OP_BINARY_OP && instr.handler >= 0 && i + 1 < instrs.size() &&
                instrs[i + 1].op == OP_STORE_FAST && instrs[i + 1].oparg < 64) {
                // A string that cannot grow in place is gone, see tryConcatenate.
                meet(static_cast<uint32_t>(
                         bytecode_.indexOf[bytecode_.handlers[instr.handler].target]),
                     bound_ & ~(1ull << instrs[i + 1].oparg));
            }
            switch (instr.op) {
                case OP_STORE_FAST:
                case OP_MAKE_CELL: setBound(instr.oparg, true); break;
                case OP_DELETE_FAST: setBound(instr.oparg, false); break;
                case OP_COPY_FREE_VARS:
                    for (int f = 0; f < code_->co_nfreevars; ++f) {
                        setBound(static_cast<uint32_t>(code_->co_nlocalsplus - 1 - f), true);
                    }
                    break;
                default: break;
            }
            if (instr.target >= 0) meet(static_cast<uint32_t>(instr.target), bound_);
            if (opInfo(instr.op).suspends) meet(i + 1, bound_);
            falls = !opInfo(instr.op).ends;
        }
    }
    bound_ = initial;
}

void Baseline::recompileCheck() {
    const Label better = cold(PYJIT_OUTCOMES, [this] {
        const Arg args[] = {Arg::r(Reg::TState), Arg::r(Reg::Frame), Arg::p(machine_),
                            Arg::i(bytecode_.instrs[0].bci)};
        masm_.setArgs(args);
        masm_.call(reinterpret_cast<const void*>(pyjit_recompile));
        masm_.jumpReg(masm_.ret());
    });
    if (!optimised_) {
        masm_.addMemImmBranch(Width::B64, Mem::abs(&info_->heat), -1, Cond::Lt, better);
    } else {
        masm_.branchMemImm(Width::B8, Cond::Ne, Mem::abs(&info_->want_recompile), 0, better);
    }
}

// Two ways in. Through the evaluation hook the frame is whole and its owner
// clears it (mode 0 in S0); from generated code the arguments are stored, the
// rest is filled in here, and the frame is cleared and popped on the way out.
void Baseline::compileEntries() {
    using namespace layout;
    directEntry_ = masm_.newLabel();
    hookEntry_ = masm_.newLabel();
    const Label linked = masm_.newLabel();
    masm_.bind(directEntry_);
    masm_.prologue(kNativeSlots);
    const Reg a = Reg::R7, b = Reg::R6;
    masm_.store64(Mem::at(Reg::Frame, kFrameFunc), Reg::S0);
    masm_.load64(a, Mem::at(Reg::S0, kFuncGlobals));
    masm_.load64(b, Mem::at(Reg::S0, kFuncBuiltins));
    masm_.store64(Mem::at(Reg::Frame, kFrameGlobals), a);
    masm_.store64(Mem::at(Reg::Frame, kFrameBuiltins), b);
    masm_.storeImm(Width::B64, Mem::at(Reg::Frame, kFrameLocals), 0);
    masm_.movPtr(a, code_);
    incref(a);
    masm_.store64(Mem::at(Reg::Frame, kFrameCode), a);
    masm_.storeImm(Width::B64, Mem::at(Reg::Frame, kFrameObject), 0);
    masm_.movPtr(a, firstUnit(code_) - 1);
    masm_.store64(Mem::at(Reg::Frame, kFramePrevInstr), a);
    masm_.storeImm(Width::B32, Mem::at(Reg::Frame, kFrameStackTop), code_->co_nlocalsplus);
    masm_.storeImm(Width::B16, Mem::at(Reg::Frame, kFrameIsEntry), 1);  // and owner: the thread
    for (int i = pyjit_parameters(code_); i < code_->co_nlocalsplus; ++i) {
        masm_.storeImm(Width::B64, localMem(static_cast<uint32_t>(i)), 0);
    }
    masm_.jump(linked);

    masm_.bind(hookEntry_);
    masm_.prologue(kNativeSlots);
    masm_.storeImm(Width::B8, Mem::at(Reg::Frame, kFrameIsEntry), 1);
    masm_.bind(linked);
    masm_.load64(Reg::CFrame, Mem::at(Reg::TState, kThreadCFrame));
    masm_.load64(a, Mem::at(Reg::CFrame, kCFrameCurrent));
    masm_.store64(Mem::at(Reg::Frame, kFramePrevious), a);
    masm_.store64(Mem::at(Reg::CFrame, kCFrameCurrent), Reg::Frame);
    const Label deep = cold(PYJIT_OUTCOMES, [this] {
        const Label fine = masm_.newLabel();
        masm_.mov(masm_.arg(0), Reg::TState);
        masm_.call(reinterpret_cast<const void*>(pyjit_recursion_error));
        masm_.branchTestImm(Cond::Eq, masm_.ret(), 0x80000000, fine);
        masm_.movImm(masm_.ret(), 0);
        masm_.jump(leave_);
        masm_.bind(fine);
        masm_.jump(labels_[0]);
    });
    const Mem remaining = Mem::at(Reg::TState, kThreadRecursionRemaining);
    masm_.addMemImmBranch(Width::B32, remaining, -1, Cond::Lt, deep);
    // Every so many levels a look at the native stack, which is smaller than some
    // recursion limits.
    const Label stack = cold(PYJIT_OUTCOMES, [this] {
        masm_.mov(masm_.arg(0), Reg::TState);
        masm_.call(reinterpret_cast<const void*>(pyjit_check_stack));
        masm_.branchTestImm(Cond::Eq, masm_.ret(), 0x80000000, labels_[0]);
        masm_.movImm(masm_.ret(), 0);
        masm_.jump(leave_);
    });
    masm_.branchTestMemImm(Width::B32, Cond::Eq, remaining, 0xff, stack);
}

// R0 holds the result, or NULL with an exception set.
void Baseline::compileLeave() {
    using namespace layout;
    const Label linked = masm_.newLabel();
    masm_.bind(leaveError_);
    masm_.movImm(masm_.ret(), 0);
    masm_.jump(linked);
    masm_.bind(leaveResult_);
    masm_.load64(masm_.ret(), Mem::abs(leftResult()));
    masm_.jump(left_);
    masm_.bind(leave_);
    masm_.bind(linked);
    masm_.load64(Reg::R7, Mem::at(Reg::Frame, kFramePrevious));
    masm_.store64(Mem::at(Reg::CFrame, kCFrameCurrent), Reg::R7);
    masm_.addMemImm(Width::B32, Mem::at(Reg::TState, kThreadRecursionRemaining), 1);
    masm_.bind(left_);
    const Label direct = masm_.newLabel();
    masm_.branchImm(Cond::UGt, Reg::S0, PYJIT_DRIVEN, direct);
    masm_.epilogue();
    masm_.bind(direct);
    masm_.mov(Reg::S1, masm_.ret());
    // The function and, with it, this very code may die on the way: that happens
    // in stubs that outlive them.
    const Label general = cold(PYJIT_OUTCOMES, [this] {
        masm_.movPtr(Reg::R7, stubs_->leaveGeneral);
        masm_.jumpReg(Reg::R7);
    });
    constexpr int kInlineLocals = 12;
    if (code_->co_nlocalsplus > kInlineLocals) {
        masm_.jump(general);
        return;
    }
    masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(Reg::Frame, kFrameObject), 0, general);
    masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(Reg::Frame, kFrameLocals), 0, general);
    for (int i = 0; i < code_->co_nlocalsplus; ++i) {
        constexpr Reg reg = Reg::R1;
        masm_.load64(reg, localMem(static_cast<uint32_t>(i)));
        const Label skip = masm_.newLabel();
        const Label dead = cold(PYJIT_OUTCOMES, [this, skip] {
            masm_.callStub(stubs_->dealloc, reg);
            masm_.jump(skip);
        });
        masm_.branchImm(Cond::Eq, reg, 0, skip);
        countReferences(masm_, -1);
        masm_.addMemImmBranch(Width::B64, Mem::at(reg, kRefcnt), -1, Cond::Eq, dead);
        masm_.bind(skip);
    }
    masm_.movPtr(Reg::R7, stubs_->leaveDirect);
    masm_.jumpReg(Reg::R7);
}

void Baseline::setEntryDepth(uint32_t target, uint32_t depth) {
    if (entryDepth_[target] < 0) entryDepth_[target] = static_cast<int32_t>(depth);
    if (entryDepth_[target] != static_cast<int32_t>(depth)) refusal_ = "inconsistent stack depth";
}

void Baseline::beginBlock(uint32_t index) {
    if (reachable_) {
        canonicalise();
        setEntryDepth(index);
    }
    if (entryDepth_[index] < 0) {
        reachable_ = false;  // compiled code never gets here; a later jump to it refuses
        return;
    }
    reachable_ = true;
    stack_.assign(static_cast<size_t>(entryDepth_[index]), Value::memory());
    if (!FAULT_IF(BOUND_AT_JOIN, bound_ & ~boundAt_[index])) bound_ = boundAt_[index];
    if (!FAULT_IF(KNOWN_AT_HEADER,
                  std::ranges::count(localKnown_, Known::Nothing) != std::ssize(localKnown_)))
        localKnown_.assign(localKnown_.size(), Known::Nothing);
    bindBlock(index);
}

// In the listing: from here on it is code of that instruction, and what for.
void Baseline::list(uint32_t index, const char* what) {
    if (!logging_) return;
    const Instr& i = bytecode_.instrs[index];
    char text[96];
    std::snprintf(text, sizeof text, "%u %s %u %s", i.bci, opInfo(i.op).name, i.oparg, what);
    masm_.comment(text);
}

void Baseline::list(const char* part) {
    if (logging_) masm_.comment(part);
}

void Baseline::compileInstr(uint32_t index) {
    static constexpr std::array<Lowering, 256> kLowerings = [] {
        std::array<Lowering, 256> table{};
#define OPCODE(name, number, caches, lowering, flags) table[number] = &Baseline::lower##lowering;
#include "../bytecode/cp311/opcodes.def"
#undef OPCODE
        return table;
    }();
    current_ = index;
    locked_ = lockedF_ = 0;
    list(index, "hot");
    ranPython_ = false;
    operand_ = operand();
    countStep();
    (this->*kLowerings[bytecode_.instrs[index].op])();
    if (countsEvents() && !logging_) countCompiled(index);
    for (uint32_t taken = index + 1; taken <= current_; ++taken) list(taken, "fused");
    locked_ = lockedF_ = 0;
    if (ranPython_ && !opInfo(bytecode_.instrs[current_].op).ends) checkTracing();
    if (opInfo(bytecode_.instrs[current_].op).ends) reachable_ = false;
}

PyjitValue Baseline::operand() const {
    if (stack_.empty()) return PYJIT_VALUE_OBJECT;
    switch (stack_.back().known) {
        case Known::Nothing: return PYJIT_VALUE_OBJECT;
        case Known::Int: return PYJIT_VALUE_INT;
        case Known::Float: return PYJIT_VALUE_FLOAT;
        default: return PYJIT_VALUE_KNOWN;
    }
}

int Baseline::special() const {
    if (pyjit_event_is_of_value(instr().op)) return operand_;
    const PyjitSite* s = info_->sites == nullptr ? nullptr : info_->sites[instr().bci];
    return pyjit_event_special(instr().op, instr().oparg, s, s == nullptr ? 0 : left(s),
                               s == nullptr ? 0 : right(s));
}

// A listing is no code that could run.
uint32_t* Baseline::eventCounter(int special, PyjitOutcome outcome) const {
    const unsigned index = pyjit_event_index(instr().op, special, outcome);
    if (!logging_) pyjit_event_made(index);
    return &pyjit_events[index];
}

// Of instruction `index`, which has been compiled just now, perhaps together with others.
void Baseline::countCompiled(uint32_t index) {
    const uint32_t last = std::exchange(current_, index);
    ++*eventCounter(special(), optimised_ ? PYJIT_OUTCOME_OPTIMISED : PYJIT_OUTCOME_GENERIC);
    current_ = last;
}

void Baseline::emitCold() {
    // Cold paths may ask for more of them.
    for (size_t i = 0; i < cold_.size(); ++i) {
        Cold path = std::move(cold_[i]);
        stack_.assign(coldStacks_.begin() + path.stack,
                      coldStacks_.begin() + path.stack + path.depth);
        current_ = path.instr;
        operand_ = path.special;
        locked_ = lockedF_ = 0;
        list(current_, path.outcome == PYJIT_OUTCOMES ? "cold" : pyjit_outcome_name(path.outcome));
        masm_.bind(path.entry);
        if (path.outcome != PYJIT_OUTCOMES && countsEvents()) {
            masm_.addMemImm(Width::B32, Mem::abs(eventCounter(path.special, path.outcome)), 1);
        }
        path.emit();
    }
}

bool Baseline::compile() {
    bytecode_ = decode(code_);
    if (bytecode_.refusal != nullptr) {
        refusal_ = bytecode_.refusal;
        return false;
    }
    if (stubs_ == nullptr) {
        refusal_ = "code memory is full";
        return false;
    }
    const uint32_t count = instructionCount();
    labels_.resize(count);
    labelBound_.assign(count, false);
    for (uint32_t i = 0; i < count; ++i) labels_[i] = masm_.newLabel();
    cold_.reserve(4 * static_cast<size_t>(count));
    coldStacks_.reserve(8 * static_cast<size_t>(count));
    entryDepth_.assign(count, -1);
    entryDepth_[0] = 0;
    for (const Handler& h : bytecode_.handlers) {
        entryDepth_[bytecode_.indexOf[h.target]] = static_cast<int32_t>(h.depth + h.lasti + 1);
    }
    localKnown_.assign(static_cast<size_t>(code_->co_nlocalsplus), Known::Nothing);
    analyseBound();
    leave_ = masm_.newLabel();
    left_ = masm_.newLabel();
    leaveError_ = masm_.newLabel();
    leaveResult_ = masm_.newLabel();
    bytecode_.instrs[0].leader = true;
    boundAt_[0] = bound_;
    list("entry");
    compileEntries();
    bindBlock(0);
    recompileCheck();
    for (uint32_t i = 0; i < count && refusal_ == nullptr; ++i) {
        if (i == 0) {
            stack_.clear();
        } else if (bytecode_.instrs[i].leader) {
            beginBlock(i);
        } else if (!optimised_ && reachable_) {
            canonicalise();
            bindBlock(i);
            entryDepth_[i] = static_cast<int32_t>(depth());
        }
        if (!reachable_) continue;
        compileInstr(i);
        i = current_;  // a lowering may have taken the next instruction with it
    }
    if (refusal_ != nullptr) return false;
    list("return");
    compileLeave();
    emitCold();
    list("exits");
    emitExitTails();
    for (uint32_t i = 0; i < count; ++i) {
        if (bytecode_.instrs[i].leader && entryDepth_[i] >= 0 && !labelBound_[i]) {
            refusal_ = "a block is only reached backwards";
            return false;
        }
    }
    return refusal_ == nullptr;
}

void Baseline::collectTables() {
    for (uint32_t i = 0; i < instructionCount(); ++i) {
        if (entryDepth_[i] < 0 || !labelBound_[i]) continue;
        if (optimised_ && !bytecode_.instrs[i].leader) continue;
        machine_->entries.emplace_back(bytecode_.instrs[i].bci,
                                       static_cast<uint32_t>(masm_.labelOffset(labels_[i])));
    }
    machine_->entries.shrink_to_fit();
    machine_->exits.shrink_to_fit();
    machine_->slots.shrink_to_fit();
    machine_->constants.shrink_to_fit();
    machine_->handlers = std::move(bytecode_.handlers);
    machine_->leaveErrorOffset = static_cast<uint32_t>(masm_.labelOffset(leaveError_));
    machine_->leaveResultOffset = static_cast<uint32_t>(masm_.labelOffset(leaveResult_));
}

}  // namespace pyjit
