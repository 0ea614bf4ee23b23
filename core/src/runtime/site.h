/* Inline caches: the data that one bytecode instruction of compiled code keeps.
 *
 * Contract
 *  - A site belongs to one (code object, bytecode index) and lives in data
 *    memory near the code, as long as its CodeInfo: it survives recompilation,
 *    so it is also the type profile that the next compilation reads.
 *  - Generated code reads `fast` inline: entry i matches when
 *    fast.version[i] == Py_TYPE(owner)->tp_version_tag. Versions start as
 *    PYJIT_NO_VERSION (all ones), which no type ever has; 0 is never stored
 *    (types without a version have 0).
 *  - `fast` holds only entries of the kind `fast_kind` that the code was
 *    compiled for; helpers write it. Everything else is in `slow`.
 *  - Cached object pointers are borrowed and protected by the type version (as
 *    in CPython's own caches), except what is called, see runtime/calls.c.
 *  - How many entries may be used (0, 1 … 4) is config.inline_caches.
 */
#ifndef PYJIT_RUNTIME_SITE_H
#define PYJIT_RUNTIME_SITE_H

#include <stdint.h>

#include "compat.h"

#define PYJIT_NO_VERSION UINT32_MAX
#define PYJIT_ENTRIES 4

/* Types that a site has seen, as a mask (exact types only). */
enum {
    PYJIT_SEEN_INT = 1,       /* a "compact" one: at most one 30-bit digit */
    PYJIT_SEEN_BIGINT = 2,    /* three or more digits */
    PYJIT_SEEN_FLOAT = 4,
    PYJIT_SEEN_STR = 8,
    PYJIT_SEEN_LIST = 16,
    PYJIT_SEEN_TUPLE = 32,
    PYJIT_SEEN_DICT = 64,
    PYJIT_SEEN_OTHER = 128,    /* of a class made in Python */
    PYJIT_SEEN_RANGE_ITER = 256,
    PYJIT_SEEN_LIST_ITER = 512,
    PYJIT_SEEN_TUPLE_ITER = 1024,
    PYJIT_SEEN_GENERATOR = 4096,
    PYJIT_SEEN_DOUBLES = 8192, /* array.array of typecode d */
    PYJIT_SEEN_INTS = 16384,   /* array.array of typecode i */
    PYJIT_SEEN_MEDIUM = 2048,  /* an int of two digits: |value| < 2**60 */
    PYJIT_SEEN_BUILTIN = 32768, /* of another type made in C */
};

/* What an attribute or method access found. */
typedef enum {
    PYJIT_ATTR_NONE = 0,
    PYJIT_ATTR_VALUE,        /* inline values of a managed dict: index */
    PYJIT_ATTR_DICT,         /* materialised instance dict: index hint */
    PYJIT_ATTR_SLOT,         /* __slots__ member: byte offset */
    PYJIT_ATTR_CLASS,        /* value found on the type, instance cannot shadow it */
    PYJIT_ATTR_METHOD,       /* function on the type; instance has inline values or no dict,
                                and (keys_version) its shared keys do not have the name */
    PYJIT_ATTR_PROPERTY,     /* property with a Python getter */
    PYJIT_ATTR_MODULE,       /* module dict: keys version + index */
    PYJIT_ATTR_TYPE,         /* attribute of a class object: version of the class itself */
    PYJIT_ATTR_DEFAULT,      /* inline value, or else the class's attribute: index and value */
    PYJIT_ATTR_OWN_CLASS,    /* __class__ of an ordinary object */
    PYJIT_ATTR_OTHER,        /* generic */
} PyjitAttrKind;

/* What a call site has called last. */
typedef enum {
    PYJIT_CALL_NONE = 0,
    PYJIT_CALL_PYTHON,   /* a Python function with plain parameters; callable: its code object */
    PYJIT_CALL_NOARGS,   /* C functions and method descriptors by their METH_* convention; */
    PYJIT_CALL_O,        /* callable: an owned reference to the object itself, or NULL: any */
    PYJIT_CALL_FAST,     /* builtin_function_or_method of that convention */
    PYJIT_CALL_FAST_KEYWORDS,
    PYJIT_CALL_VECTOR,   /* any object of one C type with vectorcall; callable: that type, or
                            NULL if it can die: any object with vectorcall */
    PYJIT_CALL_TYPE,     /* type(x) */
    PYJIT_CALL_STR,      /* str(x) */
    PYJIT_CALL_PYTHON_ANY, /* Python functions with plain parameters, several of them */
    PYJIT_CALL_CLASS,    /* a class with a Python __init__; the function: slow[0].value */
    PYJIT_CALL_SUPER,    /* super itself */
    PYJIT_CALL_OTHER,    /* nothing to build on, or too many different callables */
} PyjitCallKind;

