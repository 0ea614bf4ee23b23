// For each compiled function gdb gets an object file in memory: one symbol that
// covers the code, and one unwind rule for all of it, taken from what
// MacroAssembler::prologue() does. Within the few instructions of a prologue or
// an epilogue the rule is not exact, as with any unwinding by frame pointer.
#include "gdb.h"

#include <elf.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "../config.h"

// Names, layout and meaning are gdb's ("JIT Compilation Interface" in its manual).
extern "C" {
struct jit_code_entry {
    jit_code_entry* next_entry;
    jit_code_entry* prev_entry;
    const void* symfile_addr;
    uint64_t symfile_size;
};
struct jit_descriptor {
    uint32_t version;
    uint32_t action_flag;
    jit_code_entry* relevant_entry;
    jit_code_entry* first_entry;
};
enum : uint32_t { JIT_NOACTION = 0, JIT_REGISTER_FN, JIT_UNREGISTER_FN };

[[gnu::visibility("default"), gnu::used]] jit_descriptor __jit_debug_descriptor = {
    1, JIT_NOACTION, nullptr, nullptr};

// gdb puts a breakpoint here.
[[gnu::visibility("default"), gnu::used, gnu::noinline]] void __jit_debug_register_code() {
    asm volatile("" ::: "memory");
}
}

namespace {

// DWARF call frame information, by architecture.
enum : uint8_t { CFA_nop = 0, CFA_def_cfa = 0x0c, CFA_offset = 0x80 };
#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
constexpr uint8_t kReturnColumn = 16;
// rbp + 16; below it the return address, rbp, rbx, r12, r13, r14, r15.
constexpr uint8_t kRules[] = {CFA_def_cfa,
                              6,
                              16,
                              CFA_offset | 16,
                              1,
                              CFA_offset | 6,
                              2,
                              CFA_offset | 3,
                              3,
                              CFA_offset | 12,
                              4,
                              CFA_offset | 13,
                              5,
                              CFA_offset | 14,
                              6,
                              CFA_offset | 15,
                              7};
#elif defined(__aarch64__)
constexpr uint16_t kMachine = EM_AARCH64;
constexpr uint8_t kReturnColumn = 30;
// x29 + 64; below it, 8 bytes apart and from the lowest: x29, x30, x19 to x23.
constexpr uint8_t kRules[] = {CFA_def_cfa,
                              29,
                              64,
                              CFA_offset | 29,
                              8,
                              CFA_offset | 30,
                              7,
                              CFA_offset | 19,
                              6,
                              CFA_offset | 20,
                              5,
                              CFA_offset | 21,
                              4,
                              CFA_offset | 22,
                              3,
                              CFA_offset | 23,
                              2};
#endif

struct [[gnu::packed]] Frames {  // section .debug_frame
    struct [[gnu::packed]] {
        uint32_t length = sizeof(*this) - 4;
        uint32_t id = UINT32_MAX;
        uint8_t version = 1;
        uint8_t augmentation = 0;
        uint8_t codeAlignment = 1;
        uint8_t dataAlignment = 0x78;  // -8 as SLEB128
        uint8_t returnColumn = kReturnColumn;
        uint8_t rules[35] = {};  // CFA_nop to the end
    } common;
    struct [[gnu::packed]] {
        uint32_t length = sizeof(*this) - 4;
        uint32_t common = 0;  // offset
        uint64_t start = 0, size = 0;
    } function;
};
static_assert(sizeof(kRules) <= sizeof(Frames::common.rules));
static_assert(sizeof(Frames) % 8 == 0);

constexpr char kSectionNames[] = "\0.text\0.debug_frame\0.symtab\0.strtab\0.shstrtab";
enum Section { kNone, kText, kFrames, kSymbols, kStrings, kNames, kSections };
constexpr uint32_t kNameOffset[kSections] = {0, 1, 7, 20, 28, 36};

// The object file. It is followed by the string table, which starts with an empty string.
struct Image {
    Elf64_Ehdr header;
    Elf64_Shdr sections[kSections];
    Elf64_Sym symbols[2];
    Frames frames;
    char names[sizeof(kSectionNames)];
    char strings[1];
};

struct Registration {
    jit_code_entry entry;
    Image image;
};

void fillHeader(Elf64_Ehdr& header) {
    memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_EXEC;  // so that addresses are final
    header.e_machine = kMachine;
    header.e_version = EV_CURRENT;
    header.e_shoff = offsetof(Image, sections);
    header.e_ehsize = sizeof(Elf64_Ehdr);
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = kSections;
    header.e_shstrndx = kNames;
}

void fillSection(Image& image, Section section, uint32_t type, size_t offset, size_t size) {
    Elf64_Shdr& header = image.sections[section];
    header.sh_name = kNameOffset[section];
    header.sh_type = type;
    header.sh_offset = offset;
    header.sh_size = size;
    header.sh_addralign = 1;
}

void fillImage(Image& image, const char* name, size_t nameSize, uint64_t start, size_t size) {
    fillHeader(image.header);
    fillSection(image, kText, SHT_NOBITS, sizeof(Image), size);
    fillSection(image, kFrames, SHT_PROGBITS, offsetof(Image, frames), sizeof(Frames));
    fillSection(image, kSymbols, SHT_SYMTAB, offsetof(Image, symbols), sizeof(image.symbols));
    fillSection(image, kStrings, SHT_STRTAB, offsetof(Image, strings), 1 + nameSize);
    fillSection(image, kNames, SHT_STRTAB, offsetof(Image, names), sizeof(kSectionNames));
    Elf64_Shdr& text = image.sections[kText];
    text.sh_addr = start;
    text.sh_flags = SHF_ALLOC | SHF_EXECINSTR;
    Elf64_Shdr& symbols = image.sections[kSymbols];
    symbols.sh_entsize = sizeof(Elf64_Sym);
    symbols.sh_link = kStrings;
    symbols.sh_info = 1;  // the first that is not local
    symbols.sh_addralign = 8;

    Elf64_Sym& symbol = image.symbols[1];
    symbol.st_name = 1;
    symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
    symbol.st_shndx = kText;
    symbol.st_value = start;
    symbol.st_size = size;

    image.frames = Frames{};
    memcpy(image.frames.common.rules, kRules, sizeof(kRules));
    image.frames.function.start = start;
    image.frames.function.size = size;
    memcpy(image.names, kSectionNames, sizeof(kSectionNames));
    memcpy(image.strings + 1, name, nameSize);
}

void tellDebugger(uint32_t action, jit_code_entry* entry) {
    __jit_debug_descriptor.action_flag = action;
    __jit_debug_descriptor.relevant_entry = entry;
    __jit_debug_register_code();
    __jit_debug_descriptor.action_flag = JIT_NOACTION;
    __jit_debug_descriptor.relevant_entry = nullptr;
}

}  // namespace

