// What the native tests of the MacroAssembler are written with.
//
// Contract
//  * A Program is a function made by masm for this machine. run() loads every
//    register that masm can name from a State, executes the body, and stores
//    them back: so each test sees not only the result, but every register that
//    the operation should have left alone.
//  * TState points to the State while the body runs; bodies may read it only.
//  * A failed check is reported with the values and counted; tests go on.
#pragma once

#include <bit>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "code/memory.h"
#include "masm/masm.h"

namespace pyjit::test {

constexpr int kRegs = 13;  // R0 … S1, without SP

struct State {
    uint64_t r[kRegs];
    uint64_t f[kFloatRegs];
    uint64_t taken;  // 1 if the body went to its label
    uint64_t cell[8];

    uint64_t& operator[](Reg reg) { return r[static_cast<int>(reg)]; }
    uint64_t operator[](Reg reg) const { return r[static_cast<int>(reg)]; }
    uint64_t& operator[](FReg reg) { return f[static_cast<int>(reg)]; }
};

// Registers that a body may write.
inline const std::vector<Reg> kWritable = {Reg::R0,    Reg::R1,     Reg::R2, Reg::R3,
                                           Reg::R4,    Reg::R5,     Reg::R6, Reg::R7,
                                           Reg::Frame, Reg::CFrame, Reg::S0, Reg::S1};
constexpr Cond kConds[] = {Cond::Eq, Cond::Ne,  Cond::Lt,  Cond::Le,  Cond::Gt,
                           Cond::Ge, Cond::ULt, Cond::ULe, Cond::UGt, Cond::UGe};
constexpr Width kWidths[] = {Width::B8, Width::B16, Width::B32, Width::B64};

// Integers at which something changes: signs, widths, encodings of immediates.
inline const std::vector<uint64_t> kEdges = {0,
                                             1,
                                             2,
                                             3,
                                             7,
                                             8,
                                             0x7e,
                                             0x7f,
                                             0x80,
                                             0x81,
                                             0xff,
                                             0x100,
                                             0xfff,
                                             0x1000,
                                             0x1001,
                                             0x7fff,
                                             0x8000,
                                             0xffff,
                                             0x10000,
                                             0xfff000,
                                             0xfff001,
                                             0x1000000,
                                             0x7fffffff,
                                             0x80000000,
                                             0x80000001,
                                             0xffffffff,
                                             0x100000000,
                                             0x123456789abcdef0,
                                             0x5555555555555555,
                                             0x00ff00ff00ff00ff,
                                             0xffff0000ffff0000,
                                             0x0000ffff12340000,
                                             0xffffffff12345678,
                                             0x7ffffffffffffffe,
                                             0x7fffffffffffffff,
                                             0x8000000000000000,
                                             0x8000000000000001,
                                             0xffffffff7fffffff,
                                             0xffffffff80000000,
                                             0xfffffffffffff000,
                                             0xfffffffffffff001,
                                             0xffffffffffffff7f,
                                             0xffffffffffffff80,
                                             0xfffffffffffffffe,
                                             0xffffffffffffffff};

inline std::mt19937_64& randomness() {
    static std::mt19937_64 engine(20221210);
    return engine;
}
inline uint64_t draw(uint64_t bound) { return randomness()() % bound; }
template <class T>
const T& pick(const std::vector<T>& from) {
    return from[draw(from.size())];
}

extern int failures;
__attribute__((format(printf, 1, 2))) void failed(const char* format, ...);

class Program {
  public:
    using Body = std::function<void(MacroAssembler&, Label taken)>;
    explicit Program(const Body& body, int slots = 0);
    ~Program() { CodeMemory::instance().free(span_); }
    Program(const Program&) = delete;
    void operator=(const Program&) = delete;

    State run(const State& in) const;
    // Runs and compares everything but TState with `want`.
    void check(const State& in, const State& want, const char* what) const;
    const CodeSpan& span() const { return span_; }

  private:
    CodeSpan span_;
};

// Code without prologue and epilogue, at a place of one's own choosing or in
// code memory.
std::vector<uint8_t> assemble(uintptr_t base, const std::function<void(MacroAssembler&)>& body);
CodeSpan place(const std::function<void(MacroAssembler&)>& body);
// The address at which the body that is being emitted will run.
uintptr_t currentBase();

// Where the running Program's State is; fixed, as absolute operands need it.
State* liveState();
// A State full of random numbers.
State randomState();

// What the conditions mean.
bool holds(Cond cond, Width width, uint64_t a, uint64_t b);
inline uint64_t low(Width width, uint64_t value) {
    const int unused = 64 - (8 << static_cast<int>(width));
    return value << unused >> unused;
}

// Memory at chosen distances from code: for absolute operands and far calls.
// near: reached relative to the program counter; low: below 2 GiB; far: neither.
struct Places {
    uint64_t* near;
    uint64_t* low;
    uint64_t* far;
    static const Places& instance();
};
// Makes a page at `hint` or as near to it as the system allows.
uint8_t* mapPage(uintptr_t hint);
void makeExecutable(uint8_t* page);

struct Test {
    const char* group;
    const char* name;
    void (*run)();
    static std::vector<Test>& all();
    Test(const char* group, const char* name, void (*run)()) : group(group), name(name), run(run) {
        all().push_back(*this);
    }
};

#define TEST(group, name)                                                                  \
    static void group##_##name();                                                          \
    static const ::pyjit::test::Test test_##group##_##name(#group, #name, group##_##name); \
    static void group##_##name()

#define CHECK(condition)                                                       \
    do {                                                                       \
        if (!(condition)) failed("%s:%d: %s", __FILE__, __LINE__, #condition); \
    } while (0)

}  // namespace pyjit::test
