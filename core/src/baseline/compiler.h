// Tier 1: one pass from bytecode to machine code.
//
// Contract
//  - Bytecode instructions are lowered in order; there is no IR. The operand
//    stack exists at compile time only, as `stack_`: each Value says where the
//    operand is and who owns it. What the interpreter would push and pop is
//    written to the frame only where somebody could look: at calls (registers
//    are lost), and at block boundaries ("canonical": owned references in the
//    frame's own slots).
//  - A Local is borrowed: it stands for the local variable, and stays valid until
//    that local is stored to or deleted, which first turns every such entry into
//    an owned one.
//  - Two modes. Profiling: the generic version; every instruction boundary is
//    canonical and an entry point, all work is done by helpers, which record
//    types in the sites. Optimised: reads the sites and emits guarded fast
//    paths. A guard either falls back to the helper in the same code (a cold
//    path that joins again) or leaves for the generic version (an exit).
//  - Cold paths are emitted behind the hot code, each with the state of the
//    operand stack that it was asked for in.
//  - prev_instr is stored before anything that can look at the frame.
#pragma once

#include "../bytecode/cp311/bytecode.h"
#include "../masm/masm.h"
#include "../runtime/events.h"
#include "layout.h"
#include "machine.h"
#include "plant.h"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace pyjit {

// What is known of an object's exact type.
enum class Known : uint8_t { Nothing, Int, Float, Str, List, Tuple, Dict, Bool, Function };

struct Value {
    enum class Kind : uint8_t {
        Const,     // object; nullptr is the NULL that PUSH_NULL pushes
        Local,     // borrowed from local `index`
        Register,  // owned, in reg
        Memory,    // owned, in its own frame slot
        Double,    // not an object: raw, in freg
        RawMemory, // not an object: raw double in its own frame slot
        Int,       // not an object: raw, 64 bits, in reg
        IntMemory, // not an object: raw, in its own frame slot
    } kind = Kind::Const;
    Known known = Known::Nothing;
    Reg reg = Reg::None;
    FReg freg = FReg::None;
    uint32_t index = 0;
    PyObject* object = nullptr;

    static Value constant(PyObject* object);
    static Value local(uint32_t index, Known known) {
        Value v;
        v.kind = Kind::Local;
        v.index = index;
        v.known = known;
        return v;
    }
    static Value owned(Reg reg, Known known = Known::Nothing) {
        Value v;
        v.kind = Kind::Register;
        v.reg = reg;
        v.known = known;
        return v;
    }
    static Value memory() {
        Value v;
        v.kind = Kind::Memory;
        return v;
    }
    static Value raw(FReg freg) {
        Value v;
        v.kind = Kind::Double;
        v.freg = freg;
        v.known = Known::Float;
        return v;
    }
    bool isNull() const { return kind == Kind::Const && object == nullptr; }
    static Value integer(Reg reg) {
        Value v;
        v.kind = Kind::Int;
        v.reg = reg;
        v.known = Known::Int;
        return v;
    }
    bool isRawInt() const { return kind == Kind::Int || kind == Kind::IntMemory; }
    bool isRaw() const { return kind == Kind::Double || kind == Kind::RawMemory || isRawInt(); }
    bool inRegister() const { return kind == Kind::Register || kind == Kind::Int; }
    bool borrowed() const { return kind == Kind::Const || kind == Kind::Local; }
};

// How a helper reports an error.
enum class Check : uint8_t { None, Null, Negative, Always };

class Baseline {
  public:
    Baseline(PyjitCodeInfo* info, MachineCode* machine, MacroAssembler& masm, bool profiling);
    void setLogging(bool on) { logging_ = on; }

    // Compiles everything; false with refusal() set if it cannot.
    bool compile();
    const char* refusal() const { return refusal_; }
    uint32_t instructionCount() const { return static_cast<uint32_t>(bytecode_.instrs.size()); }

  private:
    using Stack = std::vector<Value>;
    struct Cold {
        Label entry;
        uint32_t stack, depth;  // what the operand stack is there: in coldStacks_
        uint32_t instr;
        PyjitOutcome outcome;  // what it means that it runs, of this instruction
        int special;
        std::function<void()> emit;
    };

