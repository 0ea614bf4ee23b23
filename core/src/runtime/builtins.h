/* Quicker functions for some builtins; see builtins.c. */
#ifndef PYJIT_RUNTIME_BUILTINS_H
#define PYJIT_RUNTIME_BUILTINS_H

#include "runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Takes note of the builtins as they are when the module is loaded; -1 with an exception. */
int pyjit_builtins_init(void);
/* What generated code calls in place of a C function: often the function itself. */
PyCFunction pyjit_stand_in(PyCFunction function);

#ifdef __cplusplus
}
#endif

#endif
