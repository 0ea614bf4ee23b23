// Lowering: constants, locals, cells, names, the operand stack itself.
#include "compiler.h"

#include "../faults.h"

namespace pyjit {

void Baseline::lowerResume() {
    if (instr().oparg >= 2) return;
    storePrev();
    const Label go = masm_.newLabel();
    const Label pending = slowCall(reinterpret_cast<const void*>(pyjit_handle_pending),
                                   {Arg::r(Reg::TState)}, Check::Negative, Reg::None, go);
    FAULT_DROPS(
        ENTRY_BREAKER, pending,
        masm_.branchMemImm(Width::B32, Cond::Ne,
                           Mem::abs(&PyInterpreterState_Main()->ceval.eval_breaker), 0, to));
    masm_.bind(go);
    masm_.storeImm(Width::B8, Mem::abs(&info_->executed), 1);
}

void Baseline::lowerNop() {}

void Baseline::lowerPopTop() { drop(); }

void Baseline::lowerPushNull() { push(Value::constant(nullptr)); }

void Baseline::lowerLoadConst() {
    push(Value::constant(PyTuple_GET_ITEM(code_->co_consts, instr().oparg)));
}

void Baseline::lowerLoadFast() {
    const uint32_t index = instr().oparg;
    if (!isBound(index)) {
        const Label unbound =
            slowCall(reinterpret_cast<const void*>(pyjit_raise_unbound_local),
                     {Arg::p(code_), Arg::i(index)}, Check::Always, Reg::None, Label{});
        FAULT_DROPS(LOCAL_UNBOUND, unbound,
                    masm_.branchMemImm(Width::B64, Cond::Eq, localMem(index), 0, to));
        setBound(index, true);
    }
    push(Value::local(index, localKnown_[index]));
}

void Baseline::lowerStoreFast() {
    const uint32_t index = instr().oparg;
    if (peek().kind == Value::Kind::Local && peek().index == index) {
        stack_.pop_back();
        return;
    }
    if (specialises() && (tryStoreDouble(index) || tryStoreInt(index))) return;
    own(0);
    const Value value = peek();
    lock(value.reg);
    stack_.pop_back();
    FAULT_OMITS_IF(STALE_BORROW, borrowsLocal(index), releaseBorrowers(index));
    Reg old = temp();
    masm_.load64(old, localMem(index));
    masm_.store64(localMem(index), value.reg);
    FAULT_OMITS(LEAKED_REFERENCE,
                isBound(index) ? decref(old, localKnown_[index]) : decrefOrNull(old));
    setBound(index, true);
    localKnown_[index] = value.known;
}

// A raw double goes into the float object that the local holds, if nobody else
// holds that object.
bool Baseline::tryStoreDouble(uint32_t index) {
    if (peek().known != Known::Float || !peek().isRaw() || !isBound(index) || borrowsLocal(index)) {
        return false;
    }
    FReg value = loadDouble(0);
    Reg old = temp();
    const Label done = masm_.newLabel();
    const Label shared = cold([this, value, index, old, done] {
        // As in the hot path, but with a new object. The raw value itself is the
        // top of this path's stack.
        lock(old);
        Reg fresh = temp();
        boxDouble(value, fresh);
        masm_.load64(old, localMem(index));
        masm_.store64(localMem(index), fresh);
        stack_.pop_back();
        decref(old);
        masm_.jump(done);
    });
    masm_.load64(old, localMem(index));
    if (localKnown_[index] != Known::Float) guardType(old, &PyFloat_Type, shared);
    FAULT_DROPS(FLOAT_IN_PLACE, shared,
                masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(old, layout::kRefcnt), 1, to));
    masm_.storeF(Mem::at(old, layout::kFloatValue), value);
    masm_.bind(done);
    stack_.pop_back();
    localKnown_[index] = Known::Float;
    return true;
}

void Baseline::lowerDeleteFast() {
    const uint32_t index = instr().oparg;
    if (!isBound(index)) {
        const Label unbound =
            slowCall(reinterpret_cast<const void*>(pyjit_raise_unbound_local),
                     {Arg::p(code_), Arg::i(index)}, Check::Always, Reg::None, Label{});
        masm_.branchMemImm(Width::B64, Cond::Eq, localMem(index), 0, unbound);
    }
    releaseBorrowers(index);
    Reg old = temp();
    masm_.load64(old, localMem(index));
    masm_.storeImm(Width::B64, localMem(index), 0);
    decref(old);
    setBound(index, false);
    localKnown_[index] = Known::Nothing;
}

void Baseline::lowerCopy() {
    const uint32_t from = instr().oparg - 1;
    const Value v = peek(from);
    if (v.borrowed()) {
        push(v);
        return;
    }
    // A raw value becomes an object first: both copies are one and the same.
    if (v.isRaw()) box(from);
    Reg source = use(from);
    Reg copy = temp();
    masm_.mov(copy, source);
    incref(copy);
    pushOwned(copy, v.known);
}

