/* The pointer that a position-independent copy of Debian's libasmjit.a uses
   instead of `stderr` (see PyjitAsmjit.cmake). Read by asmjit's loggers only. */

#include <stdio.h>

__attribute__((visibility("hidden"))) FILE *pyjit_asmjit_stderr;

__attribute__((constructor)) static void set_asmjit_stderr(void) { pyjit_asmjit_stderr = stderr; }
