/* Planted faults: a test-only build of the core can miscompile on demand.
 *
 * FAULT(NAME) is true when the build has faults (-DPYJIT_FAULTS=ON) and the
 * option `fault` names this one; in an ordinary build it is the constant 0, so
 * no trace of a fault is left in it. A new fault is one row of faults.def and
 * one use of FAULT at its place.
 */
#ifndef PYJIT_FAULTS_H
#define PYJIT_FAULTS_H

typedef enum {
    PYJIT_FAULT_NONE = 0,
#define FAULT_ROW(ident, name, what) PYJIT_FAULT_##ident,
#include "faults.def"
#undef FAULT_ROW
} PyjitFault;

#ifdef PYJIT_FAULTS
#ifdef __cplusplus
extern "C" {
#endif
extern PyjitFault pyjit_active_fault; /* set from config.fault */
#ifdef __cplusplus
}
#endif
#define FAULT(ident) (pyjit_active_fault == PYJIT_FAULT_##ident)
#else
#define FAULT(ident) 0
#endif

#ifdef __cplusplus
extern "C" {
#endif
/* Makes the named fault the active one; "" for none. 0: done; -1: no such fault;
 * -2: this build has no faults. */
int pyjit_fault_select(const char *name);
/* Names of the faults of this build, ended by NULL. */
extern const char *const pyjit_fault_names[];
#ifdef __cplusplus
}
#endif

#endif
