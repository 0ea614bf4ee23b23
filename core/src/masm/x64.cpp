// The MacroAssembler for x86_64 (System V calling convention).
//
// Contract
//  * R0 = rax, R1-R6 = rdi, rsi, rdx, rcx, r8, r9, R7 = r10; Frame = rbx,
//    TState = r12, CFrame = r13, S0 = r14, S1 = r15; rbp is the frame pointer.
//  * Hidden: r11 holds addresses and constants that do not fit an instruction
//    and the value of callStub(); xmm14 and xmm15 keep a register that an
//    instruction needs for itself; xmm8-xmm13 are the stash of setArgs().
//  * No instruction that writes flags stands between a comparison and its jump.

#include <bit>

#include <asmjit/x86.h>

#include "emitter.h"

namespace pyjit {
namespace {

namespace x86 = asmjit::x86;
using x86::CondCode;

const x86::Gp kRegs[] = {x86::rax, x86::rdi, x86::rsi, x86::rdx, x86::rcx, x86::r8,  x86::r9,
                         x86::r10, x86::rbx, x86::r12, x86::r13, x86::r14, x86::r15, x86::rsp};
const x86::Xmm kFloats[] = {x86::xmm0, x86::xmm1, x86::xmm2, x86::xmm3,
                            x86::xmm4, x86::xmm5, x86::xmm6, x86::xmm7};
const x86::Gp kCalleeSaved[] = {x86::rbx, x86::r12, x86::r13, x86::r14, x86::r15};
const x86::Gp kScratch = x86::r11;
const x86::Xmm kKeep[] = {x86::xmm14, x86::xmm15};

// By Cond.
constexpr CondCode kConds[] = {CondCode::kE, CondCode::kNE, CondCode::kL, CondCode::kLE,
                               CondCode::kG, CondCode::kGE, CondCode::kB, CondCode::kBE,
                               CondCode::kA, CondCode::kAE};

// By FCond. ucomisd sets CF for "below" and for a NaN, so the conditions that
// must be false for a NaN are asked as "above"; Lt and Le swap their operands.
// Eq and Ne look at the parity flag as well and are not in the table.
struct FloatBranch {
    bool swap;
    CondCode cond;
};
constexpr FloatBranch kFloatBranches[] = {
    {false, CondCode::kE},  {false, CondCode::kNE},                         // Eq, Ne
    {true, CondCode::kA},   {true, CondCode::kAE},                          // Lt, Le
    {false, CondCode::kA},  {false, CondCode::kAE},                         // Gt, Ge
    {true, CondCode::kBE},  {true, CondCode::kB},                           // NotLt, NotLe
    {false, CondCode::kBE}, {false, CondCode::kB},                          // NotGt, NotGe
};

x86::Gp gp(Reg reg) { return kRegs[static_cast<int>(reg)]; }
x86::Xmm xmm(FReg reg) { return kFloats[static_cast<int>(reg)]; }
CondCode cc(Cond cond) { return kConds[static_cast<int>(cond)]; }

x86::Gp sized(Width width, const x86::Gp& reg) {
    switch (width) {
        case Width::B8: return reg.r8();
        case Width::B16: return reg.r16();
        case Width::B32: return reg.r32();
        default: return reg;
    }
}

class X64 final : public Emitter<x86::Assembler> {
  public:
    explicit X64(uintptr_t base) : Emitter(asmjit::Arch::kX64, base) {}
    Arch arch() const override { return Arch::X64; }

    // --- function frame

    void prologue(int slots) override {
        if (slots < 0 || slots > kMaxSlots) return invalid("too many native slots");
        as_.push(x86::rbp);
        as_.mov(x86::rbp, x86::rsp);
        for (const x86::Gp& reg : kCalleeSaved) as_.push(reg);
        // The return address and six pushes leave the stack 8 bytes off.
        as_.sub(x86::rsp, 8 * (slots | 1));
        mov(Reg::TState, arg(0));
        mov(Reg::Frame, arg(1));
        mov(Reg::S0, arg(2));
    }

    void epilogue() override {
        constexpr int saved = std::size(kCalleeSaved);
        as_.lea(x86::rsp, x86::ptr(x86::rbp, -8 * saved));
        for (int i = saved; i-- > 0;) as_.pop(kCalleeSaved[i]);
        as_.pop(x86::rbp);
        as_.ret();
    }

