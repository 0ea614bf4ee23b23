/* Options: their defaults, the environment, and access by name; see config_api.h.
 *
 * Everything here is derived from config.def; no option is named again, but for
 * `fault`, whose values are the rows of faults.def, `fault_canary`, `events_file`
 * and `snapshot_file`, which are files, `generic_opcodes`, whose values are the rows of
 * opcodes.def, and `code_memory` and `step_limit`, of which code/ and baseline/ are told.
 */
#include "config_api.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "baseline/snapshot.h"
#include "baseline/steps.h"
#include "code/usage.h"
#include "config.h"
#include "faults.h"
#include "runtime/events.h"
#include "tier/codeinfo.h"

PyjitConfig pyjit_config = {
#define OPTION(name, type, default_, help) .name = default_,
#include "config.def"
#undef OPTION
};

typedef enum { TYPE_INT, TYPE_BOOL, TYPE_STR } OptionType;
static const char *const type_names[] = {"int", "bool", "str"};

typedef struct {
    const char *name;
    OptionType type;
    int64_t low, high; /* unused by TYPE_STR */
    int64_t default_number;
    const char *default_text;
    void *slot; /* int64_t *, or const char ** for TYPE_STR */
    const char *help;
} Option;

#define ROW_INT(low, high) TYPE_INT, low, high, NUMBER
#define ROW_BOOL TYPE_BOOL, 0, 1, NUMBER
#define ROW_STR TYPE_STR, 0, 0, TEXT
#define NUMBER(value) value, NULL
#define TEXT(value) 0, value

static const Option options[] = {
#define OPTION(name, type, default_, help) {#name, ROW_##type(default_), &pyjit_config.name, help},
#include "config.def"
#undef OPTION
};
#define OPTION_COUNT (sizeof(options) / sizeof(options[0]))

static int64_t *number_slot(const Option *option) { return (int64_t *)option->slot; }
static const char **text_slot(const Option *option) { return (const char **)option->slot; }

static const Option *find_option(const char *name) {
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strcmp(options[i].name, name) == 0) return &options[i];
    PyErr_Format(PyExc_AttributeError,
                 "pyjit_core has no option '%s'; pyjit_core.config lists them", name);
    return NULL;
}

/* `what` is how the person wrote it: PYJIT_GDB or config.gdb; `value` is a repr. */
static int refuse(PyObject *exception, const Option *option, const char *what, PyObject *value) {
    if (value == NULL) return -1;
    if (option->type == TYPE_BOOL)
        PyErr_Format(exception, "%s=%U: expected 0 or 1", what, value);
    else if (option->type == TYPE_STR)
        PyErr_Format(exception, "%s=%U: expected text", what, value);
    else
        PyErr_Format(exception, "%s=%U: expected an integer from %lld to %lld", what, value,
                     (long long)option->low, (long long)option->high);
    Py_DECREF(value);
    return -1;
}

static PyObject *allowed_faults(void) {
    PyObject *list = PyList_New(0);
    for (int i = 0; list != NULL && pyjit_faults[i].name != NULL; i++) {
        PyObject *name = PyUnicode_FromString(pyjit_faults[i].name);
        if (name == NULL || PyList_Append(list, name) < 0) Py_CLEAR(list);
        Py_XDECREF(name);
    }
    PyObject *comma = list ? PyUnicode_FromString(", ") : NULL;
    PyObject *joined = comma ? PyUnicode_Join(comma, list) : NULL;
    Py_XDECREF(comma);
    Py_XDECREF(list);
    return joined;
}

static int select_fault(const char *what, const char *name) {
    int result = pyjit_fault_select(name);
    if (result == -2) {
        PyErr_Format(PyExc_ValueError,
                     "%s='%s': this build has no planted faults; one made with "
                     "-DPYJIT_FAULTS=ON has",
                     what, name);
    } else if (result < 0) {
        PyObject *names = allowed_faults();
        if (names != NULL)
            PyErr_Format(PyExc_ValueError, "%s='%s': expected one of %U, or nothing", what, name,
                         names);
        Py_XDECREF(names);
    }
    return result < 0 ? -1 : 0;
}

static int count_in(const char *what, const char *path) {
    const int result = pyjit_fault_count_in(path);
    if (result == -2) {
        PyErr_Format(PyExc_ValueError, "%s='%s': this build has no planted faults to count", what,
                     path);
    } else if (result < 0) {
        PyErr_Format(PyExc_ValueError, "%s='%s': %s", what, path, strerror(errno));
    }
    return result < 0 ? -1 : 0;
}

static int count_events_in(const char *what, const char *path) {
    if (pyjit_events_count_in(path) == 0) return 0;
    PyErr_Format(PyExc_ValueError, "%s='%s': %s", what, path, strerror(errno));
    return -1;
}

static int take_snapshots_in(const char *what, const char *path) {
    if (pyjit_snapshots_in(path) == 0) return 0;
    PyErr_Format(PyExc_ValueError, "%s='%s': %s", what, path, strerror(errno));
    return -1;
}

