// Lowering: attributes, methods, subscripts.
//
// The inline part of a cache compares the owner's type version with the entries
// of site->fast and then does what the site's fast_kind says. Everything else is
// the helper's business.
#include "compiler.h"

#include "../config.h"
#include "../faults.h"

namespace pyjit {

namespace {

// How many of a site's slow entries are of this kind, and whether all are.
struct KindCount {
    int count = 0;
    bool all = true;
};

KindCount countKind(const PyjitSite* site, PyjitAttrKind kind) {
    KindCount result;
    for (const PyjitEntry& entry : site->slow) {
        if (entry.version == PYJIT_NO_VERSION || entry.kind == PYJIT_ATTR_NONE) continue;
        if (entry.kind == kind) {
            ++result.count;
        } else {
            result.all = false;
        }
    }
    return result;
}

// The kind that a site's fast entries are for never changes once there is code:
// older versions may still be running.
PyjitAttrKind fastKind(const PyjitSite* site, PyjitAttrKind preferred) {
    return site->fast_kind == PYJIT_ATTR_NONE ? preferred
                                              : static_cast<PyjitAttrKind>(site->fast_kind);
}

// What the helper has cached so far goes in front, for generated code to read.
int fillFast(PyjitSite* site, PyjitAttrKind kind) {
    site->fast_kind = kind;
    int n = 0;
    for (int i = 0; i < PYJIT_ENTRIES; ++i) site->fast.version[i] = PYJIT_NO_VERSION;
    for (const PyjitEntry& entry : site->slow) {
        if (entry.version == PYJIT_NO_VERSION || entry.kind != kind) continue;
        if (n >= static_cast<int>(pyjit_config.inline_caches)) break;
        site->fast.version[n] = entry.version;
        site->fast.keys_version[n] = entry.keys_version;
        site->fast.index[n] =
            kind == PYJIT_ATTR_VALUE ? static_cast<int64_t>(entry.index) * 8 : entry.index;
        site->fast.value[n] = entry.value;
        ++n;
    }
    return n;
}

}  // namespace

// Compares the version in `version` with the first `entries` entries; `hit(i)`
// loads what entry i holds and everything goes on behind. No hit: slow.
void Baseline::versionChain(PyjitSite* s, Reg version, int entries, Label slow,
                            const std::function<void(int)>& hit) {
    const Label done = masm_.newLabel();
    forcedFailure(slow);
    for (int i = 0; i < entries; ++i) {
        const bool last = i == entries - 1;
        const Label next = last ? slow : masm_.newLabel();
        if (!FAULT(MISSED_TYPE_GUARD)) {
            masm_.branchMem(Width::B32, Cond::Ne, Mem::abs(&s->fast.version[i]), version, next);
        }
        hit(i);
        if (last) break;
        masm_.jump(done);
        masm_.bind(next);
    }
    masm_.bind(done);
}

bool Baseline::tryLoadAttr(PyjitSite* s) {
    if (!caching()) return false;
    const KindCount values = countKind(s, PYJIT_ATTR_VALUE);
    const KindCount slots = countKind(s, PYJIT_ATTR_SLOT);
    if (values.count + slots.count == 0) return false;
    const PyjitAttrKind kind =
        fastKind(s, values.count >= slots.count ? PYJIT_ATTR_VALUE : PYJIT_ATTR_SLOT);
    const int entries = std::max(1, fillFast(s, kind));
    Reg owner = use(0);
    reserve(3);
    Reg result = temp(), version = temp(), where = temp();
    const Label back = masm_.newLabel();
    const Label slow =
        slowCall(reinterpret_cast<const void*>(pyjit_load_attr),
                 {Arg::p(s), argOf(0), Arg::p(name(instr().oparg))}, Check::Null, result, back, 1);
    typeVersion(owner, version);
    versionChain(s, version, entries, slow,
                 [&](int i) { masm_.load64(where, Mem::abs(&s->fast.index[i])); });
    if (kind == PYJIT_ATTR_VALUE) {
        masm_.load64(version, Mem::at(owner, layout::kManagedValues));
        masm_.branchImm(Cond::Eq, version, 0, slow);
        masm_.load64(result, Mem::indexed(version, where, 0));
    } else {
        masm_.load64(result, Mem::indexed(owner, where, 0));
    }
    masm_.branchImm(Cond::Eq, result, 0, slow);
    incref(result);
    masm_.bind(back);
    drop();
    pushOwned(result);
    return true;
}

void Baseline::lowerLoadAttr() {
    PyjitSite* s = site();
    if (s == nullptr || tryLoadAttr(s)) return;
    callHelper(reinterpret_cast<const void*>(pyjit_load_attr),
               {Arg::p(s), argOf(0), Arg::p(name(instr().oparg))}, 1, Check::Null);
    pushOwned(masm_.ret());
}

bool Baseline::tryStoreAttr(PyjitSite* s) {
    if (!caching()) return false;
    const KindCount values = countKind(s, PYJIT_ATTR_VALUE);
    const KindCount slots = countKind(s, PYJIT_ATTR_SLOT);
    if (values.count + slots.count == 0) return false;
    const PyjitAttrKind kind =
        fastKind(s, values.count >= slots.count ? PYJIT_ATTR_VALUE : PYJIT_ATTR_SLOT);
    const int entries = std::max(1, fillFast(s, kind));
    // The stack is [value, owner].
    own(1);
    Reg value = peek(1).reg;
    Reg owner = use(0);
    reserve(3);
    Reg old = temp(), version = temp(), where = temp();
    const Label back = masm_.newLabel(), stored = masm_.newLabel();
    const Label slow = cold([this, s, back] {
        Saved saved;
        const Arg args[] = {Arg::p(s), argOf(0), Arg::p(name(instr().oparg)), argOf(1)};
        saveLive(Reg::None, saved);
        storePrev();
        masm_.setArgs(args);
        masm_.call(reinterpret_cast<const void*>(pyjit_store_attr));
        // First, because it takes registers, and all are free only as long as nothing is restored.
        lock(masm_.ret());
        dropOperands(2);
        checkResult(Check::Negative);
        checkTracing();
        restoreLive(saved);
        masm_.jump(back);
    });
    typeVersion(owner, version);
    versionChain(s, version, entries, slow,
                 [&](int i) { masm_.load64(where, Mem::abs(&s->fast.index[i])); });
    if (kind == PYJIT_ATTR_VALUE) {
        masm_.load64(version, Mem::at(owner, layout::kManagedValues));
        masm_.branchImm(Cond::Eq, version, 0, slow);
        masm_.load64(old, Mem::indexed(version, where, 0));
        masm_.store64(Mem::indexed(version, where, 0), value);
        masm_.branchImm(Cond::Eq, old, 0, newAttribute(version, where, old, stored));
    } else {
        masm_.load64(old, Mem::indexed(owner, where, 0));
        masm_.branchImm(Cond::Eq, old, 0, slow);
        masm_.store64(Mem::indexed(owner, where, 0), value);
    }
    // The value's reference has moved into the object.
    const Value ownerValue = peek(0);
    const uint32_t ownerPosition = positionOf(0);
    const Known known = peek(1).known;
    stack_.pop_back();
    stack_.pop_back();
    if (ownerValue.kind == Value::Kind::Register) lock(ownerValue.reg);
    decref(old, known, false);
    masm_.bind(stored);
    release(ownerValue, ownerPosition);
    masm_.bind(back);
    return true;
}

// The attribute was not there: it is the youngest now, which the bytes in front of
// the values keep, as _PyDictValues_AddToInsertionOrder does.
Label Baseline::newAttribute(Reg values, Reg offset, Reg scratch, Label back) {
    return cold([this, values, offset, scratch, back] {
        const Mem size = Mem::at(values, -2);
        masm_.load(Width::B8, scratch, size);
        masm_.addImm(scratch, 1);
        masm_.store(Width::B8, size, scratch);
        masm_.sub(values, scratch);
        masm_.shrImm(offset, 3);
        masm_.store(Width::B8, Mem::at(values, -2), offset);
        masm_.jump(back);
    });
}

void Baseline::lowerStoreAttr() {
    PyjitSite* s = site();
    if (s == nullptr || tryStoreAttr(s)) return;
    callHelper(reinterpret_cast<const void*>(pyjit_store_attr),
               {Arg::p(s), argOf(0), Arg::p(name(instr().oparg)), argOf(1)}, 2, Check::Negative);
}

void Baseline::lowerDeleteAttr() {
    callHelper(reinterpret_cast<const void*>(pyjit_delete_attr),
               {argOf(0), Arg::p(name(instr().oparg))}, 1, Check::Negative);
}

// Leaves [function, owner]: a method that the cache knows. The owner stays where
// it is, borrowed or not. A helper result of the other form, [NULL, bound],
// leaves for the generic version.
bool Baseline::tryLoadMethod(PyjitSite* s) {
    if (!caching()) return false;
    const KindCount methods = countKind(s, PYJIT_ATTR_METHOD);
    if (methods.count == 0 || !methods.all) return false;
    const int entries = std::max(1, fillFast(s, PYJIT_ATTR_METHOD));
    bool withKeys = false, without = false;
    for (int i = 0; i < entries; ++i) {
        (s->fast.keys_version[i] != 0 ? withKeys : without) = true;
    }
    if (withKeys && without) return false;
    Reg owner = use(0);
    reserve(3);
    Reg function = temp(), version = temp(), keys = temp();
    const Label back = masm_.newLabel();
    const Label slow = cold([this, s, function, back] {
        const Value ownerValue = peek(0);
        const uint32_t position = positionOf(0);
        Saved saved;
        const Arg ownerArg = argOf(0);
        saveLive(Reg::None, saved);
        const Arg args[] = {Arg::p(s), ownerArg, Arg::p(name(instr().oparg)),
                            Arg::address(masm_.slot(0))};
        storePrev();
        masm_.setArgs(args);
        masm_.call(reinterpret_cast<const void*>(pyjit_load_method));
        checkResult(Check::Negative);
        masm_.load64(function, masm_.slot(0));
        const Label other = cold([this, ownerValue, position] {
            // Not a method: the owner is dropped, the generic version goes on.
            if (!ownerValue.borrowed()) {
                masm_.load64(Reg::R7, slotOf(position));
                decref(Reg::R7);
            }
            masm_.storeImm(Width::B64, slotOf(position), 0);
            masm_.load64(Reg::R7, masm_.slot(1));
            masm_.store64(slotOf(position + 1), Reg::R7);
            stack_.back() = Value::memory();
            push(Value::memory());
            checkTracing();
            masm_.jump(deoptExit(true));
        });
        masm_.branchImm(Cond::Eq, function, 0, other);
        const Reg self = function == Reg::R7 ? Reg::R6 : Reg::R7;
        masm_.load64(self, masm_.slot(1));
        decref(self);
        restoreLive(saved);
        masm_.jump(back);
    });
    typeVersion(owner, version);
    versionChain(s, version, entries, slow, [&](int i) {
        if (withKeys) {
            masm_.load(Width::B32, keys, Mem::abs(&s->fast.keys_version[i]));
        } else {
            masm_.branchMemImm(Width::B32, Cond::Ne, Mem::abs(&s->fast.keys_version[i]), 0, slow);
        }
        masm_.load64(function, Mem::abs(&s->fast.value[i]));
    });
    if (withKeys) {
        // No dict of its own, and the shared keys are as they were.
        masm_.branchImm(Cond::Eq, keys, 0, slow);
        masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(owner, layout::kManagedDict), 0, slow);
        masm_.load64(version, Mem::at(owner, layout::kType));
        masm_.load64(version, Mem::at(version, layout::kHeapTypeCachedKeys));
        masm_.branchMem(Width::B32, Cond::Ne, Mem::at(version, layout::kKeysVersion), keys, slow);
    }
    incref(function);
    masm_.bind(back);
    const Value ownerValue = peek(0);
    if (ownerValue.kind == Value::Kind::Memory) use(0);
    const Value moved = peek(0);
    stack_.pop_back();
    pushOwned(function);
    push(moved);
    return true;
}

