// Comparisons and jumps between registers and constants, labels, far jumps.

#include "harness.h"

namespace pyjit::test {
namespace {

TEST(branches, registers) {
    for (Cond cond : kConds) {
        for (int n = 0; n < 40; n++) {
            const Reg a = pick(kWritable), b = pick(kWritable);
            const bool narrow = n % 2;
            const Program program([&](MacroAssembler& m, Label taken) {
                narrow ? m.branch32(cond, a, b, taken) : m.branch(cond, a, b, taken);
            });
            for (int i = 0; i < 50; i++) {
                State in = randomState();
                in[a] = pick(kEdges);
                in[b] = draw(4) ? pick(kEdges) : in[a];
                State want = in;
                want.taken = holds(cond, narrow ? Width::B32 : Width::B64, in[a], in[b]);
                program.check(in, want, narrow ? "branch32" : "branch");
            }
        }
    }
}

TEST(branches, constants) {
    for (Cond cond : kConds) {
        for (uint64_t imm : kEdges) {
            const Reg a = pick(kWritable);
            const Program program([&](MacroAssembler& m, Label taken) {
                m.branchImm(cond, a, static_cast<int64_t>(imm), taken);
            });
            for (uint64_t value :
                 {imm, imm + 1, imm - 1, uint64_t{0}, pick(kEdges), pick(kEdges)}) {
                State in = randomState();
                in[a] = value;
                State want = in;
                want.taken = holds(cond, Width::B64, value, imm);
                program.check(in, want, "branchImm");
            }
        }
    }
}

TEST(branches, tests) {
    std::vector<uint64_t> masks = kEdges;
    for (int bit = 0; bit < 64; bit++) {
        masks.push_back(uint64_t{1} << bit);
        masks.push_back(randomness()());
    }
    for (Cond cond : {Cond::Eq, Cond::Ne}) {
        for (uint64_t mask : masks) {
            const Reg a = pick(kWritable);
            const Program program([&](MacroAssembler& m, Label taken) {
                m.branchTestImm(cond, a, static_cast<int64_t>(mask), taken);
            });
            for (uint64_t value : {mask, ~mask, mask & randomness()(), uint64_t{0}, mask & -mask}) {
                State in = randomState();
                in[a] = value;
                State want = in;
                want.taken = ((value & mask) == 0) == (cond == Cond::Eq);
                program.check(in, want, "branchTestImm");
            }
        }
    }
}

TEST(branches, loop) {
    const Program program([](MacroAssembler& m, Label taken) {
        const Label head = m.newLabel(), out = m.newLabel();
        m.movImm(Reg::R1, 0);
        m.bind(head);
        m.branchImm(Cond::Eq, Reg::R0, 0, out);
        m.add(Reg::R1, Reg::R0);
        m.addImm(Reg::R0, -1);
        m.jump(head);
        m.bind(out);
        m.jump(taken);
    });
    State in = randomState();
    in[Reg::R0] = 100;
    State want = in;
    want[Reg::R0] = 0;
    want[Reg::R1] = 5050;
    want.taken = 1;
    program.check(in, want, "loop");
}

// A jump over `bytes` of other code.
bool jumpsOver(Arch arch, size_t bytes, bool conditional, bool& correct) {
    std::unique_ptr<MacroAssembler> m = MacroAssembler::create(arch, 0x10000000);
    const Label target = m->newLabel();
    if (conditional) {
        m->branchImm(Cond::Eq, Reg::R0, 0, target);
    } else {
        m->jump(target);
    }
    while (m->offset() < bytes) m->mov(Reg::R0, Reg::R1);
    m->bind(target);
    m->ret_();
    std::vector<uint8_t> code;
    const bool encoded = m->finish(code);
    correct = encoded ? code.size() == m->labelOffset(target) + (arch == Arch::A64 ? 4 : 1)
                      : m->error() != nullptr;
    return encoded;
}

// What is out of reach must be an error, never a jump to somewhere else.
TEST(branches, reach) {
    const struct {
        Arch arch;
        size_t bytes;
        bool conditional, reached;
    } cases[] = {
        {Arch::X64, 3 << 20, true, true},    {Arch::X64, 3 << 20, false, true},
        {Arch::A64, 1000 << 10, true, true}, {Arch::A64, 1100 << 10, true, false},
        {Arch::A64, 3 << 20, false, true},
    };
    for (const auto& c : cases) {
        bool correct = false;
        CHECK(jumpsOver(c.arch, c.bytes, c.conditional, correct) == c.reached);
        CHECK(correct);
    }
}

TEST(branches, misuse_is_an_error) {
    const std::function<void(MacroAssembler&, Label)> cases[] = {
        [](MacroAssembler& m, Label l) { m.jump(l); },  // never bound
        [](MacroAssembler& m, Label l) { m.bind(l), m.branchTestImm(Cond::Lt, Reg::R0, 1, l); },
        [](MacroAssembler& m, Label l) {
            m.bind(l), m.branchTestMemImm(Width::B8, Cond::ULt, Mem::at(Reg::R0), 1, l);
        },
        [](MacroAssembler& m, Label l) {
            m.bind(l), m.addMemImmBranch(Width::B64, Mem::at(Reg::R0), 1, Cond::Gt, l);
        },
        [](MacroAssembler& m, Label) { m.shlImm(Reg::R0, 64); },
        [](MacroAssembler& m, Label) { m.sarImm(Reg::R0, -1); },
        [](MacroAssembler& m, Label) { m.divSigned(Reg::R0, Reg::R0, Reg::None); },
        [](MacroAssembler& m, Label) { m.divSigned(Reg::R0, Reg::R1, Reg::R1); },
        [](MacroAssembler& m, Label) { m.load64(Reg::R0, Mem::indexed(Reg::R1, Reg::R2, 4)); },
        [](MacroAssembler& m, Label) { m.prologue(-1); },
        [](MacroAssembler& m, Label) { m.prologue(1 << 24); },
        [](MacroAssembler& m, Label) { m.setArgs(std::vector<Arg>(7, Arg::i(0))); },
    };
    for (Arch arch : {Arch::X64, Arch::A64}) {
        int n = 0;
        for (const auto& emit : cases) {
            std::unique_ptr<MacroAssembler> m = MacroAssembler::create(arch, 0x10000000);
            std::vector<uint8_t> code = {1, 2, 3};
            emit(*m, m->newLabel());
            if (m->finish(code) || !m->error()) {
                failed("misuse %d is not noticed on %s", n, arch == Arch::X64 ? "x64" : "a64");
            }
            CHECK(code.size() == 3);  // nothing is handed out
            n++;
        }
    }
}

TEST(branches, listing) {
    for (Arch arch : {Arch::X64, Arch::A64}) {
        std::unique_ptr<MacroAssembler> m = MacroAssembler::create(arch, 0x10000000);
        std::string log;
        m->comment("unheard");
        m->setLog(&log);
        m->comment("the sum");
        m->add(Reg::R0, Reg::R1);
        m->setLog(nullptr);
        m->sub(Reg::R0, Reg::R1);
        CHECK(log ==
              (arch == Arch::X64 ? "; the sum\nadd rax, rdi\n" : "; the sum\nadd x0, x0, x1\n"));
    }
}

}  // namespace
}  // namespace pyjit::test
