/* `for`: iteration.c of helpers.def.
 *
 * Contract: the iterator is borrowed; NULL without an exception means that it is
 * exhausted. A StopIteration that tp_iternext raised instead is cleared, as FOR_ITER does.
 */
#include "../tier/codeinfo.h"
#include "seen.h"
#include "tracing.h"

void pyjit_end_of_iteration(PyThreadState *tstate) {
    if (PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_StopIteration) &&
        !FAULT_IF(ITERATOR_STOP, 1)) {
        pyjit_report_exhausted(tstate);
    }
}

PyObject *pyjit_for_iter(PyThreadState *tstate, PyjitSite *site, PyObject *iterator) {
    if (site != NULL) site->seen_left |= site->last_left = pyjit_seen(iterator);
    PyObject *item = pyjit_next(tstate, iterator);
    if (item == NULL) pyjit_end_of_iteration(tstate);
    return item;
}
