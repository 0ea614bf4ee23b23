// Executable memory and inline-cache data; see memory.h for the contract.
//
// Why private memory and mprotect, rather than one file mapped twice: a shared
// mapping stays shared after fork(), so a child that compiles would write into
// its parent's code, and fork servers do nothing but fork and compile. Private
// memory is copied on write, with nothing for us to do. The price, measured: a
// 2 KiB function takes 5.5 µs to write, against 2.3 µs through a second mapping;
// compiling it takes hundreds. Besides, qemu-user before 8.1 (Debian 12 has 7.2)
// does not notice writes through another mapping and would go on running its
// translation of what was there before; a change of protection it does notice.
//
// Layout of the range: data below, code above, each handed out from the bottom
// by a Space; data next to code would share cache lines and pages with it, which
// processors answer with expensive flushes.

#include "memory.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

#if defined(__APPLE__)
#include <libkern/OSCacheControl.h>
#include <pthread.h>
#elif defined(__aarch64__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#endif

namespace pyjit {
namespace {

constexpr size_t kMiB = size_t{1} << 20;
constexpr size_t kUnit = 16;
constexpr size_t kNone = SIZE_MAX;
constexpr size_t kDataStep = 256 * 1024;  // data is made accessible in such steps

// Data and code to reserve; the smaller ones for processes with a limit on
// their address space.
constexpr std::pair<size_t, size_t> kSizes[] = {
    {128 * kMiB, 64 * kMiB}, {32 * kMiB, 16 * kMiB}, {8 * kMiB, 4 * kMiB}};

// How far from the helpers near calls still reach them, from anywhere in the
// range: 2 GiB on x86_64, 128 MiB on aarch64, less room for the module itself.
#if defined(__x86_64__)
constexpr uintptr_t kReach = 2040 * kMiB;
#else
constexpr uintptr_t kReach = 120 * kMiB;
#endif

size_t roundUp(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }

// Offsets [0, capacity) handed out in blocks: the smallest hole that fits, else
// from the end of what was handed out before. Neighbouring holes are joined.
class Space {
  public:
    explicit Space(size_t capacity) : capacity_(capacity) {}

    size_t allocate(size_t size) {
        size_t offset = top_;
        auto hole = by_size_.lower_bound({size, 0});
        if (hole != by_size_.end()) {
            const auto [room, start] = *hole;
            removeHole(start, room);
            if (room > size) addHole(start + size, room - size);
            offset = start;
        } else if (size <= capacity_ - top_) {
            top_ += size;
        } else {
            return kNone;
        }
        used_ += size;
        return offset;
    }

    void free(size_t offset, size_t size) {
        used_ -= size;
        auto after = by_offset_.lower_bound(offset);
        if (after != by_offset_.end() && after->first == offset + size) {
            const size_t room = after->second;
            removeHole(offset + size, room);
            size += room;
        }
        auto before = by_offset_.lower_bound(offset);
        if (before != by_offset_.begin()) {
            const auto [start, room] = *--before;
            if (start + room == offset) {
                removeHole(start, room);
                offset = start;
                size += room;
            }
        }
        if (offset + size == top_) {
            top_ = offset;
        } else {
            addHole(offset, size);
        }
    }

    size_t used() const { return used_; }

  private:
    void addHole(size_t offset, size_t size) {
        by_offset_.emplace(offset, size);
        by_size_.emplace(size, offset);
    }
    void removeHole(size_t offset, size_t size) {
        by_offset_.erase(offset);
        by_size_.erase({size, offset});
    }