void* pyjit_gdb_register(const char* name, const void* addr, size_t size) {
    if (!pyjit_config.gdb) return nullptr;
    size_t nameSize = strlen(name) + 1;
    auto* made = static_cast<Registration*>(calloc(1, sizeof(Registration) + nameSize));
    if (made == nullptr) return nullptr;  // a debugger's comfort is not worth an error
    fillImage(made->image, name, nameSize, reinterpret_cast<uintptr_t>(addr), size);

    jit_code_entry* entry = &made->entry;
    entry->symfile_addr = &made->image;
    entry->symfile_size = offsetof(Image, strings) + 1 + nameSize;
    entry->next_entry = __jit_debug_descriptor.first_entry;
    if (entry->next_entry) entry->next_entry->prev_entry = entry;
    __jit_debug_descriptor.first_entry = entry;
    tellDebugger(JIT_REGISTER_FN, entry);
    return made;
}

void pyjit_gdb_unregister(void* registration) {
    if (registration == nullptr) return;
    jit_code_entry* entry = &static_cast<Registration*>(registration)->entry;
    if (entry->prev_entry)
        entry->prev_entry->next_entry = entry->next_entry;
    else
        __jit_debug_descriptor.first_entry = entry->next_entry;
    if (entry->next_entry) entry->next_entry->prev_entry = entry->prev_entry;
    tellDebugger(JIT_UNREGISTER_FN, entry);
    free(registration);
}
