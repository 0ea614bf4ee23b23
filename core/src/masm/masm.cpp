// The part of the MacroAssembler that is the same for every machine: choosing
// the back end, and the order in which the arguments of a call are set.

#include "masm.h"

#include "emitter.h"

namespace pyjit {

std::unique_ptr<MacroAssembler> MacroAssembler::create(Arch arch, uintptr_t base) {
    return arch == Arch::X64 ? createX64(base) : createA64(base);
}

bool addsOne(Arch arch, const uint8_t* code) {
    return arch == Arch::X64 ? addsOneX64(code) : addsOneA64(code);
}

bool MacroAssembler::countFault() {
#ifdef PYJIT_FAULTS
    addMemImm(Width::B64, Mem::abs(&pyjit_canary->triggered), 1);
#endif
    return true;
}

namespace {

constexpr int kMaxArgs = 6;

bool readsRegister(const Arg& arg, Reg reg) {
    switch (arg.kind) {
        case Arg::Kind::Reg: return arg.reg == reg;
        case Arg::Kind::Imm: return false;
        default: return arg.mem.base == reg || arg.mem.index == reg;
    }
}

}  // namespace

// A parallel move. An argument may be set as soon as no other pending one reads
// its register. When every pending one is read by another, there is a cycle. If
// a register-to-register move is part of it, an exchange completes that move (it
// may only touch registers that are still to be set); where the cycle goes through
// memory operands only, one of them is evaluated early into a hidden register
// (stash) and moved into place at the end. Each step completes a move or takes a
// reader out, so this ends. Constants read nothing and are set last.
void MacroAssembler::setArgs(std::span<const Arg> args) {
    const int n = static_cast<int>(args.size());
    if (n > kMaxArgs) return invalid("more than six arguments");
    Arg pending[kMaxArgs];
    uint32_t waiting = 0, stashed = 0, done = 0;
    for (int i = 0; i < n; i++) {
        pending[i] = args[i];
        if (args[i].kind != Arg::Kind::Imm) waiting |= 1u << i;
    }
    auto isRead = [&](int dst) {
        for (int i = 0; i < n; i++) {
            if (i != dst && (waiting >> i & 1) && readsRegister(pending[i], arg(dst))) return true;
        }
        return false;
    };
    auto isToBeSet = [&](Reg reg) {
        return reg >= arg(0) && reg < arg(n) &&
               !(done >> (static_cast<int>(reg) - static_cast<int>(arg(0))) & 1);
    };
    while (waiting) {
        int ready = -1, swap = -1, memory = -1;
        for (int i = 0; i < n && ready < 0; i++) {
            if (!(waiting >> i & 1)) continue;
            if (pending[i].kind != Arg::Kind::Reg)
                memory = i;
            else if (isToBeSet(pending[i].reg))
                swap = i;
            if (!isRead(i)) ready = i;
        }
        if (ready >= 0) {
            setArg(arg(ready), pending[ready]);
            waiting &= ~(1u << ready);
            done |= 1u << ready;
        } else if (swap >= 0) {
            const Reg dst = arg(swap), src = pending[swap].reg;
            waiting &= ~(1u << swap);
            done |= 1u << swap;
            if (dst != src)
                FAULT(ARGUMENT_CYCLE) ? (countFault(), mov(dst, src)) : exchange(dst, src);
            for (int i = 0; i < n; i++) renameSwapped(pending[i], dst, src);
        } else {
            stash(memory, pending[memory]);
            stashed |= 1u << memory;
            waiting &= ~(1u << memory);
        }
    }
    for (int i = 0; i < n; i++) {
        if (stashed >> i & 1) unstash(arg(i), i);
        if (args[i].kind == Arg::Kind::Imm) movImm(arg(i), args[i].imm);
    }
}

void MacroAssembler::setArg(Reg dst, const Arg& arg) {
    switch (arg.kind) {
        case Arg::Kind::Reg: return mov(dst, arg.reg);
        case Arg::Kind::Imm: return movImm(dst, arg.imm);
        case Arg::Kind::Load: return load(Width::B64, dst, arg.mem);
        case Arg::Kind::Address: return lea(dst, arg.mem);
    }
}

void MacroAssembler::renameSwapped(Arg& arg, Reg a, Reg b) {
    auto rename = [&](Reg& reg) { reg = reg == a ? b : reg == b ? a : reg; };
    rename(arg.reg);
    rename(arg.mem.base);
    rename(arg.mem.index);
}

}  // namespace pyjit
