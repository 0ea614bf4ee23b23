/* `python -m pyjit_core` runs programs through the same functions of CPython that
 * `python` runs them through, so printing of exceptions, exit status, __main__
 * and .pyc files need no imitation; see run_main.h.
 *
 * What would tell the two apart are the frames of runpy and of pyjit_core below
 * the program. They are out of its sight while it runs: the thread gets a
 * _PyCFrame without a current frame, as it has when a program is started, and
 * its full allowance of recursion. Outer frames cannot run meanwhile, so nothing
 * else changes; both are put back at the end.
 */
#include "run_main.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static int report_error(void) {
    PyErr_Print(); /* does not return for SystemExit */
    return 1;
}

/* The name by which the interpreter calls itself in messages. */
static PyObject *program_name(void) {
    PyObject *orig_argv = PySys_GetObject("orig_argv"); /* borrowed */
    if (orig_argv != NULL && PyList_Check(orig_argv) && PyList_GET_SIZE(orig_argv) > 0)
        return Py_NewRef(PyList_GET_ITEM(orig_argv, 0));
    return PyUnicode_FromString("python");
}

/* The file, or NULL with *status set and the reason printed. */
static FILE *open_script(PyObject *path, int *status) {
    FILE *file = _Py_fopen_obj(path, "rb");
    int error = errno;
    PyErr_Clear();
    struct stat info;
    int is_directory = file != NULL && fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode);
    if (file != NULL && !is_directory) return file;

    PyObject *program = program_name();
    if (program == NULL) {
        PyErr_Clear();
    } else if (is_directory) {
        PySys_FormatStderr("%S: %R is a directory, cannot continue\n", program, path);
    } else {
        PySys_FormatStderr("%S: can't open file %R: [Errno %d] %s\n", program, path, error,
                           strerror(error));
    }
    Py_XDECREF(program);
    if (file != NULL) fclose(file);
    *status = is_directory ? 1 : 2;
    return NULL;
}

static int run_script(PyObject *path) {
    if (PySys_Audit("cpython.run_file", "O", path) < 0) return report_error();
    int status;
    FILE *file = open_script(path, &status);
    if (file == NULL) return status;
    PyObject *name = PyUnicode_EncodeFSDefault(path);
    if (Py_MakePendingCalls() < 0 || name == NULL) {
        fclose(file);
        return report_error();
    }
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    status = PyRun_AnyFileExFlags(file, PyBytes_AS_STRING(name), 1, &flags) != 0;
    Py_DECREF(name);
    return status;
}

static int run_command(PyObject *source) {
    if (PySys_Audit("cpython.run_command", "O", source) < 0) return report_error();
    const char *text = PyUnicode_AsUTF8(source);
    if (text == NULL) {
        PySys_WriteStderr("Unable to decode the command from the command line:\n");
        return report_error();
    }
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags |= PyCF_IGNORE_COOKIE;
    return PyRun_SimpleStringFlags(text, &flags) != 0;
}

static int run_stdin(PyObject *unused) {
    if (Py_MakePendingCalls() < 0) return report_error();
    if (PySys_Audit("cpython.run_stdin", NULL) < 0) return report_error();
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    return PyRun_AnyFileExFlags(stdin, "<stdin>", 0, &flags) != 0;
}

static int run_with_runpy(PyObject *name, int alter_argv) {
    if (PySys_Audit("cpython.run_module", "O", name) < 0) return report_error();
    PyObject *runpy = PyImport_ImportModule("runpy");
    if (runpy == NULL) return report_error();
    _Py_UnhandledKeyboardInterrupt = 0;
    PyObject *result = PyObject_CallMethod(runpy, "_run_module_as_main", "OO", name,
                                           alter_argv ? Py_True : Py_False);
    Py_DECREF(runpy);
    if (result == NULL) {
        if (PyErr_Occurred() == PyExc_KeyboardInterrupt) _Py_UnhandledKeyboardInterrupt = 1;
        return report_error();
    }
    Py_DECREF(result);
    return 0;
}

static int run_module(PyObject *name) { return run_with_runpy(name, 1); }

static int run_importable(PyObject *unused) {
    PyObject *name = PyUnicode_FromString("__main__");
    if (name == NULL) return report_error();
    int status = run_with_runpy(name, 0);
    Py_DECREF(name);
    return status;
}

static const struct {
    const char *kind;
    int (*run)(PyObject *target);
} kinds[] = {
    {"script", run_script},   {"command", run_command}, {"module", run_module},
    {"main", run_importable}, {"stdin", run_stdin},
};

static int run_as_outermost(int (*run)(PyObject *), PyObject *target) {
    PyThreadState *tstate = PyThreadState_Get();
    _PyCFrame *outer = tstate->cframe;
    int used = tstate->recursion_limit - tstate->recursion_remaining;
    _PyCFrame base = {.use_tracing = outer->use_tracing, .current_frame = NULL, .previous = outer};
    tstate->cframe = &base;
    tstate->recursion_remaining += used;

    int status = run(target);

    tstate->recursion_remaining -= used;
    outer->use_tracing = base.use_tracing; /* the program may have set a trace function */
    tstate->cframe = outer;
    return status;
}

PyObject *pyjit_run_main(const char *kind, PyObject *target) {
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].kind, kind) != 0) continue;
        int status = run_as_outermost(kinds[i].run, target);
        if (status != 0 && !_Py_UnhandledKeyboardInterrupt && !Py_InspectFlag) Py_Exit(status);
        Py_RETURN_NONE;
    }
    PyErr_Format(PyExc_ValueError, "cannot run a '%s'", kind);
    return NULL;
}
