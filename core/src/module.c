/* pyjit_core._native: entry of the extension module and argument parsing.
 *
 * Contract
 *  - Nothing is decided here: each function checks its arguments and hands them
 *    to tier/ (compiling), config.c (options), code/ (memory) or run_main.c.
 *  - One interpreter: the core's state is the process's, so a subinterpreter is
 *    refused at import. Importing the module again in the main interpreter is
 *    harmless; the core is initialised once.
 *  - The GIL is held throughout.
 */
#include "runtime/events.h"
#include "runtime/runtime.h"

#include "baseline/steps.h"
#include "code/usage.h"
#include "config_api.h"
#include "pyjit_build_info.h"
#include "run_main.h"
#include "tier/codeinfo.h"

/* The attribute, or NULL: without an exception when there is no such attribute. */
static PyObject *optional_attribute(PyObject *object, const char *name) {
    PyObject *value = PyObject_GetAttrString(object, name);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear();
    return value;
}

/* The code object behind a function, method, classmethod, staticmethod or code
 * object: a new reference; NULL with TypeError. __wrapped__ is not followed: the
 * wrapper is what runs. */
static PyCodeObject *code_of(PyObject *object) {
    Py_INCREF(object);
    for (int depth = 0; depth < 8 && !PyCode_Check(object); depth++) {
        PyObject *inner = optional_attribute(object, "__func__");
        if (inner == NULL && !PyErr_Occurred()) inner = optional_attribute(object, "__code__");
        if (inner == NULL) break;
        Py_SETREF(object, inner);
    }
    if (PyCode_Check(object)) return (PyCodeObject *)object;
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_TypeError,
                     "expected a Python function, method or code object, not '%.100s'",
                     Py_TYPE(object)->tp_name);
    Py_DECREF(object);
    return NULL;
}

PyDoc_STRVAR(enable_doc,
             "enable($module, /)\n--\n\n"
             "Compile hot code from now on and run it.\n\n"
             "An evaluation function that somebody else installed (PEP 523) is kept and runs what\n"
             "is not compiled. Calling this again changes nothing.");
