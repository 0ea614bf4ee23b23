// Executable memory and the data that compiled code refers to.
//
// Contract
//  * One address range is reserved for the whole process: code and inline-cache
//    data lie within 1 GiB of each other, so that code reaches data relative to
//    the program counter; they never share a page.
//  * No page is ever writable and executable through the same mapping (Linux:
//    two mappings of one memfd; where that is refused, mprotect; macOS: MAP_JIT).
//  * `limit` (config.code_memory) bounds the code; when it is reached,
//    allocation fails, the code object stays with the interpreter, and nothing
//    else happens.
//  * Callers hold the GIL.
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
    // instruction stream. With two mappings, flushing the instruction cache is
    // not enough under qemu-user before 8.1 (Debian 12 has 7.2): it does not see
    // a write through the other mapping and goes on running its translation of
    // what was there before. Taking PROT_EXEC from the executable mapping's
    // pages and giving it back makes it translate anew (measured; setting the
    // same protection again does not).
    void write(const CodeSpan& span, const uint8_t* bytes, size_t size);
    void free(const CodeSpan& span);
    // Zeroed, 16-byte aligned, writable, never executable; near the code.
    // Returns nullptr when memory is exhausted.
    void* allocateData(size_t size);
    void freeData(void* data, size_t size);

    size_t codeBytes() const;   // in use
    size_t dataBytes() const;
};

}  // namespace pyjit
