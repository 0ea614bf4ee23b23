// Lowering: match statements.
//
// The subject stays below what a pattern finds out about it. What an operation
// does not look at itself, helpers do (runtime/patterns.c).
#include "compiler.h"

namespace pyjit {

void Baseline::lowerGetLen() {
    // [subject] gets its length on top
    callHelper(reinterpret_cast<const void*>(pyjit_get_len), {argOf(0)}, 0, Check::Null);
    pushOwned(masm_.ret(), Known::Int);
}

// [subject] gets a bool on top: one flag of its type.
void Baseline::lowerMatchFlag() {
    const int bit = instr().op == OP_MATCH_MAPPING ? 6 : 5;
    static_assert(Py_TPFLAGS_MAPPING == 1 << 6 && Py_TPFLAGS_SEQUENCE == 1 << 5);
    prepareCondition(0);
    const Reg subject = use(0);
    reserve(2);
    const Reg flag = temp();
    masm_.load64(flag, Mem::at(subject, layout::kType));
    masm_.load64(flag, Mem::at(flag, layout::kTypeFlags));
    masm_.shrImm(flag, bit);
    masm_.andImm(flag, 1);
    finishCondition(flag);
}

void Baseline::lowerMatchKeys() {
    // [subject, keys] gets the tuple of values on top, or None
    callHelper(reinterpret_cast<const void*>(pyjit_match_keys), {argOf(1), argOf(0)}, 0,
               Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerMatchClass() {
    // [subject, type, names] becomes the tuple of attributes, or None
    callHelper(reinterpret_cast<const void*>(pyjit_match_class),
               {argOf(2), argOf(1), Arg::i(instr().oparg), argOf(0)}, 0, Check::None);
    drop();
    drop();
    checkResult(Check::Null);
    drop();
    pushOwned(masm_.ret());
}

}  // namespace pyjit
