// The MacroAssembler: the one interface between compilers and machines.
//
// Contract
//  * Everything above this folder is written once against this class; the two
//    implementations (x64.cpp, a64.cpp) are compiled into every build, so code
//    for either architecture can be emitted and looked at on any host.
//  * Instructions have two operands: the destination is also the first source.
//  * No operation changes a register that it does not name, except Reg::None's
//    hidden scratch registers, which no caller can name, and, for calls, all of
//    R0-R7 and F0-F7. Condition flags never live across two operations.
//  * Offsets and object layouts are the caller's business: this file knows
//    nothing of Python.
//  * Code is position dependent: `base` (the address it will run at) is given
//    first, so that targets within reach are addressed relative to the program
//    counter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../faults.h"

namespace pyjit {

enum class Arch : uint8_t { X64, A64 };

constexpr Arch hostArch() {
#if defined(__x86_64__)
    return Arch::X64;
#elif defined(__aarch64__)
    return Arch::A64;
#else
#error "pyjit-core supports x86_64 and aarch64"
#endif
}

// General registers by role.
//   R0-R7   caller-saved; lost at every call. ret() and arg(i) are among them:
//           x86_64: R0 = rax, R1.. = rdi, rsi, rdx, rcx, r8, r9, R7 = r10
//           aarch64: R0-R7 = x0-x7
//   the others are callee-saved and belong to the compiled function.
enum class Reg : uint8_t {
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    Frame,   // the _PyInterpreterFrame
    TState,  // the PyThreadState
    CFrame,  // the _PyCFrame that the frame is linked in
    S0,
    S1,  // free for values that must survive one call
    SP,      // only as the base of a native slot, see MacroAssembler::slot
    None = 0xff,
};
constexpr int kVolatileRegs = 8;

enum class FReg : uint8_t { F0, F1, F2, F3, F4, F5, F6, F7, None = 0xff };
constexpr int kFloatRegs = 8;

// An address: base + index * 2^scale + disp, or an absolute one.
struct Mem {
    Reg base = Reg::None;
    int32_t disp = 0;
    Reg index = Reg::None;
    uint8_t scale = 0;
    const void* address = nullptr;  // used when base is None

    static Mem at(Reg base, int64_t disp = 0) {
        return Mem{base, static_cast<int32_t>(disp), Reg::None, 0, nullptr};
    }
    static Mem indexed(Reg base, Reg index, uint8_t scale, int64_t disp = 0) {
        return Mem{base, static_cast<int32_t>(disp), index, scale, nullptr};
    }
    static Mem abs(const void* address) { return Mem{Reg::None, 0, Reg::None, 0, address}; }
};

// Integer conditions; U* are unsigned.
enum class Cond : uint8_t { Eq, Ne, Lt, Le, Gt, Ge, ULt, ULe, UGt, UGe };
constexpr Cond negate(Cond c) {
    constexpr Cond table[] = {Cond::Ne, Cond::Eq,  Cond::Ge,  Cond::Gt,  Cond::Le,
                              Cond::Lt, Cond::UGe, Cond::UGt, Cond::ULe, Cond::ULt};
    return table[static_cast<int>(c)];
}

// Floating point conditions with IEEE meaning: all but Ne are false when either
// side is a NaN. The Not* forms are exact negations (true for a NaN).
enum class FCond : uint8_t { Eq, Ne, Lt, Le, Gt, Ge, NotLt, NotLe, NotGt, NotGe };
constexpr FCond negate(FCond c) {
    constexpr FCond table[] = {FCond::Ne,    FCond::Eq, FCond::NotLt, FCond::NotLe, FCond::NotGt,
                               FCond::NotGe, FCond::Lt, FCond::Le,    FCond::Gt,    FCond::Ge};
    return table[static_cast<int>(c)];
}

enum class Width : uint8_t { B8, B16, B32, B64 };

struct Label {
    uint32_t id = UINT32_MAX;
    bool valid() const { return id != UINT32_MAX; }
};

// One argument of a call, see setArgs.
struct Arg {
    enum class Kind : uint8_t { Reg, Imm, Load, Address } kind;
    pyjit::Reg reg = pyjit::Reg::None;
    uint64_t imm = 0;
    Mem mem;
    static Arg r(pyjit::Reg reg) { return Arg{Kind::Reg, reg, 0, {}}; }
    static Arg i(uint64_t imm) { return Arg{Kind::Imm, pyjit::Reg::None, imm, {}}; }
    static Arg p(const void* pointer) { return i(reinterpret_cast<uintptr_t>(pointer)); }
    static Arg load(Mem mem) { return Arg{Kind::Load, pyjit::Reg::None, 0, mem}; }
    static Arg address(Mem mem) { return Arg{Kind::Address, pyjit::Reg::None, 0, mem}; }
};

class MacroAssembler {
  public:
    // An assembler for `arch`, whose code will run at `base`.
    static std::unique_ptr<MacroAssembler> create(Arch arch, uintptr_t base);
    virtual ~MacroAssembler() = default;

