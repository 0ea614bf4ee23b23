// The MacroAssembler for aarch64 (AAPCS64).
//
// Contract
//  * R0-R7 = x0-x7, Frame = x19, TState = x20, CFrame = x21, S0 = x22, S1 = x23;
//    x29 is the frame pointer; x18 belongs to the platform and is never touched.
//  * Hidden: x17 holds addresses, x16 offsets, constants and targets of calls
//    that do not fit an instruction, x15 and x14 values on their way between
//    memory and an operation; x9-x13 and x8 are the stash of setArgs(). Once
//    mem() has made an operand, x16 and x17 are its, until it has been used.
//    callStub() passes its value in x17.
//  * tbz and tbnz are not used: they reach 32 KiB only. Conditional branches
//    reach 1 MiB; beyond that finish() fails.
//  * No instruction that writes flags stands between a comparison and its jump.

#include <algorithm>
#include <bit>

#include <asmjit/arm/a64assembler.h>
#include <asmjit/arm/a64utils.h>

#include "emitter.h"

namespace pyjit {
namespace {

namespace a64 = asmjit::a64;
namespace arm = asmjit::arm;
using a64::Gp;
using arm::CondCode;

const Gp kRegs[] = {a64::x0, a64::x1,  a64::x2,  a64::x3,  a64::x4,  a64::x5,  a64::x6,
                    a64::x7, a64::x19, a64::x20, a64::x21, a64::x22, a64::x23, a64::sp};
const a64::Vec kFloats[] = {a64::d0, a64::d1, a64::d2, a64::d3, a64::d4, a64::d5, a64::d6, a64::d7};
const Gp kStash[] = {a64::x8, a64::x9, a64::x10, a64::x11, a64::x12, a64::x13};
const Gp kAddress = a64::x17, kOffset = a64::x16, kValue = a64::x15, kConstant = a64::x14;
const Gp kTarget = a64::x16, kStubValue = a64::x17;

// By Cond.
constexpr CondCode kConds[] = {CondCode::kEQ, CondCode::kNE, CondCode::kLT, CondCode::kLE,
                               CondCode::kGT, CondCode::kGE, CondCode::kLO, CondCode::kLS,
                               CondCode::kHI, CondCode::kHS};

// By FCond: fcmp sets C and V, and clears N and Z, when a side is a NaN.
constexpr CondCode kFloatConds[] = {CondCode::kEQ, CondCode::kNE, CondCode::kMI, CondCode::kLS,
                                    CondCode::kGT, CondCode::kGE, CondCode::kPL, CondCode::kHI,
                                    CondCode::kLE, CondCode::kLT};

Gp gp(Reg reg) { return kRegs[static_cast<int>(reg)]; }
a64::Vec vec(FReg reg) { return kFloats[static_cast<int>(reg)]; }
CondCode cc(Cond cond) { return kConds[static_cast<int>(cond)]; }
bool isSigned(Cond cond) { return cond >= Cond::Lt && cond <= Cond::Ge; }
Gp sized(Width width, const Gp& reg) { return width == Width::B64 ? reg : reg.w(); }
// What an immediate of add, sub, cmp, cmn holds: 12 bits, or 12 bits shifted by 12.
bool isAddImm(uint64_t imm) { return imm <= 0xfff || (imm & ~UINT64_C(0xfff000)) == 0; }

class A64 final : public Emitter<a64::Assembler> {
  public:
    explicit A64(uintptr_t base) : Emitter(asmjit::Arch::kAArch64, base) {}
    Arch arch() const override { return Arch::A64; }

    // --- function frame

