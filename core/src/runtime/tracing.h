/* What a trace function that a callee has set is told of its caller, besides the error path. */
#ifndef PYJIT_RUNTIME_TRACING_H
#define PYJIT_RUNTIME_TRACING_H

#include "runtime.h"

/* The StopIteration that has ended a `for` loop of the current frame: reports it, as FOR_ITER
 * does, and clears it; so nothing that the trace function raises is left, either. */
void pyjit_report_exhausted(PyThreadState *tstate);

#endif