    void saveVolatiles() override {
        as_.push(x86::rbp);
        as_.mov(x86::rbp, x86::rsp);
        as_.sub(x86::rsp, 8 * (kVolatileRegs + kFloatRegs));
        for (int i = 0; i < kVolatileRegs; i++) as_.mov(savedReg(i), kRegs[i]);
        for (int i = 0; i < kFloatRegs; i++) as_.movsd(savedFloat(i), kFloats[i]);
    }

    void restoreVolatiles() override {
        for (int i = 0; i < kVolatileRegs - (FAULT(X64_STUB_REGISTER) ? (countFault(), 1) : 0); i++)
            as_.mov(kRegs[i], savedReg(i));
        for (int i = FAULT(X64_STUB_FLOAT) ? (countFault(), 1) : 0; i < kFloatRegs; i++)
            as_.movsd(kFloats[i], savedFloat(i));
        as_.leave();
    }

    void ret_() override { as_.ret(); }
    void stubArg(Reg dst) override { as_.mov(gp(dst), kScratch); }

    void callStub(const void* target, Reg value) override {
        as_.mov(kScratch, gp(value));
        if (callNear(target)) return;
        // The scratch register is taken: an address out of reach goes by way of
        // the stack, which stays aligned.
        as_.sub(x86::rsp, 16);
        as_.movq(kKeep[0], x86::rax);
        moveImm(x86::rax, reinterpret_cast<uintptr_t>(target));
        as_.mov(x86::ptr(x86::rsp), x86::rax);
        as_.movq(x86::rax, kKeep[0]);
        mentions(target);
        as_.call(x86::qword_ptr(x86::rsp));
        as_.add(x86::rsp, 16);
    }

    // --- moves

    void mov(Reg dst, Reg src) override {
        if (dst != src) as_.mov(gp(dst), gp(src));
    }
    void movImm(Reg dst, uint64_t imm) override { moveImm(gp(dst), imm); }

    void load(Width width, Reg dst, Mem src) override {
        const x86::Mem from = mem(src, width);
        switch (width) {
            case Width::B8:
            case Width::B16: as_.movzx(gp(dst).r32(), from); break;
            case Width::B32: as_.mov(gp(dst).r32(), from); break;
            case Width::B64: as_.mov(gp(dst), from); break;
        }
    }
    void loadSigned32(Reg dst, Mem src) override { as_.movsxd(gp(dst), mem(src, Width::B32)); }
    void store(Width width, Mem dst, Reg src) override {
        as_.mov(mem(dst, width), sized(width, gp(src)));
    }

    void storeImm(Width width, Mem dst, int64_t imm) override {
        if (width != Width::B64 || fitsInt32(imm)) {
            as_.mov(mem(dst, width), signExtend(width, imm));
            return;
        }
        moveImm(kScratch, static_cast<uint64_t>(imm));
        if (!needsScratch(dst)) {
            as_.mov(mem(dst, width), kScratch);
        } else {
            as_.movq(kKeep[0], kScratch);
            as_.movq(mem(dst, width), kKeep[0]);
        }
    }

    void lea(Reg dst, Mem src) override {
        if (src.base == Reg::None && src.index == Reg::None) return movImm(dst, absolute(src));
        if (src.index == Reg::None && src.disp == 0 && src.base != Reg::SP) {
            return mov(dst, src.base);
        }
        as_.lea(gp(dst), mem(src, Width::B64));
    }

    // --- integer arithmetic

    void add(Reg dst, Reg src) override { as_.add(gp(dst), gp(src)); }
    void sub(Reg dst, Reg src) override { as_.sub(gp(dst), gp(src)); }
    void mul(Reg dst, Reg src) override { as_.imul(gp(dst), gp(src)); }
    void and_(Reg dst, Reg src) override { as_.and_(gp(dst), gp(src)); }
    void or_(Reg dst, Reg src) override { as_.or_(gp(dst), gp(src)); }
    void xor_(Reg dst, Reg src) override { as_.xor_(gp(dst), gp(src)); }
    void neg(Reg dst) override { as_.neg(gp(dst)); }
    void not_(Reg dst) override { as_.not_(gp(dst)); }

