/* The map of JIT events: counts by opcode, special and outcome; a fuzzer's feedback.
 *
 * Contract
 *  - events.def says which events there are. Those of instructions are counted while
 *    config.count_events is on, and only by code compiled meanwhile; each COUNTER of counters.def
 *    is an event too, always.
 *  - The fast paths are the same with and without counting: the compiler counts what it compiles,
 *    generated code counts at the beginning of cold paths, helpers where a cache answers or not.
 *  - An event that code was made for is known (`made`) before it happens, if it ever does.
 *  - Counts are from the last reset; 32 bits, and wrap.
 */
#ifndef PYJIT_RUNTIME_EVENTS_H
#define PYJIT_RUNTIME_EVENTS_H

#include "runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
#define OUTCOME(ident, name, help) PYJIT_OUTCOME_##ident,
#include "events.def"
    PYJIT_OUTCOMES, /* also: nothing that is counted */
} PyjitOutcome;

/* Of two operands; order as in events.def. */
typedef enum {
#define PAIR(ident, name) PYJIT_PAIR_##ident,
#include "events.def"
    PYJIT_PAIRS,
} PyjitPair;

/* What the compiler knows of the operand of an instruction without a site. */
typedef enum {
    PYJIT_VALUE_OBJECT, /* nothing */
    PYJIT_VALUE_INT,
    PYJIT_VALUE_FLOAT,
    PYJIT_VALUE_KNOWN, /* its type, which is another one */
} PyjitValue;

/* Where a cached global was found. */
enum { PYJIT_GLOBAL_UNSEEN, PYJIT_GLOBAL_MODULE, PYJIT_GLOBAL_BUILTIN };

/* Calls of Python functions that are told apart from others of their PyjitCallKind: of a bound
 * method, and with fewer arguments than there are parameters. */
enum { PYJIT_CALL_PYTHON_BOUND = PYJIT_CALL_OTHER + 1, PYJIT_CALL_PYTHON_DEFAULTS };

/* Counts of the events of instructions, by index; generated code adds to them. They may be in a
 * file (config.events_file), which is that array in the byte order of the machine. */
enum { PYJIT_EVENTS_ROOM = 4096 };
extern uint32_t *pyjit_events;

/* The counts are in that file from now on; empty: in our own memory. Code that is compiled already
 * goes on counting where it was told to. -1 with errno set. */
int pyjit_events_count_in(const char *path);

/* Before anything else here; -1 with an ImportError when events.def has outgrown its room. */
int pyjit_events_init(void);
/* Into pyjit_events. `special` is one of the opcode's family, and the outcome one it can have. */
unsigned pyjit_event_index(int opcode, int special, PyjitOutcome outcome);
/* What the compiler makes of an instruction whose operands it expects to be `left` and `right`
 * (PYJIT_SEEN_*); `site` may be NULL. */
int pyjit_event_special(int opcode, unsigned oparg, const PyjitSite *site, unsigned left,
                        unsigned right);
/* "LOAD_ATTR.slot": the name of an event without its outcome; a new reference. */
PyObject *pyjit_event_kind(int opcode, int special);
/* Is an instruction's special not a matter of its site, but a PyjitValue? */
int pyjit_event_is_of_value(int opcode);
const char *pyjit_outcome_name(PyjitOutcome outcome);
/* Notes that there is code for the event with this index. */
void pyjit_event_made(unsigned index);

/* For helpers. */
static inline void pyjit_count_event(const PyjitSite *site, int special, PyjitOutcome outcome) {
    if (pyjit_config.count_events && site != NULL)
        pyjit_events[pyjit_event_index(site->opcode, special, outcome)]++;
}

/* New references, NULL with an exception: a tuple of all names by index; a dict of index to count
 * since the last reset, with 0 for what code was made for and has not happened. */
PyObject *pyjit_event_names(void);
PyObject *pyjit_events_counted(void);
void pyjit_events_reset(void);

#ifdef __cplusplus
}
#endif

#endif
