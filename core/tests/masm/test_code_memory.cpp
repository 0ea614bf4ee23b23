// Code memory: W^X, the limit, reuse, data, and what fork leaves to each side.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

namespace pyjit::test {
namespace {

using Function = uint64_t (*)();

std::vector<uint8_t> returning(const CodeSpan& span, uint64_t value) {
    return assemble(reinterpret_cast<uintptr_t>(span.address), [&](MacroAssembler& m) {
        m.movImm(m.ret(), value);
        m.ret_();
    });
}

CodeSpan functionReturning(uint64_t value) {
    return place([&](MacroAssembler& m) {
        m.movImm(m.ret(), value);
        m.ret_();
    });
}

uint64_t callAt(const CodeSpan& span) { return reinterpret_cast<Function>(span.address)(); }

// The protection of the mapping that holds an address, as "rwxp", from the
// system's own list; empty where there is no mapping.
std::string protection(const void* address) {
    std::FILE* maps = std::fopen("/proc/self/maps", "r");
    char line[512], flags[8];
    std::string found;
    while (maps && std::fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        if (std::sscanf(line, "%lx-%lx %7s", &from, &to, flags) != 3) continue;
        const uintptr_t at = reinterpret_cast<uintptr_t>(address);
        if (from <= at && at < to) found = flags;
        if (flags[1] == 'w' && flags[2] == 'x') failed("writable and executable: %s", line);
    }
    if (maps) std::fclose(maps);
    return found;
}

// Runs `body` in a child and returns what it exits with.
int inChild(const std::function<int()>& body) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) _exit(body());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(code_memory, write_xor_execute) {
    const CodeSpan span = functionReturning(1);
    void* data = CodeMemory::instance().allocateData(100);
    CHECK(protection(span.address).substr(0, 3) == "r-x");
    CHECK(protection(data).substr(0, 3) == "rw-");
    CHECK(callAt(span) == 1);
    CodeMemory::instance().freeData(data, 100);
    CodeMemory::instance().free(span);
}

// The range lies where calls of this module's own functions are near ones.
TEST(code_memory, near_the_helpers) {
    CodeSpan span = place([](MacroAssembler& m) {
        m.call(reinterpret_cast<const void*>(&inChild));
        const size_t length = hostArch() == Arch::X64 ? 5 : 4;
        CHECK(m.offset() == length);
    });
    CodeMemory::instance().free(span);
}

TEST(code_memory, many_functions) {
    std::vector<std::pair<CodeSpan, uint64_t>> live;
    CodeMemory& memory = CodeMemory::instance();
    const size_t before = memory.codeBytes();
    size_t bytes = 0;
    for (int i = 0; i < 3000; i++) {
        if (!live.empty() && draw(5) < 2) {
            const size_t victim = draw(live.size());
            bytes -= live[victim].first.size;
            memory.free(live[victim].first);
            live[victim] = live.back();
            live.pop_back();
            continue;
        }
        const uint64_t value = randomness()();
        const CodeSpan span = memory.allocate(32 + draw(5000));
        CHECK(span && reinterpret_cast<uintptr_t>(span.address) % 16 == 0);
        const std::vector<uint8_t> code = returning(span, value);
        CodeSpan shrunk = span;
        if (draw(2)) memory.shrink(shrunk, code.size());
        CHECK(memory.write(shrunk, code.data(), code.size()));
        bytes += shrunk.size;
        live.push_back({shrunk, value});
        CHECK(memory.codeBytes() == before + bytes);
    }
    for (const auto& [span, value] : live) CHECK(callAt(span) == value);
    for (const auto& [span, value] : live) memory.free(span);
    CHECK(memory.codeBytes() == before);
}

TEST(code_memory, freed_space_is_joined) {
    CodeMemory& memory = CodeMemory::instance();
    const CodeSpan fence = memory.allocate(16);
    CodeSpan parts[8];
    for (CodeSpan& part : parts) part = memory.allocate(4096);
    const CodeSpan fence2 = memory.allocate(16);
    for (int i : {3, 1, 0, 2, 7, 5, 6, 4}) memory.free(parts[i]);
    const CodeSpan whole = memory.allocate(8 * 4096);
    CHECK(whole.address == parts[0].address);
    for (const CodeSpan& span : {fence, whole, fence2}) memory.free(span);
}

TEST(code_memory, limit) {
    CodeMemory& memory = CodeMemory::instance();
    const size_t used = memory.codeBytes(), limit = memory.limit();
    CHECK(limit >= 4 * 1024 * 1024);
    memory.setLimit(used + 4096);
    CHECK(!memory.allocate(4097));
    const CodeSpan span = memory.allocate(4096);
    CHECK(span);
    CHECK(!memory.allocate(1));
    memory.free(span);
    CHECK(memory.codeBytes() == used);
    memory.setLimit(SIZE_MAX);
    CHECK(memory.limit() == limit);
    CHECK(!memory.allocate(SIZE_MAX - 3));
    CHECK(!memory.allocate(0));
}

TEST(code_memory, write_stays_in_its_span) {
    const CodeSpan span = CodeMemory::instance().allocate(16);
    const uint8_t bytes[32] = {};
    CHECK(!CodeMemory::instance().write(span, bytes, 32));
    CodeMemory::instance().free(span);
}

TEST(code_memory, data) {
    CodeMemory& memory = CodeMemory::instance();
    const size_t before = memory.dataBytes();
    std::vector<std::pair<uint8_t*, size_t>> live;
    for (int i = 0; i < 2000; i++) {
        const size_t size = 1 + draw(3000);
        uint8_t* data = static_cast<uint8_t*>(memory.allocateData(size));
        CHECK(data && reinterpret_cast<uintptr_t>(data) % 16 == 0);
        for (size_t k = 0; k < size; k++) {
            if (data[k]) failed("data is not zeroed");
        }
        std::memset(data, 0xab, size);
        live.push_back({data, size});
        if (draw(2)) {
            std::swap(live[draw(live.size())], live.back());
            memory.freeData(live.back().first, live.back().second);
            live.pop_back();
        }
    }
    const CodeSpan code = memory.allocate(16);
    const int64_t away = code.address - live[0].first;
    CHECK(away > -(1 << 30) && away < 1 << 30);
    memory.free(code);
    for (const auto& [data, size] : live) memory.freeData(data, size);
    CHECK(memory.dataBytes() == before);
    CHECK(!memory.allocateData(SIZE_MAX - 3));
}

// Child and parent reuse and overwrite the same places after fork; each must
// see its own code only, whichever writes first.
TEST(code_memory, fork) {
    CodeMemory& memory = CodeMemory::instance();
    const CodeSpan shared = functionReturning(1), freed = functionReturning(2);
    void* data = memory.allocateData(16);
    std::memset(data, 7, 16);
    int to_child[2], to_parent[2];
    CHECK(pipe(to_child) == 0 && pipe(to_parent) == 0);
    char token = 0;
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const std::vector<uint8_t> code = returning(shared, 11);
        bool good = callAt(shared) == 1 && memory.write(shared, code.data(), code.size());
        std::memset(data, 8, 16);
        memory.free(freed);
        const CodeSpan fresh = functionReturning(12);
        good = good && fresh.address == freed.address && callAt(fresh) == 12;
        good = good && write(to_parent[1], &token, 1) == 1 && read(to_child[0], &token, 1) == 1;
        // The parent has rewritten the same places by now.
        good = good && callAt(shared) == 11 && callAt(fresh) == 12;
        good = good && *static_cast<uint8_t*>(data) == 8;
        _exit(good ? 0 : 1);
    }
    CHECK(read(to_parent[0], &token, 1) == 1);
    CHECK(callAt(shared) == 1 && callAt(freed) == 2);
    CHECK(*static_cast<uint8_t*>(data) == 7);
    const std::vector<uint8_t> code = returning(shared, 21);
    CHECK(memory.write(shared, code.data(), code.size()));
    memory.free(freed);
    const CodeSpan fresh = functionReturning(22);
    CHECK(write(to_child[1], &token, 1) == 1);
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
    CHECK(callAt(shared) == 21 && callAt(fresh) == 22);
    for (int fd : {to_child[0], to_child[1], to_parent[0], to_parent[1]}) close(fd);
    memory.freeData(data, 16);
    memory.free(shared);
    memory.free(fresh);
}