    void prologue(int slots) override {
        if (slots < 0 || slots > kMaxSlots) return invalid("too many native slots");
        as_.stp(a64::x29, a64::x30, arm::ptr_pre(a64::sp, -kFrameBytes));
        as_.mov(a64::x29, a64::sp);
        as_.stp(a64::x19, a64::x20, arm::ptr(a64::sp, 16));
        as_.stp(a64::x21, a64::x22, arm::ptr(a64::sp, 32));
        as_.str(a64::x23, arm::ptr(a64::sp, 48));
        if (slots) addConstant(a64::sp, a64::sp, -16 * int64_t{(slots + 1) / 2}, kOffset);
        mov(Reg::TState, arg(0));
        mov(Reg::Frame, arg(1));
        mov(Reg::S0, arg(2));
    }

    void epilogue() override {
        as_.mov(a64::sp, a64::x29);
        as_.ldp(a64::x19, a64::x20, arm::ptr(a64::sp, 16));
        as_.ldp(a64::x21, a64::x22, arm::ptr(a64::sp, 32));
        as_.ldr(a64::x23, arm::ptr(a64::sp, 48));
        as_.ldp(a64::x29, a64::x30, arm::ptr_post(a64::sp, kFrameBytes));
        as_.ret(a64::x30);
    }

    void saveVolatiles() override {
        as_.stp(a64::x29, a64::x30, arm::ptr_pre(a64::sp, -kVolatileBytes));
        as_.mov(a64::x29, a64::sp);
        for (int i = 0; i < kVolatileRegs; i += 2) as_.stp(kRegs[i], kRegs[i + 1], saved(2 + i));
        for (int i = 0; i < kFloatRegs; i += 2) {
            as_.stp(kFloats[i], kFloats[i + 1], saved(2 + kVolatileRegs + i));
        }
    }

    void restoreVolatiles() override {
        for (int i = 0; i < kVolatileRegs - (FAULT(A64_STUB_REGISTER) ? (countFault(), 2) : 0);
             i += 2)
            as_.ldp(kRegs[i], kRegs[i + 1], saved(2 + i));
        for (int i = FAULT(A64_STUB_FLOAT) ? (countFault(), 2) : 0; i < kFloatRegs; i += 2) {
            as_.ldp(kFloats[i], kFloats[i + 1], saved(2 + kVolatileRegs + i));
        }
        as_.ldp(a64::x29, a64::x30, arm::ptr_post(a64::sp, kVolatileBytes));
    }

    void ret_() override { as_.ret(a64::x30); }
    void stubArg(Reg dst) override { as_.mov(gp(dst), kStubValue); }
    void callStub(const void* target, Reg value) override {
        as_.mov(kStubValue, gp(value));
        call(target);
    }

    // --- moves

    void mov(Reg dst, Reg src) override {
        if (dst != src) as_.mov(gp(dst), gp(src));
    }
    void movImm(Reg dst, uint64_t imm) override { moveImm(gp(dst), imm); }
    void load(Width width, Reg dst, Mem src) override { loadTo(width, gp(dst), mem(src, width)); }
    void loadSigned32(Reg dst, Mem src) override { as_.ldrsw(gp(dst), mem(src, Width::B32)); }
    void store(Width width, Mem dst, Reg src) override {
        storeFrom(width, mem(dst, width), gp(src));
    }
    void storeImm(Width width, Mem dst, int64_t imm) override {
        const uint64_t bits = truncate(width, imm);
        Gp value = a64::xzr;
        if (bits) moveImm(value = kValue, bits);
        storeFrom(width, mem(dst, width), value);
    }

    void lea(Reg dst, Mem src) override { addressOf(gp(dst), src); }

    // --- integer arithmetic

    void add(Reg dst, Reg src) override { as_.add(gp(dst), gp(dst), gp(src)); }
    void addImm(Reg dst, int64_t imm) override { addConstant(gp(dst), gp(dst), imm, kOffset); }
    void sub(Reg dst, Reg src) override { as_.sub(gp(dst), gp(dst), gp(src)); }
    void mul(Reg dst, Reg src) override { as_.mul(gp(dst), gp(dst), gp(src)); }
    void and_(Reg dst, Reg src) override { as_.and_(gp(dst), gp(dst), gp(src)); }
    void or_(Reg dst, Reg src) override { as_.orr(gp(dst), gp(dst), gp(src)); }
    void xor_(Reg dst, Reg src) override { as_.eor(gp(dst), gp(dst), gp(src)); }
    void neg(Reg dst) override { as_.neg(gp(dst), gp(dst)); }
    void not_(Reg dst) override { as_.mvn(gp(dst), gp(dst)); }