void Baseline::lowerSwap() {
    const uint32_t other = instr().oparg - 1;
    // What is in memory is tied to its position.
    for (uint32_t fromTop : {0u, other}) {
        if (peek(fromTop).kind == Value::Kind::Memory) use(fromTop);
        if (peek(fromTop).kind == Value::Kind::RawMemory) loadDouble(fromTop);
        if (peek(fromTop).kind == Value::Kind::IntMemory) {
            const Reg reg = temp();
            loadInt(fromTop, reg, Label{});
            peek(fromTop) = Value::integer(reg);
        }
    }
    std::swap(peek(0), peek(other));
}

void Baseline::lowerReturnValue() {
    const Value v = peek();
    if (v.kind == Value::Kind::Local && v.index < 64 && isBound(v.index) && depth() == 1) {
        // The local dies with the frame: its reference is the result's, unless
        // somebody holds the frame object and may look at it later.
        const Label seen = cold([this, index = v.index] {
            storePrev();
            masm_.load64(masm_.ret(), localMem(index));
            incref(masm_.ret());
            masm_.jump(leave_);
        });
        FAULT_DROPS(RETURNED_LOCAL, seen,
                    masm_.branchMemImm(Width::B64, Cond::Ne,
                                       Mem::at(Reg::Frame, layout::kFrameObject), 0, to));
        masm_.load64(masm_.ret(), localMem(v.index));
        masm_.storeImm(Width::B64, localMem(v.index), 0);
        stack_.pop_back();
    } else {
        Reg reg = popOwned();
        if (reg != masm_.ret()) masm_.mov(masm_.ret(), reg);
        storePrev();  // whoever holds the frame object sees where it ended
    }
    masm_.jump(leave_);
}

void Baseline::lowerMakeCell() {
    const uint32_t index = instr().oparg;
    callHelper(reinterpret_cast<const void*>(PyCell_New), {Arg::load(localMem(index))}, 0,
               Check::Null);
    Reg old = temp();
    masm_.load64(old, localMem(index));
    masm_.store64(localMem(index), masm_.ret());
    decrefOrNull(old);
    setBound(index, true);
    localKnown_[index] = Known::Nothing;
}

void Baseline::lowerCopyFreeVars() {
    Reg closure = temp();
    Reg cell = temp();
    masm_.load64(closure, Mem::at(Reg::Frame, layout::kFrameFunc));
    masm_.load64(closure, Mem::at(closure, layout::kFuncClosure));
    const uint32_t first = static_cast<uint32_t>(code_->co_nlocals + code_->co_nplaincellvars);
    for (uint32_t i = 0; i < instr().oparg; ++i) {
        masm_.load64(cell, Mem::at(closure, layout::kTupleItems + 8 * static_cast<int64_t>(i)));
        incref(cell);
        masm_.store64(localMem(first + i), cell);
        setBound(first + i, true);
    }
}

void Baseline::lowerLoadDeref() {
    const uint32_t index = instr().oparg;
    Reg value = temp();
    masm_.load64(value, localMem(index));
    masm_.load64(value, Mem::at(value, layout::kCell));
    const Label unbound =
        slowCall(reinterpret_cast<const void*>(pyjit_raise_unbound_deref),
                 {Arg::p(code_), Arg::i(index)}, Check::Always, Reg::None, Label{});
    FAULT_DROPS(CELL_UNBOUND, unbound, masm_.branchImm(Cond::Eq, value, 0, to));
    incref(value);
    pushOwned(value);
}

void Baseline::lowerStoreDeref() {
    Reg value = popOwned();
    Reg cell = temp();
    Reg old = temp();
    masm_.load64(cell, localMem(instr().oparg));
    masm_.load64(old, Mem::at(cell, layout::kCell));
    masm_.store64(Mem::at(cell, layout::kCell), value);
    FAULT_OMITS(CELL_LEAK, decrefOrNull(old));
}

void Baseline::lowerDeleteDeref() {
    const uint32_t index = instr().oparg;
    Reg cell = temp();
    Reg old = temp();
    masm_.load64(cell, localMem(index));
    masm_.load64(old, Mem::at(cell, layout::kCell));
    const Label unbound =
        slowCall(reinterpret_cast<const void*>(pyjit_raise_unbound_deref),
                 {Arg::p(code_), Arg::i(index)}, Check::Always, Reg::None, Label{});
    masm_.branchImm(Cond::Eq, old, 0, unbound);
    masm_.storeImm(Width::B64, Mem::at(cell, layout::kCell), 0);
    decref(old);
}

void Baseline::lowerLoadClassDeref() {
    callHelper(reinterpret_cast<const void*>(pyjit_load_classderef),
               {Arg::r(Reg::Frame), Arg::i(instr().oparg)}, 0, Check::Null);
    pushOwned(masm_.ret());
}