    void addImm(Reg dst, int64_t imm) override {
        if (imm == 0) return;
        if (imm == 128) {  // -128 fits a byte
            as_.sub(gp(dst), -128);
        } else if (fitsInt32(imm)) {
            as_.add(gp(dst), imm);
        } else {
            moveImm(kScratch, static_cast<uint64_t>(imm));
            as_.add(gp(dst), kScratch);
        }
    }

    void andImm(Reg dst, int64_t imm) override {
        const x86::Gp reg = gp(dst);
        if (imm == -1) return;
        if (imm == 0) return moveImm(reg, 0);
        if (imm == 0xff) {
            as_.movzx(reg.r32(), reg.r8());
        } else if (imm == 0xffff) {
            as_.movzx(reg.r32(), reg.r16());
        } else if (imm == 0xffffffff) {
            as_.mov(reg.r32(), reg.r32());
        } else if (fitsUInt32(static_cast<uint64_t>(imm))) {
            as_.and_(reg.r32(), static_cast<uint32_t>(imm));
        } else if (fitsInt32(imm)) {
            as_.and_(reg, imm);
        } else {
            moveImm(kScratch, static_cast<uint64_t>(imm));
            as_.and_(reg, kScratch);
        }
    }

    void shlImm(Reg dst, int bits) override { shiftImm(x86::Inst::kIdShl, dst, bits); }
    void shrImm(Reg dst, int bits) override { shiftImm(x86::Inst::kIdShr, dst, bits); }
    void sarImm(Reg dst, int bits) override { shiftImm(x86::Inst::kIdSar, dst, bits); }
    void shl(Reg dst, Reg count) override { shift(x86::Inst::kIdShl, dst, count); }
    void sar(Reg dst, Reg count) override { shift(x86::Inst::kIdSar, dst, count); }

    // idiv takes rdx:rax and leaves quotient and remainder there.
    void divSigned(Reg dst, Reg src, Reg rem) override {
        const Reg rax = Reg::R0, rdx = Reg::R3;
        if (dst == src || dst == rem || src == rem) return invalid("divSigned: one register twice");
        const bool keepRax = dst != rax && rem != rax, keepRdx = dst != rdx && rem != rdx;
        x86::Gp divisor = gp(src);
        if (src == rax || src == rdx) {
            as_.mov(kScratch, divisor);
            divisor = kScratch;
        }
        if (keepRax) as_.movq(kKeep[0], x86::rax);
        if (keepRdx) as_.movq(kKeep[1], x86::rdx);
        mov(rax, dst);
        as_.cqo();
        as_.idiv(divisor);
        if (dst == rdx && rem == rax) {
            as_.xchg(x86::rax, x86::rdx);
        } else if (dst == rdx) {
            if (rem != Reg::None) mov(rem, rdx);
            mov(dst, rax);
        } else {
            mov(dst, rax);
            if (rem != Reg::None) mov(rem, rdx);
        }
        if (keepRax) as_.movq(x86::rax, kKeep[0]);
        if (keepRdx && FAULT(X64_DIVISION)) return void(countFault());
        if (keepRdx) as_.movq(x86::rdx, kKeep[1]);
    }

    void addOverflow(Reg dst, Reg src, Label overflow) override {
        add(dst, src);
        as_.jo(native(overflow));
    }
    void subOverflow(Reg dst, Reg src, Label overflow) override {
        sub(dst, src);
        as_.jo(native(overflow));
    }
    void mulOverflow(Reg dst, Reg src, Label overflow) override {
        mul(dst, src);
        as_.jo(native(overflow));
    }

    void addMemImm(Width width, Mem dst, int32_t imm) override {
        if (imm != 0) as_.add(mem(dst, width), signExtend(width, imm));
    }

    void addMemImmBranch(Width width, Mem dst, int32_t imm, Cond cond, Label target) override {
        as_.add(mem(dst, width), signExtend(width, imm));
        switch (cond) {
            case Cond::Eq: as_.je(native(target)); break;
            case Cond::Ne: as_.jne(native(target)); break;
            // The sign of the stored value, whether or not the sum overflowed.
            case Cond::Lt: as_.js(native(target)); break;
            case Cond::Ge: as_.jns(native(target)); break;
            default: invalid("addMemImmBranch: condition");
        }
    }

    void setIf(Cond cond, Reg dst, Reg a, Reg b) override {
        as_.cmp(gp(a), gp(b));
        as_.set(cc(cond), gp(dst).r8());
        as_.movzx(gp(dst).r32(), gp(dst).r8());
    }