    // --- driver (compiler.cpp)
    void analyseBound();
    void compileEntries();
    void compileLeave();
    void recompileCheck();
    void compileInstr(uint32_t index);
    void list(uint32_t index, const char* what);
    void list(const char* part);
    void emitCold();
    void beginBlock(uint32_t index);
    const Instr& instr() const { return bytecode_.instrs[current_]; }
    const Instr* nextInstr() const {
        return current_ + 1 < bytecode_.instrs.size() ? &bytecode_.instrs[current_ + 1] : nullptr;
    }
    bool fallsInto(const Instr* next) const { return next != nullptr && !next->leader; }
    void leaveFrame();                 // R0 holds the result (or NULL): unlink and return
    PyObject* name(uint32_t i) const { return PyTuple_GET_ITEM(code_->co_names, i); }

    // --- operand stack (stack.cpp)
    uint32_t depth() const { return static_cast<uint32_t>(stack_.size()); }
    void push(Value v) { stack_.push_back(v); }
    void pushOwned(Reg reg, Known known = Known::Nothing) { push(Value::owned(reg, known)); }
    Value& peek(uint32_t fromTop = 0) { return stack_[stack_.size() - 1 - fromTop]; }
    Mem slotOf(uint32_t position) const {
        return Mem::at(Reg::Frame, layout::local(code_->co_nlocalsplus + position));
    }
    Mem localMem(uint32_t index) const { return Mem::at(Reg::Frame, layout::local(index)); }
    uint32_t positionOf(uint32_t fromTop) const { return depth() - 1 - fromTop; }
    Reg temp();                        // a register for the rest of this instruction
    FReg tempF();
    // Makes sure that the next n calls of temp() spill nothing, so that a cold
    // path's picture of the stack stays true.
    void reserve(int n);
    void reserveF(int n);
    void lock(Reg reg) { locked_ |= 1u << static_cast<int>(reg); }
    void lockF(FReg reg) { lockedF_ |= 1u << static_cast<int>(reg); }
    bool inUse(Reg reg) const;
    void makeFree(Reg reg);            // spills whatever stack entry is in it
    // The operand's object in a register, without changing who owns it; locked
    // until the end of the instruction. Raw values are boxed.
    Reg use(uint32_t fromTop);
    void box(uint32_t fromTop);        // turns a raw value into an owned object
    FReg loadDouble(uint32_t fromTop); // of a raw value, or of an object known to be a float
    void own(uint32_t fromTop);        // makes it an owned Register
    // Takes the top off as an owned reference in a register.
    Reg popOwned();
    // Drops the top entry, releasing what is owned.
    void drop();
    // Drops the n topmost entries in the interpreter's order: the deepest first.
    void dropOperands(uint32_t n);
    void release(const Value& v, uint32_t position);
    void spillAll(uint32_t keepFromTop = 0);  // registers to their slots; borrowed ones stay
    void spillRange(uint32_t from, uint32_t to);
    void canonicalise();               // every entry an owned reference in its slot
    void canonicaliseRange(uint32_t from, uint32_t to);
    // Before local `index` changes: entries that borrow it become owned.
    void releaseBorrowers(uint32_t index);
    Arg argOf(uint32_t fromTop);       // as the argument of a helper, borrowed

