// Lowering: arithmetic, comparison, truth.
//
// Int fast paths handle "compact" ints (at most one digit), which cannot
// overflow 64 bits here; whatever else comes joins again through the helper.
// Float fast paths leave their result raw; since no object can stand in for a
// raw double, a failing guard leaves for the generic version.
#include "compiler.h"

#include "../faults.h"

#include <opcode.h>

namespace pyjit {

namespace {

// The plain operator of an in-place one; the same for exact numbers.
int plainOperator(int op) { return op >= NB_INPLACE_ADD ? op - NB_INPLACE_ADD : op; }

}  // namespace

void Baseline::genericBinary(const void* helper, int oparg) {
    PyjitSite* s = site();
    if (s == nullptr) return;
    callHelper(helper, {Arg::p(s), argOf(1), argOf(0), Arg::i(static_cast<uint64_t>(oparg))}, 2,
               Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerUnaryPositive() {
    callHelper(reinterpret_cast<const void*>(PyNumber_Positive), {argOf(0)}, 1, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerUnaryNegative() {
    if (optimised_ && peek().known == Known::Float) {
        FReg value = loadDouble(0);
        FReg result = tempF();
        masm_.movF(result, value);
        masm_.negF(result);
        drop();
        push(Value::raw(result));
        return;
    }
    callHelper(reinterpret_cast<const void*>(PyNumber_Negative), {argOf(0)}, 1, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerUnaryInvert() {
    callHelper(reinterpret_cast<const void*>(PyNumber_Invert), {argOf(0)}, 1, Check::Null);
    pushOwned(masm_.ret());
}

void Baseline::lowerUnaryNot() {
    prepareCondition(1);
    callHelper(reinterpret_cast<const void*>(pyjit_is_true), {argOf(0)}, 1, Check::Negative);
    Reg flag = temp();
    Reg one = temp();
    masm_.movImm(one, 1);
    masm_.mov(flag, masm_.ret());
    masm_.andImm(flag, 1);
    masm_.xor_(flag, one);
    finishCondition(flag);
}

// Both operands become doubles, guarded where their type is not known.
bool Baseline::tryFloatBinary(int op) {
    switch (op) {
        case NB_ADD:
        case NB_SUBTRACT:
        case NB_MULTIPLY:
        case NB_TRUE_DIVIDE: break;
        default: return false;
    }
    // A mixed operand may be an int constant, converted at compile time.
    double constant = 0;
    auto intConstant = [&](uint32_t fromTop) {
        const Value& v = peek(fromTop);
        if (v.kind != Value::Kind::Const || v.known != Known::Int) return false;
        if (Py_ABS(Py_SIZE(v.object)) > 1) return false;
        constant = PyLong_AsDouble(v.object);
        return true;
    };
    PyjitSite* s = site();
    if (s == nullptr) return false;
    const uint16_t seen[2] = {s->seen_right, s->seen_left};
    bool converts[2] = {false, false};
    for (uint32_t i = 0; i < 2; ++i) {
        if (peek(i).known == Known::Float) continue;
        if (intConstant(i)) {
            converts[i] = true;
        } else if (peek(i).known != Known::Nothing || !seesOnly(seen[i], PYJIT_SEEN_FLOAT)) {
            return false;
        }
    }
    if (converts[0] && converts[1]) return false;
    reserve(4);
    reserveF(4);
    const Label fail = deoptExit();
    FReg doubles[2];
    for (uint32_t i = 0; i < 2; ++i) {
        if (converts[i]) {
            intConstant(i);
            doubles[i] = tempF();
            masm_.loadFImm(doubles[i], constant);
            continue;
        }
        if (peek(i).known != Known::Float) {
            Reg object = use(i);
            guardType(object, &PyFloat_Type, fail);
            Value& v = peek(i);
            v.known = Known::Float;
            if (v.kind == Value::Kind::Local) localKnown_[v.index] = Known::Float;
        }
        doubles[i] = loadDouble(i);
    }
    if (op == NB_TRUE_DIVIDE) {
        FReg zero = tempF();
        masm_.loadFImm(zero, 0.0);
        masm_.branchF(FCond::Eq, doubles[0], zero, fail);
    }
    FReg result = tempF();
    masm_.movF(result, doubles[1]);
    switch (op) {
        case NB_ADD: masm_.addF(result, doubles[0]); break;
        case NB_SUBTRACT: masm_.subF(result, doubles[0]); break;
        case NB_MULTIPLY: masm_.mulF(result, doubles[0]); break;
        default: masm_.divF(result, doubles[0]); break;
    }
    dropOperands(2);
    push(Value::raw(result));
    return true;
}

// Starts an operation on the two topmost operands as compact ints: their values
// are in a and b behind this; whatever is not a compact int goes to `slow`, where
// the helper does it all, its result arrives in a, and joins at `back`.
Baseline::IntOperation Baseline::beginInt(const void* helper, Check check) {
    PyjitSite* s = site();
    bool constant[2];
    for (uint32_t i = 0; i < 2; ++i) {
        const Value& v = peek(i);
        constant[i] =
            v.kind == Value::Kind::Const && v.known == Known::Int && Py_ABS(Py_SIZE(v.object)) <= 1;
    }
    Reg object[2] = {Reg::None, Reg::None};
    for (uint32_t i = 0; i < 2; ++i) {
        if (!constant[i]) object[i] = use(i);
    }
    reserve(4);
    IntOperation op;
    op.a = temp();
    op.b = temp();
    op.back = masm_.newLabel();
    op.slow = slowCall(helper, {Arg::p(s), argOf(1), argOf(0), Arg::i(instr().oparg)}, check, op.a,
                       op.back);
    for (uint32_t i = 2; i-- > 0;) {
        const Reg value = i == 1 ? op.a : op.b;
        if (constant[i]) {
            masm_.movImm(value, static_cast<uint64_t>(PyLong_AsLong(peek(i).object)));
            continue;
        }
        if (peek(i).known != Known::Int) guardType(object[i], &PyLong_Type, op.slow);
        compactInt(object[i], value, op.slow);
    }
    return op;
}

// Boxes the result in op.a and replaces the operands by it.
void Baseline::finishInt(const IntOperation& op) {
    uint32_t local;
    if (fusedStore(local, 2)) {
        storeInt(op, 2, local);
        return;
    }
    boxInt(op.a, op.a, true);
    masm_.bind(op.back);
    dropOperands(2);
    pushOwned(op.a);
}

bool Baseline::seesCompactInts() {
    PyjitSite* s = site();
    return s != nullptr && seesOnly(s->seen_left, PYJIT_SEEN_INT) &&
           seesOnly(s->seen_right, PYJIT_SEEN_INT);
}

bool Baseline::tryIntBinary(int op) {
    if (!seesCompactInts()) return false;
    switch (op) {
        case NB_ADD:
        case NB_SUBTRACT:
        case NB_MULTIPLY:
        case NB_AND:
        case NB_OR:
        case NB_XOR: break;
        case NB_LSHIFT:
        case NB_RSHIFT: intShift(op); return true;
        case NB_FLOOR_DIVIDE:
        case NB_REMAINDER: intDivision(op); return true;
        default: return false;
    }
    const IntOperation i = beginInt(reinterpret_cast<const void*>(pyjit_binary_op), Check::Null);
    switch (op) {
        case NB_ADD: masm_.add(i.a, i.b); break;
        case NB_SUBTRACT: masm_.sub(i.a, i.b); break;
        case NB_MULTIPLY: masm_.mul(i.a, i.b); break;
        case NB_AND: masm_.and_(i.a, i.b); break;
        case NB_OR: masm_.or_(i.a, i.b); break;
        default: masm_.xor_(i.a, i.b); break;
    }
    if (FAULT(WRONG_ADD) && op == NB_ADD) {
        const Label correct = masm_.newLabel();
        masm_.branchImm(Cond::Le, i.a, 1000, correct);
        masm_.addImm(i.a, 1);
        masm_.bind(correct);
    }
    finishInt(i);
    return true;
}

void Baseline::intShift(int op) {
    const IntOperation i = beginInt(reinterpret_cast<const void*>(pyjit_binary_op), Check::Null);
    masm_.branchImm(Cond::UGt, i.b, op == NB_LSHIFT ? 31 : 62, i.slow);
    if (op == NB_LSHIFT) {
        masm_.shl(i.a, i.b);
    } else {
        masm_.sar(i.a, i.b);
    }
    finishInt(i);
}

void Baseline::intDivision(int op) {
    const IntOperation i = beginInt(reinterpret_cast<const void*>(pyjit_binary_op), Check::Null);
    masm_.branchImm(Cond::Eq, i.b, 0, i.slow);
    Reg rem = temp();
    masm_.divSigned(i.a, i.b, rem);
    // Python rounds towards minus infinity: a remainder whose sign differs from
    // the divisor's is corrected.
    const Label exact = masm_.newLabel();
    Reg sign = temp();
    masm_.branchImm(Cond::Eq, rem, 0, exact);
    masm_.mov(sign, rem);
    masm_.xor_(sign, i.b);
    masm_.branchImm(Cond::Ge, sign, 0, exact);
    masm_.addImm(i.a, -1);
    masm_.add(rem, i.b);
    masm_.bind(exact);
    if (op == NB_REMAINDER) masm_.mov(i.a, rem);
    locked_ &= ~(1u << static_cast<int>(rem) | 1u << static_cast<int>(sign));
    finishInt(i);
}

void Baseline::lowerBinaryOp() {
    const int oparg = static_cast<int>(instr().oparg);
    if (optimised_) {
        const int op = plainOperator(oparg);
        if (tryFloatBinary(op) || tryIntBinary(op)) return;
    }
    genericBinary(reinterpret_cast<const void*>(pyjit_binary_op), oparg);
}

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

bool Baseline::tryCompareFloat(int op) {
    PyjitSite* s = site();
    if (s == nullptr) return false;
    const uint16_t seen[2] = {s->seen_right, s->seen_left};
    for (uint32_t i = 0; i < 2; ++i) {
        if (peek(i).known == Known::Float) continue;
        if (peek(i).known != Known::Nothing || !seesOnly(seen[i], PYJIT_SEEN_FLOAT)) return false;
    }
    reserve(4);
    reserveF(3);
    const Label fail = deoptExit();
    FReg doubles[2];
    for (uint32_t i = 0; i < 2; ++i) {
        if (peek(i).known != Known::Float) {
            Reg object = use(i);
            guardType(object, &PyFloat_Type, fail);
            Value& v = peek(i);
            v.known = Known::Float;
            if (v.kind == Value::Kind::Local) localKnown_[v.index] = Known::Float;
        }
        doubles[i] = loadDouble(i);
    }
    Reg flag = temp();
    const Label no = masm_.newLabel();
    masm_.movImm(flag, 0);
    masm_.branchF(negate(floatCondition(op)), doubles[1], doubles[0], no);
    masm_.movImm(flag, 1);
    masm_.bind(no);
    dropOperands(2);
    lock(flag);
    finishCondition(flag);
    return true;
}

bool Baseline::tryCompareInt(int op) {
    if (!seesCompactInts()) return false;
    bool whenTrue;
    uint32_t target;
    if (!fusedJump(whenTrue, target)) {
        // Other operands may compare to anything, not only to a bool.
        const IntOperation i = beginInt(reinterpret_cast<const void*>(pyjit_compare), Check::Null);
        Reg no = temp();
        masm_.setIf(intCondition(op), i.a, i.a, i.b);
        boolFromFlag(i.a, no);
        masm_.bind(i.back);
        dropOperands(2);
        pushOwned(i.a);
        return true;
    }
    const IntOperation i =
        beginInt(reinterpret_cast<const void*>(pyjit_compare_bool), Check::Negative);
    masm_.setIf(intCondition(op), i.a, i.a, i.b);
    masm_.bind(i.back);
    masm_.andImm(i.a, 1);
    dropOperands(2);
    lock(i.a);
    finishCondition(i.a);
    return true;
}

void Baseline::lowerCompareOp() {
    const int op = static_cast<int>(instr().oparg);
    prepareCondition(2);
    if (optimised_ && (tryCompareFloat(op) || tryCompareInt(op))) return;
    bool whenTrue;
    uint32_t target;
    if (fusedJump(whenTrue, target)) {
        PyjitSite* s = site();
        if (s == nullptr) return;
        callHelper(reinterpret_cast<const void*>(pyjit_compare_bool),
                   {Arg::p(s), argOf(1), argOf(0), Arg::i(static_cast<uint64_t>(op))}, 2,
                   Check::Negative);
        Reg flag = temp();
        masm_.mov(flag, masm_.ret());
        masm_.andImm(flag, 1);
        finishCondition(flag);
        return;
    }
    genericBinary(reinterpret_cast<const void*>(pyjit_compare), op);
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