    virtual Arch arch() const = 0;
    Reg ret() const { return Reg::R0; }
    // Register of integer argument i (0 <= i < 6).
    Reg arg(int i) const { return static_cast<Reg>(i + (arch() == Arch::X64 ? 1 : 0)); }

    // --- labels, size, result
    virtual Label newLabel() = 0;
    virtual void bind(Label label) = 0;
    virtual size_t offset() const = 0;                   // bytes emitted so far
    virtual size_t labelOffset(Label label) const = 0;   // after finish()
    // Resolves every label and copies the code out. Returns false with error()
    // set when something could not be encoded.
    virtual bool finish(std::vector<uint8_t>& out) = 0;
    virtual const char* error() const = 0;               // nullptr when all is well
    // Collects a listing, one instruction a line, when `log` is not null. `name` knows what some
    // addresses are called, and returns nullptr for others.
    using Name = const char* (*)(const void*);
    virtual void setLog(std::string* log, Name name = nullptr) = 0;
    virtual void comment(const char* text) = 0;  // a line in the listing

    // --- function frame
    // Entry of a compiled function called as fn(tstate, frame, x): saves the
    // callee-saved registers, links the frame pointer, moves arguments 0 and 1
    // into TState and Frame, argument 2 into S0, and reserves `slots` 8-byte
    // native slots (the stack stays 16-byte aligned).
    virtual void prologue(int slots) = 0;
    virtual void epilogue() = 0;  // restores and returns; R0 is kept
    Mem slot(int i) const { return Mem::at(Reg::SP, 8 * i); }
    // For stubs reached by call() from compiled code: saves and restores all of
    // R0-R7 and F0-F7 (and the link register) around their body.
    virtual void saveVolatiles() = 0;
    virtual void restoreVolatiles() = 0;
    virtual void ret_() = 0;  // bare return, for such stubs
    // Inside such a stub: moves the hidden scratch register, in which
    // callStub() passed a value, to `dst`.
    virtual void stubArg(Reg dst) = 0;
    // Passes `value` in a hidden scratch register and calls the stub at `target`,
    // which keeps every register.
    virtual void callStub(const void* target, Reg value) = 0;

    // --- moves
    virtual void mov(Reg dst, Reg src) = 0;
    virtual void movImm(Reg dst, uint64_t imm) = 0;
    void movPtr(Reg dst, const void* p) { movImm(dst, reinterpret_cast<uintptr_t>(p)); }
    virtual void load(Width width, Reg dst, Mem src) = 0;  // zero-extends
    virtual void loadSigned32(Reg dst, Mem src) = 0;  // sign-extends to 64 bits
    void load64(Reg dst, Mem src) { load(Width::B64, dst, src); }
    virtual void store(Width width, Mem dst, Reg src) = 0;
    void store64(Mem dst, Reg src) { store(Width::B64, dst, src); }
    // Stores a constant (truncated to the width).
    virtual void storeImm(Width width, Mem dst, int64_t imm) = 0;
    virtual void lea(Reg dst, Mem src) = 0;

