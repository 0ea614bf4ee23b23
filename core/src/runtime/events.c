/* The map of JIT events: layout, names, counts; see events.h.
 *
 * Users see one row of indices: the COUNTERs first, then pyjit_events.
 */
#include "events.h"

#include <opcode.h>
#include <string.h>

#include "../shared_file.h"

enum {
#define FAMILY(ident, outcomes, seconds) FAMILY_##ident,
#include "events.def"
    FAMILIES,
};

static const struct {
    uint8_t outcomes, seconds;
} families[] = {
#define FAMILY(ident, outcomes, seconds) {outcomes, seconds},
#include "events.def"
};

static const struct {
    uint8_t family, value;
    const char *name;
} specials[] = {
#define SPECIAL(family, value, name) {FAMILY_##family, value, name},
#include "events.def"
};

static const char *const pairs[] = {
#define PAIR(ident, name) name,
#include "events.def"
};

static const char *const outcomes[] = {
#define OUTCOME(ident, name, help) name,
#include "events.def"
};

static const char *const counters[] = {
#define COUNTER(name, help) #name,
#define AMOUNT(name, help)
#include "counters.def"
#undef COUNTER
};

static const struct {
    uint8_t opcode;
    const char *name;
} opcodes[] = {
#define OPCODE(name, number, caches, lowering, flags) {number, #name},
#include "../bytecode/cp311/opcodes.def"
#undef OPCODE
};

static const uint8_t family_of[256] = {
    [CACHE] = FAMILY_PLAIN,
#define SPECIALISED(opcode, family) [opcode] = FAMILY_##family,
#include "events.def"
};

enum { COUNTERS = sizeof counters / sizeof counters[0] };

static uint32_t own_events[PYJIT_EVENTS_ROOM];
uint32_t *pyjit_events = own_events;
static uint8_t made[PYJIT_EVENTS_ROOM];
static uint16_t first_event[256]; /* by opcode */
static unsigned size;             /* events of instructions */
static uint64_t at_reset[COUNTERS];

static unsigned specials_of(unsigned family) {
    unsigned n = 0;
    for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++)
        n += specials[i].family == family;
    return n * families[family].seconds;
}

int pyjit_events_init(void) {
    size = 0;
    for (size_t i = 0; i < sizeof opcodes / sizeof opcodes[0]; i++) {
        const uint8_t family = family_of[opcodes[i].opcode];
        first_event[opcodes[i].opcode] = (uint16_t)size;
        size += specials_of(family) * families[family].outcomes;
    }
    if (size <= PYJIT_EVENTS_ROOM) return 0;
    PyErr_Format(PyExc_ImportError, "pyjit-core: events.def has %u events, there is room for %d",
                 size, PYJIT_EVENTS_ROOM);
    return -1;
}

int pyjit_events_count_in(const char *path) {
    uint32_t *counts = path[0] == '\0' ? own_events : pyjit_shared_file(path, sizeof own_events);
    if (counts == NULL) return -1;
    pyjit_events = counts;
    return 0;
}

unsigned pyjit_event_index(int opcode, int special, PyjitOutcome outcome) {
    const unsigned each = families[family_of[opcode]].outcomes;
    return first_event[opcode] + (unsigned)special * each + outcome;
}

const char *pyjit_outcome_name(PyjitOutcome outcome) { return outcomes[outcome]; }

void pyjit_event_made(unsigned index) { made[index] = 1; }

/* --- What code is made for --------------------------------------------------- */

static PyjitPair pair_of(unsigned left, unsigned right) {
    const unsigned seen = left | right;
    const unsigned ints = PYJIT_SEEN_INT | PYJIT_SEEN_MEDIUM | PYJIT_SEEN_BIGINT;
    if (seen == 0) return PYJIT_PAIR_UNSEEN;
    if (seen == PYJIT_SEEN_INT) return PYJIT_PAIR_INTS;
    if (seen == PYJIT_SEEN_FLOAT) return PYJIT_PAIR_FLOATS;
    if (seen == PYJIT_SEEN_STR) return PYJIT_PAIR_STRINGS;
    if ((seen & ~ints) == 0) return PYJIT_PAIR_WIDE;
    if (seen & ~(ints | PYJIT_SEEN_FLOAT)) return PYJIT_PAIR_OTHERS;
    return left & right & PYJIT_SEEN_FLOAT ? PYJIT_PAIR_MIXED : PYJIT_PAIR_NUMBERS;
}

/* The place of `seen` among the kinds that are told apart, from 1 on; then come what is something
 * else, and what is more than one. */
static int one_of(unsigned seen, const uint16_t *kinds, int count) {
    if (seen == 0) return 0;
    if (seen & PYJIT_SEEN_BUILTIN) seen = (seen & ~(unsigned)PYJIT_SEEN_BUILTIN) | PYJIT_SEEN_OTHER;
    for (int i = 0; i < count; i++)
        if (seen == kinds[i]) return i + 1;
    return count + 1 + ((seen & (seen - 1)) != 0);
}

static int container(unsigned seen) {
    static const uint16_t kinds[] = {PYJIT_SEEN_LIST, PYJIT_SEEN_TUPLE,   PYJIT_SEEN_DICT,
                                     PYJIT_SEEN_STR,  PYJIT_SEEN_DOUBLES, PYJIT_SEEN_INTS};
    return one_of(seen, kinds, sizeof kinds / sizeof kinds[0]);
}

static int iterator(unsigned seen) {
    static const uint16_t kinds[] = {PYJIT_SEEN_RANGE_ITER, PYJIT_SEEN_LIST_ITER,
                                     PYJIT_SEEN_TUPLE_ITER, PYJIT_SEEN_GENERATOR};
    return one_of(seen, kinds, sizeof kinds / sizeof kinds[0]);
}