static PyObject *core_enable(PyObject *module, PyObject *unused) {
    if (pyjit_enable() < 0) return NULL;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(disable_doc,
             "disable($module, /)\n--\n\n"
             "Let the interpreter run everything again, beginning with the next call.\n\n"
             "Activations of compiled code that are under way finish. What is compiled is kept,\n"
             "and used again after enable().");
static PyObject *core_disable(PyObject *module, PyObject *unused) {
    pyjit_disable();
    Py_RETURN_NONE;
}

PyDoc_STRVAR(is_enabled_doc,
             "is_enabled($module, /)\n--\n\n"
             "Whether enable() is in force.");
static PyObject *core_is_enabled(PyObject *module, PyObject *unused) {
    return PyBool_FromLong(pyjit_enabled());
}

PyDoc_STRVAR(compile_doc,
             "compile($module, code, /)\n--\n\n"
             "Compile a function now, whatever the thresholds say.\n\n"
             "Takes a function, method, classmethod, staticmethod or code object; functions\n"
             "defined within it are not compiled with it. Returns True when it is compiled (also\n"
             "when it was before), False when it stays with the interpreter: stats()['refused']\n"
             "counts the reasons. Compiled code runs while the JIT is enabled.\n"
             "Raises TypeError for anything else.");
static PyObject *core_compile(PyObject *module, PyObject *object) {
    PyCodeObject *code = code_of(object);
    if (code == NULL) return NULL;
    int compiled = pyjit_compile(code);
    Py_DECREF(code);
    return PyBool_FromLong(compiled);
}

PyDoc_STRVAR(is_compiled_doc,
             "is_compiled($module, code, /)\n--\n\n"
             "Whether there is compiled code for a function, method or code object.\n\n"
             "Raises TypeError for anything else.");
static PyObject *core_is_compiled(PyObject *module, PyObject *object) {
    PyCodeObject *code = code_of(object);
    if (code == NULL) return NULL;
    PyjitCodeInfo *info = pyjit_info_peek(code);
    int compiled = info != NULL && info->state == PYJIT_COMPILED;
    Py_DECREF(code);
    return PyBool_FromLong(compiled);
}

/* Puts value (stolen, may be NULL) into dict. */
static int put(PyObject *dict, const char *name, PyObject *value) {
    if (value == NULL) return -1;
    int result = PyDict_SetItemString(dict, name, value);
    Py_DECREF(value);
    return result;
}

static PyObject *ratio(double amount, uint64_t of) {
    return PyFloat_FromDouble(of ? amount / (double)of : 0.0);
}

PyDoc_STRVAR(stats_doc,
             "stats($module, /)\n--\n\n"
             "Totals since the module was loaded, by name.\n\n"
             "Counts are ints. Besides them: 'refused', a dict of reason to number of code\n"
             "objects; 'compile_seconds'; 'code_memory_bytes' and 'data_bytes', in use now;\n"
             "'ns_per_bytecode' and 'bytes_per_bytecode', what it cost to compile one bytecode\n"
             "instruction (0.0 before anything is compiled).");
static PyObject *core_stats(PyObject *module, PyObject *unused) {
    const PyjitCounters *c = &pyjit_counters;
    PyObject *dict = PyDict_New();
    if (dict == NULL) return NULL;
    if (
#define COUNTER(name, help) put(dict, #name, PyLong_FromUnsignedLongLong(c->name)) < 0 ||
#include "runtime/counters.def"
#undef COUNTER
        put(dict, "refused", pyjit_refusals()) < 0 ||
        put(dict, "compile_seconds", PyFloat_FromDouble(1e-9 * (double)c->compile_nanoseconds)) <
            0 ||
        put(dict, "code_memory_bytes", PyLong_FromSize_t(pyjit_code_memory_bytes())) < 0 ||
        put(dict, "data_bytes", PyLong_FromSize_t(pyjit_data_memory_bytes())) < 0 ||
        put(dict, "ns_per_bytecode", ratio((double)c->compile_nanoseconds, c->bytecodes_compiled)) <
            0 ||
        put(dict, "bytes_per_bytecode", ratio((double)c->code_bytes, c->bytecodes_compiled)) < 0)
        Py_CLEAR(dict);
    return dict;
}

/* The code objects that ran compiled code, as new references in a block of memory of its own:
   allocating Python objects may collect garbage, which may take code objects off the list that
   is walked here. NULL without an exception when there is no memory. */
static PyCodeObject **executed_codes(Py_ssize_t *count) {
    Py_ssize_t n = 0;
    for (PyjitCodeInfo *info = pyjit_info_all(); info != NULL; info = info->next)
        n += info->executed != 0;
    PyCodeObject **codes = PyMem_New(PyCodeObject *, n + 1);
    if (codes == NULL) return NULL;
    n = 0;
    for (PyjitCodeInfo *info = pyjit_info_all(); info != NULL; info = info->next)
        if (info->executed) codes[n++] = (PyCodeObject *)Py_NewRef(info->code);
    *count = n;
    return codes;
}

PyDoc_STRVAR(event_names_doc,
             "event_names($module, /)\n--\n\n"
             "The names of all events, a tuple; their places are the keys of events().");
static PyObject *core_event_names(PyObject *module, PyObject *unused) {
    return pyjit_event_names();
}

PyDoc_STRVAR(events_doc,
             "events($module, /)\n--\n\n"
             "What has happened since the last reset_events(): a dict of place in event_names()\n"
             "to count.\n\n"
             "Without config.count_events only what stats() counts as well. With it, an event of\n"
             "an instruction that code was made for is there with 0 until it happens.");
static PyObject *core_events(PyObject *module, PyObject *unused) { return pyjit_events_counted(); }

PyDoc_STRVAR(reset_events_doc,
             "reset_events($module, /)\n--\n\n"
             "Let events() begin anew; stats() goes on.");
static PyObject *core_reset_events(PyObject *module, PyObject *unused) {
    pyjit_events_reset();
    Py_RETURN_NONE;
}

PyDoc_STRVAR(executed_doc,
             "executed($module, /)\n--\n\n"
             "What ran compiled code since the last reset_executed(), in no particular order.\n\n"
             "A list of (filename, qualified name) of code objects. A code object that is gone\n"
             "is gone from here too.");
static PyObject *core_executed(PyObject *module, PyObject *unused) {
    Py_ssize_t n = 0;
    PyCodeObject **codes = executed_codes(&n);
    if (codes == NULL) return PyErr_NoMemory();
    PyObject *list = PyList_New(n);
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *pair =
            list ? PyTuple_Pack(2, codes[i]->co_filename, codes[i]->co_qualname) : NULL;
        if (pair != NULL)
            PyList_SET_ITEM(list, i, pair);
        else
            Py_CLEAR(list);
        Py_DECREF(codes[i]);
    }
    PyMem_Free(codes);
    return list;
}

