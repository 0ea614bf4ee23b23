// Moves and arithmetic between registers and with constants.

#include "harness.h"

namespace pyjit::test {
namespace {

using Binary = void (MacroAssembler::*)(Reg, Reg);
using Unary = void (MacroAssembler::*)(Reg);
using Overflowing = void (MacroAssembler::*)(Reg, Reg, Label);

struct BinaryCase {
    const char* name;
    Binary emit;
    uint64_t (*eval)(uint64_t, uint64_t);
    bool is_shift = false;
};

const BinaryCase kBinary[] = {
    {"mov", &MacroAssembler::mov, [](uint64_t, uint64_t b) { return b; }},
    {"add", &MacroAssembler::add, [](uint64_t a, uint64_t b) { return a + b; }},
    {"sub", &MacroAssembler::sub, [](uint64_t a, uint64_t b) { return a - b; }},
    {"mul", &MacroAssembler::mul, [](uint64_t a, uint64_t b) { return a * b; }},
    {"and", &MacroAssembler::and_, [](uint64_t a, uint64_t b) { return a & b; }},
    {"or", &MacroAssembler::or_, [](uint64_t a, uint64_t b) { return a | b; }},
    {"xor", &MacroAssembler::xor_, [](uint64_t a, uint64_t b) { return a ^ b; }},
    {"shl", &MacroAssembler::shl, [](uint64_t a, uint64_t b) { return a << b; }, true},
    {"sar", &MacroAssembler::sar,
     [](uint64_t a, uint64_t b) { return static_cast<uint64_t>(static_cast<int64_t>(a) >> b); },
     true},
};

TEST(integer, binary) {
    for (const BinaryCase& op : kBinary) {
        for (Reg dst : kWritable) {
            for (Reg src : kWritable) {
                const Program program([&](MacroAssembler& m, Label) { (m.*op.emit)(dst, src); });
                for (int i = 0; i < 40; i++) {
                    State in = randomState();
                    in[dst] = pick(kEdges);
                    in[src] = op.is_shift ? draw(64) : pick(kEdges);
                    State want = in;
                    want[dst] = op.eval(in[dst], in[src]);
                    program.check(in, want, op.name);
                }
            }
        }
    }
}

// TState may be a source.
TEST(integer, from_tstate) {
    const Program program([](MacroAssembler& m, Label) { m.mov(Reg::R0, Reg::TState); });
    const State in = randomState();
    State want = in;
    want[Reg::R0] = reinterpret_cast<uintptr_t>(liveState());
    program.check(in, want, "mov");
}

TEST(integer, unary) {
    const struct {
        const char* name;
        Unary emit;
        uint64_t (*eval)(uint64_t);
    } cases[] = {{"neg", &MacroAssembler::neg, [](uint64_t a) { return 0 - a; }},
                 {"not", &MacroAssembler::not_, [](uint64_t a) { return ~a; }}};
    for (const auto& op : cases) {
        for (Reg dst : kWritable) {
            const Program program([&](MacroAssembler& m, Label) { (m.*op.emit)(dst); });
            for (uint64_t value : kEdges) {
                State in = randomState();
                in[dst] = value;
                State want = in;
                want[dst] = op.eval(value);
                program.check(in, want, op.name);
            }
        }
    }
}

// Constants of all shapes: edges, single runs of bits at any place (what
// aarch64 can encode), and addresses near the code.
std::vector<uint64_t> constants() {
    std::vector<uint64_t> all = kEdges;
    for (int i = 0; i < 200; i++) {
        const int length = 1 + static_cast<int>(draw(63)), at = static_cast<int>(draw(64));
        const uint64_t run = (uint64_t{1} << length) - 1;
        all.push_back(at ? run << at | run >> (64 - at) : run);
        all.push_back(randomness()() >> draw(64));
        all.push_back(0 - (randomness()() >> draw(64)));
        all.push_back(reinterpret_cast<uintptr_t>(Places::instance().near) + draw(1 << 13));
    }
    for (uint64_t pattern : {0x1111111111111111u, 0x00ff00ff00ff00ffu, 0x0000fffe0000fffeu}) {
        all.push_back(pattern);
        all.push_back(~pattern);
    }
    return all;
}

TEST(integer, constants) {
    const struct {
        const char* name;
        void (*emit)(MacroAssembler&, Reg, uint64_t);
        uint64_t (*eval)(uint64_t, uint64_t);
    } cases[] = {
        {"movImm", [](MacroAssembler& m, Reg dst, uint64_t imm) { m.movImm(dst, imm); },
         [](uint64_t, uint64_t imm) { return imm; }},
        {"addImm",
         [](MacroAssembler& m, Reg dst, uint64_t imm) { m.addImm(dst, static_cast<int64_t>(imm)); },
         [](uint64_t a, uint64_t imm) { return a + imm; }},
        {"andImm",
         [](MacroAssembler& m, Reg dst, uint64_t imm) { m.andImm(dst, static_cast<int64_t>(imm)); },
         [](uint64_t a, uint64_t imm) { return a & imm; }},
    };
    const std::vector<uint64_t> all = constants();
    for (const auto& op : cases) {
        for (uint64_t imm : all) {
            const Reg dst = pick(kWritable);
            const Program program([&](MacroAssembler& m, Label) { op.emit(m, dst, imm); });
            for (int i = 0; i < 3; i++) {
                const State in = randomState();
                State want = in;
                want[dst] = op.eval(in[dst], imm);
                program.check(in, want, op.name);
            }
        }
    }
}

// Addresses near the code and far from it, at every distance that an encoding
// relative to the program counter could get wrong.
TEST(integer, constants_near_code) {
    for (int shift = 1; shift < 47; shift++) {
        for (int sign : {1, -1}) {
            for (int nudge : {-4096, -300, -8, -1, 0, 1, 4, 9, 300, 4096}) {
                uint64_t imm = 0;
                const Program program([&](MacroAssembler& m, Label) {
                    imm = currentBase() + m.offset() +
                          static_cast<uint64_t>(sign * (INT64_C(1) << shift) + nudge);
                    m.movImm(Reg::R2, imm);
                });
                const State in = randomState();
                State want = in;
                want[Reg::R2] = imm;
                program.check(in, want, "movImm of an address");
            }
        }
    }
}

TEST(integer, shifts_by_constants) {
    const struct {
        const char* name;
        void (MacroAssembler::*emit)(Reg, int);
        uint64_t (*eval)(uint64_t, int);
    } cases[] = {
        {"shlImm", &MacroAssembler::shlImm, [](uint64_t a, int n) { return a << n; }},
        {"shrImm", &MacroAssembler::shrImm, [](uint64_t a, int n) { return a >> n; }},
        {"sarImm", &MacroAssembler::sarImm,
         [](uint64_t a, int n) { return static_cast<uint64_t>(static_cast<int64_t>(a) >> n); }},
    };
    for (const auto& op : cases) {
        for (int bits = 0; bits < 64; bits++) {
            const Reg dst = pick(kWritable);
            const Program program([&](MacroAssembler& m, Label) { (m.*op.emit)(dst, bits); });
            for (int i = 0; i < 10; i++) {
                State in = randomState();
                in[dst] = pick(kEdges);
                State want = in;
                want[dst] = op.eval(in[dst], bits);
                program.check(in, want, op.name);
            }
        }
    }
}

TEST(integer, division) {
    std::vector<Reg> remainders = kWritable;
    remainders.push_back(Reg::None);
    for (Reg dst : kWritable) {
        for (Reg src : kWritable) {
            for (Reg rem : remainders) {
                if (dst == src || dst == rem || src == rem) continue;
                const Program program(
                    [&](MacroAssembler& m, Label) { m.divSigned(dst, src, rem); });
                for (int i = 0; i < 8; i++) {
                    State in = randomState();
                    in[dst] = pick(kEdges);
                    do in[src] = pick(kEdges);
                    while (in[src] == 0 || (in[src] == UINT64_MAX && in[dst] == uint64_t{1} << 63));
                    const int64_t a = static_cast<int64_t>(in[dst]);
                    const int64_t b = static_cast<int64_t>(in[src]);
                    State want = in;
                    want[dst] = static_cast<uint64_t>(a / b);
                    if (rem != Reg::None) want[rem] = static_cast<uint64_t>(a % b);
                    program.check(in, want, "divSigned");
                }
            }
        }
    }
}

TEST(integer, overflow) {
    const struct {
        const char* name;
        Overflowing emit;
        bool (*eval)(int64_t, int64_t, int64_t*);
    } cases[] = {
        {"addOverflow", &MacroAssembler::addOverflow,
         [](int64_t a, int64_t b, int64_t* r) { return __builtin_add_overflow(a, b, r); }},
        {"subOverflow", &MacroAssembler::subOverflow,
         [](int64_t a, int64_t b, int64_t* r) { return __builtin_sub_overflow(a, b, r); }},
        {"mulOverflow", &MacroAssembler::mulOverflow,
         [](int64_t a, int64_t b, int64_t* r) { return __builtin_mul_overflow(a, b, r); }},
    };
    for (const auto& op : cases) {
        for (Reg dst : kWritable) {
            const Reg src = pick(kWritable);
            const Program program(
                [&](MacroAssembler& m, Label taken) { (m.*op.emit)(dst, src, taken); });
            for (uint64_t a : kEdges) {
                for (uint64_t b : kEdges) {
                    State in = randomState();
                    in[dst] = a;
                    in[src] = b;
                    int64_t result;
                    State want = in;
                    want.taken = op.eval(static_cast<int64_t>(in[dst]),
                                         static_cast<int64_t>(in[src]), &result);
                    want[dst] = static_cast<uint64_t>(result);
                    if (want.taken) {  // dst is undefined then
                        const State got = program.run(in);
                        want[dst] = got[dst];
                    }
                    program.check(in, want, op.name);
                }
            }
        }
    }
}

TEST(integer, set_if) {
    for (Cond cond : kConds) {
        for (int n = 0; n < 60; n++) {
            const Reg dst = pick(kWritable), a = pick(kWritable), b = pick(kWritable);
            const Program program([&](MacroAssembler& m, Label) { m.setIf(cond, dst, a, b); });
            for (int i = 0; i < 12; i++) {
                State in = randomState();
                in[a] = pick(kEdges);
                in[b] = draw(4) ? pick(kEdges) : in[a];
                State want = in;
                want[dst] = holds(cond, Width::B64, in[a], in[b]);
                program.check(in, want, "setIf");
            }
        }
    }
}

TEST(integer, select) {
    const std::vector<Reg> few = {Reg::R0, Reg::R3, Reg::R4, Reg::Frame, Reg::S1};
    for (Cond cond : kConds) {
        for (int n = 0; n < 120; n++) {
            const Reg a = pick(few), b = pick(few), dst = pick(few), x = pick(few), y = pick(few);
            const Program program(
                [&](MacroAssembler& m, Label) { m.select(cond, a, b, dst, x, y); });
            for (int i = 0; i < 8; i++) {
                State in = randomState();
                in[a] = pick(kEdges);
                in[b] = draw(3) ? pick(kEdges) : in[a];
                State want = in;
                want[dst] = holds(cond, Width::B64, in[a], in[b]) ? in[x] : in[y];
                program.check(in, want, "select");
            }
        }
    }
}

}  // namespace
}  // namespace pyjit::test
