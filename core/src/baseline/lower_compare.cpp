// Lowering: comparisons, `is`, `in`.
//
// Numbers and strings are compared here; since a comparison of them runs nobody's code, a failing
// guard leaves for the generic version.
#include "compiler.h"

#include "../faults.h"

#include <opcode.h>

namespace pyjit {

namespace {

Cond intCondition(int op) {
    constexpr Cond table[] = {Cond::Lt, Cond::Le, Cond::Eq, Cond::Ne, Cond::Gt, Cond::Ge};
    return table[op];
}

FCond floatCondition(int op) {
    constexpr FCond table[] = {FCond::Lt, FCond::Le, FCond::Eq, FCond::Ne, FCond::Gt, FCond::Ge};
    return table[op];
}

}  // namespace

// A comparison that the interpreter cannot specialise counts as a level of recursion. It makes no
// other call, so it is enough to look whether a level is left.
void Baseline::countComparison(Label fail) {
    if (beforeJump()) return;
    const Mem remaining = Mem::at(Reg::TState, layout::kThreadRecursionRemaining);
    masm_.branchMemImm(Width::B32, Cond::Le, remaining, 0, fail);
}

bool Baseline::tryCompareFloat(int op) {
    PyjitSite* s = site();
    if (s == nullptr || !isFloatOperand(0, right(s)) || !isFloatOperand(1, left(s))) {
        return false;
    }
    reserve(5);
    reserveF(3);
    const Label fail = deoptExit();
    countComparison(fail);
    FReg doubles[2];
    for (uint32_t i = 0; i < 2; ++i) doubles[i] = guardedDouble(i, fail);
    Reg flag = temp();
    const Label no = masm_.newLabel();
    masm_.movImm(flag, 0);
    FAULT_WEAKENS(COMPARED_NAN, no,
                  masm_.branchF(floatCondition(5 - op), doubles[1], doubles[0], to),
                  masm_.branchF(negate(floatCondition(op)), doubles[1], doubles[0], to));
    masm_.movImm(flag, 1);
    masm_.bind(no);
    dropOperands(2);
    lock(flag);
    finishCondition(flag);
    return true;
}

bool Baseline::tryCompareInt(int op) {
    IntOperands o;
    if (!intOperands(o)) return false;
    countComparison(o.fail);
    FAULT_ALTERS_IF(COMPARED_EQUAL, op == Py_GE, masm_.setIf(Cond::Gt, o.a, o.a, o.b),
                    masm_.setIf(intCondition(op), o.a, o.a, o.b));
    dropOperands(2);
    lock(o.a);
    finishCondition(o.a);
    return true;
}

bool Baseline::isStringOperand(uint32_t fromTop, uint16_t seen) const {
    const Value& v = stack_[stack_.size() - 1 - fromTop];
    return v.known == Known::Str || (v.known == Known::Nothing && seesOnly(seen, PYJIT_SEEN_STR));
}

Reg Baseline::guardedString(uint32_t fromTop, Label fail) {
    const Reg object = use(fromTop);
    Value& v = peek(fromTop);
    if (v.known != Known::Str) {
        guardType(object, &PyUnicode_Type, fail);
        v.known = Known::Str;
        if (v.kind == Value::Kind::Local) localKnown_[v.index] = Known::Str;
    }
    return object;
}

// The one character of a constant string in ASCII; -1: it is none.
static int onlyCharacter(const Value& v) {
    if (v.kind != Value::Kind::Const || v.known != Known::Str || !PyUnicode_IS_READY(v.object) ||
        !PyUnicode_IS_COMPACT_ASCII(v.object) || PyUnicode_GET_LENGTH(v.object) != 1) {
        return -1;
    }
    return static_cast<int>(PyUnicode_READ_CHAR(v.object, 0));
}

// Strings that are compared mostly are the same object, differ in length, or are one character.
bool Baseline::tryCompareString(int op) {
    const PyjitSite* s = site();
    if ((op != Py_EQ && op != Py_NE) || s == nullptr || !isStringOperand(0, right(s)) ||
        !isStringOperand(1, left(s))) {
        return false;
    }
    reserve(4);
    const Label fail = deoptExit();
    countComparison(fail);
    Reg a = guardedString(1, fail), b = guardedString(0, fail);
    const Reg flag = temp(), other = temp();
    const Label done = masm_.newLabel(), unequal = masm_.newLabel();
    const Label compare = slowCall(
        reinterpret_cast<const void*>(op == Py_EQ ? pyjit_equal_strings : pyjit_unequal_strings),
        {Arg::r(a), Arg::r(b)}, Check::Negative, flag, done, 2);
    const int right = onlyCharacter(peek(0)), left = onlyCharacter(peek(1));
    const int character = right >= 0 ? right : left;
    if (right < 0 && left >= 0) std::swap(a, b);
    masm_.movImm(flag, op == Py_EQ);
    masm_.branch(Cond::Eq, a, b, done);
    if (character >= 0) {
        masm_.branchMemImm(Width::B64, Cond::Ne, Mem::at(a, layout::kStringLength), 1, unequal);
        masm_.load(Width::B32, other, Mem::at(a, layout::kStringState));
        masm_.andImm(other, layout::kStringPlain);
        masm_.branchImm(Cond::Ne, other, layout::kStringPlain, compare);
        masm_.branchMemImm(Width::B8, Cond::Eq, Mem::at(a, layout::kPlainCharacters), character,
                           done);
    } else {
        masm_.load64(other, Mem::at(a, layout::kStringLength));
        masm_.branchMem(Width::B64, Cond::Eq, Mem::at(b, layout::kStringLength), other, compare);
    }
    masm_.bind(unequal);
    // The old kind of string, whose length is not known yet, is not "ready".
    for (const Reg string : {a, b}) {
        if (string == b && character >= 0) continue;
        masm_.branchTestMemImm(Width::B32, Cond::Eq, Mem::at(string, layout::kStringState),
                               layout::kStringReady, compare);
    }
    masm_.movImm(flag, op == Py_NE);
    masm_.bind(done);
    dropOperands(2);
    lock(flag);
    finishCondition(flag);
    return true;
}

void Baseline::lowerCompareOp() {
    const int op = static_cast<int>(instr().oparg);
    const int helperOp = op | (beforeJump() ? PYJIT_BEFORE_JUMP : 0);
    prepareCondition(2);
    if (specialises() && (tryCompareFloat(op) || tryCompareInt(op) || tryCompareString(op))) return;
    bool whenTrue;
    uint32_t target;
    if (fusedJump(whenTrue, target)) {
        PyjitSite* s = site();
        if (s == nullptr) return;
        callHelper(reinterpret_cast<const void*>(pyjit_compare_bool),
                   {Arg::p(s), argOf(1), argOf(0), Arg::i(static_cast<uint64_t>(helperOp)),
                    Arg::address(masm_.slot(0))},
                   2, Check::Negative);
        const Label back = masm_.newLabel();
        const Label other = cold([this, back] {
            // The truth of what is no bool; the operands are gone.
            masm_.load64(masm_.arg(0), masm_.slot(0));
            masm_.call(reinterpret_cast<const void*>(pyjit_is_true));
            lock(masm_.ret());
            const Reg object = temp();
            masm_.load64(object, masm_.slot(0));
            decref(object);
            checkResult(Check::Negative);
            masm_.jump(back);
        });
        masm_.branchTestImm(Cond::Ne, masm_.ret(), 2, other);
        masm_.bind(back);
        Reg flag = temp();
        masm_.mov(flag, masm_.ret());
        masm_.andImm(flag, 1);
        finishCondition(flag);
        return;
    }
    genericBinary(reinterpret_cast<const void*>(pyjit_compare), helperOp);
}

void Baseline::lowerIsOp() {
    prepareCondition(2);
    Reg left = use(1);
    Reg right = use(0);
    Reg flag = temp();
    masm_.setIf(instr().oparg ? Cond::Ne : Cond::Eq, flag, left, right);
    dropOperands(2);
    lock(flag);
    finishCondition(flag);
}

void Baseline::lowerContainsOp() {
    prepareCondition(2);
    // `left in right`: the container is on top.
    callHelper(reinterpret_cast<const void*>(PySequence_Contains), {argOf(0), argOf(1)}, 2,
               Check::Negative);
    Reg flag = temp();
    masm_.mov(flag, masm_.ret());
    masm_.andImm(flag, 1);
    if (instr().oparg) {
        Reg one = temp();
        masm_.movImm(one, 1);
        masm_.xor_(flag, one);
    }
    finishCondition(flag);
}

}  // namespace pyjit