    void andImm(Reg dst, int64_t imm) override {
        const uint64_t mask = static_cast<uint64_t>(imm);
        if (imm == -1) return;
        if (a64::Utils::isLogicalImm(mask, 64)) {
            as_.and_(gp(dst), gp(dst), mask);
        } else if (imm == 0) {
            moveImm(gp(dst), 0);
        } else {
            moveImm(kConstant, mask);
            as_.and_(gp(dst), gp(dst), kConstant);
        }
    }

    void shlImm(Reg dst, int bits) override { shiftImm(a64::Inst::kIdLsl, dst, bits); }
    void shrImm(Reg dst, int bits) override { shiftImm(a64::Inst::kIdLsr, dst, bits); }
    void sarImm(Reg dst, int bits) override { shiftImm(a64::Inst::kIdAsr, dst, bits); }
    void shl(Reg dst, Reg count) override { as_.lsl(gp(dst), gp(dst), gp(count)); }
    void sar(Reg dst, Reg count) override { as_.asr(gp(dst), gp(dst), gp(count)); }

    void divSigned(Reg dst, Reg src, Reg rem) override {
        if (dst == src || dst == rem || src == rem) return invalid("divSigned: one register twice");
        if (rem == Reg::None) {
            as_.sdiv(gp(dst), gp(dst), gp(src));
        } else {
            FAULT(A64_REMAINDER) && countFault() ? as_.udiv(kValue, gp(dst), gp(src))
                                                 : as_.sdiv(kValue, gp(dst), gp(src));
            as_.msub(gp(rem), kValue, gp(src), gp(dst));
            as_.mov(gp(dst), kValue);
        }
    }

    void addOverflow(Reg dst, Reg src, Label overflow) override {
        as_.adds(gp(dst), gp(dst), gp(src));
        branchIf(CondCode::kVS, overflow);
    }
    void subOverflow(Reg dst, Reg src, Label overflow) override {
        as_.subs(gp(dst), gp(dst), gp(src));
        branchIf(CondCode::kVS, overflow);
    }
    // It fits if the high half is nothing but the sign of the low one.
    void mulOverflow(Reg dst, Reg src, Label overflow) override {
        as_.smulh(kValue, gp(dst), gp(src));
        as_.mul(gp(dst), gp(dst), gp(src));
        as_.cmp(kValue, gp(dst), arm::asr(63));
        branchIf(CondCode::kNE, overflow);
    }

    void addMemImm(Width width, Mem dst, int32_t imm) override {
        if (imm == 0) return;
        const arm::Mem place = mem(dst, width);
        loadTo(width, kValue, place);
        addConstant(kValue, kValue, imm, kConstant);
        storeFrom(width, place, kValue);
    }

    void addMemImmBranch(Width width, Mem dst, int32_t imm, Cond cond, Label target) override {
        const arm::Mem place = mem(dst, width);
        loadTo(width, kValue, place);
        addConstant(kValue, kValue, imm, kConstant);
        storeFrom(width, place, kValue);
        switch (cond) {
            case Cond::Eq:
            case Cond::Ne:
                if (width <= Width::B16) as_.and_(kValue, kValue, truncate(width, -1));
                return branchZero(cond, sized(width, kValue), target);
            case Cond::Lt:
            case Cond::Ge:
                as_.tst(kValue, UINT64_C(1) << (8 * widthBytes(width) - 1));
                return branchIf(cond == Cond::Lt ? CondCode::kNE : CondCode::kEQ, target);
            default: invalid("addMemImmBranch: condition");
        }
    }

