// Bytecode of CPython 3.11 as the compilers see it: decoded instructions with
// base opcodes, jump targets and exception handlers.
//
// Contract: knows nothing of an architecture. Positions ("bci") are indexes of
// code units; an instruction's bci is that of its opcode, behind any
// EXTENDED_ARG, as in frame->prev_instr.
#pragma once

#include "../../runtime/compat.h"

#include <cstdint>
#include <vector>

namespace pyjit {

enum Op : uint8_t {
#define OPCODE(name, number, caches, lowering, flags) OP_##name = number,
#include "opcodes.def"
#undef OPCODE
};

struct OpInfo {
    const char* name = nullptr;  // nullptr: not an opcode
    uint8_t caches = 0;
    bool forward = false, backward = false, ends = false, suspends = false;
};
const OpInfo& opInfo(uint8_t op);
// Is it to be compiled without its fast paths (config.generic_opcodes)?
bool isGeneric(uint8_t op, uint32_t oparg);

struct Handler {
    uint32_t start, end;   // covered code units, [start, end)
    uint32_t target;       // bci of the handler
    uint32_t depth;        // operand stack entries kept
    bool lasti;            // the handler wants the index of the raising instruction
};

struct Instr {
    uint8_t op;
    uint8_t quick;         // as found in the code object: specialised form, or op
    bool leader = false;   // a jump or a handler arrives here
    bool loopHeader = false;
    uint32_t oparg;
    uint32_t bci;
    uint32_t start;        // bci of its first EXTENDED_ARG, or bci
    uint32_t next;         // bci behind its inline caches
    int32_t target = -1;   // index of the instruction that it jumps to
    int32_t handler = -1;  // index into Bytecode::handlers, -1: leaves the frame
};

struct Bytecode {
    std::vector<Instr> instrs;
    std::vector<int32_t> indexOf;     // bci -> index into instrs, -1 inside an instruction
    std::vector<Handler> handlers;
    bool hasLoops = false;
    const char* refusal = nullptr;    // why it cannot be compiled, static text
};

// Decodes a whole code object.
Bytecode decode(PyCodeObject* code);

// The handler that covers a code unit, with its target as in Bytecode::handlers;
// false: an exception leaves the frame.
bool findHandler(PyCodeObject* code, uint32_t bci, Handler& found);

// The opcode of the instruction that starts at a code unit, behind its EXTENDED_ARG.
uint32_t behindExtendedArgs(PyCodeObject* code, uint32_t bci);

// The code object's units; the interpreter rewrites them (quickening), so read
// them only through decode().
inline _Py_CODEUNIT* firstUnit(PyCodeObject* code) { return _PyCode_CODE(code); }

}  // namespace pyjit
