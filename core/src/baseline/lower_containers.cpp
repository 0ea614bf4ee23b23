// Lowering: containers built, extended and taken apart; strings; slices' kin.
#include "compiler.h"

namespace pyjit {

// A helper that takes its operands from consecutive stack slots and steals them.
void Baseline::buildFromStack(const void* helper, uint32_t slots, std::initializer_list<Arg> more) {
    canonicaliseRange(depth() - slots, depth());
    spillAll();
    storePrev();
    Arg args[4] = {Arg::address(slotOf(depth() - slots))};
    size_t n = 1;
    for (const Arg& arg : more) args[n++] = arg;
    masm_.setArgs(std::span<const Arg>(args, n));
    masm_.call(helper);
    locked_ = lockedF_ = 0;
    for (uint32_t i = 0; i < slots; ++i) stack_.pop_back();
    checkResult(Check::Null);
    called(helper);
    lock(masm_.ret());
    pushOwned(masm_.ret());
}

void Baseline::lowerBuildTuple() {
    buildFromStack(reinterpret_cast<const void*>(pyjit_build_tuple), instr().oparg,
                   {Arg::i(instr().oparg)});
    peek().known = Known::Tuple;
}

void Baseline::lowerBuildList() {
    buildFromStack(reinterpret_cast<const void*>(pyjit_build_list), instr().oparg,
                   {Arg::i(instr().oparg)});
    peek().known = Known::List;
}

void Baseline::lowerBuildSet() {
    buildFromStack(reinterpret_cast<const void*>(pyjit_build_set), instr().oparg,
                   {Arg::i(instr().oparg)});
}

void Baseline::lowerBuildMap() {
    buildFromStack(reinterpret_cast<const void*>(pyjit_build_map), 2 * instr().oparg,
                   {Arg::i(instr().oparg)});
}

void Baseline::lowerBuildString() {
    buildFromStack(reinterpret_cast<const void*>(pyjit_build_string), instr().oparg,
                   {Arg::i(instr().oparg)});
}

void Baseline::lowerBuildConstKeyMap() {
    // The keys are a constant tuple on top: the helper may borrow it from the
    // instruction in front.
    drop();
    const Instr& keys = bytecode_.instrs[current_ - 1];
    buildFromStack(reinterpret_cast<const void*>(pyjit_build_const_key_map), instr().oparg,
                   {Arg::i(instr().oparg), Arg::p(PyTuple_GET_ITEM(code_->co_consts, keys.oparg))});
}

void Baseline::lowerListToTuple() {
    callHelper(reinterpret_cast<const void*>(PyList_AsTuple), {argOf(0)}, 1, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerListAppend() {
    callHelper(reinterpret_cast<const void*>(pyjit_list_append), {argOf(instr().oparg), argOf(0)},
               1, Check::Negative);
}

void Baseline::lowerSetAdd() {
    callHelper(reinterpret_cast<const void*>(pyjit_set_add), {argOf(instr().oparg), argOf(0)}, 1,
               Check::Negative);
}

void Baseline::lowerMapAdd() {
    callHelper(reinterpret_cast<const void*>(pyjit_map_add),
               {argOf(instr().oparg + 1), argOf(1), argOf(0)}, 2, Check::Negative);
}

void Baseline::lowerListExtend() {
    callHelper(reinterpret_cast<const void*>(pyjit_list_extend), {argOf(instr().oparg), argOf(0)},
               1, Check::Negative);
}

void Baseline::lowerSetUpdate() {
    callHelper(reinterpret_cast<const void*>(pyjit_set_update), {argOf(instr().oparg), argOf(0)}, 1,
               Check::Negative);
}

void Baseline::lowerDictUpdate() {
    callHelper(reinterpret_cast<const void*>(pyjit_dict_update), {argOf(instr().oparg), argOf(0)},
               1, Check::Negative);
}

void Baseline::lowerDictMerge() {
    // The function that the arguments are for is two below the dict.
    callHelper(reinterpret_cast<const void*>(pyjit_dict_merge),
               {argOf(instr().oparg), argOf(0), argOf(instr().oparg + 2)}, 1, Check::Negative);
}

void Baseline::lowerFormatValue() {
    const int oparg = static_cast<int>(instr().oparg);
    const bool withSpec = (oparg & FVS_MASK) == FVS_HAVE_SPEC;
    const uint32_t value = withSpec ? 1 : 0;
    callHelper(
        reinterpret_cast<const void*>(pyjit_format_value),
        {argOf(value), withSpec ? argOf(0) : Arg::i(0), Arg::i(static_cast<uint64_t>(oparg))},
        withSpec ? 2 : 1, Check::Null);
    pushOwned(masm_.ret(), Known::Nothing);
}

namespace {
constexpr uint32_t kUnpackedInRegisters = 4, kUnpackedInline = 16;
}

bool Baseline::tryUnpack(PyjitSite* s, uint32_t n) {
    // Both at one place cost little: no reason to expect the last one again.
    constexpr uint16_t kEither = PYJIT_SEEN_TUPLE | PYJIT_SEEN_LIST;
    const uint16_t seen = seesOnly(s->seen_left, kEither) ? s->seen_left : left(s);
    const bool tuple = seesOnly(seen, PYJIT_SEEN_TUPLE);
    const bool list = seesOnly(seen, PYJIT_SEEN_LIST);
    if (!seesOnly(seen, kEither) || n == 0 || n > kUnpackedInline) return false;
    const bool inRegisters = n <= kUnpackedInRegisters;
    Reg sequence = use(0);
    reserve(inRegisters ? static_cast<int>(n) + 1 : 2);
    const Label fail = deoptExit();
    Reg base = sequence;
    if (!tuple) base = temp();
    if (!tuple && !list) {
        const Label found = masm_.newLabel();
        const Label other = cold([=, this] {
            FAULT_DROPS(UNPACKED_TYPE, fail, guardType(sequence, &PyList_Type, to));
            masm_.load64(base, Mem::at(sequence, layout::kListItems));
            masm_.jump(found);
        });
        guardType(sequence, &PyTuple_Type, other);
        masm_.lea(base, Mem::at(sequence, layout::kTupleItems));
        masm_.bind(found);
    } else if (peek().known != (tuple ? Known::Tuple : Known::List)) {
        guardType(sequence, tuple ? &PyTuple_Type : &PyList_Type, fail);
    }
    FAULT_DROPS(UNPACKED_SIZE, fail,
                masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(sequence, layout::kSize), n, to));
    if (list) masm_.load64(base, Mem::at(sequence, layout::kListItems));
    const int64_t first = tuple ? layout::kTupleItems : 0;
    // The first item ends up on top; a few stay in registers, more go to their slots.
    const Value v = peek();
    const uint32_t position = positionOf(0);
    Reg items[kUnpackedInRegisters];
    for (uint32_t i = 0; i < n; ++i) {
        Reg& item = items[inRegisters ? i : 0];
        if (inRegisters || i == 0) item = temp();
        masm_.load64(item, Mem::at(base, first + 8 * static_cast<int64_t>(i)));
        FAULT_OMITS_IF(UNPACKED_REFERENCE, !tuple, incref(item));
        if (!inRegisters) masm_.store64(slotOf(position + n - 1 - i), item);
    }
    stack_.pop_back();
    for (uint32_t i = n; i-- > 0;) {
        inRegisters ? pushOwned(items[i]) : push(Value::memory());
    }
    release(v, position);
    return true;
}

void Baseline::lowerUnpackSequence() {
    const uint32_t n = instr().oparg;
    PyjitSite* s = site();
    if (s == nullptr) return;
    if (specialises() && tryUnpack(s, n)) return;
    unpackInto(reinterpret_cast<const void*>(pyjit_unpack_sequence), n,
               {Arg::p(s), Arg::load(masm_.slot(0)), Arg::i(n)});
}

void Baseline::lowerUnpackEx() {
    const uint32_t before = instr().oparg & 0xff, after = instr().oparg >> 8;
    unpackInto(reinterpret_cast<const void*>(pyjit_unpack_ex), before + 1 + after,
               {Arg::load(masm_.slot(0)), Arg::i(before), Arg::i(after)});
}

// The helper writes its n results over the operand's slot and behind it; the
// operand waits in native slot 0.
void Baseline::unpackInto(const void* helper, uint32_t n, std::initializer_list<Arg> first) {
    Reg sequence = popOwned();
    spillAll();
    masm_.store64(masm_.slot(0), sequence);
    const uint32_t base = depth();
    storePrev();
    Arg args[4];
    size_t count = 0;
    for (const Arg& arg : first) args[count++] = arg;
    args[count++] = Arg::address(slotOf(base));
    masm_.setArgs(std::span<const Arg>(args, count));
    masm_.call(helper);
    locked_ = lockedF_ = 0;
    lock(masm_.ret());
    const Reg operand = temp();
    masm_.load64(operand, masm_.slot(0));
    decref(operand);
    checkResult(Check::Negative);
    called(helper);
    for (uint32_t i = 0; i < n; ++i) push(Value::memory());
}

}  // namespace pyjit