    void setIf(Cond cond, Reg dst, Reg a, Reg b) override {
        as_.cmp(gp(a), gp(b));
        as_.cset(gp(dst), cc(cond));
    }
    void select(Cond cond, Reg a, Reg b, Reg dst, Reg x, Reg y) override {
        as_.cmp(gp(a), gp(b));
        as_.csel(gp(dst), gp(x), gp(y), cc(cond));
    }

    // --- control flow

    void jump(Label target) override { as_.b(native(target)); }
    void jumpReg(Reg target) override { as_.br(gp(target)); }

    void branch(Cond cond, Reg a, Reg b, Label target) override {
        as_.cmp(gp(a), gp(b));
        branchIf(cc(cond), target);
    }
    void branch32(Cond cond, Reg a, Reg b, Label target) override {
        as_.cmp(gp(a).w(), gp(b).w());
        branchIf(cc(cond), target);
    }
    void branchImm(Cond cond, Reg a, int64_t imm, Label target) override {
        compareBranch(Width::B64, cond, gp(a), imm, target);
    }

    void branchMemImm(Width width, Cond cond, Mem a, int64_t imm, Label target) override {
        loadForCompare(width, cond, a);
        const bool extended = isSigned(cond) || width == Width::B64;
        compareBranch(
            width, cond, kValue,
            extended ? signExtend(width, imm) : static_cast<int64_t>(truncate(width, imm)), target);
    }

    void branchMem(Width width, Cond cond, Mem a, Reg b, Label target) override {
        loadForCompare(width, cond, a);
        switch (width) {
            case Width::B8:
                as_.cmp(kValue.w(), gp(b).w(), isSigned(cond) ? arm::sxtb(0) : arm::uxtb(0));
                break;
            case Width::B16:
                as_.cmp(kValue.w(), gp(b).w(), isSigned(cond) ? arm::sxth(0) : arm::uxth(0));
                break;
            case Width::B32: as_.cmp(kValue.w(), gp(b).w()); break;
            case Width::B64: as_.cmp(kValue, gp(b)); break;
        }
        branchIf(cc(cond), target);
    }

    void branchTestImm(Cond cond, Reg a, int64_t mask, Label target) override {
        testBranch(cond, gp(a), static_cast<uint64_t>(mask), target);
    }
    void branchTestMemImm(Width width, Cond cond, Mem a, int64_t mask, Label target) override {
        loadTo(width, kValue, mem(a, width));
        testBranch(cond, kValue, truncate(width, mask), target);
    }

    void call(const void* target) override {
        const uint64_t address = reinterpret_cast<uintptr_t>(target);
        if (within(distance(address), 27)) {
            mentions(target);
            as_.bl(asmjit::imm(address));
        } else {
            moveImm(kTarget, address);
            mentions(target);
            as_.blr(kTarget);
        }
    }
    void callReg(Reg target) override { as_.blr(gp(target)); }
    void callMem(Mem target) override {
        as_.ldr(kTarget, mem(target, Width::B64));
        as_.blr(kTarget);
    }

    // --- floating point

    void loadF(FReg dst, Mem src) override { as_.ldr(vec(dst), mem(src, Width::B64)); }
    void storeF(Mem dst, FReg src) override { as_.str(vec(src), mem(dst, Width::B64)); }
    void movF(FReg dst, FReg src) override {
        if (dst != src) as_.fmov(vec(dst), vec(src));
    }
    void movBitsToF(FReg dst, Reg src) override { as_.fmov(vec(dst), gp(src)); }
    void movBitsFromF(Reg dst, FReg src) override { as_.fmov(gp(dst), vec(src)); }

    void loadFImm(FReg dst, double value) override {
        const uint64_t bits = std::bit_cast<uint64_t>(value);
        if (bits == 0) {
            as_.movi(vec(dst), 0);
        } else if (a64::Utils::isFP64Imm8(bits)) {
            as_.fmov(vec(dst), value);
        } else {
            moveImm(kConstant, bits);
            as_.fmov(vec(dst), kConstant);
        }
    }

