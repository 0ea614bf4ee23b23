// Calls, stubs, the function frame, and the parallel move of setArgs.

#include "harness.h"

namespace pyjit::test {
namespace {

struct Call {
    uint64_t args[6];
    uintptr_t stack, frame_pointer, caller_frame_pointer, return_address;
    int count = 0;
};
Call last;

__attribute__((noinline)) uint64_t callee(uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                                          uint64_t e, uint64_t f) {
    const uintptr_t* frame = static_cast<uintptr_t*>(__builtin_frame_address(0));
    last = Call{{a, b, c, d, e, f}, reinterpret_cast<uintptr_t>(frame),
                frame[0],           *reinterpret_cast<uintptr_t*>(frame[0]),
                frame[1],           last.count + 1};
    return 0x600d;
}
const void* const kCallee = reinterpret_cast<const void*>(&callee);

const Arg kSixArgs[] = {Arg::i(11), Arg::i(12), Arg::i(13), Arg::i(14), Arg::i(15), Arg::i(16)};

void checkCallee(const Program& program, const char* what) {
    const int before = last.count;
    const State got = program.run(randomState());
    CHECK(last.count == before + 1);
    for (uint64_t i = 0; i < 6; i++) CHECK(last.args[i] == 11 + i);
    if (got.r[0] != 0x600d) failed("%s: the result is lost", what);
    // The stack is aligned where the callee's frame record is, and native
    // unwinding by frame pointers goes through compiled code.
    CHECK(last.stack % 16 == 0);
    const uintptr_t code = reinterpret_cast<uintptr_t>(program.span().address);
    CHECK(last.return_address - code < program.span().size);
    CHECK(last.caller_frame_pointer > last.frame_pointer);
}

TEST(calls, direct) {
    for (int slots = 0; slots < 6; slots++) {
        const Program program(
            [](MacroAssembler& m, Label) {
                m.setArgs(kSixArgs);
                m.call(kCallee);
            },
            slots);
        checkCallee(program, "call");
    }
}

TEST(calls, by_register_and_memory) {
    for (Reg reg : {Reg::R0, Reg::R7, Reg::S0, Reg::S1}) {
        const Program program([&](MacroAssembler& m, Label) {
            if (reg == Reg::R0 && m.arg(0) == Reg::R0) {
                m.movPtr(Reg::R7, kCallee);
                m.setArgs(kSixArgs);
                m.callReg(Reg::R7);
                return;
            }
            m.movPtr(reg, kCallee);
            m.setArgs(kSixArgs);
            m.callReg(reg);
        });
        checkCallee(program, "callReg");
    }
    const Places& places = Places::instance();
    for (uint64_t* place : {places.near, places.low, places.far}) {
        *place = reinterpret_cast<uintptr_t>(kCallee);
        const Program absolute([&](MacroAssembler& m, Label) {
            m.setArgs(kSixArgs);
            m.callMem(Mem::abs(place));
        });
        checkCallee(absolute, "callMem");
        const Program based([&](MacroAssembler& m, Label) {
            m.movPtr(Reg::S1, place);
            m.setArgs(kSixArgs);
            m.callMem(Mem::at(Reg::S1));
        });
        checkCallee(based, "callMem");
    }
}

TEST(calls, far) {
    uint8_t* page = mapPage(0x345678900000);
    const std::vector<uint8_t> code =
        assemble(reinterpret_cast<uintptr_t>(page), [](MacroAssembler& m) {
            m.movPtr(Reg::R7, kCallee);
            m.jumpReg(Reg::R7);
        });
    std::memcpy(page, code.data(), code.size());
    makeExecutable(page);
    const Program program([&](MacroAssembler& m, Label) {
        m.setArgs(kSixArgs);
        m.call(page);
    });
    checkCallee(program, "call out of reach");
}

// A stub in code memory and one out of reach, reached through callStub() with
// every register as the value: all registers but the hidden ones stay.
TEST(calls, stubs) {
    uint64_t* seen = Places::instance().near + 40;
    const auto stub = [&](MacroAssembler& m) {
        m.saveVolatiles();
        m.stubArg(Reg::R6);
        m.store64(Mem::abs(seen), Reg::R6);
        for (int i = 0; i < kVolatileRegs; i++) m.movImm(static_cast<Reg>(i), 0xdead);
        for (int i = 0; i < kFloatRegs; i++) m.loadFImm(static_cast<FReg>(i), -7.0);
        m.setArgs(kSixArgs);
        m.call(kCallee);
        m.restoreVolatiles();
        m.ret_();
    };
    const CodeSpan near = place(stub);
    uint8_t* far = mapPage(0x345678900000);
    const std::vector<uint8_t> code = assemble(reinterpret_cast<uintptr_t>(far), stub);
    std::memcpy(far, code.data(), code.size());
    makeExecutable(far);
    for (const uint8_t* target :
         {static_cast<const uint8_t*>(near.address), static_cast<const uint8_t*>(far)}) {
        for (Reg reg : kWritable) {
            const Program program([&](MacroAssembler& m, Label) { m.callStub(target, reg); });
            const State in = randomState();
            program.check(in, in, "callStub");
            CHECK(*seen == in.r[static_cast<int>(reg)]);
            CHECK(last.stack % 16 == 0);
        }
    }
    CodeMemory::instance().free(near);
}

// prologue(): arguments in their places. epilogue(): callee-saved registers of
// the caller, which is another compiled function here, and the result.
TEST(calls, function_frame) {
    constexpr uint64_t kSlots = 3;
    const CodeSpan inner = place([](MacroAssembler& m) {
        m.prologue(kSlots);
        m.mov(Reg::R0, Reg::TState);
        m.shlImm(Reg::R0, 8);
        m.or_(Reg::R0, Reg::Frame);
        m.shlImm(Reg::R0, 8);
        m.or_(Reg::R0, Reg::S0);
        for (Reg reg : {Reg::Frame, Reg::TState, Reg::CFrame, Reg::S0, Reg::S1}) {
            m.movImm(reg, 0xbad);
        }
        for (uint64_t i = 0; i < kSlots; i++)
            m.storeImm(Width::B64, m.slot(static_cast<int>(i)), -1);
        m.epilogue();
    });
    const Program outer([&](MacroAssembler& m, Label) {
        const Arg args[] = {Arg::i(0x12), Arg::i(0x34), Arg::i(0x56)};
        m.setArgs(args);
        m.call(inner.address);
    });
    const State in = randomState();
    State got = outer.run(in);
    CHECK(got[Reg::R0] == 0x123456);
    for (Reg reg : {Reg::Frame, Reg::CFrame, Reg::S0, Reg::S1}) {
        CHECK(got[reg] == in.r[static_cast<int>(reg)]);
    }
    CodeMemory::instance().free(inner);
}

// --- setArgs

// Registers hold either a pointer into this arena or a small number, so that
// any pointer with any number as index is an address that can be read.
struct Arena {
    uint64_t words[512];
};
Arena arena;

struct Draw {
    std::vector<Reg> pointers, numbers;
    State state;
};

Draw drawRegisters() {
    Draw d;
    d.state = randomState();
    for (Reg reg : kWritable) {
        if (draw(3)) {
            d.pointers.push_back(reg);
            d.state[reg] = reinterpret_cast<uintptr_t>(&arena.words[128 + draw(128)]);
        } else {
            d.numbers.push_back(reg);
            d.state[reg] = draw(64);
        }
    }
    return d;
}

// Argument registers more often than others: they are what conflicts.
Reg pickSource(const std::vector<Reg>& from) {
    Reg reg = pick(from);
    for (int i = 0; i < 3 && (reg < Reg::R0 || reg > Reg::R6); i++) reg = pick(from);
    return reg;
}

Mem drawMem(const Draw& d) {
    if (d.pointers.empty() || draw(12) == 0) return Mem::abs(&arena.words[draw(512)]);
    const Reg base = pickSource(d.pointers);
    const int64_t disp = 8 * static_cast<int64_t>(draw(100)) - 400;
    if (d.numbers.empty() || draw(2)) return Mem::at(base, disp);
    return Mem::indexed(base, pickSource(d.numbers), static_cast<uint8_t>(draw(4)), disp);
}

Arg drawArg(const Draw& d) {
    switch (draw(7)) {
        case 0: return Arg::i(pick(kEdges));
        case 1:
        case 2: return Arg::load(drawMem(d));
        case 3: return Arg::address(drawMem(d));
        default: return Arg::r(draw(10) ? pickSource(kWritable) : Reg::TState);
    }
}

uint64_t evaluate(const Arg& arg, State& state) {
    if (arg.kind == Arg::Kind::Imm) return arg.imm;
    if (arg.kind == Arg::Kind::Reg) return state[arg.reg];
    uint64_t address = reinterpret_cast<uintptr_t>(arg.mem.address);
    if (arg.mem.base != Reg::None) address = state[arg.mem.base];
    address += static_cast<uint64_t>(int64_t{arg.mem.disp});
    if (arg.mem.index != Reg::None) address += state[arg.mem.index] << arg.mem.scale;
    if (arg.kind == Arg::Kind::Address) return address;
    uint64_t value;
    std::memcpy(&value, reinterpret_cast<const void*>(address), 8);
    return value;
}

void checkArgs(const std::vector<Arg>& args, State in, const char* what) {
    Reg first = Reg::None;
    const Program program([&](MacroAssembler& m, Label) {
        first = m.arg(0);
        m.setArgs(args);
    });
    State want = in;
    for (size_t i = 0; i < args.size(); i++) {
        want.r[static_cast<size_t>(first) + i] = evaluate(args[i], in);
    }
    const int before = failures;
    program.check(in, want, what);
    if (failures == before) return;
    for (const Arg& arg : args) {
        failed("  kind %d reg %d base %d index %d scale %d disp %d", static_cast<int>(arg.kind),
               static_cast<int>(arg.reg), static_cast<int>(arg.mem.base),
               static_cast<int>(arg.mem.index), arg.mem.scale, arg.mem.disp);
    }
}

TEST(set_args, random) {
    for (uint64_t& word : arena.words) word = randomness()();
    for (int n = 0; n < 6000; n++) {
        const Draw d = drawRegisters();
        std::vector<Arg> args;
        for (uint64_t i = draw(7); i-- > 0;) args.push_back(drawArg(d));
        checkArgs(args, d.state, "setArgs");
    }
}

// Every permutation of four argument registers, plain and through memory.
TEST(set_args, permutations) {
    const int first = hostArch() == Arch::X64 ? 1 : 0;
    for (int code = 0; code < 4 * 4 * 4 * 4; code++) {
        for (int through_memory = 0; through_memory < 16; through_memory++) {
            State in = randomState();
            std::vector<Arg> args;
            for (int i = 0; i < 4; i++) {
                const Reg source = static_cast<Reg>(first + (code >> (2 * i) & 3));
                in[static_cast<Reg>(first + i)] =
                    reinterpret_cast<uintptr_t>(&arena.words[100 + 10 * i]);
                args.push_back(through_memory >> i & 1 ? Arg::load(Mem::at(source, 8 * i))
                                                       : Arg::r(source));
            }
            checkArgs(args, in, "setArgs of a permutation");
        }
    }
}

// Each operand reads two registers that others set: exchanges cannot help.
TEST(set_args, dense_cycles) {
    const int first = hostArch() == Arch::X64 ? 1 : 0;
    for (int n = 0; n < 300; n++) {
        State in = randomState();
        std::vector<Arg> args;
        for (int i = 0; i < 6; i++) {
            in[static_cast<Reg>(first + i)] = randomness()();
            const Reg a = static_cast<Reg>(first + static_cast<int>(draw(6)));
            const Reg b = static_cast<Reg>(first + static_cast<int>(draw(6)));
            args.push_back(draw(5) ? Arg::address(Mem::indexed(a, b, static_cast<uint8_t>(draw(4)),
                                                               static_cast<int64_t>(draw(9000))))
                                   : Arg::r(a));
        }
        checkArgs(args, in, "setArgs of a dense cycle");
    }
}

}  // namespace
}  // namespace pyjit::test