    void select(Cond cond, Reg a, Reg b, Reg dst, Reg x, Reg y) override {
        as_.cmp(gp(a), gp(b));
        if (dst == x) {
            as_.cmov(cc(negate(cond)), gp(dst), gp(y));
        } else {
            mov(dst, y);
            as_.cmov(cc(cond), gp(dst), gp(x));
        }
    }

    // --- control flow

    void jump(Label target) override { as_.jmp(native(target)); }
    void jumpReg(Reg target) override { as_.jmp(gp(target)); }

    void branch(Cond cond, Reg a, Reg b, Label target) override {
        as_.cmp(gp(a), gp(b));
        as_.j(cc(cond), native(target));
    }
    void branch32(Cond cond, Reg a, Reg b, Label target) override {
        as_.cmp(gp(a).r32(), gp(b).r32());
        as_.j(cc(cond), native(target));
    }

    void branchImm(Cond cond, Reg a, int64_t imm, Label target) override {
        if (imm == 0) {
            as_.test(gp(a), gp(a));
        } else if (fitsInt32(imm)) {
            as_.cmp(gp(a), imm);
        } else {
            moveImm(kScratch, static_cast<uint64_t>(imm));
            as_.cmp(gp(a), kScratch);
        }
        as_.j(cc(cond), native(target));
    }

    void branchMemImm(Width width, Cond cond, Mem a, int64_t imm, Label target) override {
        if (width != Width::B64 || fitsInt32(imm)) {
            as_.cmp(mem(a, width), signExtend(width, imm));
        } else {
            withConstant(x86::Inst::kIdCmp, a, static_cast<uint64_t>(imm));
        }
        as_.j(cc(cond), native(target));
    }

    void branchMem(Width width, Cond cond, Mem a, Reg b, Label target) override {
        as_.cmp(mem(a, width), sized(width, gp(b)));
        as_.j(cc(cond), native(target));
    }

    void branchTestImm(Cond cond, Reg a, int64_t imm, Label target) override {
        const uint64_t mask = static_cast<uint64_t>(imm);
        if (!isTest(cond)) return;
        if (mask == UINT64_MAX) {
            as_.test(gp(a), gp(a));
        } else if (mask <= 0xff) {
            as_.test(gp(a).r8(), mask);
        } else if (fitsUInt32(mask)) {
            as_.test(gp(a).r32(), mask);
        } else if (fitsInt32(imm)) {
            as_.test(gp(a), imm);
        } else if (std::has_single_bit(mask)) {
            as_.bt(gp(a), std::countr_zero(mask));
            as_.j(cond == Cond::Eq ? CondCode::kNC : CondCode::kC, native(target));
            return;
        } else {
            moveImm(kScratch, mask);
            as_.test(gp(a), kScratch);
        }
        as_.j(cc(cond), native(target));
    }

    // A mask that touches one byte (as flags of types do) tests that byte only.
    void branchTestMemImm(Width width, Cond cond, Mem a, int64_t imm, Label target) override {
        uint64_t mask = truncate(width, imm);
        if (!isTest(cond)) return;
        const int skip = mask ? std::countr_zero(mask) / 8 : 0;
        if (mask >> (8 * skip) <= 0xff && a.disp <= INT32_MAX - skip) {
            a.disp += skip;
            mask >>= 8 * skip;
            width = Width::B8;
        } else if (fitsUInt32(mask) && width == Width::B64) {
            width = Width::B32;
        }
        if (width != Width::B64) {
            as_.test(mem(a, width), signExtend(width, static_cast<int64_t>(mask)));
        } else if (fitsInt32(imm)) {
            as_.test(mem(a, width), imm);
        } else {
            withConstant(x86::Inst::kIdTest, a, mask);
        }
        as_.j(cc(cond), native(target));
    }

    void call(const void* target) override {
        if (callNear(target)) return;
        moveImm(kScratch, reinterpret_cast<uintptr_t>(target));
        mentions(target);
        as_.call(kScratch);
    }
    void callReg(Reg target) override { as_.call(gp(target)); }
    void callMem(Mem target) override { as_.call(mem(target, Width::B64)); }

    // --- floating point

