/* Runs a program as `python` itself would, from within `python -m pyjit_core`. */
#ifndef PYJIT_RUN_MAIN_H
#define PYJIT_RUN_MAIN_H

#include "runtime/compat.h"

/* Runs `target` in the module __main__ of sys.modules, which the caller has made
 * anew, with sys.argv and sys.path set. `kind` says what target is:
 *   "script"   path of a file, absolute        "command"  source text
 *   "module"   name of a module                "main"     ignored: __main__ of sys.path[0]
 *   "stdin"    ignored: standard input
 * Reports an uncaught exception as the interpreter does. Returns None when the
 * program ended well, and also when it was interrupted (the interpreter ends
 * itself by SIGINT then); otherwise ends the process with the program's status.
 * NULL with ValueError for another kind. */
PyObject *pyjit_run_main(const char *kind, PyObject *target);

#endif