    void addF(FReg dst, FReg src) override { as_.fadd(vec(dst), vec(dst), vec(src)); }
    void subF(FReg dst, FReg src) override { as_.fsub(vec(dst), vec(dst), vec(src)); }
    void mulF(FReg dst, FReg src) override { as_.fmul(vec(dst), vec(dst), vec(src)); }
    void divF(FReg dst, FReg src) override { as_.fdiv(vec(dst), vec(dst), vec(src)); }
    void negF(FReg dst) override { as_.fneg(vec(dst), vec(dst)); }
    void absF(FReg dst) override { as_.fabs(vec(dst), vec(dst)); }
    void intToF(FReg dst, Reg src) override {
        FAULT(A64_CONVERSION) ? (countFault(), as_.scvtf(vec(dst), gp(src).w()))
                              : as_.scvtf(vec(dst), gp(src));
    }

    void branchF(FCond cond, FReg a, FReg b, Label target) override {
        as_.fcmp(vec(a), vec(b));
        branchIf(cond == FCond::Lt && FAULT(A64_UNORDERED) && countFault()
                     ? CondCode::kLT
                     : kFloatConds[static_cast<int>(cond)],
                 target);
    }

  protected:
    void exchange(Reg a, Reg b) override {
        as_.mov(kValue, gp(a));
        as_.mov(gp(a), gp(b));
        as_.mov(gp(b), kValue);
    }
    void stash(int k, const Arg& arg) override {
        if (arg.kind == Arg::Kind::Load) {
            as_.ldr(kStash[k], mem(arg.mem, Width::B64));
        } else {
            addressOf(kStash[k], arg.mem);
        }
    }
    void unstash(Reg dst, int k) override { as_.mov(gp(dst), kStash[k]); }

  private:
    static constexpr int kMaxSlots = 1 << 16;
    static constexpr int kFrameBytes = 64;  // frame record, x19-x23, padding
    static constexpr int kVolatileBytes = 16 + 8 * (kVolatileRegs + kFloatRegs);

    static arm::Mem saved(int i) { return arm::ptr(a64::sp, 8 * i); }

    // Whether a displacement fits `bits` bits and a sign.
    static bool within(int64_t away, int bits) {
        return away >= -(INT64_C(1) << bits) && away < (INT64_C(1) << bits);
    }
    // Whether adrp at the present place reaches the page of the address.
    bool pageWithin(uint64_t address) const {
        const uint64_t page = (base_ + as_.offset()) & ~UINT64_C(0xfff);
        return within(static_cast<int64_t>((address & ~UINT64_C(0xfff)) - page), 32);
    }

    // A constant in as few instructions as it takes: one of mov, movn, orr, adr;
    // else adrp and add for what is near; else one for each 16 bits that differ
    // from the background of zeros or ones.
    void moveImm(const Gp& dst, uint64_t imm) {
        int zeros = 0, ones = 0;
        for (int shift = 0; shift < 64; shift += 16) {
            const uint64_t part = imm >> shift & 0xffff;
            zeros += part == 0;
            ones += part == 0xffff;
        }
        const int parts = 4 - std::max(zeros, ones);
        if (parts > 1) {
            if (a64::Utils::isLogicalImm(imm, 64)) {
                as_.orr(dst, a64::xzr, imm);
                return;
            }
            if (within(distance(imm), 20)) {
                as_.adr(dst, asmjit::imm(imm));
                return;
            }
            if (parts > 2 && pageWithin(imm)) {
                as_.adrp(dst, asmjit::imm(imm & ~UINT64_C(0xfff)));
                if (imm & 0xfff) as_.add(dst, dst, imm & 0xfff);
                return;
            }
        }
        const uint64_t background = ones > zeros ? 0xffff : 0;
        bool first = true;
        for (int shift = 0; shift < 64; shift += 16) {
            const uint64_t part = imm >> shift & 0xffff;
            if (part == background) continue;
            if (!first) {
                if (FAULT_IF(A64_IMMEDIATE, shift == 48)) continue;
                as_.movk(dst, part, shift);
            } else if (background) {
                as_.movn(dst, part ^ 0xffff, shift);
            } else {
                as_.movz(dst, part, shift);
            }
            first = false;
        }
        if (first && background) as_.movn(dst, 0, 0);
        if (first && !background) as_.movz(dst, 0, 0);
    }