    // --- building blocks (emit.cpp)
    void incref(Reg reg) {
        countReferences(masm_, 1);
        masm_.addMemImm(Width::B64, Mem::at(reg, layout::kRefcnt), 1);
    }
    // With known Float but not certain, the type is looked at first.
    void decref(Reg reg, Known known = Known::Nothing, bool certain = true);
    void freeFloat(Reg object, Reg spare, bool certain, Label done, Label other);
    void decrefOrNull(Reg reg);
    void storePrev();                  // prev_instr = this instruction
    void storePrev(uint32_t bci);
    Label cold(std::function<void()> emit) { return cold(PYJIT_OUTCOME_ASIDE, std::move(emit)); }
    // PYJIT_OUTCOMES: it is no event of the instruction.
    Label cold(PyjitOutcome outcome, std::function<void()> emit);
    bool countsEvents() const { return pyjit_config.count_events != 0; }
    int special() const;               // what this instruction is compiled for (events.h)
    PyjitValue operand() const;        // what is known of the value on top
    void countCompiled(uint32_t index);
    uint32_t* eventCounter(int special, PyjitOutcome outcome) const;
    // A label that leads to the error exit of this instruction, with the operand
    // stack as it is now.
    Label errorExit(bool reraise = false, uint32_t pops = 0);
    // A label that leads to the generic version, in front of this instruction
    // (or of the next one, with after = true), with the operand stack as it is now.
    Label deoptExit(bool after = false);
    Label interpreterExit();           // to the interpreter, behind this instruction
    // Behind a helper that ran Python code, which may have switched tracing on.
    void checkTracing();
    void leaveIfTracing(std::function<void()> before, bool sameInstr = false);
    bool isPrologue() const;
    void countStep();                  // of config.step_limit (steps.cpp)
    void exitStub(const void* helper, uint32_t index, bool returns);
    struct ExitTail {
        const void* helper;
        Label label;
        bool returns;
    };
    void emitExitTails();
    uint32_t exitConstant(PyObject* object);
    Slot exitSlot(const Value& v);
    uint32_t describeExit(uint32_t bci, int32_t handlerOf);
    // Calls a helper with everything spilled. `pops` operands are released after
    // the call, before the check. The result is in R0.
    void callHelper(const void* helper, std::initializer_list<Arg> args, uint32_t pops,
                    Check check);
    void checkResult(Check check, uint32_t pops = 0);
    // Cold: saves registers, calls, checks, puts the result into `result`,
    // restores, and joins at `back`. `pops` operands are what the result replaces:
    // an exception or tracing leaves from here.
    Label slowCall(const void* helper, std::initializer_list<Arg> args, Check check, Reg result,
                   Label back, uint32_t pops = 0);
    using Saved = std::vector<std::pair<uint32_t, Value>>;  // position and register
    void saveLive(Reg except, Saved& saved);
    void restoreLive(const Saved& saved);
    void called(const void* helper);  // of a helper called by hand: it may have run Python code
    void afterCall(bool pendingCheck); // tracing, signals: what others may have switched on
    void guardType(Reg object, PyTypeObject* type, Label fail);
    void forcedFailure(Label fail);    // stress: config.fail_guards
    // Emits a guard that never fails; where it would have, the fault has triggered.
    void dropped(const std::function<void(Label)>& guard);
    PyjitSite* site();
    void countUnprofiled();
    // What to expect of a site's operands: what came last, until such a guess has
    // failed a few times, then everything that was seen.
    static constexpr uint32_t kGuesses = 4;
    static uint16_t left(const PyjitSite* s) {
        return s->exits < kGuesses ? s->last_left : s->seen_left;
    }
    static uint16_t right(const PyjitSite* s) {
        return s->exits < kGuesses ? s->last_right : s->seen_right;
    }
    bool seesOnly(uint16_t seen, uint16_t allowed) const {
        return specialises() && seen != 0 && (seen & ~allowed) == 0;
    }
    // May this instruction have fast paths?
    bool specialises() const { return optimised_ && !isGeneric(instr().op, instr().oparg); }
    bool caching() const { return specialises() && pyjit_config.inline_caches > 0; }
    void compactInt(Reg object, Reg value, Label fail);      // one digit: guards and decodes
    void boxInt(Reg value, Reg result, bool maybeSmall);     // 64-bit value to an object
    void boxDouble(FReg value, Reg result);
    void typeVersion(Reg object, Reg version);
    void finishCondition(Reg flag);    // a 0 or 1: fused with the next jump, or a bool
    void boolFromFlag(Reg flag, Reg scratch);
    void jumpIf(Cond cond, Reg flag, uint32_t target);
    void setEntryDepth(uint32_t target) { setEntryDepth(target, depth()); }
    void setEntryDepth(uint32_t target, uint32_t depth);
    void checkPendingAt(uint32_t target);
    void jumpUnlessTraced(uint32_t target);
    void backEdge(uint32_t target, bool interruptible = true);
    bool beforeJump() const;  // the next code unit is a conditional jump
    bool fusedJump(bool& whenTrue, uint32_t& target) const;

    // --- opcodes (lower_*.cpp)
#define OPCODE(name, number, caches, lowering, flags) void lower##lowering();
#define OPCODE_AS(name, number, caches, lowering, flags)
#include "../bytecode/cp311/opcodes.def"
#undef OPCODE

