/* What the core knows of one code object.
 *
 * Contract
 *  - Owned by the code object through its co_extra slot: freed with it.
 *  - `direct_entry` is never NULL: generated code calls it without a check. For
 *    code that is not compiled it points to pyjit_direct_interpreted.
 *  - Older versions of the machine code stay alive (activations may be running
 *    in them) until the code object dies.
 */
#ifndef PYJIT_TIER_CODEINFO_H
#define PYJIT_TIER_CODEINFO_H

#include "../runtime/runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Runs a whole frame that is pushed already; the caller clears it. */
typedef PyObject *(*PyjitEntry0)(PyThreadState *, _PyInterpreterFrame *, int64_t mode);
/* Called by generated code and helpers with a frame whose arguments are stored and whose
 * header is not: fills it in (stealing `function`), runs it, clears and pops it. */
typedef PyObject *(*PyjitDirectEntry)(PyThreadState *, _PyInterpreterFrame *, PyFunctionObject *);

typedef enum { PYJIT_COLD, PYJIT_COMPILED, PYJIT_REFUSED } PyjitState;

struct PyjitCodeInfo {
    PyCodeObject *code;            /* borrowed: the code object owns us */
    PyjitEntry0 entry;             /* NULL unless compiled */
    PyjitDirectEntry direct_entry;
    PyjitState state;
    const char *refusal;           /* static text, when refused */
    uint32_t calls;                /* entries through the hook while cold */
    uint8_t executed;              /* set by compiled code, cleared by reset_executed() */
    uint8_t has_loops;
    uint8_t want_recompile;        /* looked at by compiled loops and entries */
    uint8_t versions;              /* compilations made */
    int32_t plain_arguments;       /* parameters, if all are positional ones; else -1 */
    uint32_t frame_bytes;          /* of its frame on the data stack */
    uint32_t deopts;               /* since the newest version was compiled */
    int64_t heat;                  /* counted down by first versions; <= 0: recompile */
    PyjitSite **sites;             /* by code unit index; NULL where there is none */
    PyjitTarget *dependents;       /* whoever expects to call this */
    const void **resume;           /* by code unit index: where the newest version goes on with a
                                      frame that is suspended in front of it; NULL: nowhere, or
                                      no generator */
    void *machine;                 /* C++ side: MachineCode*, newest first */
    uint32_t bytecodes;            /* instructions, without inline cache units */
    uint32_t code_bytes;           /* of the newest version */
    uint64_t compile_nanoseconds;
    PyjitCodeInfo *next, **prev;   /* list of all */
};

/* The info of a code object, made on demand; NULL (no exception) without memory. */
PyjitCodeInfo *pyjit_info_get(PyCodeObject *code);
/* Layout of co_extra, private to codeobject.c. */
typedef struct {
    Py_ssize_t size;
    void *extras[1];
} PyjitCodeExtra;
extern Py_ssize_t pyjit_extra_index;
/* The info if there is one. */
static inline PyjitCodeInfo *pyjit_info_peek(PyCodeObject *code) {
    const PyjitCodeExtra *extra = (const PyjitCodeExtra *)code->co_extra;
    if (extra == NULL || extra->size <= pyjit_extra_index) return NULL;
    return (PyjitCodeInfo *)extra->extras[pyjit_extra_index];
}
/* Locals that are parameters, with *args and **kwargs. */
static inline int pyjit_parameters(const PyCodeObject *code) {
    return code->co_argcount + code->co_kwonlyargcount + ((code->co_flags & CO_VARARGS) != 0) +
           ((code->co_flags & CO_VARKEYWORDS) != 0);
}
/* Does it have positional parameters only? */
static inline int pyjit_has_plain_parameters(const PyCodeObject *code) {
    const int wanted = CO_OPTIMIZED | CO_NEWLOCALS;
    const int unwanted = CO_VARARGS | CO_VARKEYWORDS;
    return (code->co_flags & wanted) == wanted && !(code->co_flags & unwanted) &&
           code->co_kwonlyargcount == 0;
}
/* Is it among the functions of config.compile_only? */
int pyjit_may_be_compiled(PyCodeObject *code);
/* First of the list of all. */
PyjitCodeInfo *pyjit_info_all(void);

/* Used between the runtime and the tier. */
PyObject *pyjit_eval_frame(PyThreadState *tstate, _PyInterpreterFrame *frame, int throwflag);
PyObject *pyjit_direct_interpreted(PyThreadState *tstate, _PyInterpreterFrame *frame,
                                   PyFunctionObject *function);
