// How long compilations may take; see budget.h.
#include "budget.h"

#include "../begin.h"
#include "../config.h"

#include <algorithm>
#include <ctime>

#include <pthread.h>

namespace pyjit {

namespace {

// In nanoseconds of processor time: from when on something is compiled, and until when
// `compile_share` holds as it is.
constexpr uint64_t kBegin = PYJIT_BEGIN_NANOSECONDS;
constexpr uint64_t kEarly = 500'000'000;
constexpr uint64_t kLaterFactor = 5;

// Taken for the cost of a code unit until there is a measurement.
constexpr uint64_t kUsualUnitCost = 800;

uint64_t spent = 0;  // nanoseconds, of this process

// What the second versions of code of which there is one so far will cost, as far as the first
// tells.
uint64_t promised = 0;

// All that was compiled, before a fork() too.
uint64_t unitsCompiled = 0;  // code units, inline caches included
uint64_t unitsCost = 0;      // nanoseconds

// A child of fork() has used no processor time yet, and nothing of it for compiling.
[[maybe_unused]] const int watchesForks =
    pthread_atfork(nullptr, nullptr, [] { spent = promised = 0; });

// Some milliseconds of it are one tick. It costs next to nothing to read; the processor time
// costs as much as a call.
int64_t coarseTick() {
#ifdef CLOCK_MONOTONIC_COARSE
    timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
#else
    return static_cast<int64_t>(clock_gettime_nsec_np(CLOCK_MONOTONIC_RAW_APPROX) / 4'000'000);
#endif
}

uint64_t allowance(uint64_t elapsed) {
    if (elapsed <= kBegin) return 0;
    const uint64_t early = std::min(elapsed, kEarly) - kBegin;
    const uint64_t later = std::max(elapsed, kEarly) - kEarly;
    return (early + later * kLaterFactor) / 100 * static_cast<uint64_t>(pyjit_config.compile_share);
}

// As of this tick.
uint64_t currentAllowance() {
    static int64_t tick = -1;
    static uint64_t allowed = 0;
    const int64_t now = coarseTick();
    if (now != tick) allowed = allowance(processorTime());
    tick = now;
    return allowed;
}

uint64_t expectedCost(const PyjitCodeInfo* info) {
    const auto units = static_cast<uint64_t>(Py_SIZE(info->code));
    return unitsCompiled == 0 ? units * kUsualUnitCost : units * unitsCost / unitsCompiled;
}

}  // namespace

uint64_t processorTime() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1000000000u + static_cast<uint64_t>(now.tv_nsec);
}

bool mayCompile(const PyjitCodeInfo* info) {
    if (pyjit_config.compile_share == 0 || pyjit_config.threshold_calls == 1) return true;
    uint64_t needed = expectedCost(info);
    if (info->versions == 0) needed += promised + needed;
    if (spent + needed <= currentAllowance()) return true;
    ++pyjit_counters.postponed;
    return false;
}

void chargeCompilation(const PyjitCodeInfo* info, uint64_t nanoseconds) {
    if (info->versions == 1) promised += nanoseconds;
    if (info->versions == 2) promised -= std::min(promised, info->compile_nanoseconds);
    spent += nanoseconds;
    unitsCost += nanoseconds;
    unitsCompiled += static_cast<uint64_t>(Py_SIZE(info->code));
}

void forgetCompilation(const PyjitCodeInfo* info) {
    if (info->versions == 1) promised -= std::min(promised, info->compile_nanoseconds);
}

}  // namespace pyjit
