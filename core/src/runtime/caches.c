/* The entries of attribute sites: replacement, and the copy that generated code reads.
 *
 * caches.h has the contract. What the entries say of types is decided in attributes.c.
 */
#include "caches.h"

void pyjit_site_reset(PyjitSite *site) {
    for (int i = 0; i < PYJIT_ENTRIES; i++) {
        site->fast.version[i] = PYJIT_NO_VERSION;
        site->slow[i].version = PYJIT_NO_VERSION;
        site->slow[i].kind = PYJIT_ATTR_NONE;
    }
}

/* Whether generated code can check all that the entry needs. */
static int has_fast_form(const PyjitEntry *entry) {
    if (entry->flags & ENTRY_BINDS) return 0;
    if ((entry->flags & ENTRY_GUARDED) && entry->kind != PYJIT_ATTR_TYPE) return 0;
    switch (entry->kind) {
        case PYJIT_ATTR_VALUE:
        case PYJIT_ATTR_SLOT:
        case PYJIT_ATTR_DEFAULT:
        case PYJIT_ATTR_OWN_CLASS:
        case PYJIT_ATTR_TYPE:
        case PYJIT_ATTR_MODULE: return 1;
        case PYJIT_ATTR_DICT: return (entry->flags & ENTRY_MANAGED) != 0;
        case PYJIT_ATTR_CLASS:
        case PYJIT_ATTR_METHOD:
            return (entry->flags & (ENTRY_NEVER_SHADOWED | ENTRY_LAZY_DICT)) ||
                   entry->keys_version != 0;
        default: return 0;
    }
}

/* Kinds that can be in `fast` are there only as entries that may be. */
static void classify(PyjitEntry *entry) {
    if (!has_fast_form(entry) && entry->kind != PYJIT_ATTR_DICT &&
        entry->kind != PYJIT_ATTR_PROPERTY) {
        entry->flags |= (uint16_t)(entry->kind << ENTRY_KIND_SHIFT);
        entry->kind = PYJIT_ATTR_OTHER;
    }
}

/* Where a new entry goes: over its predecessor, else into a free place, else round about. */
static int place(PyjitSite *site, const PyjitEntry *entry) {
    int n = pyjit_cache_entries(), free = -1;
    PyjitAttrKind kind = pyjit_entry_kind(entry);
    for (int i = 0; i < n; i++) {
        const PyjitEntry *old = &site->slow[i];
        if (old->version == PYJIT_NO_VERSION) {
            if (free < 0) free = i;
        } else if (old->version == entry->version && pyjit_entry_kind(old) == kind &&
                   (kind != PYJIT_ATTR_TYPE || old->value == entry->value)) {
            return i;
        }
    }
    return free >= 0 ? free : (int)(site->misses % (uint32_t)n);
}

/* The index as generated code wants it. */
static int64_t fast_index(const PyjitEntry *entry) {
    switch (entry->kind) {
        case PYJIT_ATTR_VALUE:
        case PYJIT_ATTR_DEFAULT: return (int64_t)sizeof(PyObject *) * entry->index;
        case PYJIT_ATTR_CLASS:
        case PYJIT_ATTR_METHOD: return entry->flags & ENTRY_LAZY_DICT ? entry->index : 0;
        case PYJIT_ATTR_TYPE:
            return entry->flags & ENTRY_GUARDED ? (int64_t)(uint32_t)entry->index : 0;
        default: return entry->index;
    }
}

/* Two entries of TYPE or MODULE with one version differ by keys_version. */
static int same_fast_entry(const PyjitSite *site, int i, const PyjitEntry *entry) {
    if (site->fast.version[i] != entry->version) return 0;
    return (entry->kind != PYJIT_ATTR_TYPE && entry->kind != PYJIT_ATTR_MODULE) ||
           site->fast.keys_version[i] == entry->keys_version;
}

/* Both are read from the inline values first. */
static inline int is_inline_value(int kind) {
    return kind == PYJIT_ATTR_VALUE || kind == PYJIT_ATTR_DEFAULT;
}

static void fill_fast(PyjitSite *site, const PyjitEntry *entry) {
    const int fits = entry->kind == site->fast_kind ||
                     (is_inline_value(entry->kind) && is_inline_value(site->fast_kind));
    if (!fits || !has_fast_form(entry)) return;
    int n = pyjit_cache_entries(), at = -1;
    for (int i = 0; i < n && at < 0; i++) {
        if (same_fast_entry(site, i, entry)) at = i;
    }
    for (int i = 0; i < n && at < 0; i++) {
        if (site->fast.version[i] == PYJIT_NO_VERSION) at = i;
    }
    if (at < 0) at = (int)(site->misses % (uint32_t)n);
    site->fast.version[at] = entry->version;
    site->fast.keys_version[at] = entry->keys_version;
    site->fast.index[at] = fast_index(entry);
    site->fast.value[at] = entry->kind == PYJIT_ATTR_VALUE ? NULL : entry->value;
}

void pyjit_site_learn(PyjitSite *site, PyjitEntry entry) {
    classify(&entry);
    site->slow[place(site, &entry)] = entry;
    fill_fast(site, &entry);
}

void pyjit_site_set_fast_kind(PyjitSite *site, PyjitAttrKind kind) {
    site->fast_kind = (uint16_t)kind;
    for (int i = 0; i < PYJIT_ENTRIES; i++) {
        site->fast.version[i] = PYJIT_NO_VERSION;
    }
    for (int i = 0; i < pyjit_cache_entries(); i++) {
        if (site->slow[i].version != PYJIT_NO_VERSION) fill_fast(site, &site->slow[i]);
    }
}

int pyjit_site_fast_entries(const PyjitSite *site) {
    int entries = 0;
    for (int i = 0; i < PYJIT_ENTRIES; i++) entries += site->fast.version[i] != PYJIT_NO_VERSION;
    return entries;
}

PyjitAttrKind pyjit_site_best_kind(const PyjitSite *site) {
    int counts[PYJIT_ATTR_OTHER + 1] = {0}, best = PYJIT_ATTR_NONE;
    for (int i = 0; i < pyjit_cache_entries(); i++) {
        const PyjitEntry *entry = &site->slow[i];
        if (entry->version == PYJIT_NO_VERSION || !has_fast_form(entry)) continue;
        if (++counts[entry->kind] > counts[best]) best = entry->kind;
    }
    if (is_inline_value(best)) {
        best = counts[PYJIT_ATTR_DEFAULT] > 0 ? PYJIT_ATTR_DEFAULT : PYJIT_ATTR_VALUE;
        if (is_inline_value(site->fast_kind)) best = site->fast_kind;
    }
    return (PyjitAttrKind)best;
}