void Baseline::lowerLoadMethod() {
    PyjitSite* s = site();
    if (s == nullptr || tryLoadMethod(s)) return;
    // [owner] becomes [function or NULL, owner or bound].
    callHelper(reinterpret_cast<const void*>(pyjit_load_method),
               {Arg::p(s), argOf(0), Arg::p(name(instr().oparg)), Arg::address(masm_.slot(0))}, 1,
               Check::Negative);
    locked_ = 0;
    Reg first = temp(), second = temp();
    masm_.load64(first, masm_.slot(0));
    masm_.load64(second, masm_.slot(1));
    pushOwned(first);
    pushOwned(second);
}

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
    incref(o.index);
    masm_.bind(o.back);
    dropOperands(2);
    pushOwned(o.index);
    return true;
}

// Guards container and index, given by their distance from the top of the stack;
// the index ends up checked against the size and not negative.
Baseline::SubscriptOperands Baseline::beginSubscript(uint32_t container, uint32_t index,
                                                     PyTypeObject* type, const void* helper,
                                                     PyjitSite* s) {
    SubscriptOperands o;
    o.container = use(container);
    const Value indexValue = peek(index);
    const bool raw = indexValue.isRawInt() ||
                     (indexValue.kind == Value::Kind::Const && indexValue.known == Known::Int &&
                      Py_ABS(Py_SIZE(indexValue.object)) <= 1);
    const Reg indexObject = raw ? Reg::None : use(index);
    reserve(3);
    o.back = masm_.newLabel();
    if (indexValue.isRawInt()) {
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
    const Known wanted = type == &PyList_Type ? Known::List : Known::Tuple;
    if (peek(container).known != wanted) guardType(o.container, type, o.slow);
    if (raw) {
        loadInt(index, o.index, o.slow);
    } else {
        if (indexValue.known != Known::Int) guardType(indexObject, &PyLong_Type, o.slow);
        compactInt(indexObject, o.index, o.slow);
    }
    masm_.load64(o.scratch, Mem::at(o.container, layout::kSize));
    const Label positive = masm_.newLabel();
    masm_.branchImm(Cond::Ge, o.index, 0, positive);
    masm_.add(o.index, o.scratch);
    masm_.bind(positive);
    masm_.branch(Cond::UGe, o.index, o.scratch, o.slow);
    return o;
}

void Baseline::lowerBinarySubscr() {
    PyjitSite* s = site();
    if (s == nullptr) return;
    if (optimised_ && trySubscr(s)) return;
    callHelper(reinterpret_cast<const void*>(pyjit_binary_subscr), {Arg::p(s), argOf(1), argOf(0)},
               2, Check::Null);
    pushOwned(masm_.ret());
}

// [value, container, index]: the helper does it all and drops the operands.
Label Baseline::storeSubscriptSlow(PyjitSite* s, Label back) {
    return cold([this, s, back] {
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
    if (optimised_ && tryStoreSubscr(s)) return;
    callHelper(reinterpret_cast<const void*>(pyjit_store_subscr),
               {Arg::p(s), argOf(1), argOf(0), argOf(2)}, 3, Check::Negative);
}

void Baseline::lowerDeleteSubscr() {
    callHelper(reinterpret_cast<const void*>(pyjit_delete_subscr), {argOf(1), argOf(0)}, 2,
               Check::Negative);
}

void Baseline::lowerBuildSlice() {
    const bool withStep = instr().oparg == 3;
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