    size_t capacity_, top_ = 0, used_ = 0;
    std::map<size_t, size_t> by_offset_;
    std::set<std::pair<size_t, size_t>> by_size_;
};

struct Range {
    uint8_t* data = nullptr;  // nullptr: nothing could be reserved
    uint8_t* code = nullptr;
    size_t data_capacity = 0, code_capacity = 0;
    size_t data_ready = 0;  // bytes of data that are accessible
};

// --- the operating system

#if defined(__APPLE__)

constexpr int kMapFlags = MAP_PRIVATE | MAP_ANON;

bool reserveAt(void* hint, size_t data, size_t code, Range& range) {
    // MAP_JIT memory is a mapping of its own. Nothing guarantees that the two
    // come to lie side by side; then what is out of reach takes the longer way.
    void* code_at = mmap(static_cast<uint8_t*>(hint), code, PROT_READ | PROT_WRITE | PROT_EXEC,
                         kMapFlags | MAP_JIT, -1, 0);
    if (code_at == MAP_FAILED) return false;
    void* data_at = mmap(static_cast<uint8_t*>(code_at) - data, data, PROT_NONE, kMapFlags, -1, 0);
    if (data_at == MAP_FAILED) {
        munmap(code_at, code);
        return false;
    }
    range = Range{static_cast<uint8_t*>(data_at), static_cast<uint8_t*>(code_at), data, code, 0};
    return true;
}

void release(const Range& range) {
    munmap(range.data, range.data_capacity);
    munmap(range.code, range.code_capacity);
}

// MAP_JIT memory is writable or executable for each thread, never both.
bool copyCode(uint8_t* to, const uint8_t* bytes, size_t size) {
    pthread_jit_write_protect_np(0);
    std::memcpy(to, bytes, size);
    pthread_jit_write_protect_np(1);
    sys_icache_invalidate(to, size);
    return true;
}

#else

bool reserveAt(void* hint, size_t data, size_t code, Range& range) {
    void* at =
        mmap(hint, data + code, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) return false;
    uint8_t* base = static_cast<uint8_t*>(at);
    range = Range{base, base + data, data, code, 0};
    return true;
}

void release(const Range& range) { munmap(range.data, range.data_capacity + range.code_capacity); }

// Cores that may still hold the old instructions of reused memory must look
// again. On x86_64 the change of protection has interrupted them; on aarch64
// nothing has, unless we ask for it. A kernel that does not know the request
// (or an emulator) has the barriers of its thread switches only.
void synchroniseCores() {
#if defined(__aarch64__)
    static const bool registered =
        syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0) == 0;
    if (registered) syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0);
#endif
}

bool copyCode(uint8_t* to, const uint8_t* bytes, size_t size) {
    const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    const uintptr_t start = reinterpret_cast<uintptr_t>(to) / page * page;
    void* pages = reinterpret_cast<void*>(start);
    const size_t length = roundUp(reinterpret_cast<uintptr_t>(to) + size, page) - start;
    if (mprotect(pages, length, PROT_READ | PROT_WRITE) != 0) return false;
    std::memcpy(to, bytes, size);
    if (mprotect(pages, length, PROT_READ | PROT_EXEC) != 0) {
        // Other functions live on these pages, and they cannot be run any more.
        std::fputs("pyjit: the system refuses to make code executable again\n", stderr);
        std::abort();
    }
    __builtin___clear_cache(reinterpret_cast<char*>(to), reinterpret_cast<char*>(to) + size);
    synchroniseCores();
    return true;
}

#endif

// Whether every byte of code can call (and be called by) this module's text.
bool isNear(const Range& range) {
    const uintptr_t text = reinterpret_cast<uintptr_t>(&isNear);
    const uintptr_t code = reinterpret_cast<uintptr_t>(range.code);
    if (code > text) return code + range.code_capacity - text < kReach;
    return text - code < kReach;
}

// Whether the system lets memory that was written become executable at all
// (hardened kernels may not): found out now, while nothing depends on it.
bool mayExecute(const Range& range) {
#if defined(__x86_64__)
    const uint8_t ret[] = {0xc3};
#else
    const uint8_t ret[] = {0xc0, 0x03, 0x5f, 0xd6};
#endif
#if !defined(__APPLE__)
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    if (mprotect(range.code, page, PROT_READ | PROT_WRITE) != 0) return false;
    range.code[0] = 0;
    if (mprotect(range.code, page, PROT_READ | PROT_EXEC) != 0) return false;
#endif
    return copyCode(range.code, ret, sizeof ret);
}

