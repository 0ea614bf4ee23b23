#include "tracing.h"

void pyjit_report_exhausted(PyThreadState *tstate) {
    if (tstate->c_tracefunc == NULL || tstate->tracing || FAULT_IF(EXHAUSTED_TRACED, 1)) {
        PyErr_Clear();
        return;
    }
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (value == NULL) value = Py_NewRef(Py_None);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyObject *told = PyTuple_Pack(3, type, value, traceback != NULL ? traceback : Py_None);
    PyFrameObject *frame = PyThreadState_GetFrame(tstate);
    if (told != NULL && frame != NULL) {
        const int before = tstate->tracing_what;
        tstate->tracing_what = PyTrace_EXCEPTION;
        PyThreadState_EnterTracing(tstate);
        tstate->c_tracefunc(tstate->c_traceobj, frame, PyTrace_EXCEPTION, told);
        PyThreadState_LeaveTracing(tstate);
        tstate->tracing_what = before;
    }
    PyErr_Clear();
    Py_XDECREF(told);
    Py_XDECREF(frame);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}
