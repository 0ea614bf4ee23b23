// Lowering: container[key], slices.
#include "compiler.h"

#include "../runtime/seen.h"

namespace pyjit {

bool Baseline::trySubscr(PyjitSite* s) {
    const bool list = seesOnly(left(s), PYJIT_SEEN_LIST);
    const bool tuple = seesOnly(left(s), PYJIT_SEEN_TUPLE);
    if ((!list && !tuple) || !seesOnly(right(s), PYJIT_SEEN_INT)) return false;
    const SubscriptOperands o =
        beginSubscript(1, 0, list ? &PyList_Type : &PyTuple_Type,
                       reinterpret_cast<const void*>(pyjit_binary_subscr), s);
    if (list) {
        masm_.load64(o.scratch, Mem::at(o.container, layout::kListItems));
        masm_.load64(o.index, Mem::indexed(o.scratch, o.index, 3));
    } else {
        masm_.load64(o.index, Mem::indexed(o.container, o.index, 3, layout::kTupleItems));
    }
    FAULT_OMITS_IF(TUPLE_ITEM_REFERENCE, tuple, incref(o.index));
    masm_.bind(o.back);
    dropOperands(2);
    pushOwned(o.index);
    return true;
}

// Guards container and index, given by their distance from the top of the stack;
// the index ends up checked against the size and not negative. With `exits`, or a raw
// index, failing guards leave for the generic version. `registers`: how many the caller
// and this take until the last guard.
Baseline::SubscriptOperands Baseline::beginSubscript(uint32_t container, uint32_t index,
                                                     PyTypeObject* type, const void* helper,
                                                     PyjitSite* s, bool exits, int registers) {
    SubscriptOperands o;
    o.container = use(container);
    const Value indexValue = peek(index);
    const bool raw = indexValue.isRawInt() ||
                     (indexValue.kind == Value::Kind::Const && indexValue.known == Known::Int &&
                      Py_ABS(Py_SIZE(indexValue.object)) <= 1);
    const Reg indexObject = raw ? Reg::None : use(index);
    reserve(registers);
    o.back = masm_.newLabel();
    if (exits || indexValue.isRawInt()) {
        o.slow = deoptExit();
        o.index = temp();
        o.scratch = temp();
    } else {
        o.index = temp();
        o.scratch = temp();
        o.slow = helper == nullptr ? storeSubscriptSlow(s, o.back)
                                   : slowCall(helper, {Arg::p(s), argOf(container), argOf(index)},
                                              Check::Null, o.index, o.back, 2);
    }
    const Known known = peek(container).known;
    const bool certain = (type == &PyList_Type && known == Known::List) ||
                         (type == &PyTuple_Type && known == Known::Tuple);
    if (!certain) guardType(o.container, type, o.slow);
    if (raw) {
        loadInt(index, o.index, o.slow);
    } else {
        if (indexValue.known != Known::Int) guardType(indexObject, &PyLong_Type, o.slow);
        compactInt(indexObject, o.index, o.slow);
        if (indexValue.borrowed()) locked_ &= ~(1u << static_cast<int>(indexObject));
    }
    masm_.load64(o.scratch, Mem::at(o.container, layout::kSize));
    const Label positive = masm_.newLabel();
    masm_.branchImm(Cond::Ge, o.index, 0, positive);
    masm_.add(o.index, o.scratch);
    masm_.bind(positive);
    FAULT_WEAKENS(SUBSCRIPT_BOUND, o.slow, masm_.branch(Cond::UGt, o.index, o.scratch, to),
                  masm_.branch(Cond::UGe, o.index, o.scratch, to));
    return o;
}

// Only arrays of one of the kinds that are handled here?
bool Baseline::seesArray(const PyjitSite* s, bool& doubles) const {
    doubles = seesOnly(left(s), PYJIT_SEEN_DOUBLES);
    return (doubles || seesOnly(left(s), PYJIT_SEEN_INTS)) && seesOnly(right(s), PYJIT_SEEN_INT) &&
           pyjit_array_type != nullptr;
}

void Baseline::guardTypecode(const SubscriptOperands& o, bool doubles) {
    masm_.load64(o.scratch, Mem::at(o.container, offsetof(PyjitArray, typecode)));
    masm_.branchMemImm(Width::B8, Cond::Ne, Mem::at(o.scratch), doubles ? 'd' : 'i', o.slow);
    masm_.load64(o.scratch, Mem::at(o.container, offsetof(PyjitArray, items)));
}

// The item stays raw.
bool Baseline::tryArraySubscr(PyjitSite* s) {
    bool doubles;
    if (!seesArray(s, doubles)) return false;
    reserveF(2);
    const SubscriptOperands o = beginSubscript(1, 0, pyjit_array_type, nullptr, s, true);
    guardTypecode(o, doubles);
    if (doubles) {
        const FReg item = tempF();
        masm_.loadF(item, Mem::indexed(o.scratch, o.index, 3));
        dropOperands(2);
        push(Value::raw(item));
    } else {
        masm_.loadSigned32(o.index, Mem::indexed(o.scratch, o.index, 2));
        dropOperands(2);
        push(Value::integer(o.index));
    }
    return true;
}

void Baseline::storeDouble(const SubscriptOperands& o) {
    FReg value;
    if (peek(2).isRawInt()) {
        const Reg number = temp();
        loadInt(2, number, o.slow);
        value = tempF();
        masm_.intToF(value, number);
    } else {
        value = guardedDouble(2, o.slow);
    }
    guardTypecode(o, true);
    masm_.storeF(Mem::indexed(o.scratch, o.index, 3), value);
}

void Baseline::storeInt32(const SubscriptOperands& o) {
    const Reg value = temp(), again = temp();
    loadInt(2, value, o.slow);
    masm_.mov(again, value);
    masm_.shlImm(again, 32);
    masm_.sarImm(again, 32);
    masm_.branch(Cond::Ne, again, value, o.slow);
    guardTypecode(o, false);
    masm_.store(Width::B32, Mem::indexed(o.scratch, o.index, 2), value);
}

// [value, array, index]
bool Baseline::tryStoreArray(PyjitSite* s) {
    bool doubles;
    if (!seesArray(s, doubles)) return false;
    const Value value = peek(2);
    if (!doubles && value.isRaw() && !value.isRawInt()) return false;
    // A constant is read at compile time, which takes a small int.
    if (!doubles && value.kind == Value::Kind::Const &&
        (value.known != Known::Int || Py_ABS(Py_SIZE(value.object)) > 1)) {
        return false;
    }
    reserveF(3);
    constexpr int kRegisters = 6;
    const SubscriptOperands o =
        beginSubscript(1, 0, pyjit_array_type, nullptr, s, value.isRaw(), kRegisters);
    doubles ? storeDouble(o) : storeInt32(o);
    dropOperands(3);
    masm_.bind(o.back);
    return true;
}

void Baseline::lowerBinarySubscr() {
    PyjitSite* s = site();
    if (s == nullptr) return;
    if (specialises() && (trySubscr(s) || tryArraySubscr(s))) return;
    auto* helper = pyjit_binary_subscr;
    if (seesOnly(left(s), PYJIT_SEEN_DICT)) helper = pyjit_subscript_dict;
    if (seesOnly(left(s), PYJIT_SEEN_STR)) helper = pyjit_subscript_str;
    callHelper(reinterpret_cast<const void*>(helper), {Arg::p(s), argOf(1), argOf(0)}, 2,
               Check::Null);
    pushOwned(masm_.ret());
}

// [value, container, index]: the helper does it all and drops the operands.
Label Baseline::storeSubscriptSlow(PyjitSite* s, Label back) {
    return cold(PYJIT_OUTCOME_HELPER, [this, s, back] {
        Saved saved;
        const Arg args[] = {Arg::p(s), argOf(1), argOf(0), argOf(2)};
        saveLive(Reg::None, saved);
        storePrev();
        masm_.setArgs(args);
        masm_.call(reinterpret_cast<const void*>(pyjit_store_subscr));
        lock(masm_.ret());
        dropOperands(3);  // before anything is restored, as above
        checkResult(Check::Negative);
        checkTracing();
        restoreLive(saved);
        masm_.jump(back);
    });
}

bool Baseline::tryStoreSubscr(PyjitSite* s) {
    if (!seesOnly(left(s), PYJIT_SEEN_LIST) || !seesOnly(right(s), PYJIT_SEEN_INT)) {
        return false;
    }
    own(2);
    const Reg value = peek(2).reg;
    const SubscriptOperands o = beginSubscript(1, 0, &PyList_Type, nullptr, s);
    Reg old = o.scratch;
    masm_.load64(o.scratch, Mem::at(o.container, layout::kListItems));
    masm_.lea(o.index, Mem::indexed(o.scratch, o.index, 3));
    masm_.load64(old, Mem::at(o.index));
    masm_.store64(Mem::at(o.index), value);
    // The value's reference has moved into the list.
    const Value index = peek(0), container = peek(1);
    const Known known = peek(2).known;
    const uint32_t top = positionOf(0);
    for (const Value& v : {index, container}) {
        if (v.kind == Value::Kind::Register) lock(v.reg);
    }
    for (int i = 0; i < 3; ++i) stack_.pop_back();
    decref(old, known, false);
    release(container, top - 1);
    release(index, top);
    masm_.bind(o.back);
    return true;
}

void Baseline::lowerStoreSubscr() {
    PyjitSite* s = site();
    if (s == nullptr) return;
    if (specialises() && (tryStoreSubscr(s) || tryStoreArray(s))) return;
    callHelper(reinterpret_cast<const void*>(pyjit_store_subscr),
               {Arg::p(s), argOf(1), argOf(0), argOf(2)}, 3, Check::Negative);
}

void Baseline::lowerDeleteSubscr() {
    callHelper(reinterpret_cast<const void*>(pyjit_delete_subscr), {argOf(1), argOf(0)}, 2,
               Check::Negative);
}

// container[start:stop], container[start:stop:step] and container[start:stop] = value in one.
bool Baseline::trySlice() {
    const Instr* next = nextInstr();
    if (!specialises() || !fallsInto(next) || next->handler != instr().handler) return false;
    const bool withStep = instr().oparg == 3;
    if (next->op == OP_STORE_SUBSCR && !withStep) {
        ++current_;
        callHelper(reinterpret_cast<const void*>(pyjit_store_slice),
                   {argOf(2), argOf(1), argOf(0), argOf(3)}, 4, Check::Negative);
        return true;
    }
    if (next->op != OP_BINARY_SUBSCR) return false;
    ++current_;
    if (withStep) {
        callHelper(reinterpret_cast<const void*>(pyjit_step_slice),
                   {argOf(3), argOf(2), argOf(1), argOf(0)}, 4, Check::Null);
    } else {
        callHelper(reinterpret_cast<const void*>(pyjit_binary_slice),
                   {argOf(2), argOf(1), argOf(0)}, 3, Check::Null);
    }
    pushOwned(masm_.ret());
    return true;
}

void Baseline::lowerBuildSlice() {
    const bool withStep = instr().oparg == 3;
    if (trySlice()) return;
    if (withStep) {
        callHelper(reinterpret_cast<const void*>(PySlice_New), {argOf(2), argOf(1), argOf(0)}, 3,
                   Check::Null);
    } else {
        callHelper(reinterpret_cast<const void*>(PySlice_New), {argOf(1), argOf(0), Arg::i(0)}, 2,
                   Check::Null);
    }
    pushOwned(masm_.ret());
}

}  // namespace pyjit
