// Offsets of CPython's structures, from its own headers, as the compiler needs
// them. Nothing here depends on an architecture.
#pragma once

#include "../runtime/compat.h"
#include "internal/pycore_floatobject.h"
#include "internal/pycore_list.h"

#include <cstddef>

namespace pyjit::layout {

constexpr int64_t kRefcnt = offsetof(PyObject, ob_refcnt);
constexpr int64_t kType = offsetof(PyObject, ob_type);
constexpr int64_t kSize = offsetof(PyVarObject, ob_size);

constexpr int64_t kFrameFunc = offsetof(_PyInterpreterFrame, f_func);
constexpr int64_t kFrameGlobals = offsetof(_PyInterpreterFrame, f_globals);
constexpr int64_t kFrameBuiltins = offsetof(_PyInterpreterFrame, f_builtins);
constexpr int64_t kFrameLocals = offsetof(_PyInterpreterFrame, f_locals);
constexpr int64_t kFrameCode = offsetof(_PyInterpreterFrame, f_code);
constexpr int64_t kFrameObject = offsetof(_PyInterpreterFrame, frame_obj);
constexpr int64_t kFramePrevious = offsetof(_PyInterpreterFrame, previous);
constexpr int64_t kFramePrevInstr = offsetof(_PyInterpreterFrame, prev_instr);
constexpr int64_t kFrameStackTop = offsetof(_PyInterpreterFrame, stacktop);
constexpr int64_t kFrameIsEntry = offsetof(_PyInterpreterFrame, is_entry);
constexpr int64_t kFrameOwner = offsetof(_PyInterpreterFrame, owner);
constexpr int64_t kFrameLocalsPlus = offsetof(_PyInterpreterFrame, localsplus);
static_assert(kFrameOwner == kFrameIsEntry + 1, "is_entry and owner are stored together");

// Of the generator that a frame lies in, relative to the frame.
constexpr int64_t kGeneratorFrame = offsetof(PyGenObject, gi_iframe);
constexpr int64_t kGeneratorState = offsetof(PyGenObject, gi_frame_state) - kGeneratorFrame;
constexpr int64_t kGeneratorExceptions = offsetof(PyGenObject, gi_exc_state) - kGeneratorFrame;
constexpr int64_t kGeneratorHandled =
    kGeneratorExceptions + static_cast<int64_t>(offsetof(_PyErr_StackItem, exc_value));
constexpr int64_t kGeneratorOuter =
    kGeneratorExceptions + static_cast<int64_t>(offsetof(_PyErr_StackItem, previous_item));
static_assert(FRAME_CREATED < FRAME_SUSPENDED && FRAME_SUSPENDED < FRAME_EXECUTING &&
                  FRAME_EXECUTING == 0,
              "what can be resumed is negative");

constexpr int64_t kThreadExceptions = offsetof(PyThreadState, exc_info);
constexpr int64_t kThreadCFrame = offsetof(PyThreadState, cframe);
constexpr int64_t kThreadRecursionRemaining = offsetof(PyThreadState, recursion_remaining);
constexpr int64_t kThreadDataTop = offsetof(PyThreadState, datastack_top);
constexpr int64_t kThreadDataLimit = offsetof(PyThreadState, datastack_limit);
constexpr int64_t kCFrameUseTracing = offsetof(_PyCFrame, use_tracing);
constexpr int64_t kCFrameCurrent = offsetof(_PyCFrame, current_frame);

constexpr int64_t kCodeExtra = offsetof(PyCodeObject, co_extra);
constexpr int64_t kCodeLocals = offsetof(PyCodeObject, co_nlocalsplus);
constexpr int64_t kCodeUnits = offsetof(PyCodeObject, co_code_adaptive);

constexpr int64_t kFuncGlobals = offsetof(PyFunctionObject, func_globals);
constexpr int64_t kFuncBuiltins = offsetof(PyFunctionObject, func_builtins);
constexpr int64_t kFuncCode = offsetof(PyFunctionObject, func_code);
constexpr int64_t kFuncDefaults = offsetof(PyFunctionObject, func_defaults);
constexpr int64_t kFuncClosure = offsetof(PyFunctionObject, func_closure);

constexpr int64_t kMethodFunc = offsetof(PyMethodObject, im_func);
constexpr int64_t kMethodSelf = offsetof(PyMethodObject, im_self);

constexpr int64_t kTypeFlags = offsetof(PyTypeObject, tp_flags);
constexpr int64_t kTypeVersion = offsetof(PyTypeObject, tp_version_tag);
constexpr int64_t kHeapTypeCachedKeys = offsetof(PyHeapTypeObject, ht_cached_keys);
constexpr int64_t kKeysVersion = offsetof(PyDictKeysObject, dk_version);
constexpr int64_t kDictVersion = offsetof(PyDictObject, ma_version_tag);
constexpr int64_t kDictKeys = offsetof(PyDictObject, ma_keys);
constexpr int64_t kDictValues = offsetof(PyDictObject, ma_values);
// In front of the object, where Py_TPFLAGS_MANAGED_DICT is set.
constexpr int64_t kManagedDict = -3 * static_cast<int64_t>(sizeof(PyObject*));
constexpr int64_t kManagedValues = -4 * static_cast<int64_t>(sizeof(PyObject*));

constexpr int64_t kFloatValue = offsetof(PyFloatObject, ob_fval);
constexpr int64_t kIntDigits = offsetof(PyLongObject, ob_digit);
constexpr int64_t kListItems = offsetof(PyListObject, ob_item);
constexpr int64_t kTupleItems = offsetof(PyTupleObject, ob_item);
constexpr int64_t kStringLength = offsetof(PyASCIIObject, length);
constexpr int64_t kStringState = offsetof(PyASCIIObject, state);
// The bits of PyASCIIObject.state: interned (2), kind (3), compact, ascii, ready.
constexpr int64_t kStringReady = 1 << 7;
constexpr int64_t kStringPlain = 1 << 5 | 1 << 6;  // compact and ascii
constexpr int64_t kPlainCharacters = sizeof(PyASCIIObject);
constexpr int64_t kCell = offsetof(PyCellObject, ob_ref);

// The iterators of 3.11 are private to listobject.c, tupleobject.c and
// rangeobject.c; these are their layouts (one for lists and tuples).
struct SequenceIterator {
    PyObject_HEAD Py_ssize_t index;
    PyObject* sequence;
};
constexpr int64_t kListIterIndex = offsetof(SequenceIterator, index);
constexpr int64_t kListIterSeq = offsetof(SequenceIterator, sequence);

struct RangeIterator {
    PyObject_HEAD long index;
    long start;
    long step;
    long len;
};

inline int64_t local(int64_t index) {
    return kFrameLocalsPlus + index * static_cast<int64_t>(sizeof(PyObject*));
}

}  // namespace pyjit::layout
