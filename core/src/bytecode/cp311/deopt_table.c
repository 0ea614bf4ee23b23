/* What the interpreter's headers say of its opcodes, and whether opcodes.def says the same.
 *
 * In C because g++ refuses the array designators of pycore_opcode.h.
 */
#define NEED_OPCODE_TABLES
#include "../../runtime/compat.h"
#include "internal/pycore_opcode.h"
#include "opcode.h"

/* Number of the bytecode's format, as in the head of .pyc files, of all releases of 3.11. */
#define MAGIC (3495 | '\r' << 16 | (long)'\n' << 24)

static const struct {
    uint8_t number, caches;
} rows[] = {
#define OPCODE(name, number, caches, lowering, flags) {number, caches},
#include "opcodes.def"
#undef OPCODE
};

/* A row with another opcode's number does not compile. */
#define OPCODE(name, number, caches, lowering, flags) \
    _Static_assert(name == (number), "opcodes.def: " #name " has another number");
#include "opcodes.def"
#undef OPCODE

static int is_instruction(int opcode) {
    return opcode != CACHE && opcode != DO_TRACING && _PyOpcode_Deopt[opcode] == opcode;
}

int pyjit_check_opcodes(void) {
    uint8_t known[256] = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        known[rows[i].number] = rows[i].caches == _PyOpcode_Caches[rows[i].number];
    if (PyImport_GetMagicNumber() != MAGIC) {
        PyErr_Format(
            PyExc_ImportError,
            "pyjit-core was built for the bytecode of CPython 3.11; this interpreter's has "
            "another number (%ld)",
            PyImport_GetMagicNumber() & 0xffff);
        return -1;
    }
    for (int opcode = 0; opcode < 256; opcode++) {
        if (known[opcode] || !is_instruction(opcode)) continue;
        PyErr_Format(PyExc_ImportError, "pyjit-core has no row for opcode %d in opcodes.def",
                     opcode);
        return -1;
    }
    return 0;
}

uint8_t pyjit_base_opcode(uint8_t opcode) { return _PyOpcode_Deopt[opcode]; }
