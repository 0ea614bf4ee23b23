// What compiling may cost a program.
//
// Contract
//  - A program that ends soon must not pay for machine code that it hardly runs, so compiling
//    may take a share of the processor time that the process has used so far: nothing of the time
//    in which an interpreter starts and a small script ends, `compile_share` per cent of its first
//    half second, and five times that of what comes after. Who has run for long will, as a rule,
//    run for long.
//  - The first version of code is slow and only finds out what the second is made for. So it is
//    compiled only if there is enough for both, and the second one's share is kept for it.
//  - It decides when, never whether: who is refused asks again a little later.
//  - No bound with compile_share 0, nor with threshold_calls 1, which asks for everything at once.
#pragma once

#include "codeinfo.h"

#include <cstdint>

namespace pyjit {

// Processor time of this process so far, in nanoseconds.
uint64_t processorTime();

// Whether compiling this code object now keeps within the bound.
bool mayCompile(const PyjitCodeInfo* info);

// A compilation of this code object, its info->versions-th, took so many nanoseconds, which are not
// among info->compile_nanoseconds yet.
void chargeCompilation(const PyjitCodeInfo* info, uint64_t nanoseconds);

// The code object is about to die.
void forgetCompilation(const PyjitCodeInfo* info);

}  // namespace pyjit
