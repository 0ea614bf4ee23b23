/* pyjit_core_autoload: enables the JIT for PYJIT=1, once the program has run for a while.
 *
 * Its .pth file imports this when the interpreter starts. Loading the JIT takes half a millisecond,
 * and the evaluation hook keeps the interpreter from inlining calls; a program that is over before
 * anything may be compiled (begin.h) should pay for neither. So a thread sleeps until the process
 * has used that much processor time, and then asks the main thread (Py_AddPendingCall) to load
 * pyjit_core._native and to enable it, between two bytecode instructions of whatever runs there.
 *
 * Contract
 *  - Who imports pyjit_core finds the JIT enabled: the package calls now().
 *  - It is loaded at once when the environment has an option (a variable PYJIT_*): it may ask for
 *    compiling at once, and its mistakes are to be told at the start. So it is where it cannot be
 *    waited for: in an installation of an unknown shape, or where no thread can be made.
 *  - A program must start whatever is wrong here: every problem is one line on standard error, and
 *    the program then runs in the interpreter alone.
 *  - Loading late changes nothing that a program can see: no module is imported by it.
 *  - A child of fork() waits as its parent did, by its own clock. A program that replaces itself or
 *    ends takes the thread with it; from the end of the interpreter on it does nothing.
 *  - The thread takes no signals, and is gone when it has asked.
 */
#include "../begin.h"
#include "../runtime/compat.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* What is waited for. Changed under `lock`, which is never held while anything else is waited
 * for. */
static enum { IDLE, WAITING, ASKED } state = IDLE;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char native[PATH_MAX]; /* the file of pyjit_core._native */

static int change_state(int from, int to) {
    pthread_mutex_lock(&lock);
    const int changed = (int)state == from;
    if (changed) state = to;
    pthread_mutex_unlock(&lock);
    return changed;
}

/* Whether it was being waited for until now. */
static int stop_waiting(void) { return change_state(WAITING, IDLE) || change_state(ASKED, IDLE); }

/* Says in one line why there is no JIT; takes the exception that is set. */
static void report(void) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PySys_FormatStderr("pyjit: not enabled: %S\n", value == NULL ? Py_None : value);
    PyErr_Clear();
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

/* pyjit_start() of pyjit_core._native: initialises and enables the JIT, -1 with an exception. A
 * later import of the module finds what is loaded here. */
static int start_native(void) {
    void *handle = dlopen(native, RTLD_NOW | RTLD_LOCAL);
    int (*start)(void) = handle == NULL ? NULL : (int (*)(void))dlsym(handle, "pyjit_start");
    if (start == NULL) {
        const char *reason = dlerror();
        PyErr_SetString(PyExc_ImportError, reason == NULL ? "it cannot be loaded" : reason);
        return -1;
    }
    return start();
}

static void start_or_report(void) {
    if (start_native() < 0) report();
}

/* Called by the main thread. */
static int its_time(void *unused) {
    if (change_state(ASKED, IDLE) && !_Py_IsFinalizing()) start_or_report();
    return 0;
}

/* Py_AddPendingCall, and what it leaves out in other threads than the main one: the word to the
 * interpreter that there is something to look at. */
static int ask(void) {
    if (Py_AddPendingCall(its_time, NULL) < 0) return -1;
    _Py_atomic_store_relaxed(&PyInterpreterState_Main()->ceval.eval_breaker, 1);
    return 0;
}

static void *wait_and_ask(void *unused) {
    const struct timespec begin = {.tv_nsec = PYJIT_BEGIN_NANOSECONDS};
    while (clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &begin, NULL) == EINTR) {
    }
    int asking = 1;
    while (asking) {
        pthread_mutex_lock(&lock);
        asking = state == WAITING; /* the interpreter is there as long as it is */
        if (asking && ask() == 0) {
            state = ASKED;
            asking = 0;
        }
        pthread_mutex_unlock(&lock);
        const struct timespec moment = {.tv_nsec = 1000000};
        if (asking) nanosleep(&moment, NULL); /* there are too many such calls */
    }
    return NULL;
}

