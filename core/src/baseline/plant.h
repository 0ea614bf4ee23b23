// Planted faults in generated code (faults.h): one macro around the statement that
// is to go wrong. Without -DPYJIT_FAULTS=ON each of them is that statement.
//
//   FAULT_DROPS(NAME, fail, guard)      the guard is missing. It jumps to `to`, which is `fail`
//   FAULT_WEAKENS(NAME, fail, weak, guard)  only the weaker guard is there
//   FAULT_OMITS(NAME, statement)        the statement is missing
//   FAULT_ALTERS(NAME, wrong, statement)    the wrong statement is there instead
//   FAULT_COUNT()                       counts that a fault emitted otherwise has triggered
//
// The forms with _IF have a condition behind the name, for what is known when the
// code is compiled. `triggered` is counted by the generated code: where a guard that
// is missing would have failed, else wherever the wrong code runs. They are for
// members of Baseline.
#pragma once

#include "../faults.h"

#ifdef PYJIT_FAULTS
#define FAULT_COUNT() masm_.countFault()
#define FAULT_DROPS_IF(ident, condition, fail, ...)                 \
    do {                                                            \
        auto emit_ = [&](Label to) { __VA_ARGS__; };                \
        (condition) && FAULT(ident) ? dropped(emit_) : emit_(fail); \
    } while (0)
#define FAULT_WEAKENS(ident, fail, weak, ...)        \
    do {                                             \
        auto emit_ = [&](Label to) { __VA_ARGS__; }; \
        if (FAULT(ident)) {                          \
            [&](Label to) { weak; }(fail);           \
            dropped(emit_);                          \
        } else {                                     \
            emit_(fail);                             \
        }                                            \
    } while (0)
#define FAULT_ALTERS_IF(ident, condition, wrong, ...) \
    do {                                              \
        if ((condition) && FAULT(ident)) {            \
            FAULT_COUNT();                            \
            wrong;                                    \
        } else {                                      \
            __VA_ARGS__;                              \
        }                                             \
    } while (0)
#else
#define FAULT_COUNT() static_cast<void>(0)
#define FAULT_DROPS_IF(ident, condition, fail, ...) [&](Label to) { __VA_ARGS__; }(fail)
#define FAULT_WEAKENS(ident, fail, weak, ...) [&](Label to) { __VA_ARGS__; }(fail)
#define FAULT_ALTERS_IF(ident, condition, wrong, ...) __VA_ARGS__
#endif
#define FAULT_DROPS(ident, fail, ...) FAULT_DROPS_IF(ident, true, fail, __VA_ARGS__)
#define FAULT_ALTERS(ident, wrong, ...) FAULT_ALTERS_IF(ident, true, wrong, __VA_ARGS__)
#define FAULT_OMITS(ident, ...) FAULT_ALTERS(ident, static_cast<void>(0), __VA_ARGS__)
#define FAULT_OMITS_IF(ident, condition, ...) \
    FAULT_ALTERS_IF(ident, condition, static_cast<void>(0), __VA_ARGS__)