// The exhaustion of what was reserved is an empty span, and everything can be
// used again afterwards. In a child: it takes the whole range.
TEST(code_memory, exhaustion) {
    CHECK(inChild([] {
              CodeMemory& memory = CodeMemory::instance();
              std::vector<CodeSpan> spans;
              for (;;) {
                  const CodeSpan span = memory.allocate(1 << 20);
                  if (!span) break;
                  spans.push_back(span);
              }
              const bool full = !spans.empty() && !memory.allocate(1 << 20);
              for (const CodeSpan& span : spans) memory.free(span);
              const CodeSpan again = functionReturning(5);
              return full && callAt(again) == 5 ? 0 : 1;
          }) == 0);
}

// A process that may not map anything more gets empty answers, and goes on. A
// group of its own: it must run before anything has been reserved.
TEST(no_memory, nothing_can_be_reserved) {
    const rlimit limit = {1, RLIM_INFINITY};
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    CodeMemory& memory = CodeMemory::instance();
    CHECK(!memory.allocate(16));
    CHECK(!memory.allocateData(16));
    CHECK(memory.limit() == 0 && memory.codeBytes() == 0 && memory.dataBytes() == 0);
    memory.freeData(nullptr, 16);
    memory.free(CodeSpan{});
}

}  // namespace
}  // namespace pyjit::test
