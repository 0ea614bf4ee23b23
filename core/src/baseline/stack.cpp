// The operand stack at compile time: where operands are, who owns them, and
// what it takes to move them. See compiler.h for the contract.
#include "compiler.h"

namespace pyjit {

namespace {

Known knownType(PyObject* object) {
    if (object == nullptr) return Known::Nothing;
    const PyTypeObject* type = Py_TYPE(object);
    if (type == &PyLong_Type) return Known::Int;
    if (type == &PyFloat_Type) return Known::Float;
    if (type == &PyUnicode_Type) return Known::Str;
    if (type == &PyTuple_Type) return Known::Tuple;
    if (type == &PyBool_Type) return Known::Bool;
    return Known::Nothing;
}

}  // namespace

Value Value::constant(PyObject* object) {
    Value v;
    v.kind = Kind::Const;
    v.object = object;
    v.known = knownType(object);
    return v;
}

bool Baseline::inUse(Reg reg) const {
    if (locked_ & (1u << static_cast<int>(reg))) return true;
    for (const Value& v : stack_) {
        if (v.inRegister() && v.reg == reg) return true;
    }
    return false;
}

Reg Baseline::temp() {
    // R0 comes last: results of calls arrive there.
    for (int i = kVolatileRegs - 1; i >= 0; --i) {
        Reg reg = static_cast<Reg>(i);
        if (!inUse(reg)) {
            lock(reg);
            return reg;
        }
    }
    // Spill the deepest entry that this instruction does not work on.
    for (uint32_t p = 0; p < depth(); ++p) {
        Value& v = stack_[p];
        if (v.inRegister() && !(locked_ & (1u << static_cast<int>(v.reg)))) {
            Reg reg = v.reg;
            spillRange(p, p + 1);
            lock(reg);
            return reg;
        }
    }
    refusal_ = "out of registers";
    return Reg::R7;
}

FReg Baseline::tempF() {
    for (int i = 0; i < kFloatRegs; ++i) {
        FReg freg = static_cast<FReg>(i);
        bool used = lockedF_ & (1u << i);
        for (const Value& v : stack_) used |= v.kind == Value::Kind::Double && v.freg == freg;
        if (!used) {
            lockF(freg);
            return freg;
        }
    }
    for (uint32_t p = 0; p < depth(); ++p) {
        Value& v = stack_[p];
        if (v.kind == Value::Kind::Double && !(lockedF_ & (1u << static_cast<int>(v.freg)))) {
            FReg freg = v.freg;
            spillRange(p, p + 1);
            lockF(freg);
            return freg;
        }
    }
    refusal_ = "out of floating point registers";
    return FReg::F7;
}

void Baseline::reserve(int n) {
    int available = 0;
    for (int i = 0; i < kVolatileRegs; ++i) available += !inUse(static_cast<Reg>(i));
    for (uint32_t p = 0; p < depth() && available < n; ++p) {
        const Value& v = stack_[p];
        if (!v.inRegister()) continue;
        if (locked_ & (1u << static_cast<int>(v.reg))) continue;
        spillRange(p, p + 1);
        ++available;
    }
    if (available < n) refusal_ = "out of registers";
}

void Baseline::reserveF(int n) {
    int raw = 0;
    for (const Value& v : stack_) raw += v.kind == Value::Kind::Double;
    for (uint32_t p = 0; p < depth() && kFloatRegs - raw < n; ++p) {
        if (stack_[p].kind != Value::Kind::Double) continue;
        spillRange(p, p + 1);
        --raw;
    }
}

void Baseline::makeFree(Reg reg) {
    for (uint32_t p = 0; p < depth(); ++p) {
        if (stack_[p].inRegister() && stack_[p].reg == reg) spillRange(p, p + 1);
    }
}

Reg Baseline::use(uint32_t fromTop) {
    Value& v = peek(fromTop);
    if (v.isRaw()) box(fromTop);
    switch (v.kind) {
        case Value::Kind::Register: lock(v.reg); return v.reg;
        case Value::Kind::Memory: {
            Reg reg = temp();
            Value& again = peek(fromTop);
            masm_.load64(reg, slotOf(positionOf(fromTop)));
            Known known = again.known;
            again = Value::owned(reg, known);
            return reg;
        }
        case Value::Kind::Local: {
            Reg reg = temp();
            masm_.load64(reg, localMem(peek(fromTop).index));
            return reg;
        }
        default: {
            Reg reg = temp();
            masm_.movPtr(reg, peek(fromTop).object);
            return reg;
        }
    }
}

FReg Baseline::loadDouble(uint32_t fromTop) {
    Value& v = peek(fromTop);
    if (v.kind == Value::Kind::Double) {
        lockF(v.freg);
        return v.freg;
    }
    if (v.kind == Value::Kind::RawMemory) {
        FReg freg = tempF();
        masm_.loadF(freg, slotOf(positionOf(fromTop)));
        peek(fromTop) = Value::raw(freg);
        return freg;
    }
    Reg object = use(fromTop);
    FReg freg = tempF();
    masm_.loadF(freg, Mem::at(object, layout::kFloatValue));
    return freg;
}

void Baseline::box(uint32_t fromTop) {
    Value& v = peek(fromTop);
    if (!v.isRaw()) return;
    if (v.isRawInt()) {
        reserve(3);
        const bool loaded = peek(fromTop).kind == Value::Kind::Int;
        const Reg value = loaded ? peek(fromTop).reg : temp();
        lock(value);
        if (!loaded) loadInt(fromTop, value, Label{});
        boxInt(value, value, true);
        peek(fromTop) = Value::owned(value, Known::Int);
        return;
    }
    FReg freg = loadDouble(fromTop);
    Reg reg = temp();
    boxDouble(freg, reg);
    peek(fromTop) = Value::owned(reg, Known::Float);
}

void Baseline::own(uint32_t fromTop) {
    if (peek(fromTop).isRaw()) box(fromTop);
    const bool borrowed = peek(fromTop).borrowed();
    const Known known = peek(fromTop).known;
    const bool null = peek(fromTop).isNull();
    Reg reg = use(fromTop);
    if (borrowed) {
        if (!null) incref(reg);
        peek(fromTop) = Value::owned(reg, known);
    }
}

Reg Baseline::popOwned() {
    own(0);
    Reg reg = peek().reg;
    lock(reg);
    stack_.pop_back();
    return reg;
}

void Baseline::release(const Value& v, uint32_t position) {
    if (v.kind == Value::Kind::Register) {
        decref(v.reg, v.known);
    } else if (v.kind == Value::Kind::Memory) {
        Reg reg = temp();
        masm_.load64(reg, slotOf(position));
        decref(reg, v.known);
    }
}

void Baseline::drop() {
    const Value v = peek();
    const uint32_t position = positionOf(0);
    stack_.pop_back();
    if (v.inRegister()) lock(v.reg);
    release(v, position);
}

void Baseline::dropOperands(uint32_t n) {
    const uint32_t base = depth() - n;
    const Stack operands(stack_.end() - n, stack_.end());
    stack_.resize(base);
    for (const Value& v : operands) {
        if (v.inRegister()) lock(v.reg);
    }
    for (uint32_t i = 0; i < n; ++i) {
        const uint32_t before = locked_;
        release(operands[i], base + i);
        locked_ = before;
    }
}

void Baseline::spillRange(uint32_t from, uint32_t to) {
    for (uint32_t p = from; p < to; ++p) {
        Value& v = stack_[p];
        if (v.kind == Value::Kind::Register) {
            masm_.store64(slotOf(p), v.reg);
            v.kind = Value::Kind::Memory;
        } else if (v.kind == Value::Kind::Int) {
            masm_.store64(slotOf(p), v.reg);
            v.kind = Value::Kind::IntMemory;
        } else if (v.kind == Value::Kind::Double) {
            masm_.storeF(slotOf(p), v.freg);
            v.kind = Value::Kind::RawMemory;
        }
    }
}

void Baseline::spillAll(uint32_t keepFromTop) { spillRange(0, depth() - keepFromTop); }

void Baseline::canonicaliseRange(uint32_t from, uint32_t to) {
    for (uint32_t p = from; p < to; ++p) {
        if (stack_[p].isRaw()) {
            const uint32_t before = locked_, beforeF = lockedF_;
            box(depth() - 1 - p);
            locked_ = before;
            lockedF_ = beforeF;
        }
        Value& v = stack_[p];
        if (v.kind == Value::Kind::Memory) continue;
        const Known known = v.known;
        if (v.isNull()) {
            masm_.storeImm(Width::B64, slotOf(p), 0);
        } else {
            const uint32_t before = locked_;
            const bool borrowed = v.borrowed();
            Reg reg = use(depth() - 1 - p);
            if (borrowed) incref(reg);
            masm_.store64(slotOf(p), reg);
            locked_ = before;
        }
        stack_[p] = Value::memory();
        stack_[p].known = known;
    }
}

void Baseline::canonicalise() { canonicaliseRange(0, depth()); }

bool Baseline::borrowsLocal(uint32_t index) const {
    for (const Value& v : stack_) {
        if (v.kind == Value::Kind::Local && v.index == index) return true;
    }
    return false;
}

void Baseline::releaseBorrowers(uint32_t index) {
    for (uint32_t p = 0; p < depth(); ++p) {
        if (stack_[p].kind == Value::Kind::Local && stack_[p].index == index) {
            const uint32_t before = locked_;
            own(depth() - 1 - p);
            locked_ = before;
        }
    }
}

Arg Baseline::argOf(uint32_t fromTop) {
    if (peek(fromTop).isRaw()) box(fromTop);
    const Value& v = peek(fromTop);
    switch (v.kind) {
        case Value::Kind::Register: lock(v.reg); return Arg::r(v.reg);
        case Value::Kind::Memory: return Arg::load(slotOf(positionOf(fromTop)));
        case Value::Kind::Local: return Arg::load(localMem(v.index));
        default: return Arg::p(v.object);
    }
}

}  // namespace pyjit
