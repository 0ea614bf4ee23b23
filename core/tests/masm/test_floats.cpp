// IEEE doubles.

#include <cmath>
#include <limits>

#include "harness.h"

namespace pyjit::test {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kDoubles = {0.0,
                                      -0.0,
                                      1.0,
                                      -1.0,
                                      1.5,
                                      2.0,
                                      0.1,
                                      -31.0,
                                      1e300,
                                      -1e300,
                                      1e-310,
                                      5e-324,
                                      kInf,
                                      -kInf,
                                      kNan,
                                      -kNan,
                                      3.25,
                                      1e16,
                                      0.3333333333333333,
                                      1.7976931348623157e308};

uint64_t bits(double value) { return std::bit_cast<uint64_t>(value); }
double value(uint64_t pattern) { return std::bit_cast<double>(pattern); }
FReg anyFloat() { return static_cast<FReg>(draw(kFloatRegs)); }

TEST(floats, arithmetic) {
    const struct {
        const char* name;
        void (MacroAssembler::*emit)(FReg, FReg);
        double (*eval)(double, double);
    } cases[] = {
        {"addF", &MacroAssembler::addF, [](double a, double b) { return a + b; }},
        {"subF", &MacroAssembler::subF, [](double a, double b) { return a - b; }},
        {"mulF", &MacroAssembler::mulF, [](double a, double b) { return a * b; }},
        {"divF", &MacroAssembler::divF, [](double a, double b) { return a / b; }},
        {"movF", &MacroAssembler::movF, [](double, double b) { return b; }},
    };
    for (const auto& op : cases) {
        for (int n = 0; n < 12; n++) {
            const FReg dst = anyFloat(), src = anyFloat();
            const Program program([&](MacroAssembler& m, Label) { (m.*op.emit)(dst, src); });
            for (double a : kDoubles) {
                for (double b : kDoubles) {
                    State in = randomState();
                    in[dst] = bits(a);
                    in[src] = bits(b);
                    State want = in;
                    const double result = op.eval(value(in[dst]), value(in[src]));
                    want[dst] = bits(result);
                    if (std::isnan(result)) {  // which NaN is the machine's choice
                        State got = program.run(in);
                        CHECK(std::isnan(value(got[dst])));
                        want[dst] = got[dst];
                    }
                    program.check(in, want, op.name);
                }
            }
        }
    }
}

TEST(floats, sign) {
    for (int i = 0; i < kFloatRegs; i++) {
        const FReg reg = static_cast<FReg>(i);
        const Program negate([&](MacroAssembler& m, Label) { m.negF(reg); });
        const Program absolute([&](MacroAssembler& m, Label) { m.absF(reg); });
        for (double number : kDoubles) {
            State in = randomState();
            in[reg] = bits(number);
            State want = in;
            want[reg] = bits(number) ^ uint64_t { 1 } << 63;
            negate.check(in, want, "negF");
            want[reg] = bits(number) & ~(uint64_t{1} << 63);
            absolute.check(in, want, "absF");
        }
    }
}

TEST(floats, constants_and_bits) {
    for (double number : kDoubles) {
        const FReg reg = anyFloat();
        const Program program([&](MacroAssembler& m, Label) { m.loadFImm(reg, number); });
        const State in = randomState();
        State want = in;
        want[reg] = bits(number);
        program.check(in, want, "loadFImm");
    }
    for (Reg general : kWritable) {
        const FReg reg = anyFloat();
        const Program to([&](MacroAssembler& m, Label) { m.movBitsToF(reg, general); });
        const Program from([&](MacroAssembler& m, Label) { m.movBitsFromF(general, reg); });
        const State in = randomState();
        State want = in;
        want.f[static_cast<int>(reg)] = in.r[static_cast<int>(general)];
        to.check(in, want, "movBitsToF");
        want = in;
        want.r[static_cast<int>(general)] = in.f[static_cast<int>(reg)];
        from.check(in, want, "movBitsFromF");
    }
}

TEST(floats, from_integers) {
    for (Reg src : kWritable) {
        const FReg dst = anyFloat();
        const Program program([&](MacroAssembler& m, Label) { m.intToF(dst, src); });
        for (uint64_t number : kEdges) {
            State in = randomState();
            in[src] = number;
            State want = in;
            want[dst] = bits(static_cast<double>(static_cast<int64_t>(number)));
            program.check(in, want, "intToF");
        }
    }
}

bool holdsF(FCond cond, double a, double b) {
    switch (cond) {
        case FCond::Eq: return a == b;
        case FCond::Ne: return a != b;
        case FCond::Lt: return a < b;
        case FCond::Le: return a <= b;
        case FCond::Gt: return a > b;
        case FCond::Ge: return a >= b;
        case FCond::NotLt: return !(a < b);
        case FCond::NotLe: return !(a <= b);
        case FCond::NotGt: return !(a > b);
        case FCond::NotGe: return !(a >= b);
    }
    std::abort();
}

TEST(floats, branches) {
    for (int c = 0; c <= static_cast<int>(FCond::NotGe); c++) {
        const FCond cond = static_cast<FCond>(c);
        for (int n = 0; n < 6; n++) {
            const FReg a = anyFloat(), b = n ? anyFloat() : a;
            const Program program(
                [&](MacroAssembler& m, Label taken) { m.branchF(cond, a, b, taken); });
            for (double x : kDoubles) {
                for (double y : kDoubles) {
                    State in = randomState();
                    in[a] = bits(x);
                    in[b] = bits(y);
                    State want = in;
                    want.taken = holdsF(cond, value(in[a]), value(in[b]));
                    program.check(in, want, "branchF");
                }
            }
        }
    }
}

TEST(floats, negated_conditions) {
    for (int c = 0; c <= static_cast<int>(FCond::NotGe); c++) {
        for (double x : kDoubles) {
            for (double y : kDoubles) {
                const FCond cond = static_cast<FCond>(c);
                CHECK(holdsF(cond, x, y) != holdsF(negate(cond), x, y));
            }
        }
    }
}

}  // namespace
}  // namespace pyjit::test