// The system's own choice is usually next to the libraries, hence near us. Where
// it is not, places below and above the module are tried.
Range reserve() {
    constexpr uintptr_t step = 16 * kMiB;
    const uintptr_t text = reinterpret_cast<uintptr_t>(&reserve) & ~uintptr_t{0xffff};
    for (const auto& [data, code] : kSizes) {
        Range range;
        if (!reserveAt(nullptr, data, code, range)) continue;
        for (uintptr_t gap = step; !isNear(range) && gap < kReach; gap += step) {
            for (uintptr_t at : {text - gap - data - code, text + gap}) {
                Range other;
                if (!reserveAt(reinterpret_cast<void*>(at), data, code, other)) continue;
                if (isNear(other)) std::swap(range, other);
                release(other);
            }
        }
        if (mayExecute(range)) return range;
        release(range);
        return Range{};
    }
    return Range{};
}

// What lies in data memory is in use: machine code knows its address.
void tellLeakChecker([[maybe_unused]] const void* data, [[maybe_unused]] size_t size) {
#if defined(__SANITIZE_ADDRESS__)
    __lsan_register_root_region(data, size);
#endif
}

struct State {
    Range range = reserve();
    Space data{range.data_capacity};
    Space code{range.code_capacity};
    size_t limit = range.code_capacity;
};

// Never destroyed: compiled code runs until the very end of the process.
State& state() {
    static State* the = new State;
    return *the;
}

}  // namespace

CodeMemory& CodeMemory::instance() {
    static CodeMemory memory;
    return memory;
}

CodeSpan CodeMemory::allocate(size_t size) {
    State& s = state();
    if (size == 0 || size > s.limit) return {};
    size = roundUp(size, kUnit);
    if (s.code.used() + size > s.limit) return {};
    const size_t offset = s.code.allocate(size);
    if (offset == kNone) return {};
    return CodeSpan{s.range.code + offset, size};
}

void CodeMemory::shrink(CodeSpan& span, size_t used) {
    State& s = state();
    used = roundUp(used, kUnit);
    if (used >= span.size) return;
    s.code.free(static_cast<size_t>(span.address - s.range.code) + used, span.size - used);
    span.size = used;
    if (used == 0) span.address = nullptr;
}

bool CodeMemory::write(const CodeSpan& span, const uint8_t* bytes, size_t size) {
    if (size > span.size) return false;
    return size == 0 || copyCode(span.address, bytes, size);
}

void CodeMemory::free(const CodeSpan& span) {
    State& s = state();
    if (span) s.code.free(static_cast<size_t>(span.address - s.range.code), span.size);
}

void* CodeMemory::allocateData(size_t size) {
    State& s = state();
    if (size == 0 || size > s.range.data_capacity) return nullptr;
    size = roundUp(size, kUnit);
    const size_t offset = s.data.allocate(size);
    if (offset == kNone) return nullptr;
    const size_t end = roundUp(offset + size, kDataStep);
    if (end > s.range.data_ready) {
        uint8_t* fresh = s.range.data + s.range.data_ready;
        if (mprotect(fresh, end - s.range.data_ready, PROT_READ | PROT_WRITE) != 0) {
            s.data.free(offset, size);
            return nullptr;
        }
        tellLeakChecker(fresh, end - s.range.data_ready);
        s.range.data_ready = end;
    }
    return std::memset(s.range.data + offset, 0, size);
}

void CodeMemory::freeData(void* data, size_t size) {
    State& s = state();
    if (!data) return;
    s.data.free(static_cast<size_t>(static_cast<uint8_t*>(data) - s.range.data),
                roundUp(size, kUnit));
}

void CodeMemory::setLimit(size_t bytes) {
    State& s = state();
    s.limit = bytes < s.range.code_capacity ? bytes : s.range.code_capacity;
}

size_t CodeMemory::limit() const { return state().limit; }
size_t CodeMemory::codeBytes() const { return state().code.used(); }
bool CodeMemory::isCode(const void* place) const {
    const Range& range = state().range;
    const auto* byte = static_cast<const uint8_t*>(place);
    return byte >= range.code && byte < range.code + range.code_capacity;
}
size_t CodeMemory::dataBytes() const { return state().data.used(); }

}  // namespace pyjit