    // shared by several opcodes
    void genericBinary(const void* helper, int oparg);
    struct IntOperands {
        Reg a = Reg::None, b = Reg::None;  // values of the left and the right operand
        bool wide = false;                 // one of them may have more than 60 bits
        Label fail;                        // leaves for the generic version
    };
    bool intOperands(IntOperands& operands);
    bool isFloatOperand(uint32_t fromTop, uint16_t seen) const;
    FReg guardedDouble(uint32_t fromTop, Label fail);
    bool isIntOperand(uint32_t fromTop, uint16_t seen) const;
    void loadInt(uint32_t fromTop, Reg into, Label fail);
    void decodeInt(Reg object, Reg value, Label fail);
    bool tryIntDivide();
    bool tryConcatenate(int op);
    void intShift(int op, const IntOperands& operands);
    void intDivision(int op, const IntOperands& operands);
    // Before a condition that a jump may follow: everything below its operands
    // becomes canonical while no register holds anything yet.
    void prepareCondition(uint32_t operands);
    bool tryStoreDouble(uint32_t index);
    bool tryStoreInt(uint32_t index);
    bool tryFloatBinary(int op);
    bool tryIntBinary(int op);
    bool tryMixedBinary(int op, int oparg);
    void countComparison(Label fail);
    bool tryCompareInt(int op);
    bool tryCompareFloat(int op);
    bool tryCompareString(int op);
    bool isStringOperand(uint32_t fromTop, uint16_t seen) const;
    Reg guardedString(uint32_t fromTop, Label fail);
    void buildFromStack(const void* helper, uint32_t slots, std::initializer_list<Arg> more);
    void enterContext(const void* helper);
    void unpackInto(const void* helper, uint32_t n, std::initializer_list<Arg> first);
    void versionChain(PyjitSite* site, Reg version, int entries, Label slow,
                      const std::function<void(int)>& hit);
    // How an instance could have an attribute of its own in place of its class's.
    enum class Shadow : uint8_t { Never, Keys, Lazy, Mixed };
    static Shadow shadowOf(const PyjitSite* site, int entries);
    void loadClassAttribute(PyjitSite* site, int entries, Reg owner, Reg result, Reg version,
                            Reg where, Label slow);
    bool loadFast(PyjitSite* site, Reg owner, Reg result, Reg version, Reg where, Label slow);
    void loadWithHint(Reg owner, Reg result, Reg scratch, Reg hint, Label slow);
    bool tryLoadAttr(PyjitSite* site);
    bool tryStoreAttr(PyjitSite* site);
    Label newAttribute(Reg values, Reg offset, Reg scratch, Label back);
    void leaveWithMethod(const Value& owner, uint32_t position);
    Label slowMethod(PyjitSite* site, bool function, Reg result, Label back);
    bool tryLoadCallable(PyjitSite* site);
    bool tryLoadMethod(PyjitSite* site);
    struct SubscriptOperands {
        Reg container, index, scratch;
        Label slow, back;
    };
    SubscriptOperands beginSubscript(uint32_t container, uint32_t index, PyTypeObject* type,
                                     const void* helper, PyjitSite* site, bool exits = false,
                                     int registers = 3);
    bool seesArray(const PyjitSite* site, bool& doubles) const;
    void guardTypecode(const SubscriptOperands& o, bool doubles);
    bool tryArraySubscr(PyjitSite* site);
    void storeDouble(const SubscriptOperands& o);
    void storeInt32(const SubscriptOperands& o);
    bool tryStoreArray(PyjitSite* site);
    Label storeSubscriptSlow(PyjitSite* site, Label back);
    Label globalByKeys(PyjitSite* site, Reg value, Reg scratch, Label miss, Label back);
    bool tryForIter(PyjitSite* site, uint32_t target, Label end);
    void nextOfBuiltin(Label end);
    void nextOfGenerator(Label slow, Label back, Label end);
    void suspend();
    void wrapAndYield();
    void resume(Mem slot, PyTypeObject* type, const Arg& sent, Label slow, Label ended);
    void tryAnext();
    Label exhausted(uint32_t target);
    struct RangeExits {
        Label slow;  // it is no range
        Label over;  // nothing is left of it
        Label back;  // behind the step
    };
    void rangeStep(Reg iterator, Reg result, Reg index, Reg other, const RangeExits& exits);
    bool fusedStore(uint32_t& local) const;
    bool borrowsLocal(uint32_t index) const;
    void storeInt(Reg value, uint32_t local, Label boxedArrival);
    Reg truthOfTop();
    bool trySlice();
    bool trySubscr(PyjitSite* site);
    bool tryStoreSubscr(PyjitSite* site);
    bool tryUnpack(PyjitSite* site, uint32_t n);
    // Where each parameter of a Python callee comes from.
    struct CallPlan {
        static constexpr int kDefault = -1;  // from func_defaults
        std::vector<int> sources;            // by parameter: operand distance from the top, or
                                             // kDefault
        int defaults = 0;  // length that func_defaults must have, if it is used
        bool usesDefaults = false;
    };
    bool planCall(PyjitSite* site, uint32_t nargs, CallPlan& plan) const;
    bool planAnyCall(const PyjitSite* site, uint32_t nargs, CallPlan& plan) const;
    void guardAnyPython(Reg function, Reg info, Reg scratch, int parameters, Label slow);
    void moveArguments(const CallPlan& plan, uint16_t form, Reg callable, Reg function, Reg frame,
                       Reg scratch);
    bool tryPythonCall(PyjitSite* site, uint32_t nargs);
    bool trySuperMethod(PyjitSite* site, uint32_t nargs);
    uint16_t callForm(const PyjitSite* site, uint32_t nargs);
    // How a C callable is called, and what has to be checked before.
    struct CCall {
        uint16_t kind;
        PyObject* callee = nullptr;        // the very callable that is expected, or its type
        PyMethodDef* method = nullptr;     // of a known callable
        PyTypeObject* selfType = nullptr;  // of a method descriptor
        bool withSelf = false;             // it came with an object: [function, self]
        bool counts = false;               // it is a level of recursion
    };
    bool planCCall(PyjitSite* site, uint32_t nargs, CCall& plan) const;
    void guardCallee(const CCall& plan, Reg callable, Label slow);
    void guardInstance(Reg object, PyTypeObject* type, Label slow);
    Arg argumentVector(uint32_t first, uint32_t count);
    void callConvention(const CCall& plan, uint32_t nargs, Reg callable);
    bool tryCCall(PyjitSite* site, uint32_t nargs);
    bool tryClassCall(PyjitSite* site, uint32_t nargs);
    void genericCall(PyjitSite* site, uint32_t nargs);
    Label callSlow(PyjitSite* site, uint32_t nargs, Label back);
    bool guardCallForm(uint16_t form, uint32_t nargs, Label slow);
    void finishCall(uint32_t nargs);