// Something else was stored into the globals since, but the name is where it was: as
// global_by_keys() in names.c, for what is no builtin.
Label Baseline::globalByKeys(PyjitSite* s, Reg value, Reg scratch, Label miss, Label back) {
    return cold([=, this] {
        const Mem globals = Mem::at(Reg::Frame, layout::kFrameGlobals);
        masm_.load64(scratch, globals);
        masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(scratch, layout::kType),
                           reinterpret_cast<intptr_t>(&PyDict_Type), miss);
        masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(scratch, layout::kDictValues), 0, miss);
        masm_.load64(scratch, Mem::at(scratch, layout::kDictKeys));
        masm_.load(Width::B32, value, Mem::abs(&s->globals_keys_version));
        masm_.branchImm(Cond::Eq, value, 0, miss);
        FAULT_DROPS(GLOBALS_BY_KEYS, miss,
                    masm_.branchMem(Width::B32, Cond::Ne, Mem::at(scratch, layout::kKeysVersion),
                                    value, to));
        masm_.branchMemImm(Width::B32, Cond::Ne, Mem::abs(&s->builtins_keys_version), 0, miss);
        masm_.load64(value, Mem::abs(&s->fast.index[0]));
        masm_.load64(value, Mem::indexed(scratch, value, 0));
        masm_.branchImm(Cond::Eq, value, 0, miss);
        masm_.load64(scratch, globals);
        masm_.load64(scratch, Mem::at(scratch, layout::kDictVersion));
        masm_.store64(Mem::abs(&s->global_value), value);
        masm_.store64(Mem::abs(&s->globals_version_tag), scratch);
        masm_.storeImm(Width::B64, Mem::abs(&s->builtins_version_tag), 0);
        incref(value);
        masm_.jump(back);
    });
}

void Baseline::lowerLoadGlobal() {
    if (instr().oparg & 1) push(Value::constant(nullptr));
    PyObject* which = name(instr().oparg >> 1);
    PyjitSite* s = site();
    if (s == nullptr) return;
    if (!caching() || s->global_value == nullptr) {
        callHelper(reinterpret_cast<const void*>(pyjit_load_global),
                   {Arg::p(s), Arg::r(Reg::Frame), Arg::p(which)}, 0, Check::Null);
        pushOwned(masm_.ret());
        return;
    }
    // A version tag names one state of one dictionary for good.
    Reg value = temp();
    Reg dict = temp();
    const Label back = masm_.newLabel();
    Label miss = slowCall(reinterpret_cast<const void*>(pyjit_load_global),
                          {Arg::p(s), Arg::r(Reg::Frame), Arg::p(which)}, Check::Null, value, back);
    forcedFailure(miss);
    if (s->globals_keys_version != 0 && s->builtins_keys_version == 0) {
        miss = globalByKeys(s, value, dict, miss, back);
    }
    masm_.load64(dict, Mem::at(Reg::Frame, layout::kFrameGlobals));
    masm_.load64(dict, Mem::at(dict, layout::kDictVersion));
    FAULT_DROPS(GLOBALS_VERSION, miss,
                masm_.branchMem(Width::B64, Cond::Ne, Mem::abs(&s->globals_version_tag), dict, to));
    const Label hit = masm_.newLabel();
    if (s->builtins_version_tag == 0) {
        masm_.branchMemImm(Width::B64, Cond::Ne, Mem::abs(&s->builtins_version_tag), 0, miss);
    } else {
        masm_.load64(dict, Mem::at(Reg::Frame, layout::kFrameBuiltins));
        masm_.load64(dict, Mem::at(dict, layout::kDictVersion));
        FAULT_DROPS(
            BUILTINS_VERSION, miss,
            masm_.branchMem(Width::B64, Cond::Ne, Mem::abs(&s->builtins_version_tag), dict, to));
    }
    masm_.bind(hit);
    masm_.load64(value, Mem::abs(&s->global_value));
    FAULT_OMITS(GLOBAL_REFERENCE, incref(value));
    masm_.bind(back);
    pushOwned(value);
}

void Baseline::lowerStoreGlobal() {
    callHelper(reinterpret_cast<const void*>(pyjit_store_global),
               {Arg::r(Reg::Frame), Arg::p(name(instr().oparg)), argOf(0)}, 1, Check::Negative);
}

void Baseline::lowerDeleteGlobal() {
    callHelper(reinterpret_cast<const void*>(pyjit_delete_global),
               {Arg::r(Reg::Frame), Arg::p(name(instr().oparg))}, 0, Check::Negative);
}

void Baseline::lowerLoadName() {
    callHelper(reinterpret_cast<const void*>(pyjit_load_name),
               {Arg::r(Reg::Frame), Arg::p(name(instr().oparg))}, 0, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerStoreName() {
    callHelper(reinterpret_cast<const void*>(pyjit_store_name),
               {Arg::r(Reg::Frame), Arg::p(name(instr().oparg)), argOf(0)}, 1, Check::Negative);
}

void Baseline::lowerDeleteName() {
    callHelper(reinterpret_cast<const void*>(pyjit_delete_name),
               {Arg::r(Reg::Frame), Arg::p(name(instr().oparg))}, 0, Check::Negative);
}

void Baseline::lowerSetupAnnotations() {
    callHelper(reinterpret_cast<const void*>(pyjit_setup_annotations), {Arg::r(Reg::Frame)}, 0,
               Check::Negative);
}

}  // namespace pyjit
