/* What frames hold where compiled code ends at config.step_limit: config.snapshot_file.
 *
 * Contract
 *  - The file holds JSON, an object a line, behind it zeros; it is kept when the process dies. The
 *    first line is the frame that compiled code leaves, the next ones are frames in front of the
 *    instructions that the interpreter then executes, as far as they are of functions that may be
 *    compiled (config.compile_only), for some time. So a run with a limit of n - 1 steps tells what
 *    the interpreter makes of step n, and a run with n what compiled code did.
 *  - A line has
 *      function  its qualified name
 *      offset    of the next instruction without its EXTENDED_ARG, in bytes
 *      alive     how many objects the garbage collector knows, but frames
 *      unmet, unmet_by_helper
 *                of the first line only, and only with an inline cache: what optimised code, or the
 *                helper, relies on of what the cache says, and is not so, by the names of
 *                runtime/expectations.h; empty: nothing
 *      slots     of each local, free and cell variable and of each entry of the operand stack its
 *                name, type (empty: nothing is there; freed: an object that is none any more),
 *                value, as far as it can be told without running anybody's code, references,
 *                the length of a list, tuple or str, and subclass: true if its type is a subclass
 *                of that of the slot in front of it
 *  - With a limit of steps, a process that dies of SIGSEGV, SIGBUS, SIGILL or SIGFPE adds a line:
 *      died      name of the signal
 *      address   that was accessed, in hexadecimal
 *      compiled  whether compiled code did it
 *      counting  whether that was a reference, which it counted
 *  - Nothing is written where somebody traces. For describing, no Python code runs, no object
 *    changes, and no garbage is collected; objects are made, and a frame object.
 *  - The GIL is held.
 */
#ifndef PYJIT_BASELINE_SNAPSHOT_H
#define PYJIT_BASELINE_SNAPSHOT_H

#include "../runtime/runtime.h"

#ifdef __cplusplus
extern "C" {
#endif
/* Snapshots are written into that file from now on; empty: none are. -1 with errno set. */
int pyjit_snapshots_in(const char *path);
/* Forgets what was written. */
void pyjit_snapshots_clear(void);
/* The interpreter describes nothing more, and has the evaluator of frames that it had before. */
void pyjit_snapshots_end(void);
/* Describes the current frame, whose stacktop and prev_instr are set, and has the interpreter
 * describe what it goes on with. */
void pyjit_snapshots_take(PyThreadState *tstate, _PyInterpreterFrame *frame);
/* The interpreter goes on with the current frame, where compiled code has left it. */
void pyjit_snapshots_go_on(void);
#ifdef __cplusplus
}
#endif

#endif
