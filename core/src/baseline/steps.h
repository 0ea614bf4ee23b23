/* A bound on how far compiled code may go: config.step_limit.
 *
 * Contract
 *  - A step is one bytecode instruction in one version of compiled code, with what is fused to it.
 *    With the bound on, code that is compiled from then on counts them at the beginning of each,
 *    and when there are none left goes on in the interpreter, in front of that instruction, for the
 *    rest of the frame. The bound is one for the whole process, so whatever is entered later goes
 * on in the interpreter at once.
 *  - A CALL counts as one with its PRECALL and KW_NAMES: between these the interpreter holds what
 *    is in no frame. What is in front of the first RESUME counts as nothing: nobody can trace
 *    it, and the interpreter leaves a frame that makes a generator of itself in a way that
 *    generated code does not expect.
 *  - With the bound off, nothing is counted, and the code is what it would be without this file.
 *  - The GIL is held.
 */
#ifndef PYJIT_BASELINE_STEPS_H
#define PYJIT_BASELINE_STEPS_H

#include "../runtime/runtime.h"

#ifdef __cplusplus
extern "C" {
#endif
/* Counts from config.step_limit down again, and forgets where it stopped. */
void pyjit_steps_restart(void);
/* Where compiled code went no further: (filename, qualified name, offset, version, kind); None
 * while it has not. New reference. */
PyObject *pyjit_steps_stopped(void);
#ifdef __cplusplus
}
#endif

#endif
