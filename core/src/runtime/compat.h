/* The one place that includes CPython's internal headers, for C and for C++.
 *
 * <stdatomic.h> is not C++20, and CPython falls back to compiler builtins of the
 * same layout without it.
 */
#ifndef PYJIT_COMPAT_H
#define PYJIT_COMPAT_H

#define PY_SSIZE_T_CLEAN
#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE 1
#endif
#include <Python.h>

#if PY_VERSION_HEX < 0x030b0000 || PY_VERSION_HEX >= 0x030c0000
#error "this folder is for CPython 3.11"
#endif

#ifdef __cplusplus
#undef HAVE_STD_ATOMIC
#endif
#include "internal/pycore_atomic.h"
#include "internal/pycore_ceval.h"
#include "internal/pycore_code.h"
#include "internal/pycore_dict.h"
#include "internal/pycore_frame.h"
#include "internal/pycore_function.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_long.h"
#include "internal/pycore_object.h"
#include "internal/pycore_pyerrors.h"
#include "internal/pycore_pylifecycle.h"
#include "internal/pycore_pystate.h"
#include "internal/pycore_runtime.h"

#endif
