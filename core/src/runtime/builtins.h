/* Builtins that are called in a way of their own; see builtins.c. */
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
/* Does the interpreter, once it has specialised the call, make it without a level of recursion? By
   vectorcall every C function of no or one argument takes one. `arguments` are without the object
   in `with_self`, positional; `discarded`: the instruction behind is POP_TOP. */
int pyjit_takes_no_level(PyObject *callable, int with_self, Py_ssize_t arguments, int discarded);

#ifdef __cplusplus
}
#endif

#endif