    void loadF(FReg dst, Mem src) override { as_.movsd(xmm(dst), mem(src, Width::B64)); }
    void storeF(Mem dst, FReg src) override { as_.movsd(mem(dst, Width::B64), xmm(src)); }
    void movF(FReg dst, FReg src) override {
        if (dst != src) as_.movaps(xmm(dst), xmm(src));
    }
    void movBitsToF(FReg dst, Reg src) override { as_.movq(xmm(dst), gp(src)); }
    void movBitsFromF(Reg dst, FReg src) override { as_.movq(gp(dst), xmm(src)); }

    void loadFImm(FReg dst, double value) override {
        const uint64_t bits = std::bit_cast<uint64_t>(value);
        if (bits == 0) {
            as_.xorps(xmm(dst), xmm(dst));
        } else {
            moveImm(kScratch, bits);
            as_.movq(xmm(dst), kScratch);
        }
    }

    void addF(FReg dst, FReg src) override { as_.addsd(xmm(dst), xmm(src)); }
    void subF(FReg dst, FReg src) override { as_.subsd(xmm(dst), xmm(src)); }
    void mulF(FReg dst, FReg src) override { as_.mulsd(xmm(dst), xmm(src)); }
    void divF(FReg dst, FReg src) override { as_.divsd(xmm(dst), xmm(src)); }

    void negF(FReg dst) override {
        as_.pcmpeqd(kKeep[0], kKeep[0]);
        as_.psllq(kKeep[0], 63);
        as_.xorps(xmm(dst), kKeep[0]);
    }
    void absF(FReg dst) override {
        as_.pcmpeqd(kKeep[0], kKeep[0]);
        as_.psrlq(kKeep[0], 1);
        as_.andps(xmm(dst), kKeep[0]);
    }
    void intToF(FReg dst, Reg src) override {
        as_.xorps(xmm(dst), xmm(dst));  // cvtsi2sd would wait for the old value
        if (FAULT(X64_CONVERSION)) return countFault(), void(as_.cvtsi2sd(xmm(dst), gp(src).r32()));
        as_.cvtsi2sd(xmm(dst), gp(src));
    }

    void branchF(FCond cond, FReg a, FReg b, Label target) override {
        const bool missed = cond == FCond::Ne && FAULT(X64_UNORDERED) && countFault();
        const FloatBranch how = kFloatBranches[static_cast<int>(cond)];
        if (how.swap) std::swap(a, b);
        as_.ucomisd(xmm(a), xmm(b));
        if (cond == FCond::Ne && !missed) {
            as_.jp(native(target));
        } else if (cond == FCond::Eq) {
            const asmjit::Label unordered = as_.newLabel();
            as_.short_().jp(unordered);
            as_.je(native(target));
            as_.bind(unordered);
            return;
        }
        as_.j(how.cond, native(target));
    }

  protected:
    void exchange(Reg a, Reg b) override { as_.xchg(gp(a), gp(b)); }

    void stash(int k, const Arg& arg) override {
        const x86::Xmm place = x86::xmm(8 + k);
        if (arg.kind == Arg::Kind::Load) {
            as_.movq(place, mem(arg.mem, Width::B64));
        } else {
            as_.lea(kScratch, mem(arg.mem, Width::B64));
            as_.movq(place, kScratch);
        }
    }
    void unstash(Reg dst, int k) override { as_.movq(gp(dst), x86::xmm(8 + k)); }

  private:
    static constexpr int kMaxSlots = 1 << 16;

    static x86::Mem savedReg(int i) { return x86::qword_ptr(x86::rsp, 8 * i); }
    static x86::Mem savedFloat(int i) { return x86::qword_ptr(x86::rsp, 8 * (kVolatileRegs + i)); }

    // Whether [rip + displacement] reaches the address, wherever in an
    // instruction the displacement stands.
    bool reaches(uint64_t address) const {
        constexpr int64_t kReach = INT64_C(0x7fffff00);
        const int64_t away = distance(address);
        return -kReach < away && away < kReach;
    }
    // Whether the memory operand, when used, takes the scratch register.
    bool needsScratch(const Mem& m) const {
        if (m.base != Reg::None) return false;
        const uint64_t address = absolute(m);
        return m.index != Reg::None || !(reaches(address) || address <= INT32_MAX);
    }