    // dst = src + imm, without flags; `spare` takes what does not fit.
    void addConstant(const Gp& dst, const Gp& src, int64_t imm, const Gp& spare) {
        const uint64_t size = imm < 0 ? 0 - static_cast<uint64_t>(imm) : static_cast<uint64_t>(imm);
        const asmjit::InstId inst = imm < 0 ? a64::Inst::kIdSub : a64::Inst::kIdAdd;
        if (imm == 0) {
            if (dst != src) as_.mov(dst, src);
        } else if (isAddImm(size)) {
            as_.emit(inst, dst, src, asmjit::imm(size));
        } else if (size < (1 << 24)) {
            as_.emit(inst, dst, src, asmjit::imm(size & 0xfff000));
            if (FAULT_IF(A64_ADDED_IMMEDIATE, (size & 0xfff) != 0)) return;
            as_.emit(inst, dst, dst, asmjit::imm(size & 0xfff));
        } else {
            moveImm(spare, static_cast<uint64_t>(imm));
            as_.add(dst, src, spare, arm::uxtx(0));  // this form takes sp
        }
    }

    void addIndex(const Gp& dst, const Gp& base, const Mem& m) {
        if (m.scale > 3) invalid("scale of a memory operand");
        if (base == a64::sp) {
            as_.add(dst, base, gp(m.index), arm::uxtx(m.scale));
        } else {
            as_.add(dst, base, gp(m.index), arm::lsl(m.scale));
        }
    }

    void addressOf(const Gp& dst, const Mem& m) {
        if (m.base == Reg::None && m.index == Reg::None) return moveImm(dst, absolute(m));
        if (m.index == Reg::None) return addConstant(dst, gp(m.base), m.disp, kOffset);
        if (m.base == Reg::None) {
            moveImm(kAddress, absolute(m));
            addIndex(dst, kAddress, m);
        } else {
            addIndex(dst, gp(m.base), m);
            addConstant(dst, dst, m.disp, kOffset);
        }
    }

    // ldr and str take an unsigned offset of 12 bits counted in units of the
    // width, or a signed one of 9 bits in bytes.
    static bool isOffset(int64_t offset, int bytes) {
        if (offset >= -256 && offset <= 255) return true;
        return offset >= 0 && offset % bytes == 0 && offset / bytes <= 0xfff;
    }

    arm::Mem mem(const Mem& m, Width width) {
        const int bytes = widthBytes(width);
        Gp base = m.base == Reg::None ? kAddress : gp(m.base);
        int64_t offset = m.disp;
        if (m.base == Reg::None) {
            const uint64_t address = absolute(m);
            const int64_t low = static_cast<int64_t>(address & 0xfff);
            offset = 0;
            if (m.index == Reg::None && isOffset(low, bytes) && pageWithin(address)) {
                as_.adrp(kAddress, asmjit::imm(address & ~UINT64_C(0xfff)));
                offset = low;
            } else {
                moveImm(kAddress, address);
            }
        }
        if (m.index != Reg::None) {
            if (m.scale > 3) invalid("scale of a memory operand");
            if (offset == 0 && m.scale == 0) return arm::ptr(base, gp(m.index));
            if (offset == 0 && 1 << m.scale == bytes) {
                return arm::ptr(base, gp(m.index), arm::lsl(m.scale));
            }
            addIndex(kAddress, base, m);
            base = kAddress;
        }
        if (isOffset(offset, bytes)) return arm::ptr(base, static_cast<int32_t>(offset));
        moveImm(kOffset, static_cast<uint64_t>(offset));
        return arm::ptr(base, kOffset);
    }