void pyjit_take_over(PyThreadState *tstate,
                     _PyInterpreterFrame *frame); /* calls.c: a frame begins */
/* calls.c: from now on, whoever calls this function from C enters its compiled code, if there is
 * any, without going through the interpreter and the hook. */
void pyjit_shorten_calls(PyFunctionObject *function);
void pyjit_target_set(PyjitTarget *target, PyjitCodeInfo *callee);  /* NULL: nothing */
void pyjit_site_forget(PyjitSite *site);      /* before a site is freed */
void pyjit_code_died(PyjitCodeInfo *info);    /* before an info is freed */

/* Goes on with a suspended frame in compiled code at `address`, which is from info->resume or,
 * to have the exception that is set raised in it, pyjit_raise_address. The frame is unlinked
 * before and after, and still its owner's to clear. `mode` is 0. */
extern PyObject *(*pyjit_resume)(PyThreadState *tstate, _PyInterpreterFrame *frame, int64_t mode,
                                 const void *address);
extern const void *pyjit_raise_address;
/* Where a suspended frame goes on in compiled code; NULL: nowhere. */
static inline const void *pyjit_resume_address(const PyjitCodeInfo *info,
                                               const _PyInterpreterFrame *frame) {
    if (info == NULL || info->resume == NULL) return NULL;
    return info->resume[_PyInterpreterFrame_LASTI(frame) + 1];
}
/* Every so many levels there is a look at the native stack: where compiled functions begin, and,
 * since a generator's frames are small, at twice as many levels where a generator goes on. */
#define PYJIT_STACK_CHECK_MASK 63

/* The whole of send() up to the point where the frame has yielded or is at its end, for a
 * generator, coroutine or asynchronous generator that goes on in compiled code: what it yields,
 * returns, or NULL; PYJIT_NOT_RESUMED: not this way, and nothing has happened. `sent` is borrowed.
 * Behind it the generator's entry of tstate->exc_info is the caller's to take away. `mode` is 0,
 * or PYJIT_DRIVEN for an asynchronous generator whose driver looks at pyjit_yielded_bare. */
extern PyObject *(*pyjit_go_on)(PyThreadState *tstate, _PyInterpreterFrame *frame, int64_t mode,
                                PyObject *sent);
#define PYJIT_NOT_RESUMED ((PyObject *)1)
#define PYJIT_DRIVEN 1
/* Set by compiled code that yields without wrapping what it yields, cleared by the driver. */
extern uint8_t *pyjit_yielded_bare;

/* generators.c: tp_iternext, but that a generator's own return value gets lost. */
PyObject *pyjit_next(PyThreadState *tstate, PyObject *iterator);
void pyjit_take_slots(void);      /* slots.c */
void pyjit_give_back_slots(void);
int pyjit_stack_is_low(void);     /* frames.c */
void pyjit_clear_frame(_PyInterpreterFrame *frame); /* frames.c: an unlinked frame, at its end */

/* bytecode/: the instruction that a specialised one stands for. */
uint8_t pyjit_base_opcode(uint8_t opcode);
/* bytecode/: chooses the opcodes that are compiled without fast paths, by their names with commas
 * in between. NULL, or where in `names` something stands that is none: nothing changed then. */
const char *pyjit_choose_generic(const char *names);
/* bytecode/: compares opcodes.def with the interpreter; -1 with an ImportError. */
int pyjit_check_opcodes(void);

/* Compiles now, regardless of thresholds: 1 compiled, 0 refused (info->refusal). Never raises. */
int pyjit_compile(PyCodeObject *code);

/* The PEP 523 hook: installs (chaining to whatever was there) / removes it. */
int pyjit_enable(void);    /* -1 with an exception */
void pyjit_disable(void);
int pyjit_enabled(void);

/* A listing of code for an architecture ("x86_64", "aarch64"): new str or NULL with exception. */
PyObject *pyjit_listing(PyCodeObject *code, const char *arch);
/* Counts a refusal; `reason` is static text. */
void pyjit_refused(const char *reason);
/* dict of reason -> count, new reference. */
PyObject *pyjit_refusals(void);
/* Called once from module initialisation; -1 with an exception (wrong interpreter). */
int pyjit_tier_init(void);

#ifdef __cplusplus
}
#endif

#endif
