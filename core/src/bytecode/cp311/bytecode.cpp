// Decoding of CPython 3.11 code objects. See bytecode.h.
#include "bytecode.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <cstring>
#include <string_view>

extern "C" uint8_t pyjit_base_opcode(uint8_t opcode);
extern "C" const char* pyjit_choose_generic(const char* names);

namespace pyjit {

namespace {

constexpr bool has(const char* flags, char c) {
    for (; *flags; ++flags) {
        if (*flags == c) return true;
    }
    return false;
}

const std::array<OpInfo, 256> kOps = [] {
    std::array<OpInfo, 256> table{};
#define OPCODE(name, number, caches, lowering, flags) \
    table[number] =                                   \
        OpInfo{#name, caches, has(flags, 'J'), has(flags, 'B'), has(flags, 'E'), has(flags, 'S')};
#include "opcodes.def"
#undef OPCODE
    return table;
}();

// What config.generic_opcodes names: for each opcode those of its first arguments, or all of them.
constexpr uint32_t kArguments = 64;
struct Generic {
    std::bitset<256> whole;
    std::array<std::bitset<kArguments>, 256> arguments;
};
Generic generic;

// Reads `:` and a number below kArguments, or nothing (-1); anything else is -2.
int readArgument(std::string_view text) {
    if (text.empty()) return -1;
    int value = -2;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + 1, end, value);
    const bool whole = error == std::errc() && rest == end && text.size() > 1;
    if (text[0] != ':' || !whole || value < 0 || value >= static_cast<int>(kArguments)) return -2;
    return value;
}

// Reads one number of the exception table: six bits a byte, most significant
// first, 0x40 means that more follows (0x80 marks the start of an entry).
uint32_t readVarint(const uint8_t*& p) {
    uint32_t value = *p & 63;
    while (*p++ & 64) value = (value << 6) | (*p & 63);
    return value;
}

std::vector<Handler> readHandlers(PyCodeObject* code) {
    std::vector<Handler> handlers;
    auto* p = reinterpret_cast<const uint8_t*>(PyBytes_AS_STRING(code->co_exceptiontable));
    const uint8_t* end = p + PyBytes_GET_SIZE(code->co_exceptiontable);
    while (p < end) {
        Handler h;
        h.start = readVarint(p);
        h.end = h.start + readVarint(p);
        h.target = readVarint(p);
        uint32_t depthAndLasti = readVarint(p);
        h.depth = depthAndLasti >> 1;
        h.lasti = depthAndLasti & 1;
        handlers.push_back(h);
    }
    return handlers;
}

// Index of the instruction at `bci`, which may be that of an EXTENDED_ARG in
// front of it.
int32_t instructionAt(const Bytecode& bytecode, uint32_t bci) {
    while (bytecode.indexOf[bci] < 0) ++bci;
    return bytecode.indexOf[bci];
}

void resolveJump(Bytecode& bytecode, Instr& instr) {
    const OpInfo& info = opInfo(instr.op);
    if (!info.forward && !info.backward) return;
    uint32_t to = info.forward ? instr.next + instr.oparg : instr.next - instr.oparg;
    instr.target = instructionAt(bytecode, to);
    Instr& target = bytecode.instrs[instr.target];
    target.leader = true;
    if (info.backward) {
        target.loopHeader = true;
        bytecode.hasLoops = true;
    }
}

}  // namespace

const OpInfo& opInfo(uint8_t op) { return kOps[op]; }

bool isGeneric(uint8_t op, uint32_t oparg) {
    return generic.whole[op] || (oparg < kArguments && generic.arguments[op][oparg]);
}

Bytecode decode(PyCodeObject* code) {
    Bytecode bytecode;
    const _Py_CODEUNIT* units = firstUnit(code);
    const uint32_t size = static_cast<uint32_t>(Py_SIZE(code));
    bytecode.indexOf.assign(size, -1);
    bytecode.instrs.reserve(size / 2 + 1);
    for (uint32_t i = 0; i < size;) {
        Instr instr{};
        instr.start = i;
        uint32_t oparg = 0;
        uint8_t op;
        for (;; ++i) {
            instr.quick = _Py_OPCODE(units[i]);
            op = pyjit_base_opcode(instr.quick);
            oparg = (oparg << 8) | _Py_OPARG(units[i]);
            if (op != OP_EXTENDED_ARG) break;
        }
        const OpInfo& info = opInfo(op);
        if (info.name == nullptr) {
            bytecode.refusal = "unknown opcode";
            return bytecode;
        }
        instr.op = op;
        instr.oparg = oparg;
        instr.bci = i;
        instr.next = i + 1 + info.caches;
        bytecode.indexOf[i] = static_cast<int32_t>(bytecode.instrs.size());
        bytecode.instrs.push_back(instr);
        i = instr.next;
    }
    for (size_t i = 0; i < bytecode.instrs.size(); ++i) {
        resolveJump(bytecode, bytecode.instrs[i]);
        const uint8_t op = bytecode.instrs[i].op;
        // An asynchronous generator that ends its loop gets there without an exception.
        const bool entered = opInfo(op).suspends || op == OP_END_ASYNC_FOR;
        if (entered && i + 1 < bytecode.instrs.size()) bytecode.instrs[i + 1].leader = true;
    }
    bytecode.handlers = readHandlers(code);
    for (size_t h = 0; h < bytecode.handlers.size(); ++h) {
        Handler& handler = bytecode.handlers[h];
        const int32_t target = instructionAt(bytecode, handler.target);
        handler.target = bytecode.instrs[target].bci;
        bytecode.instrs[target].leader = true;
        for (uint32_t bci = handler.start; bci < handler.end; ++bci) {
            int32_t index = bytecode.indexOf[bci];
            if (index >= 0) bytecode.instrs[index].handler = static_cast<int32_t>(h);
        }
    }
    return bytecode;
}

uint32_t behindExtendedArgs(PyCodeObject* code, uint32_t bci) {
    while (_Py_OPCODE(firstUnit(code)[bci]) == OP_EXTENDED_ARG) ++bci;
    return bci;
}

bool findHandler(PyCodeObject* code, uint32_t bci, Handler& found) {
    for (const Handler& handler : readHandlers(code)) {
        if (bci < handler.start || bci >= handler.end) continue;
        found = handler;
        found.target = behindExtendedArgs(code, handler.target);
        return true;
    }
    return false;
}

}  // namespace pyjit

extern "C" const char* pyjit_choose_generic(const char* names) {
    using namespace pyjit;
    Generic chosen;
    for (const char* name = names; *name != '\0';) {
        const std::string_view rest(name);
        const std::string_view text = rest.substr(0, rest.find(','));
        const std::string_view opcode = text.substr(0, text.find(':'));
        const int argument = readArgument(text.substr(opcode.size()));
        const auto* op = std::ranges::find_if(kOps, [opcode](const OpInfo& info) {
            return info.name != nullptr && opcode == info.name;
        });
        if (op == kOps.end() || argument < -1) return name;
        const auto number = static_cast<size_t>(op - kOps.begin());
        if (argument < 0)
            chosen.whole.set(number);
        else
            chosen.arguments[number].set(static_cast<size_t>(argument));
        name += text.size() + (text.size() < rest.size());
    }
    generic = chosen;
    return nullptr;
}