    void loadTo(Width width, const Gp& dst, const arm::Mem& from) {
        switch (width) {
            case Width::B8: as_.ldrb(dst.w(), from); break;
            case Width::B16: as_.ldrh(dst.w(), from); break;
            case Width::B32: as_.ldr(dst.w(), from); break;
            case Width::B64: as_.ldr(dst, from); break;
        }
    }
    void storeFrom(Width width, const arm::Mem& to, const Gp& src) {
        switch (width) {
            case Width::B8: as_.strb(src.w(), to); break;
            case Width::B16: as_.strh(src.w(), to); break;
            case Width::B32: as_.str(src.w(), to); break;
            case Width::B64: as_.str(src, to); break;
        }
    }

    // Into kValue, extended as the condition will look at it.
    void loadForCompare(Width width, Cond cond, const Mem& m) {
        const arm::Mem from = mem(m, width);
        if (isSigned(cond) && width == Width::B8) {
            as_.ldrsb(kValue.w(), from);
        } else if (isSigned(cond) && width == Width::B16) {
            as_.ldrsh(kValue.w(), from);
        } else {
            loadTo(width, kValue, from);
        }
    }

    // `imm` is extended as `reg` is; narrow values are compared in 32 bits.
    void compareBranch(Width width, Cond cond, const Gp& reg64, int64_t imm, Label target) {
        const Gp reg = sized(width, reg64);
        if (width != Width::B64) imm = static_cast<int32_t>(imm);
        const uint64_t bits = static_cast<uint64_t>(imm);
        if (imm == 0 && (cond == Cond::Eq || cond == Cond::Ne)) {
            return branchZero(cond, reg, target);
        }
        if (isAddImm(bits)) {
            as_.cmp(reg, bits);
        } else if (isAddImm(0 - bits)) {
            as_.cmn(reg, 0 - bits);
        } else {
            moveImm(kConstant, width == Width::B64 ? bits : truncate(Width::B32, imm));
            as_.cmp(reg, sized(width, kConstant));
        }
        branchIf(cc(cond), target);
    }

    void testBranch(Cond cond, const Gp& reg, uint64_t mask, Label target) {
        if (cond != Cond::Eq && cond != Cond::Ne) return invalid("a test asks for Eq or Ne");
        if (mask == UINT64_MAX) return branchZero(cond, reg, target);
        if (a64::Utils::isLogicalImm(mask, 64)) {
            as_.tst(reg, mask);
        } else {
            moveImm(kConstant, mask);
            as_.tst(reg, kConstant);
        }
        branchIf(cc(cond), target);
    }

    void branchIf(CondCode cond, Label target) { as_.b(cond, native(target)); }
    void branchZero(Cond cond, const Gp& reg, Label target) {
        if (cond == Cond::Eq) {
            as_.cbz(reg, native(target));
        } else {
            as_.cbnz(reg, native(target));
        }
    }

    void shiftImm(asmjit::InstId inst, Reg dst, int bits) {
        if (bits < 0 || bits > 63) return invalid("shift count");
        if (bits) as_.emit(inst, gp(dst), gp(dst), asmjit::imm(bits));
    }
};

}  // namespace

std::unique_ptr<MacroAssembler> createA64(uintptr_t base) { return std::make_unique<A64>(base); }

// ldr value, [base]; add or sub value, value, 1; str value, [base].
bool addsOneA64(const uint8_t* code) {
    uint32_t words[3];
    std::memcpy(words, code, sizeof(words));
    const uint32_t value = words[0] & 31, registers = words[0] & 0x3ff;
    if (words[0] != (0xf9400000 | registers) || words[2] != (0xf9000000 | registers)) return false;
    const uint32_t one = 1 << 10 | value << 5 | value;
    return words[1] == (0x91000000 | one) || words[1] == (0xd1000000 | one);
}

}  // namespace pyjit