PyDoc_STRVAR(reset_executed_doc,
             "reset_executed($module, /)\n--\n\n"
             "Let executed() and stopped_at() begin anew, and count from config.step_limit again.");
static PyObject *core_reset_executed(PyObject *module, PyObject *unused) {
    for (PyjitCodeInfo *info = pyjit_info_all(); info != NULL; info = info->next)
        info->executed = 0;
    pyjit_steps_restart();
    Py_RETURN_NONE;
}

PyDoc_STRVAR(
    stopped_at_doc,
    "stopped_at($module, /)\n--\n\n"
    "Where compiled code first went no further since the last reset_executed(), because\n"
    "config.step_limit was reached; None as long as it was not.\n\n"
    "A tuple (filename, qualified name, offset, version, kind): the offset in bytes of the\n"
    "instruction, as in dis; 'generic' or 'optimised'; and what it was compiled for, as in\n"
    "event_names(): 'LOAD_ATTR.slot', or 'KW_NAMES CALL.python' for a call with keywords.");
static PyObject *core_stopped_at(PyObject *module, PyObject *unused) {
    return pyjit_steps_stopped();
}

static const char *const architectures[] = {"x86_64", "aarch64", NULL};

PyDoc_STRVAR(
    disassemble_doc,
    "disassemble($module, code, arch=None)\n--\n\n"
    "The machine code of a function as text, one instruction a line. Between them, lines\n"
    "that begin with '; ' say what the lines that follow are of: 'version optimised', the\n"
    "part ('entry', 'return', 'exits') or an instruction, as its index in code units, name,\n"
    "operand, and 'hot', 'fused' or what it means that a path out of line is taken.\n\n"
    "It is compiled for the listing, for `arch` ('x86_64' or 'aarch64'; None: this\n"
    "machine), from what is known of it now; what runs is not touched.\n"
    "Raises TypeError and ValueError for wrong arguments, and ValueError with the reason\n"
    "for a function that stays with the interpreter.");
static PyObject *core_disassemble(PyObject *module, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"code", "arch", NULL};
    PyObject *object;
    const char *arch = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|z:disassemble", names, &object, &arch))
        return NULL;
    if (arch == NULL) arch = PYJIT_BUILD_ARCH;
    int known = 0;
    for (int i = 0; architectures[i] != NULL; i++) known |= strcmp(arch, architectures[i]) == 0;
    if (!known)
        return PyErr_Format(PyExc_ValueError, "arch='%.100s': expected 'x86_64' or 'aarch64'",
                            arch);
    PyCodeObject *code = code_of(object);
    if (code == NULL) return NULL;
    PyObject *listing = pyjit_listing(code, arch);
    Py_DECREF(code);
    return listing;
}

PyDoc_STRVAR(config_get_doc,
             "config_get($module, name, /)\n--\n\n"
             "Value of an option: int, bool or str. Raises AttributeError.");
static PyObject *core_config_get(PyObject *module, PyObject *name) {
    const char *text = PyUnicode_AsUTF8(name);
    return text ? pyjit_config_get(text) : NULL;
}

PyDoc_STRVAR(config_set_doc,
             "config_set($module, name, value, /)\n--\n\n"
             "Set an option. Raises AttributeError, TypeError or ValueError, and changes nothing\n"
             "then.");