static int choose_generic(const char *what, const char *names) {
    const char *unknown = pyjit_choose_generic(names);
    if (unknown == NULL) return 0;
    PyErr_Format(PyExc_ValueError, "%s='%s': there is no opcode at '%s'", what, names, unknown);
    return -1;
}

static int set_text(const Option *option, const char *what, const char *text) {
    if (option->slot == (void *)&pyjit_config.fault && select_fault(what, text) < 0) return -1;
    if (option->slot == (void *)&pyjit_config.fault_canary && count_in(what, text) < 0) return -1;
    if (option->slot == (void *)&pyjit_config.events_file && count_events_in(what, text) < 0)
        return -1;
    if (option->slot == (void *)&pyjit_config.snapshot_file && take_snapshots_in(what, text) < 0)
        return -1;
    if (option->slot == (void *)&pyjit_config.generic_opcodes && choose_generic(what, text) < 0)
        return -1;
    char *copy = strdup(text);
    if (copy == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    /* The old text is not freed: whoever reads pyjit_config may hold it, and options are set a
       handful of times in the life of a process. */
    *text_slot(option) = copy;
    return 0;
}

static void set_number(const Option *option, int64_t number) {
    *number_slot(option) = number;
    if (option->slot == (void *)&pyjit_config.code_memory)
        pyjit_code_memory_set_limit((size_t)number * 1024);
    if (option->slot == (void *)&pyjit_config.step_limit) pyjit_steps_restart();
}

static int set_from_environment(const Option *option, const char *variable, const char *text) {
    if (option->type == TYPE_STR) return set_text(option, variable, text);
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    /* strtoll skips white space; "1 " and " 1" are refused alike. */
    if (errno != 0 || *end != '\0' || isspace((unsigned char)text[0]) || number < option->low ||
        number > option->high) {
        PyObject *decoded = PyUnicode_DecodeFSDefault(text);
        PyObject *shown = decoded ? PyObject_Repr(decoded) : NULL;
        Py_XDECREF(decoded);
        return refuse(PyExc_ValueError, option, variable, shown);
    }
    set_number(option, number);
    return 0;
}

int pyjit_config_from_environment(void) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        char variable[64];
        int length = snprintf(variable, sizeof(variable), "PYJIT_%s", options[i].name);
        assert(length < (int)sizeof(variable));
        for (int j = 0; j < length; j++) variable[j] = (char)toupper((unsigned char)variable[j]);
        const char *text = getenv(variable);
        /* Empty is unset, as it is for the interpreter's own variables. */
        if (text == NULL || text[0] == '\0') continue;
        if (set_from_environment(&options[i], variable, text) < 0) return -1;
    }
    return 0;
}

static PyObject *to_object(const Option *option, int64_t number, const char *text) {
    switch (option->type) {
        case TYPE_BOOL: return PyBool_FromLong(number != 0);
        case TYPE_INT: return PyLong_FromLongLong(number);
        case TYPE_STR: return PyUnicode_DecodeFSDefault(text);
    }
    Py_UNREACHABLE();
}

PyObject *pyjit_config_get(const char *name) {
    const Option *option = find_option(name);
    if (option == NULL) return NULL;
    if (option->type == TYPE_STR) return to_object(option, 0, *text_slot(option));
    return to_object(option, *number_slot(option), NULL);
}

int pyjit_config_set(const char *name, PyObject *value) {
    const Option *option = find_option(name);
    if (option == NULL) return -1;
    char what[64];
    snprintf(what, sizeof(what), "config.%s", option->name);
    if (option->type == TYPE_STR) {
        if (!PyUnicode_Check(value))
            return refuse(PyExc_TypeError, option, what, PyObject_Repr(value));
        PyObject *bytes = PyUnicode_EncodeFSDefault(value);
        char *text;
        if (bytes == NULL || PyBytes_AsStringAndSize(bytes, &text, NULL) < 0) {
            Py_XDECREF(bytes); /* UnicodeEncodeError or an embedded NUL: the message says so */
            return -1;
        }
        int result = set_text(option, what, text);
        Py_DECREF(bytes);
        return result;
    }
    if (!PyLong_Check(value)) /* bool is an int */
        return refuse(PyExc_TypeError, option, what, PyObject_Repr(value));
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow || number < option->low || number > option->high)
        return refuse(PyExc_ValueError, option, what, PyObject_Repr(value));
    set_number(option, number);
    return 0;
}

static PyObject *describe(const Option *option) {
    PyObject *value = to_object(option, option->default_number, option->default_text);
    if (value == NULL) return NULL;
    if (option->type == TYPE_STR)
        return Py_BuildValue("(ssNOOs)", option->name, type_names[option->type], value, Py_None,
                             Py_None, option->help);
    return Py_BuildValue("(ssNLLs)", option->name, type_names[option->type], value,
                         (long long)option->low, (long long)option->high, option->help);
}

PyObject *pyjit_config_table(void) {
    PyObject *table = PyTuple_New(OPTION_COUNT);
    for (size_t i = 0; table != NULL && i < OPTION_COUNT; i++) {
        PyObject *row = describe(&options[i]);
        if (row == NULL) {
            Py_CLEAR(table);
            break;
        }
        PyTuple_SET_ITEM(table, i, row);
    }
    return table;
}
