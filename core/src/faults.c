/* Which planted fault is active, what they are called, and their canaries; see faults.h. */
#include "faults.h"

#include <stddef.h>
#include <string.h>

#include "shared_file.h"

#ifdef PYJIT_FAULTS

static PyjitCanary own_canary;
PyjitFault pyjit_active_fault = PYJIT_FAULT_NONE;
PyjitCanary *pyjit_canary = &own_canary;

const PyjitFaultRow pyjit_faults[] = {
#define FAULT_ROW(ident, name, part, oracles, what) {name, part, oracles, what},
#include "faults.def"
#undef FAULT_ROW
    {NULL, NULL, NULL, NULL}};

int pyjit_fault_select(const char *name) {
    if (name[0] == '\0') {
        pyjit_active_fault = PYJIT_FAULT_NONE;
        return 0;
    }
    for (int i = 0; pyjit_faults[i].name != NULL; i++) {
        if (strcmp(name, pyjit_faults[i].name) == 0) {
            pyjit_active_fault = (PyjitFault)(i + 1); /* the enumeration starts with NONE */
            return 0;
        }
    }
    return -1;
}

/* An earlier file stays mapped: compiled code counts where it was told to. */
int pyjit_fault_count_in(const char *path) {
    if (path[0] == '\0') {
        pyjit_canary = &own_canary;
        return 0;
    }
    PyjitCanary *shared = pyjit_shared_file(path, sizeof *shared);
    if (shared == NULL) return -1;
    pyjit_canary = shared;
    return 0;
}

#else

const PyjitFaultRow pyjit_faults[] = {{NULL, NULL, NULL, NULL}};

int pyjit_fault_select(const char *name) { return name[0] == '\0' ? 0 : -2; }

int pyjit_fault_count_in(const char *path) { return path[0] == '\0' ? 0 : -2; }

#endif
