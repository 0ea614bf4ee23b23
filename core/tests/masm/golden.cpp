// Small pieces of code for both architectures, printed as bytes for the golden
// disassembly: `masm_tests --golden x64` prints for each case its name, the
// code in hexadecimal and the number of instructions in masm's own listing.
//
// A case's name begins with the operation that it shows; every operation of
// masm.h has one (test_masm.py checks that), and so has every form of address
// and every way to encode a constant.

#include <algorithm>
#include <cmath>

#include "harness.h"

namespace pyjit::test {
namespace {

// Fixed places, so that the bytes are the same everywhere.
constexpr uintptr_t kBase = 0x7f0000000000;
const void* const kNear = reinterpret_cast<const void*>(kBase - 0x4000ff8);
const void* const kAdjacent = reinterpret_cast<const void*>(kBase - 0x8000);
const void* const kOdd = reinterpret_cast<const void*>(kBase - 0x4000ffb);
const void* const kLow = reinterpret_cast<const void*>(uintptr_t{0x8f2a40});
const void* const kFar = reinterpret_cast<const void*>(uintptr_t{0x55d0123456c0});
const void* const kText = reinterpret_cast<const void*>(kBase + 0x2345670);

struct Case {
    std::string name;
    std::function<void(MacroAssembler&, Label)> emit;
};

constexpr Reg R0 = Reg::R0, R1 = Reg::R1, R2 = Reg::R2, R3 = Reg::R3, R4 = Reg::R4, R5 = Reg::R5,
              R6 = Reg::R6, R7 = Reg::R7, Frame = Reg::Frame, TState = Reg::TState,
              CFrame = Reg::CFrame, S0 = Reg::S0, S1 = Reg::S1;
constexpr FReg F0 = FReg::F0, F1 = FReg::F1, F7 = FReg::F7;

const char* kCondNames[] = {"eq", "ne", "lt", "le", "gt", "ge", "ult", "ule", "ugt", "uge"};
const char* kFCondNames[] = {"eq", "ne",    "lt",    "le",    "gt",
                             "ge", "notlt", "notle", "notgt", "notge"};
const char* kWidthNames[] = {"8", "16", "32", "64"};

const std::pair<const char*, Mem> kForms[] = {
    {"[base]", Mem::at(R1)},
    {"[frame+8]", Mem::at(Frame, 8)},
    {"[cframe+24]", Mem::at(CFrame, 24)},
    {"[base-8]", Mem::at(R1, -8)},
    {"[base+unaligned]", Mem::at(R1, 13)},
    {"[base+unaligned far]", Mem::at(R1, 1027)},
    {"[base+4096]", Mem::at(R1, 4096)},
    {"[base-4096]", Mem::at(R1, -4096)},
    {"[base+large]", Mem::at(R1, 0x123450)},
    {"[slot 3]", Mem::at(Reg::SP, 24)},
    {"[base+index]", Mem::indexed(R1, R2, 0)},
    {"[base+index*8]", Mem::indexed(R1, R2, 3)},
    {"[base+index*8+24]", Mem::indexed(R1, R2, 3, 24)},
    {"[base+index*2-70000]", Mem::indexed(R1, R2, 1, -70000)},
    {"[slots+index*8]", Mem::indexed(Reg::SP, R2, 3)},
    {"[near]", Mem::abs(kNear)},
    {"[adjacent]", Mem::abs(kAdjacent)},
    {"[odd]", Mem::abs(kOdd)},
    {"[low]", Mem::abs(kLow)},
    {"[far]", Mem::abs(kFar)},
    {"[far+index*8]", Mem{Reg::None, 0, R2, 3, kFar}},
};

void moves(std::vector<Case>& cases) {
    auto add = [&](std::string name, auto emit) { cases.push_back({std::move(name), emit}); };
    for (Reg reg : {R0, R1, R2, R3, R4, R5, R6, R7, Frame, TState, CFrame, S0, S1}) {
        add("mov R0, register " + std::to_string(static_cast<int>(reg)),
            [=](MacroAssembler& m, Label) { m.mov(R0, reg); });
    }
    for (uint64_t imm :
         {uint64_t{0}, uint64_t{1}, uint64_t{0xffff}, uint64_t{0x10000}, uint64_t{0x12345},
          uint64_t{0x80000000}, uint64_t{0xffffffff}, uint64_t{0xffffffff12345678}, ~uint64_t{0},
          ~uint64_t{1}, uint64_t{0xff00ff00ff00ff00}, uint64_t{0x8000000000000000},
          uint64_t{0x123456789abc}, uint64_t{0x123456789abcdef0}, uint64_t{0xffff1234ffff5678}}) {
        char name[40];
        std::snprintf(name, sizeof name, "movImm %#llx", static_cast<unsigned long long>(imm));
        add(name, [=](MacroAssembler& m, Label) { m.movImm(R5, imm); });
    }
    add("movImm near", [](MacroAssembler& m, Label) { m.movPtr(S0, kNear); });
    add("movImm adjacent", [](MacroAssembler& m, Label) { m.movPtr(S0, kAdjacent); });
    add("movImm page",
        [](MacroAssembler& m, Label) { m.movPtr(S0, reinterpret_cast<void*>(kBase - 0x4001000)); });
    for (const auto& [form, mem] : kForms) {
        const Mem at = mem;
        for (Width width : kWidths) {
            const std::string what = std::string(kWidthNames[static_cast<int>(width)]) + " " + form;
            add("load " + what, [=](MacroAssembler& m, Label) { m.load(width, R0, at); });
            add("store " + what, [=](MacroAssembler& m, Label) { m.store(width, at, R5); });
        }
        add(std::string("loadSigned32 ") + form,
            [=](MacroAssembler& m, Label) { m.loadSigned32(R0, at); });
        add(std::string("lea ") + form, [=](MacroAssembler& m, Label) { m.lea(R0, at); });
        add(std::string("loadF ") + form, [=](MacroAssembler& m, Label) { m.loadF(F1, at); });
        add(std::string("storeF ") + form, [=](MacroAssembler& m, Label) { m.storeF(at, F1); });
        add(std::string("storeImm 64, constant ") + form,
            [=](MacroAssembler& m, Label) { m.storeImm(Width::B64, at, 0x123456789abcdef0); });
        add(std::string("branchMemImm 64 eq, constant ") + form, [=](MacroAssembler& m, Label l) {
            m.branchMemImm(Width::B64, Cond::Eq, at, 0x123456789abcdef0, l);
        });
    }
    for (Width width : kWidths) {
        const std::string what = kWidthNames[static_cast<int>(width)];
        for (int64_t imm : {0, 1, -1, 0x12345678}) {
            add("storeImm " + what + ", " + std::to_string(imm),
                [=](MacroAssembler& m, Label) { m.storeImm(width, Mem::at(Frame, 64), imm); });
        }
    }
}

void arithmetic(std::vector<Case>& cases) {
    auto add = [&](std::string name, auto emit) { cases.push_back({std::move(name), emit}); };
    add("add", [](MacroAssembler& m, Label) { m.add(R1, S1); });
    add("sub", [](MacroAssembler& m, Label) { m.sub(R1, S1); });
    add("mul", [](MacroAssembler& m, Label) { m.mul(R1, S1); });
    add("and_", [](MacroAssembler& m, Label) { m.and_(R1, S1); });
    add("or_", [](MacroAssembler& m, Label) { m.or_(R1, S1); });
    add("xor_", [](MacroAssembler& m, Label) { m.xor_(R1, S1); });
    add("neg", [](MacroAssembler& m, Label) { m.neg(R1); });
    add("not_", [](MacroAssembler& m, Label) { m.not_(R1); });
    for (int64_t imm : {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{128}, int64_t{4096},
                        int64_t{0x12345}, int64_t{-0x12345678}, int64_t{0x123456789a}}) {
        add("addImm " + std::to_string(imm), [=](MacroAssembler& m, Label) { m.addImm(R2, imm); });
    }
    for (int64_t imm :
         {int64_t{0}, int64_t{-1}, int64_t{1}, int64_t{0xff}, int64_t{0xffff}, int64_t{0xffffffff},
          int64_t{0x3fffffff}, int64_t{0x12345}, int64_t{-8}, int64_t{0x123456789a}}) {
        add("andImm " + std::to_string(imm), [=](MacroAssembler& m, Label) { m.andImm(R2, imm); });
    }
    for (int bits : {0, 1, 30, 63}) {
        const std::string n = " " + std::to_string(bits);
        add("shlImm" + n, [=](MacroAssembler& m, Label) { m.shlImm(R2, bits); });
        add("shrImm" + n, [=](MacroAssembler& m, Label) { m.shrImm(R2, bits); });
        add("sarImm" + n, [=](MacroAssembler& m, Label) { m.sarImm(R2, bits); });
    }
    add("shl by R4", [](MacroAssembler& m, Label) { m.shl(R0, R4); });
    add("shl by another", [](MacroAssembler& m, Label) { m.shl(R0, R1); });
    add("shl of R4", [](MacroAssembler& m, Label) { m.shl(R4, R1); });
    add("sar by R4", [](MacroAssembler& m, Label) { m.sar(R4, R4); });
    add("sar by another", [](MacroAssembler& m, Label) { m.sar(S0, Frame); });
    add("divSigned R0, rem R3", [](MacroAssembler& m, Label) { m.divSigned(R0, R1, R3); });
    add("divSigned R3, rem R0", [](MacroAssembler& m, Label) { m.divSigned(R3, R1, R0); });
    add("divSigned others", [](MacroAssembler& m, Label) { m.divSigned(R5, R3, S0); });
    add("divSigned no rem", [](MacroAssembler& m, Label) { m.divSigned(R5, R6, Reg::None); });
    add("addOverflow", [](MacroAssembler& m, Label l) { m.addOverflow(R0, R2, l); });
    add("subOverflow", [](MacroAssembler& m, Label l) { m.subOverflow(R0, R2, l); });
    add("mulOverflow", [](MacroAssembler& m, Label l) { m.mulOverflow(R0, R2, l); });
    for (Width width : kWidths) {
        const std::string what = kWidthNames[static_cast<int>(width)];
        for (int32_t imm : {1, -1, 100000}) {
            add("addMemImm " + what + ", " + std::to_string(imm),
                [=](MacroAssembler& m, Label) { m.addMemImm(width, Mem::at(R0), imm); });
        }
        for (Cond cond : {Cond::Eq, Cond::Ne, Cond::Lt, Cond::Ge}) {
            add("addMemImmBranch " + what + " " + kCondNames[static_cast<int>(cond)],
                [=](MacroAssembler& m, Label l) {
                    m.addMemImmBranch(width, Mem::at(R0), -1, cond, l);
                });
        }
    }
    add("addMemImmBranch 64 near", [](MacroAssembler& m, Label l) {
        m.addMemImmBranch(Width::B64, Mem::abs(kNear), -1, Cond::Lt, l);
    });
}

void comparisons(std::vector<Case>& cases) {
    auto add = [&](std::string name, auto emit) { cases.push_back({std::move(name), emit}); };
    for (Cond cond : kConds) {
        const std::string c = kCondNames[static_cast<int>(cond)];
        add("setIf " + c, [=](MacroAssembler& m, Label) { m.setIf(cond, R1, R1, R2); });
        add("select " + c, [=](MacroAssembler& m, Label) { m.select(cond, R1, R2, R0, R3, R4); });
        add("branch " + c, [=](MacroAssembler& m, Label l) { m.branch(cond, R0, S1, l); });
        add("branch32 " + c, [=](MacroAssembler& m, Label l) { m.branch32(cond, R0, S1, l); });
        add("branchImm " + c + ", 0",
            [=](MacroAssembler& m, Label l) { m.branchImm(cond, R0, 0, l); });
        for (Width width : kWidths) {
            const std::string what = std::string(kWidthNames[static_cast<int>(width)]) + " " + c;
            add("branchMemImm " + what, [=](MacroAssembler& m, Label l) {
                m.branchMemImm(width, cond, Mem::at(R0, 16), 5, l);
            });
            add("branchMem " + what, [=](MacroAssembler& m, Label l) {
                m.branchMem(width, cond, Mem::at(R0, 16), R2, l);
            });
        }
    }
    add("select into x", [](MacroAssembler& m, Label) { m.select(Cond::Lt, R1, R2, R3, R3, R4); });
    add("select into y", [](MacroAssembler& m, Label) { m.select(Cond::Lt, R1, R2, R4, R3, R4); });
    for (int64_t imm : {int64_t{1}, int64_t{-1}, int64_t{4096}, int64_t{0x12345},
                        int64_t{0xffffffff}, int64_t{0x123456789a}}) {
        add("branchImm lt, " + std::to_string(imm),
            [=](MacroAssembler& m, Label l) { m.branchImm(Cond::Lt, R0, imm, l); });
    }
    for (Width width : kWidths) {
        const std::string what = kWidthNames[static_cast<int>(width)];
        for (int64_t imm : {0, -1, 0x12345}) {
            add("branchMemImm " + what + " eq, " + std::to_string(imm),
                [=](MacroAssembler& m, Label l) {
                    m.branchMemImm(width, Cond::Eq, Mem::at(R0, 16), imm, l);
                });
        }
    }
    add("branchMemImm 64 eq, near", [](MacroAssembler& m, Label l) {
        m.branchMemImm(Width::B64, Cond::Eq, Mem::at(R0, 8), reinterpret_cast<intptr_t>(kNear), l);
    });
    add("branchMem 32 eq [near]", [](MacroAssembler& m, Label l) {
        m.branchMem(Width::B32, Cond::Eq, Mem::abs(kNear), R0, l);
    });
    for (uint64_t mask : {uint64_t{0}, uint64_t{1}, uint64_t{0x80}, uint64_t{0x8000},
                          uint64_t{0x80000000}, uint64_t{1} << 40, uint64_t{0x12345},
                          uint64_t{0x50000000005}, ~uint64_t{7}, ~uint64_t{0}}) {
        char text[24];
        std::snprintf(text, sizeof text, "%#llx", static_cast<unsigned long long>(mask));
        const int64_t imm = static_cast<int64_t>(mask);
        add(std::string("branchTestImm ne, ") + text,
            [=](MacroAssembler& m, Label l) { m.branchTestImm(Cond::Ne, R1, imm, l); });
        for (Width width : kWidths) {
            add(std::string("branchTestMemImm ") + kWidthNames[static_cast<int>(width)] + " eq, " +
                    text,
                [=](MacroAssembler& m, Label l) {
                    m.branchTestMemImm(width, Cond::Eq, Mem::at(R1, 168), imm, l);
                });
        }
    }
    add("branchTestMemImm 64 ne [far]", [](MacroAssembler& m, Label l) {
        m.branchTestMemImm(Width::B64, Cond::Ne, Mem::abs(kFar), 0x50000000005, l);
    });
}

void control(std::vector<Case>& cases) {
    auto add = [&](std::string name, auto emit) { cases.push_back({std::move(name), emit}); };
    for (int slots : {0, 1, 2, 9, 600}) {
        add("prologue " + std::to_string(slots),
            [=](MacroAssembler& m, Label) { m.prologue(slots); });
    }
    add("epilogue", [](MacroAssembler& m, Label) { m.epilogue(); });
    add("saveVolatiles", [](MacroAssembler& m, Label) { m.saveVolatiles(); });
    add("restoreVolatiles", [](MacroAssembler& m, Label) { m.restoreVolatiles(); });
    add("ret_", [](MacroAssembler& m, Label) { m.ret_(); });
    add("stubArg", [](MacroAssembler& m, Label) { m.stubArg(R2); });
    add("callStub near", [](MacroAssembler& m, Label) { m.callStub(kText, R0); });
    add("callStub far", [](MacroAssembler& m, Label) { m.callStub(kFar, S0); });
    add("jump", [](MacroAssembler& m, Label l) { m.jump(l); });
    add("jump backwards", [](MacroAssembler& m, Label) {
        const Label head = m.newLabel();
        m.bind(head);
        m.neg(R0);
        m.jump(head);
    });
    add("jumpReg", [](MacroAssembler& m, Label) { m.jumpReg(R7); });
    add("call near", [](MacroAssembler& m, Label) { m.call(kText); });
    add("call low", [](MacroAssembler& m, Label) { m.call(kLow); });
    add("call far", [](MacroAssembler& m, Label) { m.call(kFar); });
    add("callReg", [](MacroAssembler& m, Label) { m.callReg(S1); });
    add("callMem", [](MacroAssembler& m, Label) { m.callMem(Mem::at(R0, 16)); });
    add("callMem [near]", [](MacroAssembler& m, Label) { m.callMem(Mem::abs(kNear)); });
    add("callMem [far]", [](MacroAssembler& m, Label) { m.callMem(Mem::abs(kFar)); });
    add("setArgs of every kind", [](MacroAssembler& m, Label) {
        const Arg args[] = {Arg::r(TState),
                            Arg::load(Mem::at(Frame, 72)),
                            Arg::address(m.slot(1)),
                            Arg::p(kNear),
                            Arg::r(R0),
                            Arg::i(7)};
        m.setArgs(args);
    });
    add("setArgs swap", [](MacroAssembler& m, Label) {
        const Arg args[] = {Arg::r(m.arg(1)), Arg::r(m.arg(0))};
        m.setArgs(args);
    });
    add("setArgs rotate", [](MacroAssembler& m, Label) {
        const Arg args[] = {Arg::r(m.arg(2)), Arg::r(m.arg(0)), Arg::r(m.arg(1))};
        m.setArgs(args);
    });
    add("setArgs cycle through memory", [](MacroAssembler& m, Label) {
        const Arg args[] = {Arg::load(Mem::at(m.arg(1), 8)), Arg::load(Mem::at(m.arg(0), 8))};
        m.setArgs(args);
    });
    add("setArgs cycle through addresses", [](MacroAssembler& m, Label) {
        const Arg args[] = {Arg::address(Mem::indexed(m.arg(1), m.arg(2), 3, 8)),
                            Arg::address(Mem::indexed(m.arg(0), m.arg(2), 3, 8)),
                            Arg::address(Mem::at(m.arg(0), 8))};
        m.setArgs(args);
    });
}

void floats(std::vector<Case>& cases) {
    auto add = [&](std::string name, auto emit) { cases.push_back({std::move(name), emit}); };
    add("movF", [](MacroAssembler& m, Label) { m.movF(F0, F7); });
    add("movBitsToF", [](MacroAssembler& m, Label) { m.movBitsToF(F1, R5); });
    add("movBitsFromF", [](MacroAssembler& m, Label) { m.movBitsFromF(R5, F1); });
    for (double value : {0.0, 1.0, -0.5, 0.1, std::numeric_limits<double>::infinity()}) {
        add("loadFImm " + std::to_string(value),
            [=](MacroAssembler& m, Label) { m.loadFImm(F1, value); });
    }
    add("addF", [](MacroAssembler& m, Label) { m.addF(F0, F1); });
    add("subF", [](MacroAssembler& m, Label) { m.subF(F0, F1); });
    add("mulF", [](MacroAssembler& m, Label) { m.mulF(F0, F1); });
    add("divF", [](MacroAssembler& m, Label) { m.divF(F0, F1); });
    add("negF", [](MacroAssembler& m, Label) { m.negF(F7); });
    add("absF", [](MacroAssembler& m, Label) { m.absF(F7); });
    add("intToF", [](MacroAssembler& m, Label) { m.intToF(F0, S1); });
    for (int c = 0; c <= static_cast<int>(FCond::NotGe); c++) {
        add(std::string("branchF ") + kFCondNames[c],
            [=](MacroAssembler& m, Label l) { m.branchF(static_cast<FCond>(c), F0, F1, l); });
    }
}

// Lines of the listing that are instructions: neither a label nor a comment.
int instructions(const std::string& log) {
    int n = 0;
    for (size_t at = 0; at < log.size();) {
        const size_t end = std::min(log.find('\n', at), log.size());
        const std::string line = log.substr(at, end - at);
        if (!line.empty() && line[0] != ';' && line.back() != ':') n++;
        at = end + 1;
    }
    return n;
}

}  // namespace

int goldenMain(const char* name) {
    Arch arch;
    if (std::strcmp(name, "x64") == 0) {
        arch = Arch::X64;
    } else if (std::strcmp(name, "a64") == 0) {
        arch = Arch::A64;
    } else {
        std::fprintf(stderr, "no such architecture: %s\n", name);
        return 2;
    }
    std::vector<Case> cases;
    for (auto fill : {moves, arithmetic, comparisons, control, floats}) fill(cases);
    for (const Case& c : cases) {
        std::unique_ptr<MacroAssembler> m = MacroAssembler::create(arch, kBase);
        std::string log;
        m->setLog(&log);
        const Label target = m->newLabel();
        c.emit(*m, target);
        m->bind(target);
        std::vector<uint8_t> code;
        if (!m->finish(code)) {
            std::fprintf(stderr, "%s: not encoded: %s\n", c.name.c_str(), m->error());
            return 1;
        }
        std::printf("%s\t", c.name.c_str());
        for (uint8_t byte : code) std::printf("%02x", byte);
        std::printf("\t%d\n", instructions(log));
    }
    return 0;
}

}  // namespace pyjit::test