    // --- integer arithmetic, 64 bits
    virtual void add(Reg dst, Reg src) = 0;
    virtual void addImm(Reg dst, int64_t imm) = 0;
    virtual void sub(Reg dst, Reg src) = 0;
    virtual void mul(Reg dst, Reg src) = 0;
    virtual void and_(Reg dst, Reg src) = 0;
    virtual void andImm(Reg dst, int64_t imm) = 0;
    virtual void or_(Reg dst, Reg src) = 0;
    virtual void xor_(Reg dst, Reg src) = 0;
    virtual void neg(Reg dst) = 0;
    virtual void not_(Reg dst) = 0;
    virtual void shlImm(Reg dst, int bits) = 0;
    virtual void shrImm(Reg dst, int bits) = 0;  // logical
    virtual void sarImm(Reg dst, int bits) = 0;  // arithmetic
    virtual void shl(Reg dst, Reg count) = 0;  // count in 0..63
    virtual void sar(Reg dst, Reg count) = 0;
    // dst = dst / src and rem = dst % src, truncated towards zero; src != 0 and
    // not INT64_MIN / -1. `rem` may be None. dst, src, rem are different.
    virtual void divSigned(Reg dst, Reg src, Reg rem) = 0;
    // dst op= src; jumps when the signed 64-bit result overflowed (dst is then
    // undefined).
    virtual void addOverflow(Reg dst, Reg src, Label overflow) = 0;
    virtual void subOverflow(Reg dst, Reg src, Label overflow) = 0;
    virtual void mulOverflow(Reg dst, Reg src, Label overflow) = 0;
    // memory += imm
    virtual void addMemImm(Width width, Mem mem, int32_t imm) = 0;
    // memory += imm; jumps if the new value compares so to zero (Eq, Ne, Lt, Ge)
    virtual void addMemImmBranch(Width width, Mem mem, int32_t imm, Cond cond, Label target) = 0;
    // dst = (a cond b) ? 1 : 0
    virtual void setIf(Cond cond, Reg dst, Reg a, Reg b) = 0;
    // dst = (a cond b) ? x : y
    virtual void select(Cond cond, Reg a, Reg b, Reg dst, Reg x, Reg y) = 0;

    // --- control flow
    virtual void jump(Label target) = 0;
    virtual void jumpReg(Reg target) = 0;
    virtual void branch(Cond cond, Reg a, Reg b, Label target) = 0;
    virtual void branchImm(Cond cond, Reg a, int64_t imm, Label target) = 0;
    virtual void branch32(Cond cond, Reg a, Reg b, Label target) = 0;  // the low 32 bits
    // Compares memory with a constant / a register. At B8, B16 and B32 both sides
    // are truncated to that width, then compared as signed or unsigned numbers of
    // that width, as the condition says.
    virtual void branchMemImm(Width width, Cond cond, Mem mem, int64_t imm, Label target) = 0;
    virtual void branchMem(Width width, Cond cond, Mem mem, Reg b, Label target) = 0;
    // Jumps if (a & mask) is zero (Eq) or not (Ne). In memory, bits of the mask
    // beyond the width are ignored, and fewer bytes than the width may be read.
    virtual void branchTestImm(Cond cond, Reg a, int64_t mask, Label target) = 0;
    virtual void branchTestMemImm(Width width, Cond cond, Mem mem, int64_t mask, Label target) = 0;
    // Sets argument registers 0..n-1 at once, in whatever order is safe (sources
    // may be argument registers themselves). n <= 6.
    void setArgs(std::span<const Arg> args);
    virtual void call(const void* target) = 0;
    virtual void callReg(Reg target) = 0;
    virtual void callMem(Mem target) = 0;

    // --- floating point, IEEE double
    virtual void loadF(FReg dst, Mem src) = 0;
    virtual void storeF(Mem dst, FReg src) = 0;
    virtual void movF(FReg dst, FReg src) = 0;
    virtual void movBitsToF(FReg dst, Reg src) = 0;
    virtual void movBitsFromF(Reg dst, FReg src) = 0;
    virtual void loadFImm(FReg dst, double value) = 0;
    virtual void addF(FReg dst, FReg src) = 0;
    virtual void subF(FReg dst, FReg src) = 0;
    virtual void mulF(FReg dst, FReg src) = 0;
    virtual void divF(FReg dst, FReg src) = 0;
    virtual void negF(FReg dst) = 0;
    virtual void absF(FReg dst) = 0;
    virtual void intToF(FReg dst, Reg src) = 0;  // signed 64 bits
    virtual void branchF(FCond cond, FReg a, FReg b, Label target) = 0;

    // Counts that the planted fault has triggered, where this code runs (faults.h).
    bool countFault();

  protected:
    // What setArgs needs beyond the operations above.
    virtual void invalid(const char* what) = 0;  // sets error()
    virtual void exchange(Reg a, Reg b) = 0;
    // Evaluates a Load or an Address into hidden register k (0 <= k < 6), out of
    // the way of every other operation; unstash() moves it to its place.
    virtual void stash(int k, const Arg& arg) = 0;
    virtual void unstash(Reg dst, int k) = 0;

  private:
    void setArg(Reg dst, const Arg& arg);
    static void renameSwapped(Arg& arg, Reg a, Reg b);
};

// Does the instruction at `code` access the memory that addMemImm(B64, Mem::at(base), 1 or -1) adds
// to? For whoever looks at finished code; reads up to 12 bytes of it.
bool addsOne(Arch arch, const uint8_t* code);

}  // namespace pyjit