/* How the callable arrived at CALL. */
typedef enum {
    PYJIT_FORM_PLAIN,    /* [NULL, callable] */
    PYJIT_FORM_METHOD,   /* [function, self] */
    PYJIT_FORM_BOUND,    /* [NULL, bound method] */
} PyjitCallForm;

typedef struct {
    uint32_t version;        /* tp_version_tag, or PYJIT_NO_VERSION */
    uint32_t keys_version;   /* dk_version of shared or module keys, where used */
    uint16_t kind;           /* PyjitAttrKind */
    uint16_t flags;
    int32_t index;           /* values/entries index, or byte offset */
    void *value;             /* borrowed: descriptor, function, class attribute */
} PyjitEntry;

typedef struct PyjitSite PyjitSite;
typedef struct PyjitCodeInfo PyjitCodeInfo;

/* A code object that somebody (a site, a piece of machine code) expects to call.
 * Borrowed: `code` becomes NULL, which matches nothing, when the code object dies;
 * `callee` is valid while `code` is set. */
typedef struct PyjitTarget {
    PyCodeObject *code;
    PyjitCodeInfo *callee;
    struct PyjitTarget *next, **prev; /* list of the callee */
} PyjitTarget;
struct PyjitSite {
    uint32_t bci;            /* index of the code unit in the code object */
    uint16_t fast_kind;      /* PyjitAttrKind that generated code handles inline */
    uint16_t opcode;         /* base opcode */
    uint16_t seen_left;      /* PYJIT_SEEN_* of the first operand */
    uint16_t seen_right;
    uint16_t last_left;      /* the same, of the last operands only */
    uint16_t last_right;
    uint32_t exits;          /* guards that left optimised code here for the generic version */
    uint32_t hits;           /* slow-path visits that a cache answered */
    uint32_t misses;         /* slow-path visits that nothing answered */
    uint32_t guard_failures; /* visits of the slow path of specialised code */
    uint32_t fast_entries;   /* of `fast`, as many as the newest code looks at */
    /* read inline by generated code */
    struct {
        uint32_t version[PYJIT_ENTRIES];
        uint32_t keys_version[PYJIT_ENTRIES];
        int64_t index[PYJIT_ENTRIES];   /* byte offset ready to use: values: 8*index
                                           relative to the PyDictValues; slot: offset in
                                           the object; SLOT/VALUE only */
        void *value[PYJIT_ENTRIES];     /* METHOD/CLASS: the borrowed object */
    } fast;
    PyjitEntry slow[PYJIT_ENTRIES];
    /* calls: what was called last, see runtime/calls.c */
    PyjitTarget target;      /* of a Python callee */
    void *callable;          /* of a C callee: an owned reference to it or to its type */
    uint16_t call_kind;      /* PyjitCallKind */
    uint16_t call_form;      /* PyjitCallForm */
    int32_t call_defaults;   /* Python callee: length of its __defaults__ */
    uint32_t call_changes;   /* times `callable` changed */
    uint16_t compiled_kind;  /* what the newest code relies on: call_kind, call_form, */
    uint16_t compiled_form;
    int32_t compiled_defaults; /* call_defaults, and the callable or code object, which may be */
    const void *compiled_for;  /* dead: not to be looked at */
    /* globals: the dictionary versions the cached value depends on */
    uint32_t globals_keys_version, builtins_keys_version;
    uint64_t globals_version_tag, builtins_version_tag;  /* ma_version_tag */
    void *global_value;      /* borrowed, valid while both tags match */
};

/* What a call site relies on, to compare with. */
static inline const void *pyjit_site_callee(const PyjitSite *site) {
    return site->call_kind == PYJIT_CALL_PYTHON ? (const void *)site->target.code : site->callable;
}

#endif
