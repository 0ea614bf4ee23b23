// What the two back ends share: an asmjit Assembler, labels, errors, the listing.
//
// Contract
//  * Included by x64.cpp and a64.cpp only; nothing above masm/ sees asmjit.
//  * asmjit's Assembler is used, never its Builder or Compiler: those are
//    slower by an order of magnitude and allocate registers themselves.
//  * The base address is known from the start and there is one section, so no
//    relocation is ever left over: finish() treats one as an error.
//  * The first error wins and makes finish() fail; wrong code is never handed out.
#pragma once

#include <cstring>
#include <string>

#include <asmjit/core.h>

#include "masm.h"

namespace pyjit {

inline bool fitsInt32(int64_t value) { return value == static_cast<int32_t>(value); }
inline bool fitsUInt32(uint64_t value) { return value == static_cast<uint32_t>(value); }

constexpr int widthBytes(Width width) { return 1 << static_cast<int>(width); }

// The low bits of a constant that an operation of this width looks at.
inline uint64_t truncate(Width width, int64_t imm) {
    const int unused = 64 - 8 * widthBytes(width);
    return static_cast<uint64_t>(imm) << unused >> unused;
}

inline int64_t signExtend(Width width, int64_t imm) {
    const int unused = 64 - 8 * widthBytes(width);
    return static_cast<int64_t>(static_cast<uint64_t>(imm) << unused) >> unused;
}

template <class Assembler>
class Emitter : public MacroAssembler {
  public:
    Emitter(asmjit::Arch arch, uintptr_t base) : base_(base) {
        code_.setErrorHandler(&errors_);
        code_.init(asmjit::Environment(arch), base);
        code_.attach(&as_);
    }

    Label newLabel() override { return Label{as_.newLabel().id()}; }
    void bind(Label label) override { as_.bind(asmjit::Label(label.id)); }
    size_t offset() const override { return as_.offset(); }
    size_t labelOffset(Label label) const override {
        return static_cast<size_t>(code_.labelOffset(label.id));
    }
    const char* error() const override {
        return errors_.text.empty() ? nullptr : errors_.text.c_str();
    }

    bool finish(std::vector<uint8_t>& out) override {
        if (code_.hasUnresolvedLinks()) invalid("a label is used but not bound");
        if (!code_.relocEntries().empty()) invalid("an address is out of reach");
        if (error()) return false;
        const asmjit::CodeBuffer& buffer = code_.textSection()->buffer();
        out.assign(buffer.begin(), buffer.end());
        return true;
    }

    void setLog(std::string* log, Name name) override {
        logger_.text = log;
        name_ = log ? name : nullptr;
        code_.setLogger(log ? &logger_ : nullptr);
    }
    void comment(const char* text) override {
        if (logger_.text) logger_.text->append("; ").append(text).append("\n");
    }

  protected:
    // Callers of the public interface are trusted to pass sensible operands, but
    // not with the program's correctness: what cannot be encoded ends up here.
    void invalid(const char* text) override {
        if (errors_.text.empty()) errors_.text = text;
    }
    // Distance from the next instruction to an address.
    int64_t distance(uint64_t address) const {
        return static_cast<int64_t>(address - (base_ + as_.offset()));
    }
    // Of the next instruction, in the listing.
    void mentions(const void* target) {
        if (name_ != nullptr) as_.setInlineComment(name_(target));
    }
    static uint64_t absolute(const Mem& mem) {
        return reinterpret_cast<uintptr_t>(mem.address) + static_cast<int64_t>(mem.disp);
    }
    static asmjit::Label native(Label label) { return asmjit::Label(label.id); }

    struct Errors final : asmjit::ErrorHandler {
        std::string text;
        void handleError(asmjit::Error code, const char* message, asmjit::BaseEmitter*) override {
            if (!text.empty()) return;
            text = asmjit::DebugUtils::errorAsString(code);
            if (message && *message) text.append(": ").append(message);
        }
    };
    struct Listing final : asmjit::Logger {
        std::string* text = nullptr;
        asmjit::Error _log(const char* data, size_t size) noexcept override {
            if (text) text->append(data, size == SIZE_MAX ? std::strlen(data) : size);
            return asmjit::kErrorOk;
        }
    };

    uintptr_t base_;
    Errors errors_;  // before code_, which refers to both until it is gone
    Listing logger_;
    Name name_ = nullptr;
    asmjit::CodeHolder code_;
    Assembler as_;
};

std::unique_ptr<MacroAssembler> createX64(uintptr_t base);
std::unique_ptr<MacroAssembler> createA64(uintptr_t base);
bool addsOneX64(const uint8_t* code);
bool addsOneA64(const uint8_t* code);

}  // namespace pyjit
