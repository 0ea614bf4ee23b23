/* Which planted fault is active, and what they are called; see faults.h. */
#include "faults.h"

#include <stddef.h>
#include <string.h>

#ifdef PYJIT_FAULTS

PyjitFault pyjit_active_fault = PYJIT_FAULT_NONE;

const char *const pyjit_fault_names[] = {
#define FAULT_ROW(ident, name, what) name,
#include "faults.def"
#undef FAULT_ROW
    NULL};

int pyjit_fault_select(const char *name) {
    if (name[0] == '\0') {
        pyjit_active_fault = PYJIT_FAULT_NONE;
        return 0;
    }
    for (int i = 0; pyjit_fault_names[i] != NULL; i++) {
        if (strcmp(name, pyjit_fault_names[i]) == 0) {
            pyjit_active_fault = (PyjitFault)(i + 1); /* the enumeration starts with NONE */
            return 0;
        }
    }
    return -1;
}

#else

const char *const pyjit_fault_names[] = {NULL};

int pyjit_fault_select(const char *name) { return name[0] == '\0' ? 0 : -2; }

#endif
