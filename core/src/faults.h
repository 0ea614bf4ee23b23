/* Planted faults: a test-only build of the core can miscompile on demand.
 *
 * FAULT(NAME) is true when the build has faults (-DPYJIT_FAULTS=ON) and the
 * option `fault` names this one; in an ordinary build it is the constant 0, so
 * no trace of a fault is left in it. A new fault is one row of faults.def and
 * one use of FAULT, FAULT_IF or one of the macros of baseline/plant.h at its
 * place.
 *
 * A fault has a canary of two counters. `reached`: its place was executed, or
 * compiled. `triggered`: it changed what is computed. FAULT counts the former;
 * FAULT_IF counts both, and so do the macros for generated code, which count
 * where that code runs. With the option `fault_canary` the counters are in a
 * file that processes share, so they outlive a crash.
 */
#ifndef PYJIT_FAULTS_H
#define PYJIT_FAULTS_H

#include <stdint.h>

typedef enum {
    PYJIT_FAULT_NONE = 0,
#define FAULT_ROW(ident, name, part, oracles, what) PYJIT_FAULT_##ident,
#include "faults.def"
#undef FAULT_ROW
} PyjitFault;

typedef struct {
    uint64_t reached, triggered;
} PyjitCanary;

typedef struct {
    const char *name;
    const char *part;    /* of the core */
    const char *oracles; /* those that are expected to see it, separated by spaces */
    const char *what;
} PyjitFaultRow;

#ifdef __cplusplus
extern "C" {
#endif

#ifdef PYJIT_FAULTS
extern PyjitFault pyjit_active_fault; /* set from config.fault */
extern PyjitCanary *pyjit_canary;
static inline int pyjit_fault_here(PyjitFault fault) {
    if (pyjit_active_fault != fault) return 0;
    pyjit_canary->reached++;
    return 1;
}
#define FAULT(ident) pyjit_fault_here(PYJIT_FAULT_##ident)
#define FAULT_IF(ident, ...) (FAULT(ident) && (__VA_ARGS__) && ++pyjit_canary->triggered != 0)
#else
#define FAULT(ident) 0
#define FAULT_IF(ident, ...) 0
#endif

/* Makes the named fault the active one; "" for none. 0: done; -1: no such fault;
 * -2: this build has no faults. */
int pyjit_fault_select(const char *name);
/* Counts in that file from now on; "" for nowhere else. 0: done; -1 with errno;
 * -2: this build has no faults. */
int pyjit_fault_count_in(const char *path);
/* The faults of this build, ended by a row without a name. */
extern const PyjitFaultRow pyjit_faults[];

#ifdef __cplusplus
}
#endif

#endif
