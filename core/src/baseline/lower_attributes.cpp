// Lowering: attributes and methods.
//
// The inline part of a cache compares the owner's type version with the entries
// of site->fast and then does what the site's fast_kind says. Everything else is
// the helper's business.
#include "compiler.h"

#include "../faults.h"
#include "../runtime/caches.h"
#include "internal/pycore_moduleobject.h"

namespace pyjit {

namespace {

// Copies what the helper has learned to where generated code reads it. The kind that
// a site's fast entries are for never changes once there is code: older versions may
// still be running. The number of entries, at least one, which may be empty.
int fillFast(PyjitSite* site, PyjitAttrKind preferred) {
    const auto kind = site->fast_kind == PYJIT_ATTR_NONE
                          ? preferred
                          : static_cast<PyjitAttrKind>(site->fast_kind);
    pyjit_site_set_fast_kind(site, kind);
    const int entries = std::max(1, pyjit_site_fast_entries(site));
    site->fast_entries = static_cast<uint32_t>(entries);
    return entries;
}

// Does every entry so far lead to a plain method?
bool onlyMethods(const PyjitSite* site) {
    int methods = 0;
    for (const PyjitEntry& entry : site->slow) {
        if (entry.version == PYJIT_NO_VERSION || entry.kind == PYJIT_ATTR_NONE) continue;
        if (entry.kind != PYJIT_ATTR_METHOD) return false;
        ++methods;
    }
    return methods > 0;
}

bool hasOnly(const PyjitSite* site, PyjitAttrKind kind) {
    return site->fast_kind == PYJIT_ATTR_NONE || site->fast_kind == kind;
}

// Which kinds loadFast() is good for.
bool loadsFast(PyjitAttrKind kind) { return kind != PYJIT_ATTR_NONE && kind != PYJIT_ATTR_METHOD; }

}  // namespace

// Compares the version in `version` with the first `entries` entries; `hit(i)`
// loads what entry i holds and everything goes on behind. No hit: slow.
void Baseline::versionChain(PyjitSite* s, Reg version, int entries, Label slow,
                            const std::function<void(int)>& hit) {
    const Label done = masm_.newLabel();
    [[maybe_unused]] const bool stores = instr().op == OP_STORE_ATTR;
    forcedFailure(slow);
    for (int i = 0; i < entries; ++i) {
        const bool last = i == entries - 1;
        const Label next = last ? slow : masm_.newLabel();
        FAULT_DROPS_IF(MISSED_TYPE_GUARD, !stores, next,
                       FAULT_DROPS_IF(STORE_TYPE_GUARD, stores, to,
                                      masm_.branchMem(Width::B32, Cond::Ne,
                                                      Mem::abs(&s->fast.version[i]), version, to)));
        hit(i);
        if (last) break;
        masm_.jump(done);
        masm_.bind(next);
    }
    masm_.bind(done);
}

Baseline::Shadow Baseline::shadowOf(const PyjitSite* s, int entries) {
    Shadow all = Shadow::Mixed;
    for (int i = 0; i < entries; ++i) {
        const Shadow one = s->fast.index[i] != 0          ? Shadow::Lazy
                           : s->fast.keys_version[i] != 0 ? Shadow::Keys
                                                          : Shadow::Never;
        if (i > 0 && one != all) return Shadow::Mixed;
        all = one;
    }
    return all;
}

// What the class has, behind the proof that the instance does not: entries of the kinds CLASS
// and METHOD, which are not Mixed. No reference is taken; `version` and `where` are scratch.
void Baseline::loadClassAttribute(PyjitSite* s, int entries, Reg owner, Reg result, Reg version,
                                  Reg where, Label slow) {
    const Shadow shadow = shadowOf(s, entries);
    typeVersion(owner, version);
    versionChain(s, version, entries, slow, [&](int i) {
        switch (shadow) {
            case Shadow::Keys:
                masm_.load(Width::B32, where, Mem::abs(&s->fast.keys_version[i]));
                break;
            case Shadow::Lazy: masm_.load64(where, Mem::abs(&s->fast.index[i])); break;
            default:
                masm_.branchMemImm(Width::B32, Cond::Ne, Mem::abs(&s->fast.keys_version[i]), 0,
                                   slow);
                masm_.branchMemImm(Width::B64, Cond::Ne, Mem::abs(&s->fast.index[i]), 0, slow);
                break;
        }
        masm_.load64(result, Mem::abs(&s->fast.value[i]));
    });
    // Entries come and go: one of another nature has a 0 here.
    if (shadow != Shadow::Never) masm_.branchImm(Cond::Eq, where, 0, slow);
    if (shadow == Shadow::Lazy) {
        masm_.branchMemImm(Width::B64, Cond::Ne, Mem::indexed(owner, where, 0), 0, slow);
    } else if (shadow == Shadow::Keys) {
        const Label absent = masm_.newLabel();
        const Label withDict = cold([=, this] {
            masm_.load64(version, Mem::at(version, offsetof(PyDictObject, ma_keys)));
            masm_.branchMem(Width::B32, Cond::Ne, Mem::at(version, layout::kKeysVersion), where,
                            slow);
            masm_.jump(absent);
        });
        // No dict of its own, and the shared keys are as they were.
        masm_.load64(version, Mem::at(owner, layout::kManagedDict));
        FAULT_DROPS(METHOD_SHADOWED_DICT, withDict, masm_.branchImm(Cond::Ne, version, 0, to));
        masm_.load64(version, Mem::at(owner, layout::kType));
        masm_.load64(version, Mem::at(version, layout::kHeapTypeCachedKeys));
        FAULT_DROPS(METHOD_SHADOWED_KEYS, slow,
                    masm_.branchMem(Width::B32, Cond::Ne, Mem::at(version, layout::kKeysVersion),
                                    where, to));
        masm_.bind(absent);
    }
}

// The attribute of the owner in `owner` into `result`, as the site's entries of its
// fast kind say; `version` and `where` are scratch. False: not a kind for this.
bool Baseline::loadFast(PyjitSite* s, Reg owner, Reg result, Reg version, Reg where, Label slow) {
    const auto kind = static_cast<PyjitAttrKind>(s->fast_kind);
    const int entries = fillFast(s, kind);
    auto loadIndex = [&](int i) { masm_.load64(where, Mem::abs(&s->fast.index[i])); };
    const Label present = masm_.newLabel();
    switch (kind) {
        case PYJIT_ATTR_VALUE:
            typeVersion(owner, version);
            versionChain(s, version, entries, slow, loadIndex);
            masm_.load64(version, Mem::at(owner, layout::kManagedValues));
            FAULT_DROPS(VALUES_POINTER, slow, masm_.branchImm(Cond::Eq, version, 0, to));
            masm_.load64(result, Mem::indexed(version, where, 0));
            break;
        case PYJIT_ATTR_DEFAULT: {
            const Label absent = cold([=, this] {
                masm_.branchImm(Cond::Eq, where, 0, slow);
                masm_.mov(result, where);
                masm_.jump(present);
            });
            typeVersion(owner, version);
            versionChain(s, version, entries, slow, [&](int i) {
                loadIndex(i);
                masm_.load64(result, Mem::abs(&s->fast.value[i]));
            });
            masm_.load64(version, Mem::at(owner, layout::kManagedValues));
            masm_.branchImm(Cond::Eq, version, 0, slow);
            masm_.add(version, where);
            masm_.mov(where, result);
            masm_.load64(result, Mem::at(version));
            masm_.branchImm(Cond::Eq, result, 0, absent);
            masm_.bind(present);
            incref(result);
            return true;
        }
        case PYJIT_ATTR_CLASS:
            loadClassAttribute(s, entries, owner, result, version, where, slow);
            break;
        case PYJIT_ATTR_OWN_CLASS:
            typeVersion(owner, version);
            versionChain(s, version, entries, slow, [](int) {});
            masm_.load64(result, Mem::at(owner, layout::kType));
            break;
        case PYJIT_ATTR_SLOT:
            typeVersion(owner, version);
            versionChain(s, version, entries, slow, loadIndex);
            masm_.load64(result, Mem::indexed(owner, where, 0));
            break;
        case PYJIT_ATTR_DICT:
            typeVersion(owner, version);
            versionChain(s, version, entries, slow, loadIndex);
            loadWithHint(owner, result, version, where, slow);
            break;
        case PYJIT_ATTR_MODULE: {
            // Which module it is shows in the version of its keys.
            typeVersion(owner, version);
            masm_.branchMem(Width::B32, Cond::Ne, Mem::abs(&s->fast.version[0]), version, slow);
            masm_.load64(result, Mem::at(owner, offsetof(PyModuleObject, md_dict)));
            masm_.branchImm(Cond::Eq, result, 0, slow);
            masm_.branchMemImm(Width::B64, Cond::Ne,
                               Mem::at(result, offsetof(PyDictObject, ma_values)), 0, slow);
            masm_.load64(result, Mem::at(result, offsetof(PyDictObject, ma_keys)));
            masm_.load(Width::B32, version, Mem::at(result, layout::kKeysVersion));
            FAULT_DROPS(MODULE_KEYS, slow,
                        masm_.branchMem(Width::B32, Cond::Ne, Mem::abs(&s->fast.keys_version[0]),
                                        version, to));
            loadIndex(0);
            masm_.load64(result, Mem::indexed(result, where, 0));
            break;
        }
        case PYJIT_ATTR_TYPE: {
            // Which class it is shows in its own version; `version` is the metaclass's.
            typeVersion(owner, version);
            masm_.branchMem(Width::B32, Cond::Ne, Mem::abs(&s->fast.version[0]), version, slow);
            masm_.load(Width::B32, version, Mem::at(owner, layout::kTypeVersion));
            FAULT_DROPS(CLASS_VERSION, slow,
                        masm_.branchMem(Width::B32, Cond::Ne, Mem::abs(&s->fast.keys_version[0]),
                                        version, to));
            masm_.load64(result, Mem::abs(&s->fast.value[0]));
            // The value's type may have to be what it was, too.
            const Label same = masm_.newLabel();
            const Label guarded = cold([=, this] {
                masm_.load64(version, Mem::at(result, layout::kType));
                masm_.load(Width::B32, version, Mem::at(version, layout::kTypeVersion));
                masm_.branchMem(Width::B32, Cond::Ne, Mem::abs(&s->fast.index[0]), version, slow);
                masm_.jump(same);
            });
            masm_.branchMemImm(Width::B64, Cond::Ne, Mem::abs(&s->fast.index[0]), 0, guarded);
            masm_.bind(same);
            break;
        }
        default: return false;
    }
    FAULT_DROPS(UNSET_ATTRIBUTE, slow, masm_.branchImm(Cond::Eq, result, 0, to));
    FAULT_OMITS_IF(SLOT_REFERENCE, kind == PYJIT_ATTR_SLOT, incref(result));
    return true;
}

// From the instance's dictionary, where entry `hint` is the attribute's, probably.
void Baseline::loadWithHint(Reg owner, Reg result, Reg scratch, Reg hint, Label slow) {
    constexpr int64_t kEntries = offsetof(PyDictKeysObject, dk_indices);
    masm_.load64(result, Mem::at(owner, layout::kManagedDict));
    masm_.branchImm(Cond::Eq, result, 0, slow);
    masm_.load64(result, Mem::at(result, offsetof(PyDictObject, ma_keys)));
    masm_.branchMemImm(Width::B8, Cond::Ne, Mem::at(result, offsetof(PyDictKeysObject, dk_kind)),
                       DICT_KEYS_UNICODE, slow);
    masm_.branchMem(Width::B64, Cond::Le, Mem::at(result, offsetof(PyDictKeysObject, dk_nentries)),
                    hint, slow);
    // The entries are behind the table of indices.
    masm_.load(Width::B8, scratch,
               Mem::at(result, offsetof(PyDictKeysObject, dk_log2_index_bytes)));
    masm_.shlImm(hint, 4);
    static_assert(sizeof(PyDictUnicodeEntry) == 16, "shift above");
    masm_.add(hint, result);
    masm_.movImm(result, 1);
    masm_.shl(result, scratch);
    masm_.add(hint, result);
    masm_.movPtr(scratch, name(instr().oparg));
    FAULT_DROPS(HINT_KEY, slow,
                masm_.branchMem(Width::B64, Cond::Ne, Mem::at(hint, kEntries), scratch, to));
    masm_.load64(
        result,
        Mem::at(hint, kEntries + static_cast<int64_t>(offsetof(PyDictUnicodeEntry, me_value))));
}

bool Baseline::tryLoadAttr(PyjitSite* s) {
    if (!caching()) return false;
    const PyjitAttrKind kind = pyjit_site_best_kind(s);
    if (!loadsFast(kind) || !hasOnly(s, kind)) return false;
    const int entries = fillFast(s, kind);
    if (kind == PYJIT_ATTR_CLASS && shadowOf(s, entries) == Shadow::Mixed) return false;
    Reg owner = use(0);
    reserve(3);
    Reg result = temp(), version = temp(), where = temp();
    const Label back = masm_.newLabel();
    const Label slow =
        slowCall(reinterpret_cast<const void*>(pyjit_load_attr),
                 {Arg::p(s), argOf(0), Arg::p(name(instr().oparg))}, Check::Null, result, back, 1);
    loadFast(s, owner, result, version, where, slow);
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
    const PyjitAttrKind kind = pyjit_site_best_kind(s);
    if ((kind != PYJIT_ATTR_VALUE && kind != PYJIT_ATTR_SLOT) || !hasOnly(s, kind)) return false;
    const int entries = fillFast(s, kind);
    // The stack is [value, owner].
    own(1);
    Reg value = peek(1).reg;
    Reg owner = use(0);
    reserve(3);
    Reg old = temp(), version = temp(), where = temp();
    const Label back = masm_.newLabel(), stored = masm_.newLabel();
    const Label slow = cold(PYJIT_OUTCOME_HELPER, [this, s, back] {
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
        masm_.store64(Mem::indexed(owner, where, 0), value);
        masm_.branchImm(Cond::Eq, old, 0, stored);
    }
    // The value's reference has moved into the object.
    const Value ownerValue = peek(0);
    const uint32_t ownerPosition = positionOf(0);
    const Known known = peek(1).known;
    stack_.pop_back();
    stack_.pop_back();
    if (ownerValue.kind == Value::Kind::Register) lock(ownerValue.reg);
    FAULT_OMITS(STORED_ATTRIBUTE_LEAK, decref(old, known, false));
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
        FAULT_OMITS(INSERTION_ORDER, masm_.store(Width::B8, Mem::at(values, -2), offset));
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

// The helper's answer to LOAD_METHOD, which it has written to the native slots, has
// not the form that this code goes on with: the owner is dropped, the generic
// version goes on.
void Baseline::leaveWithMethod(const Value& owner, uint32_t position) {
    if (!owner.borrowed()) {
        masm_.load64(Reg::R7, slotOf(position));
        FAULT_OMITS(METHOD_EXIT_LEAK, decref(Reg::R7));
    }
    for (int i = 0; i < 2; ++i) {
        masm_.load64(Reg::R7, masm_.slot(i));
        masm_.store64(slotOf(position + static_cast<uint32_t>(i)), Reg::R7);
    }
    stack_.back() = Value::memory();
    push(Value::memory());
    checkTracing();
    masm_.jump(deoptExit(true));
}

// Cold: asks the helper. `function`: whether [function, owner] is wanted, with the
// function in `result`, or [NULL, value], with the value in it.
Label Baseline::slowMethod(PyjitSite* s, bool function, Reg result, Label back) {
    return cold(PYJIT_OUTCOME_HELPER, [this, s, function, result, back] {
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
        masm_.load64(result, masm_.slot(0));
        const Label other =
            cold([this, ownerValue, position] { leaveWithMethod(ownerValue, position); });
        masm_.branchImm(function ? Cond::Eq : Cond::Ne, result, 0, other);
        if (function) {
            const Reg self = result == Reg::R7 ? Reg::R6 : Reg::R7;
            masm_.load64(self, masm_.slot(1));
            FAULT_OMITS(SLOW_METHOD_LEAK, decref(self));
        } else {
            masm_.load64(result, masm_.slot(1));
        }
        restoreLive(saved);
        masm_.jump(back);
    });
}

// Leaves [NULL, value]: what is called is no method of the owner's class, but a
// function of a module, say.
bool Baseline::tryLoadCallable(PyjitSite* s) {
    const PyjitAttrKind kind = pyjit_site_best_kind(s);
    if (!caching() || !loadsFast(kind) || !hasOnly(s, kind)) return false;
    const int entries = fillFast(s, kind);
    if (kind == PYJIT_ATTR_CLASS && shadowOf(s, entries) == Shadow::Mixed) return false;
    Reg owner = use(0);
    reserve(3);
    Reg result = temp(), version = temp(), where = temp();
    const Label back = masm_.newLabel();
    const Label slow = slowMethod(s, false, result, back);
    loadFast(s, owner, result, version, where, slow);
    masm_.bind(back);
    drop();
    push(Value::constant(nullptr));
    pushOwned(result);
    return true;
}

// Leaves [function, owner]: a method that the cache knows. The owner stays where
// it is, borrowed or not.
bool Baseline::tryLoadMethod(PyjitSite* s) {
    if (!caching()) return false;
    if (!onlyMethods(s) || !hasOnly(s, PYJIT_ATTR_METHOD)) return tryLoadCallable(s);
    const int entries = fillFast(s, PYJIT_ATTR_METHOD);
    if (shadowOf(s, entries) == Shadow::Mixed) return false;
    Reg owner = use(0);
    reserve(3);
    Reg function = temp(), version = temp(), keys = temp();
    const Label back = masm_.newLabel();
    const Label slow = slowMethod(s, true, function, back);
    loadClassAttribute(s, entries, owner, function, version, keys, slow);
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

}  // namespace pyjit
