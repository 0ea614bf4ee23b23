// See harness.h. main: `masm_tests --list`, `masm_tests GROUP`,
// `masm_tests --golden ARCH` (see golden.cpp).

#include "harness.h"

#include <cstddef>

#include <sys/mman.h>

namespace pyjit::test {

int failures = 0;
static const char* running = "";
static uintptr_t emitting_at = 0;

uintptr_t currentBase() { return emitting_at; }

void failed(const char* format, ...) {
    if (failures++ >= 20) return;  // the rest is more of the same
    va_list arguments;
    va_start(arguments, format);
    std::printf("FAILED %s: ", running);
    std::vprintf(format, arguments);
    std::printf("\n");
    va_end(arguments);
}

std::vector<Test>& Test::all() {
    static std::vector<Test> tests;
    return tests;
}

State* liveState() {
    static State* state = static_cast<State*>(CodeMemory::instance().allocateData(sizeof(State)));
    return state;
}

State randomState() {
    State state;
    for (uint64_t& value : state.r) value = randomness()();
    for (uint64_t& value : state.f) value = randomness()();
    for (uint64_t& value : state.cell) value = randomness()();
    state.taken = 0;
    state[Reg::TState] = reinterpret_cast<uintptr_t>(liveState());
    return state;
}

static Mem field(size_t offset, int index) {
    return Mem::at(Reg::TState, static_cast<int64_t>(offset) + 8 * index);
}

static void emit(MacroAssembler& m, const Program::Body& body, int slots) {
    const Label taken = m.newLabel(), done = m.newLabel();
    m.prologue(slots);
    for (int i = 0; i < kFloatRegs; i++) {
        m.loadF(static_cast<FReg>(i), field(offsetof(State, f), i));
    }
    for (Reg reg : kWritable) m.load64(reg, field(offsetof(State, r), static_cast<int>(reg)));
    body(m, taken);
    m.storeImm(Width::B64, field(offsetof(State, taken), 0), 0);
    m.jump(done);
    m.bind(taken);
    m.storeImm(Width::B64, field(offsetof(State, taken), 0), 1);
    m.bind(done);
    for (Reg reg : kWritable) m.store64(field(offsetof(State, r), static_cast<int>(reg)), reg);
    for (int i = 0; i < kFloatRegs; i++) {
        m.storeF(field(offsetof(State, f), i), static_cast<FReg>(i));
    }
    m.epilogue();
}

CodeSpan place(const std::function<void(MacroAssembler&)>& body) {
    CodeMemory& memory = CodeMemory::instance();
    CodeSpan span = memory.allocate(512 * 1024);
    if (!span) {
        std::printf("no code memory: are writable pages forbidden to become executable here?\n");
        std::exit(2);
    }
    const std::vector<uint8_t> code = assemble(reinterpret_cast<uintptr_t>(span.address), body);
    memory.shrink(span, code.size());
    if (!memory.write(span, code.data(), code.size())) failed("write() was refused");
    return span;
}

std::vector<uint8_t> assemble(uintptr_t base, const std::function<void(MacroAssembler&)>& body) {
    emitting_at = base;
    std::unique_ptr<MacroAssembler> m = MacroAssembler::create(hostArch(), base);
    std::vector<uint8_t> code;
    body(*m);
    if (!m->finish(code)) {
        std::printf("FAILED %s: not encoded: %s\n", running, m->error());
        std::exit(1);
    }
    return code;
}

Program::Program(const Body& body, int slots)
    : span_(place([&](MacroAssembler& m) { emit(m, body, slots); })) {}

State Program::run(const State& in) const {
    using Function = void (*)(State*, void*, uint64_t);
    State* state = liveState();
    *state = in;
    reinterpret_cast<Function>(span_.address)(state, nullptr, 0);
    return *state;
}

void Program::check(const State& in, const State& want, const char* what) const {
    State got = run(in);
    State wanted = want;
    got[Reg::TState] = wanted[Reg::TState];
    if (std::memcmp(&got, &wanted, sizeof(State)) == 0) return;
    auto report = [&](const char* kind, const uint64_t* from, const uint64_t* is,
                      const uint64_t* should, int n) {
        for (int i = 0; i < n; i++) {
            if (is[i] == should[i]) continue;
            failed("%s: %s%d was %#llx, is %#llx, should be %#llx", what, kind, i,
                   static_cast<unsigned long long>(from[i]), static_cast<unsigned long long>(is[i]),
                   static_cast<unsigned long long>(should[i]));
        }
    };
    report("register ", in.r, got.r, wanted.r, kRegs);
    report("float ", in.f, got.f, wanted.f, kFloatRegs);
    report("taken ", &in.taken, &got.taken, &wanted.taken, 1);
    report("cell ", in.cell, got.cell, wanted.cell, 8);
}

bool holds(Cond cond, Width width, uint64_t a, uint64_t b) {
    const int unused = 64 - (8 << static_cast<int>(width));
    const uint64_t ua = a << unused, ub = b << unused;
    const int64_t sa = static_cast<int64_t>(ua), sb = static_cast<int64_t>(ub);
    switch (cond) {
        case Cond::Eq: return ua == ub;
        case Cond::Ne: return ua != ub;
        case Cond::Lt: return sa < sb;
        case Cond::Le: return sa <= sb;
        case Cond::Gt: return sa > sb;
        case Cond::Ge: return sa >= sb;
        case Cond::ULt: return ua < ub;
        case Cond::ULe: return ua <= ub;
        case Cond::UGt: return ua > ub;
        case Cond::UGe: return ua >= ub;
    }
    std::abort();
}

uint8_t* mapPage(uintptr_t hint) {
    void* page = mmap(reinterpret_cast<void*>(hint), 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        std::perror("mmap");
        std::exit(2);
    }
    return static_cast<uint8_t*>(page);
}

void makeExecutable(uint8_t* page) {
    if (mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0) {
        std::perror("mprotect");
        std::exit(2);
    }
    __builtin___clear_cache(reinterpret_cast<char*>(page), reinterpret_cast<char*>(page) + 4096);
}

const Places& Places::instance() {
    static const Places places = [] {
        Places p;
        p.near = static_cast<uint64_t*>(CodeMemory::instance().allocateData(4096));
        p.low = reinterpret_cast<uint64_t*>(mapPage(0x31230000));
        p.far = reinterpret_cast<uint64_t*>(mapPage(0x234567890000));
        CHECK(reinterpret_cast<uintptr_t>(p.low) < 0x80000000);
        const int64_t away = reinterpret_cast<intptr_t>(p.far) - reinterpret_cast<intptr_t>(p.near);
        CHECK(away > INT64_C(0x200000000) || away < -INT64_C(0x200000000));
        return p;
    }();
    return places;
}

int goldenMain(const char* arch);

static int runGroup(const char* group) {
    int n = 0;
    for (const Test& test : Test::all()) {
        if (std::strcmp(test.group, group) != 0) continue;
        running = test.name;
        n++;
        const int before = failures;
        test.run();
        std::printf("%s %s.%s\n", failures == before ? "ok" : "FAILED", test.group, test.name);
        std::fflush(stdout);
    }
    if (n == 0) std::printf("no tests in group %s\n", group);
    return n == 0 ? 2 : failures != 0;
}

}  // namespace pyjit::test

int main(int argc, char** argv) {
    using namespace pyjit::test;
    if (argc == 2 && std::strcmp(argv[1], "--list") == 0) {
        for (const Test& test : Test::all()) std::printf("%s\n", test.group);
        return 0;
    }
    if (argc == 3 && std::strcmp(argv[1], "--golden") == 0) return goldenMain(argv[2]);
    if (argc == 2) return runGroup(argv[1]);
    std::fprintf(stderr, "usage: masm_tests --list | --golden x64|a64 | GROUP\n");
    return 2;
}