    PyjitCodeInfo* info_;
    MachineCode* machine_;
    MacroAssembler& masm_;
    PyCodeObject* code_;
    bool optimised_;
    Bytecode bytecode_;
    const char* refusal_ = nullptr;
    uint32_t current_ = 0;
    int operand_ = 0;  // what operand() was in front of this instruction
    bool ranPython_ = false;                 // this instruction called a helper that may
    uint32_t counted_ = UINT32_MAX;          // instruction that counts as unprofiled
    Stack stack_;
    bool reachable_ = true;
    uint32_t locked_ = 0, lockedF_ = 0;
    std::vector<Label> labels_;  // by instruction: its block's start
    std::vector<bool> labelBound_;
    bool logging_ = false;
    void bindBlock(uint32_t i) {
        masm_.bind(labels_[i]);
        labelBound_[i] = true;
    }
    std::vector<int32_t> entryDepth_;  // by instruction: stack depth at a leader, -1 unknown
    std::vector<Known> localKnown_;
    std::vector<uint64_t> boundAt_;  // by leader: locals that are certainly bound
    uint64_t bound_ = 0;  // the first 64 locals are tracked
    bool isBound(uint32_t i) const { return i < 64 && (bound_ >> i & 1); }
    void setBound(uint32_t i, bool bound) {
        if (i < 64) bound_ = bound ? bound_ | (1ull << i) : bound_ & ~(1ull << i);
    }
    std::vector<Cold> cold_;
    Stack coldStacks_;  // those of all cold paths, one behind the other
    std::vector<ExitTail> exitTails_;
    PyObject* kwnames_ = nullptr;
    Label leave_, left_, leaveError_, leaveResult_, hookEntry_, directEntry_;
    const Stubs* stubs_;

  public:
    // Offsets of the two entries, after finish().
    size_t hookOffset() const { return masm_.labelOffset(hookEntry_); }
    size_t directOffset() const { return masm_.labelOffset(directEntry_); }
    void collectTables();
};

}  // namespace pyjit