static PyObject *core_config_set(PyObject *module, PyObject *args) {
    const char *name;
    PyObject *value;
    if (!PyArg_ParseTuple(args, "sO:config_set", &name, &value)) return NULL;
    if (pyjit_config_set(name, value) < 0) return NULL;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(config_table_doc,
             "config_table($module, /)\n--\n\n"
             "All options: tuples (name, type, default, lowest, highest, help).");
static PyObject *core_config_table(PyObject *module, PyObject *unused) {
    return pyjit_config_table();
}

/* A tuple of what `describe` makes of each fault. */
static PyObject *of_faults(PyObject *(*describe)(const PyjitFaultRow *)) {
    Py_ssize_t n = 0;
    while (pyjit_faults[n].name != NULL) n++;
    PyObject *rows = PyTuple_New(n);
    for (Py_ssize_t i = 0; rows != NULL && i < n; i++) {
        PyObject *row = describe(&pyjit_faults[i]);
        if (row == NULL)
            Py_CLEAR(rows);
        else
            PyTuple_SET_ITEM(rows, i, row);
    }
    return rows;
}

static PyObject *name_of(const PyjitFaultRow *row) { return PyUnicode_FromString(row->name); }

static PyObject *row_of(const PyjitFaultRow *row) {
    return Py_BuildValue("(ssss)", row->name, row->part, row->oracles, row->what);
}

static const int has_faults =
#ifdef PYJIT_FAULTS
    1;
#else
    0;
#endif

PyDoc_STRVAR(build_info_doc,
             "build_info($module, /)\n--\n\n"
             "What this build is: 'version', 'build_id' (changes with the sources, the compiler\n"
             "and the options), 'build_type', 'arch', 'python' (the running interpreter),\n"
             "'python_headers' (what it was built with), 'faults' (whether faults can be\n"
             "planted), 'fault_names' and 'fault_table': tuples (name, part of the core, oracles\n"
             "that are expected to see it, what it does).");
static PyObject *core_build_info(PyObject *module, PyObject *unused) {
    PyObject *names = of_faults(name_of), *table = of_faults(row_of);
    PyObject *running =
        PyUnicode_FromFormat("%d.%d.%d", (int)(Py_Version >> 24) & 0xff,
                             (int)(Py_Version >> 16) & 0xff, (int)(Py_Version >> 8) & 0xff);
    if (running == NULL || names == NULL || table == NULL) {
        Py_XDECREF(running);
        Py_XDECREF(names);
        Py_XDECREF(table);
        return NULL;
    }
    return Py_BuildValue("{ssssssss sN ss sO sN sN}", "version", PYJIT_VERSION, "build_id",
                         PYJIT_BUILD_ID, "build_type", PYJIT_BUILD_TYPE, "arch", PYJIT_BUILD_ARCH,
                         "python", running, "python_headers", PY_VERSION, "faults",
                         has_faults ? Py_True : Py_False, "fault_names", names, "fault_table",
                         table);
}

PyDoc_STRVAR(run_main_doc,
             "run_main($module, kind, target, /)\n--\n\n"
             "Run a program as the interpreter itself would; for pyjit_core.__main__.");
static PyObject *core_run_main(PyObject *module, PyObject *args) {
    const char *kind;
    PyObject *target;
    if (!PyArg_ParseTuple(args, "sU:run_main", &kind, &target)) return NULL;
    return pyjit_run_main(kind, target);
}

#define METHOD(name, flags) {#name, (PyCFunction)(void (*)(void))core_##name, flags, name##_doc}
static PyMethodDef methods[] = {
    METHOD(enable, METH_NOARGS),
    METHOD(disable, METH_NOARGS),
    METHOD(is_enabled, METH_NOARGS),
    METHOD(compile, METH_O),
    METHOD(is_compiled, METH_O),
    METHOD(stats, METH_NOARGS),
    METHOD(event_names, METH_NOARGS),
    METHOD(events, METH_NOARGS),
    METHOD(reset_events, METH_NOARGS),
    METHOD(executed, METH_NOARGS),
    METHOD(reset_executed, METH_NOARGS),
    METHOD(stopped_at, METH_NOARGS),
    METHOD(disassemble, METH_VARARGS | METH_KEYWORDS),
    METHOD(config_get, METH_O),
    METHOD(config_set, METH_VARARGS),
    METHOD(config_table, METH_NOARGS),
    METHOD(build_info, METH_NOARGS),
    METHOD(run_main, METH_VARARGS),
    {NULL, NULL, 0, NULL},
};

static int check_interpreter(void) {
    if (Py_Version >> 16 != 0x030b) {
        PyErr_Format(PyExc_ImportError,
                     "pyjit-core " PYJIT_VERSION " supports CPython 3.11; this is CPython %d.%d.%d",
                     (int)(Py_Version >> 24) & 0xff, (int)(Py_Version >> 16) & 0xff,
                     (int)(Py_Version >> 8) & 0xff);
        return -1;
    }
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
        PyErr_SetString(PyExc_ImportError,
                        "pyjit-core works in the main interpreter only, not in subinterpreters");
        return -1;
    }
    return 0;
}

static int initialise(void) {
    static int initialised;
    if (check_interpreter() < 0) return -1;
    if (initialised) return 0;
    if (pyjit_config_from_environment() < 0 || pyjit_tier_init() < 0) return -1;
    initialised = 1;
    return 0;
}

/* For autoload/autoload.c, which loads this file without a module: enables the JIT; -1 with an
 * exception. */
__attribute__((visibility("default"))) int pyjit_start(void) {
    return initialise() < 0 ? -1 : pyjit_enable();
}

static int exec_module(PyObject *module) { return initialise(); }

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, exec_module},
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "pyjit_core._native",
    .m_doc = "The just-in-time compiler; use it through pyjit_core.",
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
