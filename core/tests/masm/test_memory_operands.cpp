// Every operation with a memory operand, in every form of address: register
// plus displacement, with index, absolute near, low and far, native slots.

#include "harness.h"

namespace pyjit::test {
namespace {

// An address and what the registers must hold for it to mean `target`.
struct Form {
    Mem mem;
    Reg base = Reg::None, index = Reg::None;
    uint64_t base_value = 0, index_value = 0;

    void apply(State& state) const {
        if (base != Reg::None) state[base] = base_value;
        if (index != Reg::None) state[index] = index_value;
    }
    bool uses(Reg reg) const { return reg == base || reg == index; }
};

// At these, encodings change on one machine or the other.
const std::vector<int64_t> kDisplacements = {0,          1,          2,
                                             3,          4,          7,
                                             8,          -1,         -8,
                                             127,        128,        -128,
                                             -129,       255,        256,
                                             257,        -255,       -256,
                                             -257,       4095,       4096,
                                             4097,       8190,       8191,
                                             8192,       16380,      16381,
                                             16384,      32760,      32761,
                                             32767,      32768,      -4096,
                                             65536,      1 << 24,    (1 << 24) + 1,
                                             -(1 << 24), INT32_MAX,  INT32_MAX - 7,
                                             INT32_MIN,  0x12345678, -0x12345678};

Reg another(Reg than) {
    Reg reg;
    do reg = pick(kWritable);
    while (reg == than);
    return reg;
}

Form based(uint64_t target, int64_t disp) {
    Form form;
    form.base = pick(kWritable);
    form.base_value = target - static_cast<uint64_t>(disp);
    form.mem = Mem::at(form.base, disp);
    return form;
}

Form indexed(uint64_t target, int64_t disp) {
    static const std::vector<uint64_t> indices = {
        0, 1, 7, 1000, static_cast<uint64_t>(-3), 0x123456789a};
    Form form;
    const uint8_t scale = static_cast<uint8_t>(draw(4));
    form.base = pick(kWritable);
    form.index = another(form.base);
    form.index_value = pick(indices);
    form.base_value = target - static_cast<uint64_t>(disp) - (form.index_value << scale);
    form.mem = Mem::indexed(form.base, form.index, scale, disp);
    return form;
}

Form absolute(uint64_t target, int64_t disp, bool with_index) {
    Form form;
    uint64_t address = target - static_cast<uint64_t>(disp);
    uint8_t scale = 0;
    if (with_index) {
        form.index = pick(kWritable);
        form.index_value = draw(100);
        scale = static_cast<uint8_t>(draw(4));
        address -= form.index_value << scale;
    }
    form.mem = Mem{Reg::None, static_cast<int32_t>(disp), form.index, scale,
                   reinterpret_cast<const void*>(address)};
    return form;
}

std::vector<Form> formsFor(uint64_t target) {
    std::vector<Form> forms;
    for (int64_t disp : kDisplacements) {
        forms.push_back(based(target, disp));
        forms.push_back(indexed(target, disp));
    }
    for (int i = 0; i < 10; i++) forms.push_back(indexed(target, 0));
    for (int i = 0; i < 4; i++) {
        forms.push_back(absolute(target, 0, false));
        forms.push_back(absolute(target, 8 * i, i % 2));
    }
    return forms;
}

// Runs `check` with every form, for a place near the code, one below 2 GiB and
// one far from everything, at even and odd addresses.
void forEachForm(const std::function<void(uint8_t*, const Form&)>& check) {
    const Places& places = Places::instance();
    for (uint64_t* place : {places.near, places.low, places.far}) {
        for (int at : {64, 0, 1029}) {
            uint8_t* target = reinterpret_cast<uint8_t*>(place) + at;
            for (const Form& form : formsFor(reinterpret_cast<uintptr_t>(target))) {
                check(target, form);
            }
        }
    }
}

uint64_t read(const uint8_t* at) {
    uint64_t value;
    std::memcpy(&value, at, 8);
    return value;
}
void write(uint8_t* at, uint64_t value) { std::memcpy(at, &value, 8); }

uint64_t replaceLow(Width width, uint64_t old, uint64_t value) {
    const uint64_t mask = low(width, UINT64_MAX);
    return (old & ~mask) | (value & mask);
}

// Runs and compares registers, and the eight bytes at target.
void checkMemory(const Program& program, uint8_t* target, uint64_t before, uint64_t after,
                 const State& in, const State& want, const char* what) {
    write(target, before);
    program.check(in, want, what);
    if (read(target) != after) {
        failed("%s: memory was %#llx, is %#llx, should be %#llx", what,
               static_cast<unsigned long long>(before),
               static_cast<unsigned long long>(read(target)),
               static_cast<unsigned long long>(after));
    }
}

TEST(memory_operands, load) {
    forEachForm([](uint8_t* target, const Form& form) {
        const Reg dst = draw(4) ? pick(kWritable) : form.base == Reg::None ? Reg::R0 : form.base;
        const Width width = kWidths[draw(4)];
        const bool is_signed = draw(4) == 0;
        const Program program([&](MacroAssembler& m, Label) {
            is_signed ? m.loadSigned32(dst, form.mem) : m.load(width, dst, form.mem);
        });
        State in = randomState();
        form.apply(in);
        const uint64_t value = pick(kEdges);
        State want = in;
        want[dst] = is_signed ? static_cast<uint64_t>(int64_t{static_cast<int32_t>(value)})
                              : low(width, value);
        checkMemory(program, target, value, value, in, want, "load");
    });
}

TEST(memory_operands, store) {
    forEachForm([](uint8_t* target, const Form& form) {
        const Reg src = pick(kWritable);
        const Width width = kWidths[draw(4)];
        const Program program([&](MacroAssembler& m, Label) { m.store(width, form.mem, src); });
        State in = randomState();
        form.apply(in);
        const uint64_t before = randomness()();
        checkMemory(program, target, before, replaceLow(width, before, in[src]), in, in, "store");
    });
}

TEST(memory_operands, store_constant) {
    forEachForm([](uint8_t* target, const Form& form) {
        const Width width = kWidths[draw(4)];
        const uint64_t imm = pick(kEdges);
        const Program program([&](MacroAssembler& m, Label) {
            m.storeImm(width, form.mem, static_cast<int64_t>(imm));
        });
        State in = randomState();
        form.apply(in);
        const uint64_t before = randomness()();
        checkMemory(program, target, before, replaceLow(width, before, imm), in, in, "storeImm");
    });
}

TEST(memory_operands, floats) {
    forEachForm([](uint8_t* target, const Form& form) {
        const FReg reg = static_cast<FReg>(draw(kFloatRegs));
        const bool is_load = draw(2);
        const Program program([&](MacroAssembler& m, Label) {
            is_load ? m.loadF(reg, form.mem) : m.storeF(form.mem, reg);
        });
        State in = randomState();
        form.apply(in);
        const uint64_t before = randomness()();
        State want = in;
        if (is_load) want[reg] = before;
        checkMemory(program, target, before, is_load ? before : in[reg], in, want, "float");
    });
}

TEST(memory_operands, address) {
    forEachForm([](uint8_t* target, const Form& form) {
        const Reg dst = pick(kWritable);
        const Program program([&](MacroAssembler& m, Label) { m.lea(dst, form.mem); });
        State in = randomState();
        form.apply(in);
        State want = in;
        want[dst] = reinterpret_cast<uintptr_t>(target);
        program.check(in, want, "lea");
    });
}

TEST(memory_operands, add) {
    forEachForm([](uint8_t* target, const Form& form) {
        const Width width = kWidths[draw(4)];
        const int32_t imm = static_cast<int32_t>(pick(kEdges));
        constexpr Cond conds[] = {Cond::Eq, Cond::Ne, Cond::Lt, Cond::Ge};
        const Cond cond = conds[draw(4)];
        const bool branches = draw(3);
        const Program program([&](MacroAssembler& m, Label taken) {
            if (branches) {
                m.addMemImmBranch(width, form.mem, imm, cond, taken);
            } else {
                m.addMemImm(width, form.mem, imm);
            }
        });
        const uint64_t sum_to = static_cast<uint64_t>(-int64_t{imm});
        for (uint64_t before : {pick(kEdges), sum_to, sum_to - 1, sum_to + 1, randomness()()}) {
            State in = randomState();
            form.apply(in);
            const uint64_t after =
                replaceLow(width, before, before + static_cast<uint64_t>(int64_t{imm}));
            State want = in;
            want.taken = branches && holds(cond, width, after, 0);
            checkMemory(program, target, before, after, in, want, "addMemImm");
        }
    });
}

TEST(memory_operands, compare_with_constant) {
    forEachForm([](uint8_t* target, const Form& form) {
        const Width width = kWidths[draw(4)];
        const Cond cond = kConds[draw(std::size(kConds))];
        const uint64_t imm = pick(kEdges);
        const Program program([&](MacroAssembler& m, Label taken) {
            m.branchMemImm(width, cond, form.mem, static_cast<int64_t>(imm), taken);
        });
        for (uint64_t value : {imm, imm + 1, imm - 1, pick(kEdges), ~imm}) {
            State in = randomState();
            form.apply(in);
            State want = in;
            want.taken = holds(cond, width, value, imm);
            checkMemory(program, target, value, value, in, want, "branchMemImm");
        }
    });
}

TEST(memory_operands, compare_with_register) {
    forEachForm([](uint8_t* target, const Form& form) {
        const Width width = kWidths[draw(4)];
        const Cond cond = kConds[draw(std::size(kConds))];
        const Reg b = pick(kWritable);
        const Program program(
            [&](MacroAssembler& m, Label taken) { m.branchMem(width, cond, form.mem, b, taken); });
        for (int i = 0; i < 4; i++) {
            State in = randomState();
            in[b] = pick(kEdges);
            form.apply(in);
            const uint64_t value = i ? pick(kEdges) : in[b];
            State want = in;
            want.taken = holds(cond, width, value, in[b]);
            checkMemory(program, target, value, value, in, want, "branchMem");
        }
    });
}

TEST(memory_operands, test) {
    forEachForm([](uint8_t* target, const Form& form) {
        const Width width = kWidths[draw(4)];
        const Cond cond = draw(2) ? Cond::Eq : Cond::Ne;
        const uint64_t mask = draw(2) ? pick(kEdges) : uint64_t{1} << draw(64);
        const Program program([&](MacroAssembler& m, Label taken) {
            m.branchTestMemImm(width, cond, form.mem, static_cast<int64_t>(mask), taken);
        });
        for (uint64_t value : {mask, ~mask, randomness()(), mask & randomness()(), uint64_t{0}}) {
            State in = randomState();
            form.apply(in);
            State want = in;
            want.taken = (low(width, value & mask) == 0) == (cond == Cond::Eq);
            checkMemory(program, target, value, value, in, want, "branchTestMemImm");
        }
    });
}

// Native slots keep their values, and lie within the frame: as many as asked
// for, and calls in between do not disturb them.
uint64_t disturbStack(uint64_t seed) {
    volatile uint64_t area[64];
    for (int i = 0; i < 64; i++) area[i] = seed * static_cast<uint64_t>(i);
    return area[63];
}

TEST(memory_operands, slots) {
    for (int slots : {1, 2, 3, 8, 17, 600, 5001}) {
        const Program program(
            [&](MacroAssembler& m, Label) {
                for (int i = 0; i < slots; i++) m.storeImm(Width::B64, m.slot(i), 1000 + i);
                m.setArgs(std::vector<Arg>{Arg::load(m.slot(slots - 1))});
                m.call(reinterpret_cast<const void*>(&disturbStack));
                m.mov(Reg::S0, m.ret());
                m.movImm(Reg::S1, 0);
                for (int i = 0; i < slots; i++) {
                    m.load64(Reg::R0, m.slot(i));
                    m.add(Reg::S1, Reg::R0);
                }
                m.lea(Reg::R1, m.slot(slots - 1));
                m.load64(Reg::R1, Mem::at(Reg::R1));
                m.movImm(Reg::R2, static_cast<uint64_t>(slots) - 1);
                m.load64(Reg::R3, Mem::indexed(Reg::SP, Reg::R2, 3));
            },
            slots);
        const State got = program.run(randomState());
        const uint64_t n = static_cast<uint64_t>(slots);
        CHECK(got.r[static_cast<int>(Reg::S1)] == 1000 * n + n * (n - 1) / 2);
        CHECK(got.r[static_cast<int>(Reg::S0)] == (999 + n) * 63);
        CHECK(got.r[static_cast<int>(Reg::R1)] == 999 + n);
        CHECK(got.r[static_cast<int>(Reg::R3)] == 999 + n);
    }
}

// Code of either machine, whichever this is, with room behind it to look at.
std::vector<uint8_t> emitted(Arch arch, const std::function<void(MacroAssembler&)>& body) {
    const auto masm = MacroAssembler::create(arch, 0x7f0000000000);
    body(*masm);
    std::vector<uint8_t> code;
    CHECK(masm->finish(code));
    code.resize(code.size() + 16);
    return code;
}

TEST(memory_operands, adding_one_is_known_by_its_code) {
    for (const Arch arch : {Arch::X64, Arch::A64}) {
        const auto adds = [arch](const std::function<void(MacroAssembler&)>& body) {
            return addsOne(arch, emitted(arch, body).data());
        };
        for (const Reg reg : kWritable) {
            const Mem there = Mem::at(reg);
            for (const int one : {1, -1}) {
                CHECK(adds([&](auto& m) { m.addMemImm(Width::B64, there, one); }));
                CHECK(adds([&](auto& m) {
                    const Label next = m.newLabel();
                    m.addMemImmBranch(Width::B64, there, one, Cond::Eq, next);
                    m.bind(next);
                }));
                CHECK(!adds([&](auto& m) { m.addMemImm(Width::B64, Mem::at(reg, 8), one); }));
                CHECK(!adds([&](auto& m) { m.addMemImm(Width::B32, there, one); }));
                CHECK(!adds(
                    [&](auto& m) { m.addMemImm(Width::B64, Mem::indexed(reg, Reg::R0, 3), one); }));
            }
            CHECK(!adds([&](auto& m) { m.addMemImm(Width::B64, there, 2); }));
            CHECK(!adds([&](auto& m) { m.load64(Reg::R1, there); }));
            CHECK(!adds([&](auto& m) { m.storeImm(Width::B64, there, 1); }));
            CHECK(!adds([&](auto& m) { m.add(reg, Reg::R0); }));
        }
    }
}

}  // namespace
}  // namespace pyjit::test