static int global_kind(const PyjitSite *site) {
    if (site->global_value == NULL) return PYJIT_GLOBAL_UNSEEN;
    return site->builtins_version_tag == 0 ? PYJIT_GLOBAL_MODULE : PYJIT_GLOBAL_BUILTIN;
}

static int call_kind(const PyjitSite *site, unsigned arguments) {
    if (site->call_kind != PYJIT_CALL_PYTHON) return site->call_kind;
    if (site->call_form == PYJIT_FORM_BOUND) return PYJIT_CALL_PYTHON_BOUND;
    const unsigned given = arguments + (site->call_form == PYJIT_FORM_METHOD);
    const PyCodeObject *code = site->target.code;
    const int fewer = code != NULL && given < (unsigned)code->co_argcount;
    return fewer ? PYJIT_CALL_PYTHON_DEFAULTS : PYJIT_CALL_PYTHON;
}

int pyjit_event_special(int opcode, unsigned oparg, const PyjitSite *site, unsigned left,
                        unsigned right) {
    switch (family_of[opcode]) {
        case FAMILY_ATTRIBUTE: return site == NULL ? 0 : site->fast_kind;
        case FAMILY_GLOBAL: return site == NULL ? 0 : global_kind(site);
        case FAMILY_CALL: return site == NULL ? 0 : call_kind(site, oparg);
        case FAMILY_BINARY: /* the operators with an assignment are behind the others */
            return (int)(oparg % NB_INPLACE_ADD) * PYJIT_PAIRS + (int)pair_of(left, right);
        case FAMILY_COMPARE: return (int)oparg * PYJIT_PAIRS + (int)pair_of(left, right);
        case FAMILY_CONTAINER: return container(left);
        case FAMILY_ITERATOR: return iterator(left);
        default: return 0;
    }
}

int pyjit_event_is_of_value(int opcode) { return family_of[opcode] == FAMILY_VALUE; }

/* --- For users ----------------------------------------------------------------- */

static PyObject *kind_name(const char *opcode, unsigned family, unsigned special) {
    const unsigned seconds = families[family].seconds;
    const char *first = "", *second = seconds > 1 ? pairs[special % seconds] : "";
    for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++)
        if (specials[i].family == family && specials[i].value == special / seconds)
            first = specials[i].name;
    return PyUnicode_FromFormat("%s%s%s%s%s", opcode, first[0] ? "." : "", first,
                                second[0] ? "-" : "", second);
}

PyObject *pyjit_event_kind(int opcode, int special) {
    for (size_t i = 0; i < sizeof opcodes / sizeof opcodes[0]; i++)
        if (opcodes[i].opcode == opcode)
            return kind_name(opcodes[i].name, family_of[opcode], (unsigned)special);
    Py_UNREACHABLE();
}

static PyObject *event_name(const char *opcode, unsigned family, unsigned special,
                            unsigned outcome) {
    PyObject *kind = kind_name(opcode, family, special);
    PyObject *name = kind ? PyUnicode_FromFormat("%U.%s", kind, outcomes[outcome]) : NULL;
    Py_XDECREF(kind);
    return name;
}

static int append(PyObject *list, PyObject *item) {
    const int failed = item == NULL || PyList_Append(list, item) < 0;
    Py_XDECREF(item);
    return failed ? -1 : 0;
}

static int append_names(PyObject *names) {
    for (int i = 0; i < COUNTERS; i++)
        if (append(names, PyUnicode_FromString(counters[i])) < 0) return -1;
    for (size_t i = 0; i < sizeof opcodes / sizeof opcodes[0]; i++) {
        const uint8_t family = family_of[opcodes[i].opcode];
        const unsigned each = families[family].outcomes, count = specials_of(family) * each;
        for (unsigned k = 0; k < count; k++) {
            PyObject *name = event_name(opcodes[i].name, family, k / each, k % each);
            if (append(names, name) < 0) return -1;
        }
    }
    return 0;
}

PyObject *pyjit_event_names(void) {
    PyObject *names = PyList_New(0), *result = NULL;
    if (names != NULL && append_names(names) == 0) result = PyList_AsTuple(names);
    Py_XDECREF(names);
    return result;
}

static void read_counters(uint64_t *values) {
#define COUNTER(name, help) *values++ = pyjit_counters.name;
#define AMOUNT(name, help)
#include "counters.def"
#undef COUNTER
}

static int put_count(PyObject *dict, unsigned index, uint64_t count) {
    PyObject *key = PyLong_FromUnsignedLong(index), *value = PyLong_FromUnsignedLongLong(count);
    const int failed = key == NULL || value == NULL || PyDict_SetItem(dict, key, value) < 0;
    Py_XDECREF(key);
    Py_XDECREF(value);
    return failed ? -1 : 0;
}

static int put_counts(PyObject *dict) {
    uint64_t now[COUNTERS];
    read_counters(now);
    for (unsigned i = 0; i < COUNTERS; i++)
        if (now[i] != at_reset[i] && put_count(dict, i, now[i] - at_reset[i]) < 0) return -1;
    for (unsigned i = 0; i < size; i++)
        if ((made[i] || pyjit_events[i]) && put_count(dict, COUNTERS + i, pyjit_events[i]) < 0)
            return -1;
    return 0;
}

PyObject *pyjit_events_counted(void) {
    PyObject *dict = PyDict_New();
    if (dict != NULL && put_counts(dict) < 0) Py_CLEAR(dict);
    return dict;
}

void pyjit_events_reset(void) {
    memset(pyjit_events, 0, sizeof own_events);
    memset(made, 0, sizeof made);
    read_counters(at_reset);
}
