/* The runtime: C functions that generated code calls, and what they share.
 *
 * Contract
 *  - helpers.def is the only list; this header declares what it names, and the
 *    compiler reads the effects from the same table.
 *  - The only place outside bytecode/ that may look at PY_VERSION_HEX is
 *    runtime/compat.h.
 *  - All helpers run with the GIL held, in the thread of `tstate`, while `frame`
 *    is the current frame and its prev_instr is valid.
 */
#ifndef PYJIT_RUNTIME_H
#define PYJIT_RUNTIME_H

#include "compat.h"
#include "site.h"

#ifdef __cplusplus
extern "C" {
#endif

/* With the operator that a comparison's helper gets: the next code unit is a conditional jump. */
enum { PYJIT_BEFORE_JUMP = 8 };

#define HELPER(result, name, parameters, effects) result pyjit_##name parameters;
#include "helpers.def"
#undef HELPER

/* Counters shown by pyjit_core.stats(); see counters.def. */
typedef struct {
#define COUNTER(name, help) uint64_t name;
#include "counters.def"
#undef COUNTER
} PyjitCounters;
extern PyjitCounters pyjit_counters;

/* What `except` says to anything but exception classes; 1: these are some (exceptions.c). */
#define PYJIT_CANNOT_CATCH "catching classes that do not inherit from BaseException is not allowed"
int pyjit_all_exception_classes(PyObject *type);

/* The flag that instances of a builtin type and of its subclasses have in common; 0: none. */
static inline unsigned long pyjit_subclass_flag(const PyTypeObject *type) {
    if (type == &PyList_Type) return Py_TPFLAGS_LIST_SUBCLASS;
    if (type == &PyDict_Type) return Py_TPFLAGS_DICT_SUBCLASS;
    if (type == &PyTuple_Type) return Py_TPFLAGS_TUPLE_SUBCLASS;
    if (type == &PyUnicode_Type) return Py_TPFLAGS_UNICODE_SUBCLASS;
    if (type == &PyBytes_Type) return Py_TPFLAGS_BYTES_SUBCLASS;
    if (type == &PyLong_Type) return Py_TPFLAGS_LONG_SUBCLASS;
    return 0;
}

/* True while an inline cache may use entry i (config.inline_caches). */
#include "../config.h"
#include "../faults.h"
#define PYJIT_CACHE_ENTRIES ((int)pyjit_config.inline_caches)

#ifdef __cplusplus
}
#endif

#endif
