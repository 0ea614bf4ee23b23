// Building blocks that the lowerings of several opcodes share: reference
// counts, calls of helpers, guards, boxing, exits. See compiler.h.
#include "compiler.h"

#include "../config.h"
#include "../faults.h"

#include <cstring>
#include <utility>

namespace pyjit {

namespace {

// Has this site's instruction been executed?
bool profiled(const PyjitSite& site) {
    bool cached = false;
    for (const PyjitEntry& entry : site.slow) cached |= entry.version != PYJIT_NO_VERSION;
    return cached || site.seen_left != 0 || site.call_kind != PYJIT_CALL_NONE ||
           site.global_value != nullptr || site.misses != 0;
}

// By helpers.def; of the interpreter's own functions, those listed do not.
bool mayRunPython(const void* helper) {
    struct Effects {
        const void* helper;
        const char* letters;
    };
    static const Effects table[] = {
#define HELPER(result, name, parameters, effects) \
    {reinterpret_cast<const void*>(pyjit_##name), effects},
#include "../runtime/helpers.def"
#undef HELPER
        {reinterpret_cast<const void*>(PyCell_New), ""},
        {reinterpret_cast<const void*>(PySlice_New), ""},
        {reinterpret_cast<const void*>(PyUnicode_Append), ""},
        {reinterpret_cast<const void*>(PyErr_GivenExceptionMatches), ""},
    };
    for (const Effects& entry : table) {
        if (entry.helper == helper) return std::strchr(entry.letters, 'P') != nullptr;
    }
    return true;
}

PyInterpreterState* interpreter() { return PyInterpreterState_Main(); }

}  // namespace

Label Baseline::cold(PyjitOutcome outcome, std::function<void()> emit) {
    const auto at = static_cast<uint32_t>(coldStacks_.size());
    coldStacks_.insert(coldStacks_.end(), stack_.begin(), stack_.end());
    cold_.push_back({masm_.newLabel(), at, depth(), current_, outcome,
                     countsEvents() ? special() : 0, std::move(emit)});
    return cold_.back().entry;
}

void Baseline::storePrev(uint32_t bci) {
    // All units of a code object share the upper half of their address nearly
    // always; then storing the lower half is enough.
    const auto first = reinterpret_cast<uintptr_t>(firstUnit(code_));
    const uintptr_t last = first + sizeof(_Py_CODEUNIT) * static_cast<uintptr_t>(Py_SIZE(code_));
    const uintptr_t address = first + sizeof(_Py_CODEUNIT) * bci;
    const Mem prev = Mem::at(Reg::Frame, layout::kFramePrevInstr);
    if (((first - 2) >> 32) == (last >> 32)) {
        masm_.storeImm(Width::B32, prev, static_cast<int32_t>(address));
    } else {
        masm_.storeImm(Width::B64, prev, static_cast<int64_t>(address));
    }
}

void Baseline::storePrev() { storePrev(instr().bci); }

void Baseline::decref(Reg reg, Known known, bool certain) {
    const Label back = masm_.newLabel();
    Reg spare = Reg::None;
    for (int i = 0; i < kVolatileRegs && known == Known::Float; ++i) {
        const Reg candidate = static_cast<Reg>(i);
        if (candidate != reg && !inUse(candidate)) spare = candidate;
    }
    const Label dead = cold(PYJIT_OUTCOME_FREED, [this, reg, back, spare, certain] {
        const Label general = masm_.newLabel();
        if (spare != Reg::None) freeFloat(reg, spare, certain, back, general);
        masm_.bind(general);
        FAULT_OMITS(FINALISER_PLACE, storePrev());
        masm_.callStub(stubs_->dealloc, reg);
        masm_.jump(back);
    });
    countReferences(masm_, -1);
    masm_.addMemImmBranch(Width::B64, Mem::at(reg, layout::kRefcnt), -1, Cond::Eq, dead);
    masm_.bind(back);
}

// A float goes to the interpreter's free list, as its destructor does it.
void Baseline::freeFloat(Reg object, Reg spare, bool certain, Label done, Label other) {
    struct _Py_float_state* state = &interpreter()->float_state;
    if (!certain) {
        FAULT_DROPS(FREED_FLOAT_TYPE, other,
                    masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(object, layout::kType),
                                       reinterpret_cast<intptr_t>(&PyFloat_Type), to));
    }
    masm_.branchMemImm(Width::B32, Cond::Ge, Mem::abs(&state->numfree), PyFloat_MAXFREELIST, other);
    masm_.load64(spare, Mem::abs(&state->free_list));
    masm_.store64(Mem::at(object, layout::kType), spare);
    masm_.store64(Mem::abs(&state->free_list), object);
    masm_.addMemImm(Width::B32, Mem::abs(&state->numfree), 1);
    masm_.jump(done);
}

void Baseline::decrefOrNull(Reg reg) {
    const Label skip = masm_.newLabel();
    masm_.branchImm(Cond::Eq, reg, 0, skip);
    decref(reg);
    masm_.bind(skip);
}

// Index of a constant among those that exits refer to. The same one mostly comes soon again.
uint32_t Baseline::exitConstant(PyObject* object) {
    constexpr size_t kLookBack = 16;
    std::vector<PyObject*>& constants = machine_->constants;
    const size_t size = constants.size();
    for (size_t i = size; i > 0 && i + kLookBack > size; --i) {
        if (constants[i - 1] == object) return static_cast<uint32_t>(i - 1);
    }
    constants.push_back(object);
    return static_cast<uint32_t>(size);
}

Slot Baseline::exitSlot(const Value& v) {
    switch (v.kind) {
        case Value::Kind::Const: return {Slot::Kind::Const, exitConstant(v.object)};
        case Value::Kind::Local: return {Slot::Kind::Local, v.index};
        case Value::Kind::Register:
        case Value::Kind::Memory: return Slot::Kind::Memory;
        case Value::Kind::Double:
        case Value::Kind::RawMemory: return Slot::Kind::Double;
        case Value::Kind::Int:
        case Value::Kind::IntMemory: return Slot::Kind::Int;
    }
    Py_UNREACHABLE();
}

uint32_t Baseline::describeExit(uint32_t bci, int32_t handler) {
    std::vector<Slot>& slots = machine_->slots;
    std::vector<Exit>& exits = machine_->exits;
    Exit exit{bci, static_cast<uint32_t>(slots.size()), depth(), handler};
    for (const Value& v : stack_) slots.push_back(exitSlot(v));
    if (!exits.empty() && exits.back().depth >= exit.depth) {
        // Exits of one instruction, and of its neighbours, often find the same operands.
        const auto before = slots.begin() + exits.back().firstSlot;
        const auto mine = slots.begin() + exit.firstSlot;
        if (std::equal(mine, slots.end(), before)) {
            slots.erase(mine, slots.end());
            exit.firstSlot = exits.back().firstSlot;
        }
    }
    exits.push_back(exit);
    return static_cast<uint32_t>(exits.size() - 1);
}

// Registers are in their slots already; goes on wherever the helper says. All
// exits by one helper share what follows once the exit's index is in its register.
void Baseline::exitStub(const void* helper, uint32_t index, bool returns) {
    masm_.movImm(masm_.arg(3), index);
    for (const ExitTail& tail : exitTails_) {
        if (tail.helper == helper) return masm_.jump(tail.label);
    }
    exitTails_.push_back({helper, masm_.newLabel(), returns});
    masm_.jump(exitTails_.back().label);
}

void Baseline::emitExitTails() {
    for (const ExitTail& tail : exitTails_) {
        masm_.bind(tail.label);
        const Arg args[] = {Arg::r(Reg::TState), Arg::r(Reg::Frame), Arg::p(machine_)};
        masm_.setArgs(args);
        masm_.call(tail.helper);
        if (tail.returns) {
            masm_.jump(left_);
        } else {
            masm_.jumpReg(masm_.ret());
        }
    }
}

// With `pops`, so many operands are released before the exception goes on, as
// instructions do it.
Label Baseline::errorExit(bool reraise, uint32_t pops) {
    return cold(PYJIT_OUTCOME_RAISED, [this, reraise, pops] {
        spillAll();
        dropOperands(pops);
        const uint32_t exit = describeExit(instr().bci, instr().handler);
        exitStub(reraise ? reinterpret_cast<const void*>(pyjit_unwind_reraise)
                         : reinterpret_cast<const void*>(pyjit_unwind),
                 exit, false);
    });
}

Label Baseline::deoptExit(bool after) {
    return cold(PYJIT_OUTCOME_EXIT, [this, after] {
        spillAll();
        const uint32_t bci = after ? nextInstr()->bci : instr().bci;
        exitStub(reinterpret_cast<const void*>(pyjit_deopt), describeExit(bci, -1), false);
    });
}

Label Baseline::interpreterExit() {
    return cold(PYJIT_OUTCOME_TRACED, [this] {
        spillAll();
        // The unit in front of the next instruction, including its EXTENDED_ARG.
        const uint32_t exit = describeExit(nextInstr()->start - 1, -1);
        exitStub(reinterpret_cast<const void*>(pyjit_leave_compiled), exit, true);
    });
}

void Baseline::checkTracing() {
    ranPython_ = false;
    FAULT_DROPS(TRACED_CALL, interpreterExit(),
                masm_.branchMemImm(Width::B8, Cond::Ne,
                                   Mem::at(Reg::CFrame, layout::kCFrameUseTracing), 0, to));
}

// The same in a cold path whose operand stack is not yet what it will be behind
// the instruction: `before` makes it so, with the result in R0. The interpreter
// goes on behind this instruction, or does the same one again.
void Baseline::leaveIfTracing(std::function<void()> before, bool sameInstr) {
    const Label traced = cold(PYJIT_OUTCOME_TRACED, [this, before = std::move(before), sameInstr] {
        lock(masm_.ret());
        before();
        spillAll();
        const Instr& next = sameInstr ? instr() : *nextInstr();
        const uint32_t exit = describeExit(next.start - 1, -1);
        exitStub(reinterpret_cast<const void*>(pyjit_leave_compiled), exit, true);
    });
    masm_.branchMemImm(Width::B8, Cond::Ne, Mem::at(Reg::CFrame, layout::kCFrameUseTracing), 0,
                       traced);
}

void Baseline::checkResult(Check check, uint32_t pops) {
    switch (check) {
        case Check::None: break;
        case Check::Null: masm_.branchImm(Cond::Eq, masm_.ret(), 0, errorExit(false, pops)); break;
        case Check::Negative:
            masm_.branchTestImm(Cond::Ne, masm_.ret(), 0x80000000, errorExit(false, pops));
            break;
        case Check::Always: masm_.jump(errorExit()); break;
    }
}

void Baseline::callHelper(const void* helper, std::initializer_list<Arg> args, uint32_t pops,
                          Check check) {
    spillAll();
    storePrev();
    masm_.setArgs(std::span<const Arg>(args.begin(), args.size()));
    masm_.call(helper);
    locked_ = 0;
    lockedF_ = 0;
    lock(masm_.ret());
    dropOperands(pops);
    checkResult(check);
    called(helper);
}

void Baseline::called(const void* helper) { ranPython_ |= mayRunPython(helper); }

void Baseline::saveLive(Reg except, Saved& saved) {
    for (uint32_t p = 0; p < depth(); ++p) {
        Value& v = stack_[p];
        if (v.kind == Value::Kind::Register) {
            if (v.reg != except) saved.emplace_back(p, v);
            masm_.store64(slotOf(p), v.reg);
            v.kind = Value::Kind::Memory;
        } else if (v.kind == Value::Kind::Int) {
            if (v.reg != except) saved.emplace_back(p, v);
            masm_.store64(slotOf(p), v.reg);
            v.kind = Value::Kind::IntMemory;
        } else if (v.kind == Value::Kind::Double) {
            saved.emplace_back(p, v);
            masm_.storeF(slotOf(p), v.freg);
            v.kind = Value::Kind::RawMemory;
        }
    }
}

// What was dropped since is not restored. Nothing may use a temporary behind this.
void Baseline::restoreLive(const Saved& saved) {
    for (const auto& [position, v] : saved) {
        if (position >= depth()) continue;
        if (v.inRegister()) {
            masm_.load64(v.reg, slotOf(position));
        } else {
            FAULT_OMITS(SLOW_PATH_FLOAT, masm_.loadF(v.freg, slotOf(position)));
        }
    }
}

Label Baseline::slowCall(const void* helper, std::initializer_list<Arg> args, Check check,
                         Reg result, Label back, uint32_t pops) {
    std::vector<Arg> copied(args);
    auto emit = [this, helper, copied = std::move(copied), check, result, back, pops] {
        Saved saved;
        saveLive(result, saved);
        FAULT_OMITS(SLOW_PATH_PLACE, storePrev());
        masm_.setArgs(copied);
        masm_.call(helper);
        checkResult(check, pops);
        if (check == Check::Always) return;
        if (helper == reinterpret_cast<const void*>(pyjit_is_true)) {
            // The interpreter asks a bool again.
            leaveIfTracing(
                [this] {
                    drop();
                    const Reg scratch = temp();
                    masm_.andImm(masm_.ret(), 1);
                    boolFromFlag(masm_.ret(), scratch);
                    pushOwned(masm_.ret());
                },
                true);
        } else if (mayRunPython(helper)) {
            leaveIfTracing([this, pops, object = check == Check::Null] {
                dropOperands(pops);
                if (object) pushOwned(masm_.ret());
            });
        }
        if (result != Reg::None && result != masm_.ret()) masm_.mov(result, masm_.ret());
        restoreLive(saved);
        masm_.jump(back);
    };
    return cold(PYJIT_OUTCOME_HELPER, std::move(emit));
}

void Baseline::afterCall(bool pendingCheck) {
    checkTracing();
    if (!pendingCheck) return;
    const Label back = masm_.newLabel();
    const Label pending = slowCall(reinterpret_cast<const void*>(pyjit_handle_pending),
                                   {Arg::r(Reg::TState)}, Check::Negative, Reg::None, back);
    masm_.branchMemImm(Width::B32, Cond::Ne, Mem::abs(&interpreter()->ceval.eval_breaker), 0,
                       pending);
    masm_.bind(back);
}

void Baseline::forcedFailure(Label fail) {
    if (pyjit_config.fail_guards == 0) return;
    const Label go = masm_.newLabel();
    Mem counter = Mem::abs(guardCounter());
    masm_.addMemImmBranch(Width::B64, counter, -1, Cond::Ne, go);
    masm_.storeImm(Width::B64, counter, pyjit_config.fail_guards);
    masm_.jump(fail);
    masm_.bind(go);
}

void Baseline::dropped(const std::function<void(Label)>& guard) {
    const Label back = masm_.newLabel();
    const Label missed = cold(PYJIT_OUTCOMES, [this, back] {
        FAULT_COUNT();
        masm_.jump(back);
    });
    guard(missed);
    masm_.bind(back);
}

void Baseline::guardType(Reg object, PyTypeObject* type, Label fail) {
    forcedFailure(fail);
    masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(object, layout::kType),
                       reinterpret_cast<intptr_t>(type), fail);
}

PyjitSite* Baseline::site() {
    const uint32_t bci = instr().bci;
    if (info_->sites == nullptr) {
        info_->sites = static_cast<PyjitSite**>(
            PyMem_RawCalloc(static_cast<size_t>(Py_SIZE(code_)), sizeof(PyjitSite*)));
        if (info_->sites == nullptr) {
            refusal_ = "out of memory";
            return nullptr;
        }
    }
    PyjitSite*& entry = info_->sites[bci];
    if (entry == nullptr) {
        entry = static_cast<PyjitSite*>(CodeMemory::instance().allocateData(sizeof(PyjitSite)));
        if (entry == nullptr) {
            refusal_ = "out of memory";
            return nullptr;
        }
        entry->bci = bci;
        entry->opcode = instr().op;
        for (int i = 0; i < PYJIT_ENTRIES; ++i) {
            entry->fast.version[i] = PYJIT_NO_VERSION;
            entry->slow[i].version = PYJIT_NO_VERSION;
        }
    }
    if (specialises() && !profiled(*entry) && counted_ != current_) {
        counted_ = current_;
        countUnprofiled();
    }
    return entry;
}

// Code that had not run before it was compiled works through helpers. When it
// turns out to be hot, there is a better version to be had.
void Baseline::countUnprofiled() {
    const Label back = masm_.newLabel();
    const Label hot = cold(PYJIT_OUTCOMES, [this, back] {
        masm_.storeImm(Width::B8, Mem::abs(&info_->want_recompile), 1);
        masm_.jump(back);
    });
    masm_.addMemImmBranch(Width::B64, Mem::abs(&info_->heat), -1, Cond::Lt, hot);
    masm_.bind(back);
}

void Baseline::compactInt(Reg object, Reg value, Label fail) {
    // value = size * digit, for sizes -1, 0, 1
    Reg digit = temp();
    masm_.load64(value, Mem::at(object, layout::kSize));
    masm_.lea(digit, Mem::at(value, 1));
    masm_.branchImm(Cond::UGt, digit, 2, fail);
    masm_.load(Width::B32, digit, Mem::at(object, layout::kIntDigits));
    masm_.mul(value, digit);
    locked_ &= ~(1u << static_cast<int>(digit));
}

// The value of an int of at most two digits.
void Baseline::decodeInt(Reg object, Reg value, Label fail) {
    const Reg digit = temp();
    const Label done = masm_.newLabel();
    const Label twoDigits = cold([this, object, value, digit, fail, done] {
        const Label negative = masm_.newLabel();
        auto combine = [&] {
            masm_.load(Width::B32, value, Mem::at(object, layout::kIntDigits + sizeof(::digit)));
            masm_.shlImm(value, PyLong_SHIFT);
            masm_.load(Width::B32, digit, Mem::at(object, layout::kIntDigits));
            masm_.or_(value, digit);
        };
        masm_.branchImm(Cond::Ne, value, 2, negative);
        combine();
        masm_.jump(done);
        masm_.bind(negative);
        FAULT_DROPS(LARGE_INT, fail, masm_.branchImm(Cond::Ne, value, -2, to));
        combine();
        FAULT_OMITS(MEDIUM_SIGN, masm_.neg(value));
        masm_.jump(done);
    });
    masm_.load64(value, Mem::at(object, layout::kSize));
    masm_.lea(digit, Mem::at(value, 1));
    masm_.branchImm(Cond::UGt, digit, 2, twoDigits);
    masm_.load(Width::B32, digit, Mem::at(object, layout::kIntDigits));
    masm_.mul(value, digit);
    masm_.bind(done);
    locked_ &= ~(1u << static_cast<int>(digit));
}

void Baseline::boxInt(Reg value, Reg result, bool maybeSmall) {
    const Label back = masm_.newLabel();
    const Label allocate = slowCall(reinterpret_cast<const void*>(pyjit_int_new), {Arg::r(value)},
                                    Check::Null, result, back);
    if (maybeSmall) {
        // Small ints are one array of equally large objects.
        Reg index = temp();
        static_assert(sizeof(PyLongObject) == 32, "shift below");
        masm_.lea(index, Mem::at(value, _PY_NSMALLNEGINTS));
        FAULT_WEAKENS(SMALL_INT_BOUND, allocate,
                      masm_.branchImm(Cond::UGt, index, _PY_NSMALLNEGINTS + _PY_NSMALLPOSINTS, to),
                      masm_.branchImm(Cond::UGe, index, _PY_NSMALLNEGINTS + _PY_NSMALLPOSINTS, to));
        masm_.shlImm(index, 5);
        masm_.movPtr(result, &_PyLong_SMALL_INTS[0]);
        masm_.add(result, index);
        incref(result);
        locked_ &= ~(1u << static_cast<int>(index));
    } else {
        masm_.jump(allocate);
    }
    masm_.bind(back);
}

void Baseline::boxDouble(FReg value, Reg result) {
    // Takes an object from the interpreter's own free list.
    struct _Py_float_state* state = &interpreter()->float_state;
    const Label back = masm_.newLabel();
    const Label empty = cold([this, value, result, back] {
        Saved saved;
        saveLive(result, saved);
        if (value != FReg::F0) masm_.movF(FReg::F0, value);
        masm_.call(reinterpret_cast<const void*>(pyjit_float_new));
        checkResult(Check::Null);
        if (result != masm_.ret()) masm_.mov(result, masm_.ret());
        restoreLive(saved);
        masm_.jump(back);
    });
    const Mem head = Mem::abs(&state->free_list);
    Reg next = temp();
    masm_.load64(result, head);
    masm_.branchImm(Cond::Eq, result, 0, empty);
    masm_.load64(next, Mem::at(result, layout::kType));
    masm_.store64(head, next);
    masm_.addMemImm(Width::B32, Mem::abs(&state->numfree), -1);
    countReferences(masm_, 1);
    masm_.storeImm(Width::B64, Mem::at(result, layout::kRefcnt), 1);
    masm_.storeImm(Width::B64, Mem::at(result, layout::kType),
                   reinterpret_cast<intptr_t>(&PyFloat_Type));
    masm_.storeF(Mem::at(result, layout::kFloatValue), value);
    masm_.bind(back);
    locked_ &= ~(1u << static_cast<int>(next));
}

void Baseline::typeVersion(Reg object, Reg version) {
    masm_.load64(version, Mem::at(object, layout::kType));
    masm_.load(Width::B32, version, Mem::at(version, layout::kTypeVersion));
}

namespace {

struct ConditionalJump {
    uint8_t op;
    bool whenTrue;
};
constexpr ConditionalJump kConditionalJumps[] = {
    {OP_POP_JUMP_FORWARD_IF_TRUE, true},
    {OP_POP_JUMP_BACKWARD_IF_TRUE, true},
    {OP_POP_JUMP_FORWARD_IF_FALSE, false},
    {OP_POP_JUMP_BACKWARD_IF_FALSE, false},
};

const ConditionalJump* conditionalJump(const Instr* instr) {
    for (const ConditionalJump& jump : kConditionalJumps) {
        if (instr != nullptr && instr->op == jump.op) return &jump;
    }
    return nullptr;
}

}  // namespace

// The interpreter looks at the code unit behind: one with a prefix is no jump to it.
bool Baseline::beforeJump() const {
    const Instr* next = nextInstr();
    return conditionalJump(next) != nullptr && next->start == next->bci;
}

bool Baseline::fusedJump(bool& whenTrue, uint32_t& target) const {
    const Instr* next = nextInstr();
    const ConditionalJump* jump = conditionalJump(next);
    if (!optimised_ || jump == nullptr || !fallsInto(next)) return false;
    whenTrue = jump->whenTrue;
    target = static_cast<uint32_t>(next->target);
    return true;
}

void Baseline::prepareCondition(uint32_t operands) {
    bool whenTrue;
    uint32_t target;
    if (fusedJump(whenTrue, target)) canonicaliseRange(0, depth() - operands);
}

// The value of a condition that is already a 0 or 1 in `flag`: jumps, when the
// next instruction is a conditional jump, or becomes True or False.
void Baseline::finishCondition(Reg flag) {
    bool whenTrue;
    uint32_t target;
    if (fusedJump(whenTrue, target)) {
        lock(flag);
        canonicalise();
        ++current_;  // the jump is part of this instruction
        if (ranPython_) {
            ranPython_ = false;
            const Label traced = cold(PYJIT_OUTCOME_TRACED, [this, flag] {
                lock(flag);
                const Reg scratch = temp();
                boolFromFlag(flag, scratch);
                pushOwned(flag);
                spillAll();
                const uint32_t exit = describeExit(instr().start - 1, -1);
                exitStub(reinterpret_cast<const void*>(pyjit_leave_compiled), exit, true);
            });
            masm_.branchMemImm(Width::B8, Cond::Ne, Mem::at(Reg::CFrame, layout::kCFrameUseTracing),
                               0, traced);
        }
        jumpIf(whenTrue ? Cond::Ne : Cond::Eq, flag, target);
        return;
    }
    lock(flag);
    Reg scratch = temp();
    boolFromFlag(flag, scratch);
    pushOwned(flag, Known::Bool);
}

// Turns a 0 or 1 into a reference to False or True.
void Baseline::boolFromFlag(Reg flag, Reg scratch) {
    masm_.movPtr(scratch, Py_True);
    const Label yes = masm_.newLabel();
    masm_.branchImm(Cond::Ne, flag, 0, yes);
    masm_.movPtr(scratch, Py_False);
    masm_.bind(yes);
    masm_.mov(flag, scratch);
    incref(flag);
}

// Jumps to instruction `target` if (flag cond 0); the stack is canonical.
void Baseline::jumpIf(Cond cond, Reg flag, uint32_t target) {
    if (target <= current_) {
        const Label skip = masm_.newLabel();
        masm_.branchImm(negate(cond), flag, 0, skip);
        backEdge(target);
        masm_.bind(skip);
    } else {
        setEntryDepth(target);
        masm_.branchImm(cond, flag, 0, labels_[target]);
    }
}

// A signal's or another thread's code may switch tracing on, or raise.
void Baseline::checkPendingAt(uint32_t target) {
    const Label pending = cold(PYJIT_OUTCOMES, [this, target] {
        storePrev();
        masm_.mov(masm_.arg(0), Reg::TState);
        masm_.call(reinterpret_cast<const void*>(pyjit_handle_pending));
        checkResult(Check::Negative);
        jumpUnlessTraced(target);
    });
    FAULT_DROPS(LOOP_BREAKER, pending,
                masm_.branchMemImm(Width::B32, Cond::Ne,
                                   Mem::abs(&interpreter()->ceval.eval_breaker), 0, to));
}

// To a block whose entry state is in the frame already; into the interpreter, which
// goes on there, if somebody traces now.
void Baseline::jumpUnlessTraced(uint32_t target) {
    const Label traced = cold(PYJIT_OUTCOME_TRACED, [this, target] {
        const uint32_t exit = describeExit(bytecode_.instrs[target].start - 1, -1);
        exitStub(reinterpret_cast<const void*>(pyjit_leave_compiled), exit, true);
    });
    masm_.branchMemImm(Width::B8, Cond::Ne, Mem::at(Reg::CFrame, layout::kCFrameUseTracing), 0,
                       traced);
    masm_.jump(labels_[target]);
}

void Baseline::backEdge(uint32_t target, bool interruptible) {
    setEntryDepth(target);
    const uint32_t bci = bytecode_.instrs[target].bci;
    if (interruptible) checkPendingAt(target);
    const Label better = cold(PYJIT_OUTCOMES, [this, bci] {
        const Arg args[] = {Arg::r(Reg::TState), Arg::r(Reg::Frame), Arg::p(machine_), Arg::i(bci)};
        masm_.setArgs(args);
        masm_.call(reinterpret_cast<const void*>(pyjit_recompile));
        masm_.jumpReg(masm_.ret());
    });
    if (!optimised_) {
        masm_.addMemImmBranch(Width::B64, Mem::abs(&info_->heat), -1, Cond::Lt, better);
    } else {
        masm_.branchMemImm(Width::B8, Cond::Ne, Mem::abs(&info_->want_recompile), 0, better);
    }
    masm_.jump(labels_[target]);
}

}  // namespace pyjit