static int make_thread(void) {
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    if (pthread_attr_init(&attributes) != 0) return -1;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 1 << 16);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int error = pthread_create(&thread, &attributes, wait_and_ask, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error == 0 ? 0 : -1;
}

/* Has the child of a fork() its own thread. A call that was asked for before it is still asked for
 * in the child, unless the parent ran it. */
static void forked(void) {
    pthread_mutex_init(&lock, NULL);
    if (state == WAITING && make_thread() < 0) state = IDLE;
}

/* The interpreter's dictionary, where the capsule is, goes before what Py_AddPendingCall needs. */
static void interpreter_ends(PyObject *capsule) { stop_waiting(); }

/* -1 where it must be loaded at once; no exception. */
static int wait_for_it(void) {
    static int watches_forks;
    PyObject *kept = PyInterpreterState_GetDict(PyInterpreterState_Get());
    PyObject *capsule = kept == NULL ? NULL : PyCapsule_New(&state, NULL, interpreter_ends);
    const int set =
        capsule == NULL ? -1 : PyDict_SetItemString(kept, "pyjit_core_autoload", capsule);
    Py_XDECREF(capsule);
    if (set < 0) {
        PyErr_Clear();
        return -1;
    }
    if (!watches_forks && pthread_atfork(NULL, NULL, forked) != 0) return -1;
    watches_forks = 1;
    if (!change_state(IDLE, WAITING)) return 0;
    if (make_thread() == 0) return 0;
    change_state(WAITING, IDLE);
    return -1;
}

/* Finds the file of pyjit_core._native in the package beside this file. */
static int find_native(void) {
    static const char ours[] = "pyjit_core_autoload", its[] = "pyjit_core/_native";
    Dl_info info;
    char path[PATH_MAX];
    if (dladdr(native, &info) == 0 || realpath(info.dli_fname, path) == NULL) return -1;
    char *name = strrchr(path, '/') + 1;
    if (strncmp(name, ours, sizeof ours - 1) != 0) return -1;
    const char *suffix = name + sizeof ours - 1;
    const size_t folder = (size_t)(name - path);
    if (folder + sizeof its + strlen(suffix) > sizeof native) return -1;
    memcpy(native, path, folder);
    strcpy(native + folder, its);
    strcat(native, suffix);
    return access(native, R_OK);
}

static int has_options(void) {
    for (char **variable = environ; *variable != NULL; variable++) {
        if (strncmp(*variable, "PYJIT_", 6) == 0) return 1;
    }
    return 0;
}

/* As a program would do it. */
static void import_and_enable(void) {
    PyObject *package = PyImport_ImportModule("pyjit_core");
    PyObject *done = package == NULL ? NULL : PyObject_CallMethod(package, "enable", NULL);
    if (done == NULL) report();
    Py_XDECREF(package);
    Py_XDECREF(done);
}

static int exec_module(PyObject *module) {
    const char *wanted = getenv("PYJIT");
    if (wanted == NULL || strcmp(wanted, "1") != 0) {
        PyObject *value = PyUnicode_DecodeFSDefault(wanted == NULL ? "" : wanted);
        if (value == NULL) return -1;
        PySys_FormatStderr("pyjit: not enabled: PYJIT=%R: expected 0 or 1\n", value);
        Py_DECREF(value);
        return 0;
    }
    const int may_wait = !has_options() && find_native() == 0 &&
                         PyInterpreterState_Get() == PyInterpreterState_Main();
    if (!may_wait || wait_for_it() < 0) import_and_enable();
    return 0;
}

PyDoc_STRVAR(now_doc,
             "now($module, /)\n--\n\n"
             "Enable the JIT if it is being waited for; else nothing happens.");
static PyObject *autoload_now(PyObject *module, PyObject *unused) {
    if (stop_waiting()) start_or_report();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"now", autoload_now, METH_NOARGS, now_doc},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, exec_module},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "pyjit_core_autoload",
    .m_doc = "Enables the JIT for PYJIT=1, once the program has run for a while.",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit_pyjit_core_autoload(void) { return PyModuleDef_Init(&definition); }
