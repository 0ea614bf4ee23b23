// Lowering: arithmetic.
//
// Ints of at most two digits and floats are worked on raw, and stay so within an
// expression. Since no object can stand in for a raw result, a failing guard or
// an overflow leaves for the generic version.
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
    if (specialises() && peek().isRawInt()) {
        reserve(2);
        const Label fail = deoptExit();
        const Reg value = temp();
        const Reg result = temp();
        loadInt(0, value, fail);
        masm_.movImm(result, 0);
        masm_.subOverflow(result, value, fail);
        drop();
        push(Value::integer(result));
        return;
    }
    if (specialises() && peek().known == Known::Float) {
        FReg value = loadDouble(0);
        FReg result = tempF();
        masm_.movF(result, value);
        FAULT_ALTERS(NEGATED_ZERO, (masm_.loadFImm(result, 0.0), masm_.subF(result, value)),
                     masm_.negF(result));
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

bool Baseline::isFloatOperand(uint32_t fromTop, uint16_t seen) const {
    const Value& v = stack_[stack_.size() - 1 - fromTop];
    return v.known == Known::Float ||
           (v.known == Known::Nothing && seesOnly(seen, PYJIT_SEEN_FLOAT));
}

// The operand as a double; its type is guarded unless it is known.
FReg Baseline::guardedDouble(uint32_t fromTop, Label fail) {
    if (peek(fromTop).known != Known::Float) {
        Reg object = use(fromTop);
        guardType(object, &PyFloat_Type, fail);
        Value& v = peek(fromTop);
        v.known = Known::Float;
        if (v.kind == Value::Kind::Local) localKnown_[v.index] = Known::Float;
    }
    return loadDouble(fromTop);
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
    PyjitSite* s = site();
    if (s == nullptr) return false;
    const uint16_t seen[2] = {right(s), left(s)};
    // An int operand beside a float is converted, as the interpreter does it.
    bool converts[2] = {false, false};
    for (uint32_t i = 0; i < 2; ++i) {
        if (isFloatOperand(i, seen[i])) continue;
        if (!isIntOperand(i, seen[i])) return false;
        converts[i] = true;
    }
    if (converts[0] && converts[1]) return false;
    reserve(6);
    reserveF(4);
    const Label fail = deoptExit();
    FReg doubles[2];
    for (uint32_t i = 0; i < 2; ++i) {
        if (converts[i]) {
            const Reg value = temp();
            loadInt(i, value, fail);
            doubles[i] = tempF();
            masm_.intToF(doubles[i], value);
        } else {
            doubles[i] = guardedDouble(i, fail);
        }
    }
    if (op == NB_TRUE_DIVIDE) {
        FReg zero = tempF();
        masm_.loadFImm(zero, 0.0);
        FAULT_DROPS(FLOAT_ZERO_DIVISOR, fail, masm_.branchF(FCond::Eq, doubles[0], zero, to));
    }
    FReg result = tempF();
    masm_.movF(result, doubles[1]);
    switch (op) {
        case NB_ADD: masm_.addF(result, doubles[0]); break;
        case NB_SUBTRACT:
            FAULT_ALTERS_IF(MIXED_SUBTRACTION, converts[1],
                            (masm_.movF(result, doubles[0]), masm_.subF(result, doubles[1])),
                            masm_.subF(result, doubles[0]));
            break;
        case NB_MULTIPLY: masm_.mulF(result, doubles[0]); break;
        default: masm_.divF(result, doubles[0]); break;
    }
    dropOperands(2);
    push(Value::raw(result));
    return true;
}

// Ints and floats in turn: two floats are worked on here, the rest by the helper. The
// result is an object in either case.
bool Baseline::tryMixedBinary(int op, int oparg) {
    if (op != NB_ADD && op != NB_SUBTRACT && op != NB_MULTIPLY) return false;
    PyjitSite* s = site();
    constexpr uint16_t kNumbers = PYJIT_SEEN_INT | PYJIT_SEEN_MEDIUM | PYJIT_SEEN_FLOAT;
    if (s == nullptr || peek(0).isRaw() || peek(1).isRaw() || !seesOnly(s->seen_left, kNumbers) ||
        !seesOnly(s->seen_right, kNumbers) || !(s->seen_left & s->seen_right & PYJIT_SEEN_FLOAT)) {
        return false;
    }
    const Reg left = use(1), right = use(0);
    reserve(3);
    reserveF(2);
    const Reg result = temp();
    const Label back = masm_.newLabel();
    const Label slow =
        slowCall(reinterpret_cast<const void*>(pyjit_binary_op),
                 {Arg::p(s), argOf(1), argOf(0), Arg::i(static_cast<uint64_t>(oparg))}, Check::Null,
                 result, back, 2);
    guardType(left, &PyFloat_Type, slow);
    FAULT_DROPS(MIXED_GUARD, slow, guardType(right, &PyFloat_Type, to));
    const FReg value = tempF(), other = tempF();
    masm_.loadF(value, Mem::at(left, layout::kFloatValue));
    masm_.loadF(other, Mem::at(right, layout::kFloatValue));
    switch (op) {
        case NB_ADD: masm_.addF(value, other); break;
        case NB_SUBTRACT: masm_.subF(value, other); break;
        default: masm_.mulF(value, other); break;
    }
    boxDouble(value, result);
    masm_.bind(back);
    dropOperands(2);
    pushOwned(result);
    return true;
}

// Can this operand be taken for an int of at most two digits, or is it raw?
bool Baseline::isIntOperand(uint32_t fromTop, uint16_t seen) const {
    const Value& v = stack_[stack_.size() - 1 - fromTop];
    if (v.isRawInt()) return true;
    if (v.isRaw()) return false;
    if (v.kind == Value::Kind::Const) {
        return v.known == Known::Int && Py_ABS(Py_SIZE(v.object)) <= 2;
    }
    return (v.known == Known::Int || v.known == Known::Nothing) &&
           seesOnly(seen, PYJIT_SEEN_INT | PYJIT_SEEN_MEDIUM);
}

// The operand's value, in a register of its own.
void Baseline::loadInt(uint32_t fromTop, Reg into, Label fail) {
    const Value v = peek(fromTop);
    if (v.kind == Value::Kind::Int) {
        masm_.mov(into, v.reg);
    } else if (v.kind == Value::Kind::IntMemory) {
        masm_.load64(into, slotOf(positionOf(fromTop)));
    } else if (v.kind == Value::Kind::Const) {
        masm_.movImm(into, static_cast<uint64_t>(PyLong_AsLong(v.object)));
    } else {
        const Reg object = use(fromTop);
        if (v.known != Known::Int) {
            FAULT_DROPS_IF(INT_GUARD, fromTop == 0, fail, guardType(object, &PyLong_Type, to));
            peek(fromTop).known = Known::Int;
            if (v.kind == Value::Kind::Local) localKnown_[v.index] = Known::Int;
        }
        decodeInt(object, into, fail);
        if (v.kind == Value::Kind::Local) locked_ &= ~(1u << static_cast<int>(object));
    }
}

// Both topmost operands as raw ints in registers of their own; the operands stay.
bool Baseline::intOperands(IntOperands& operands) {
    const PyjitSite* s = site();
    if (s == nullptr || !isIntOperand(0, right(s)) || !isIntOperand(1, left(s))) {
        return false;
    }
    int needed = 5;
    for (uint32_t i = 0; i < 2; ++i) {
        needed += !peek(i).inRegister() && peek(i).kind != Value::Kind::Const;
        operands.wide |= peek(i).isRawInt();
    }
    reserve(needed);
    operands.fail = deoptExit();
    operands.a = temp();
    operands.b = temp();
    loadInt(1, operands.a, operands.fail);
    loadInt(0, operands.b, operands.fail);
    return true;
}

bool Baseline::tryIntBinary(int op) {
    switch (op) {
        case NB_ADD:
        case NB_SUBTRACT:
        case NB_MULTIPLY:
        case NB_AND:
        case NB_OR:
        case NB_XOR:
        case NB_LSHIFT:
        case NB_RSHIFT:
        case NB_FLOOR_DIVIDE:
        case NB_REMAINDER: break;
        default: return false;
    }
    IntOperands o;
    if (!intOperands(o)) return false;
    // Two values of at most 60 bits cannot overflow in a sum.
    switch (op) {
        case NB_ADD:
            if (!o.wide)
                masm_.add(o.a, o.b);
            else
                FAULT_DROPS(ADD_OVERFLOW, o.fail, masm_.addOverflow(o.a, o.b, to));
            break;
        case NB_SUBTRACT: o.wide ? masm_.subOverflow(o.a, o.b, o.fail) : masm_.sub(o.a, o.b); break;
        case NB_MULTIPLY:
            FAULT_DROPS(MULTIPLY_OVERFLOW, o.fail, masm_.mulOverflow(o.a, o.b, to));
            break;
        case NB_AND: masm_.and_(o.a, o.b); break;
        case NB_OR: masm_.or_(o.a, o.b); break;
        case NB_XOR: masm_.xor_(o.a, o.b); break;
        case NB_LSHIFT:
        case NB_RSHIFT: intShift(op, o); break;
        default: intDivision(op, o); break;
    }
    if (FAULT(WRONG_ADD) && op == NB_ADD) {
        const Label correct = masm_.newLabel();
        masm_.branchImm(Cond::Le, o.a, 1000, correct);
        FAULT_COUNT();
        masm_.addImm(o.a, 1);
        masm_.bind(correct);
    }
    dropOperands(2);
    push(Value::integer(o.a));
    return true;
}

void Baseline::intShift(int op, const IntOperands& o) {
    FAULT_WEAKENS(SHIFT_COUNT, o.fail, masm_.branchImm(Cond::UGt, o.b, 100, to),
                  masm_.branchImm(Cond::UGt, o.b, 62, to));
    if (op == NB_RSHIFT) {
        masm_.sar(o.a, o.b);
        return;
    }
    // Shifting back must give the same value.
    const Reg before = temp();
    const Reg again = temp();
    masm_.mov(before, o.a);
    masm_.shl(o.a, o.b);
    masm_.mov(again, o.a);
    masm_.sar(again, o.b);
    FAULT_DROPS(SHIFT_LOST_BITS, o.fail, masm_.branch(Cond::Ne, again, before, to));
}

void Baseline::intDivision(int op, const IntOperands& o) {
    masm_.branchImm(Cond::Eq, o.b, 0, o.fail);
    if (o.wide) masm_.branchImm(Cond::Eq, o.b, -1, o.fail);
    const Reg rem = temp();
    masm_.divSigned(o.a, o.b, rem);
    // Python rounds towards minus infinity: a remainder whose sign differs from
    // the divisor's is corrected.
    const Label exact = masm_.newLabel();
    const Reg sign = temp();
    masm_.branchImm(Cond::Eq, rem, 0, exact);
    masm_.mov(sign, rem);
    masm_.xor_(sign, o.b);
    masm_.branchImm(Cond::Ge, sign, 0, exact);
    FAULT_OMITS_IF(FLOOR_QUOTIENT, op == NB_FLOOR_DIVIDE, masm_.addImm(o.a, -1));
    FAULT_OMITS_IF(REMAINDER_SIGN, op == NB_REMAINDER, masm_.add(rem, o.b));
    masm_.bind(exact);
    if (op == NB_REMAINDER) masm_.mov(o.a, rem);
}

// int / int is exact in doubles while both are at most 2**53.
bool Baseline::tryIntDivide() {
    IntOperands o;
    if (!intOperands(o)) return false;
    reserveF(2);
    masm_.branchImm(Cond::Eq, o.b, 0, o.fail);
    const Reg high = temp();
    for (const Reg value : {o.a, o.b}) {
        masm_.mov(high, value);
        masm_.sarImm(high, 53);
        masm_.addImm(high, 1);
        FAULT_DROPS(EXACT_DIVISION, o.fail, masm_.branchImm(Cond::UGt, high, 1, to));
    }
    const FReg quotient = tempF();
    const FReg divisor = tempF();
    masm_.intToF(quotient, o.a);
    masm_.intToF(divisor, o.b);
    masm_.divF(quotient, divisor);
    dropOperands(2);
    push(Value::raw(quotient));
    return true;
}

// `s += t` and `s = s + t` for a local s: grows the string in place when nobody
// else holds it, as the interpreter does; otherwise such loops are quadratic.
bool Baseline::tryConcatenate(int op) {
    const Instr* next = nextInstr();
    const PyjitSite* s = site();
    if (op != NB_ADD || s == nullptr || !fallsInto(next) || next->op != OP_STORE_FAST ||
        next->handler != instr().handler || !seesOnly(left(s), PYJIT_SEEN_STR) ||
        !seesOnly(right(s), PYJIT_SEEN_STR)) {
        return false;
    }
    const uint32_t local = next->oparg;
    for (uint32_t i = 0; i < depth(); ++i) {
        const Value& v = peek(i);
        if (i != 1 && v.kind == Value::Kind::Local && v.index == local) return false;
    }
    const bool borrowed = peek(1).kind == Value::Kind::Local && peek(1).index == local;
    if (!borrowed && peek(1).borrowed()) return false;
    const Reg left = use(1);
    const Reg right = use(0);
    reserve(2);
    const Label done = masm_.newLabel();
    const Label other = cold(PYJIT_OUTCOME_HELPER, [this, s, local, done] {
        callHelper(reinterpret_cast<const void*>(pyjit_binary_op),
                   {Arg::p(s), argOf(1), argOf(0), Arg::i(instr().oparg)}, 2, Check::Null);
        const Reg old = temp();
        masm_.load64(old, localMem(local));
        masm_.store64(localMem(local), masm_.ret());
        decrefOrNull(old);
        ++current_;
        checkTracing();
        masm_.jump(done);
    });
    if (peek(1).known != Known::Str) guardType(left, &PyUnicode_Type, other);
    if (peek(0).known != Known::Str) guardType(right, &PyUnicode_Type, other);
    if (!borrowed) {
        // The operand is a second reference to the local's string, or another string.
        const Reg current = temp();
        masm_.load64(current, localMem(local));
        FAULT_DROPS(STRING_IN_PLACE, other, masm_.branch(Cond::Ne, current, left, to));
        countReferences(masm_, -1);
        masm_.addMemImm(Width::B64, Mem::at(left, layout::kRefcnt), -1);
        peek(1) = Value::local(local, Known::Str);
    }
    // The local is what the helper changes; on error it is gone.
    callHelper(reinterpret_cast<const void*>(PyUnicode_Append),
               {Arg::address(localMem(local)), argOf(0)}, 2, Check::None);
    masm_.branchMemImm(Width::B64, Cond::Eq, localMem(local), 0, errorExit());
    masm_.bind(done);
    setBound(local, true);
    localKnown_[local] = Known::Nothing;
    ++current_;
    return true;
}

void Baseline::lowerBinaryOp() {
    const int oparg = static_cast<int>(instr().oparg);
    const PyjitSite* s = site();
    if (s == nullptr) return;
    if (specialises()) {
        if (tryConcatenate(plainOperator(oparg))) return;
        const int op = plainOperator(oparg);
        if (tryFloatBinary(op) || tryIntBinary(op)) return;
        if (op == NB_TRUE_DIVIDE && tryIntDivide()) return;
        if (tryMixedBinary(op, oparg)) return;
    }
    // Objects like decimals and sets: what the helper tries first is in vain.
    const bool builtin = seesOnly(left(s), PYJIT_SEEN_BUILTIN | PYJIT_SEEN_LIST | PYJIT_SEEN_TUPLE |
                                               PYJIT_SEEN_DICT | PYJIT_SEEN_BIGINT);
    genericBinary(reinterpret_cast<const void*>(builtin ? pyjit_binary_builtin : pyjit_binary_op),
                  oparg);
}

}  // namespace pyjit
