/* What attribute sites keep, beyond what site.h says.
 *
 * Contract
 *  - Everything an entry claims follows from `version` (the valid tp_version_tag of
 *    Py_TYPE(owner)) and the further checks of its kind:
 *
 *      kind      index                keys_version            value      further checks
 *      VALUE     in PyDictValues      descriptor's type       descriptor values there, value not
 * NULL DICT      hint in the dict     descriptor's type       descriptor dict there, key at hint
 *      SLOT      byte offset          -                       -          value not NULL
 *      PROPERTY  descriptor's type    -                       descriptor none
 *      CLASS     descriptor's type    shared keys without     attribute  instance has no such key
 *      METHOD    -                      the name, or 0        function   instance has no such key
 *      DEFAULT   in PyDictValues      -                       attribute  values there
 *      OWN_CLASS -                    -                       -          none
 *      MODULE    byte offset of       of the dict's keys      -          keys version
 *                me_value in the keys
 *      TYPE      attribute's type     version of the owner    attribute  owner->tp_version_tag
 *
 *    "descriptor's type" is the tp_version_tag of the type of `value`, which must still match
 *    when ENTRY_GUARDED is set: that type is mutable and could learn __get__ or __set__.
 *    With ENTRY_LAZY_DICT (CLASS, METHOD) the index is where the pointer to the instance's
 *    dictionary is, which must be NULL.
 *  - An entry of a kind that generated code may handle, but which needs more than generated code
 *    checks (a guard, a call, a look into the instance), is kept as kind OTHER, with the real kind
 *    in its flags. So whatever has kind VALUE, SLOT, CLASS, METHOD, DEFAULT, OWN_CLASS, MODULE or
 *    TYPE may be copied to `fast`, and so may a DICT with ENTRY_MANAGED and without a guard.
 *  - `fast` has the same meaning, with index as a byte offset also for VALUE and DEFAULT (from the
 *    PyDictValues). CLASS and METHOD: with an index, that of ENTRY_LAZY_DICT; else keys_version 0
 *    means that instances have no dictionary at all; else the instance's dictionary must be NULL
 *    and ht_cached_keys->dk_version == keys_version, or that dictionary's keys have this version.
 *    TYPE: an index other than 0 is the guard. `version` is always that of Py_TYPE(owner), also
 *    for TYPE and MODULE.
 */
#ifndef PYJIT_RUNTIME_CACHES_H
#define PYJIT_RUNTIME_CACHES_H

#include "runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/* PyjitEntry.flags */
enum {
    ENTRY_BINDS = 1,          /* the result is tp_descr_get of the value */
    ENTRY_GUARDED = 2,        /* the version of the value's type must match */
    ENTRY_NEVER_SHADOWED = 4, /* instances have no dictionary (CLASS, METHOD) */
    ENTRY_MANAGED = 8,        /* DICT: the dictionary is in front of the object */
    ENTRY_LAZY_DICT = 16, /* CLASS, METHOD: the dictionary of an instance is made when needed */
    ENTRY_KIND_SHIFT = 8, /* the real kind of an entry of kind OTHER is above */
};

static inline PyjitAttrKind pyjit_entry_kind(const PyjitEntry *entry) {
    return (PyjitAttrKind)(entry->kind == PYJIT_ATTR_OTHER ? entry->flags >> ENTRY_KIND_SHIFT
                                                           : entry->kind);
}

/* Empties all entries of a zeroed or used site. */
void pyjit_site_reset(PyjitSite *site);

/* Makes `kind` the fast kind and fills `fast` with what the site knows of that kind. */
void pyjit_site_set_fast_kind(PyjitSite *site, PyjitAttrKind kind);

/* The kind most of the site's entries have that generated code could handle inline; NONE when
 * there is none. */
PyjitAttrKind pyjit_site_best_kind(const PyjitSite *site);

/* Stores an entry in `slow`, and in `fast` if it is of the fast kind. For attributes.c, which
 * has checked that caches are on. */
void pyjit_site_learn(PyjitSite *site, PyjitEntry entry);

/* Asks for a version of the running frame's code that is made for all entries of `site`. */
void pyjit_outgrown(const PyjitSite *site);
/* Entries in `fast`. */
int pyjit_site_fast_entries(const PyjitSite *site);

/* How many entries a site may use: config.inline_caches within 0 … PYJIT_ENTRIES. */
static inline int pyjit_cache_entries(void) {
    return PYJIT_CACHE_ENTRIES < PYJIT_ENTRIES ? PYJIT_CACHE_ENTRIES : PYJIT_ENTRIES;
}

#ifdef __cplusplus
}
#endif

#endif