    x86::Mem mem(const Mem& m, Width width) {
        const uint32_t size = widthBytes(width);
        if (m.scale > 3) invalid("scale of a memory operand");
        if (m.base == Reg::None) {
            const uint64_t address = absolute(m);
            if (!needsScratch(m)) {
                return reaches(address) ? x86::ptr_rel(address, size) : x86::ptr_abs(address, size);
            }
            moveImm(kScratch, address);
            return m.index == Reg::None ? x86::ptr(kScratch, 0, size)
                                        : x86::ptr(kScratch, gp(m.index), m.scale, 0, size);
        }
        if (m.index == Reg::None) return x86::ptr(gp(m.base), m.disp, size);
        return x86::ptr(gp(m.base), gp(m.index), m.scale, m.disp, size);
    }

    // In order of length: 2, 5, 7, 7 and 10 bytes.
    void moveImm(const x86::Gp& dst, uint64_t imm) {
        if (imm == 0) {
            as_.xor_(dst.r32(), dst.r32());
        } else if (fitsUInt32(imm)) {
            if (FAULT(X64_IMMEDIATE) && imm > INT32_MAX)
                return countFault(),
                       void(as_.mov(dst, static_cast<int64_t>(static_cast<int32_t>(imm))));
            as_.mov(dst.r32(), static_cast<uint32_t>(imm));
        } else if (fitsInt32(static_cast<int64_t>(imm))) {
            as_.mov(dst, static_cast<int64_t>(imm));
        } else if (reaches(imm)) {
            as_.lea(dst, x86::ptr_rel(imm));
        } else {
            as_.movabs(dst, imm);
        }
    }

    // cmp or test of 64-bit memory with a constant that needs a register of its
    // own; if the address needs one too, some register is lent by its owner.
    void withConstant(asmjit::InstId inst, const Mem& m, uint64_t imm) {
        if (!needsScratch(m)) {
            moveImm(kScratch, imm);
            as_.emit(inst, mem(m, Width::B64), kScratch);
            return;
        }
        const x86::Gp lent = m.index == Reg::R0 ? x86::rcx : x86::rax;
        as_.movq(kKeep[0], lent);
        moveImm(lent, imm);
        as_.emit(inst, mem(m, Width::B64), lent);
        as_.movq(lent, kKeep[0]);
    }

    bool isTest(Cond cond) {
        if (cond != Cond::Eq && cond != Cond::Ne) invalid("a test asks for Eq or Ne");
        return !error();
    }

    void shiftImm(asmjit::InstId inst, Reg dst, int bits) {
        if (bits < 0 || bits > 63) return invalid("shift count");
        if (bits) as_.emit(inst, gp(dst), asmjit::imm(bits));
    }

    // The count must be in cl.
    void shift(asmjit::InstId inst, Reg dst, Reg count) {
        const Reg rcx = Reg::R4;
        if (count == rcx) {
            as_.emit(inst, gp(dst), x86::cl);
        } else if (dst == rcx) {
            as_.mov(kScratch, x86::rcx);
            as_.mov(x86::ecx, gp(count).r32());
            as_.emit(inst, kScratch, x86::cl);
            as_.mov(x86::rcx, kScratch);
        } else {
            as_.mov(kScratch, x86::rcx);
            as_.mov(x86::ecx, gp(count).r32());
            as_.emit(inst, gp(dst), x86::cl);
            if (FAULT(X64_SHIFT_COUNT)) return void(countFault());
            as_.mov(x86::rcx, kScratch);
        }
    }

    bool callNear(const void* target) {
        const uint64_t address = reinterpret_cast<uintptr_t>(target);
        if (!reaches(address)) return false;
        mentions(target);
        as_.call(asmjit::imm(address));
        return true;
    }
};

}  // namespace

std::unique_ptr<MacroAssembler> createX64(uintptr_t base) { return std::make_unique<X64>(base); }

// add qword ptr [base], imm8: REX.W 83 /0 ib, with a SIB byte or a displacement of 0 where the
// base takes one.
bool addsOneX64(const uint8_t* code) {
    if ((code[0] & 0xfe) != 0x48 || code[1] != 0x83 || (code[2] & 0x38) != 0) return false;
    const int mode = code[2] >> 6, base = code[2] & 7;
    if (mode > 1 || (mode == 0 && base == 5)) return false;
    const uint8_t* next = code + 3;
    if (base == 4) {
        if ((*next++ & 0x3f) != 0x24) return false;  // with an index
    }
    if (mode == 1 && *next++ != 0) return false;
    return *next == 0x01 || *next == 0xff;
}

}  // namespace pyjit
