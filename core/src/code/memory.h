// Executable memory and the data that compiled code refers to.
//
// Contract
//  * One address range is reserved for the whole process: code and inline-cache
//    data lie within 1 GiB of each other, so that code reaches data relative to
//    the program counter; they never share a page. The range is placed where
//    near calls reach the runtime's helpers, if there is room.
//  * No page is ever writable and executable at once. Linux: private memory,
//    whose pages write() makes writable and then executable again; macOS:
//    MAP_JIT. See memory.cpp for why there is no second, writable mapping.
//  * A forked child has its own copy, as of the rest of its memory: what either
//    side compiles or frees afterwards is invisible to the other.
//  * `limit` (config.code_memory) bounds the code; when it is reached,
//    allocation fails, the code object stays with the interpreter, and nothing
//    else happens.
//  * Callers hold the GIL. That is also what makes write() safe: no other thread
//    can be running compiled code.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pyjit {

struct CodeSpan {
    uint8_t* address = nullptr;  // where it runs; 16-byte aligned
    size_t size = 0;
    explicit operator bool() const { return address != nullptr; }
};

class CodeMemory {
  public:
    static CodeMemory& instance();
    // Reserves `size` bytes of code space, to be filled by write(); empty when
    // the limit is reached. shrink() gives the unused tail back.
    CodeSpan allocate(size_t size);
    void shrink(CodeSpan& span, size_t used);
    // Copies `size` bytes to the start of span and makes them visible to the
    // instruction stream. False if the system refuses: the span must not be run.
    bool write(const CodeSpan& span, const uint8_t* bytes, size_t size);
    void free(const CodeSpan& span);
    // Zeroed, 16-byte aligned, writable, never executable; near the code.
    // Returns nullptr when memory is exhausted.
    void* allocateData(size_t size);
    void freeData(void* data, size_t size);

    // Bounds codeBytes(); spans in use stay. No more than was reserved.
    void setLimit(size_t bytes);
    size_t limit() const;
    size_t codeBytes() const;   // in use
    bool isCode(const void* place) const;  // safe in a signal handler, once there is code
    size_t dataBytes() const;

  private:
    CodeMemory() = default;
};

}  // namespace pyjit
