/* The options of config.def by name: what module initialisation and
 * pyjit_core.config need. The compiler reads pyjit_config directly.
 *
 * Contract: callers hold the GIL. A value is checked before anything is
 * changed, so a refused one leaves the option as it was. Code that is compiled
 * already keeps what it was compiled with.
 */
#ifndef PYJIT_CONFIG_API_H
#define PYJIT_CONFIG_API_H

#include "runtime/compat.h"

/* Takes PYJIT_<NAME> of the environment over, where set and not empty.
 * -1 with a ValueError that names the variable, its value and what is allowed. */
int pyjit_config_from_environment(void);
/* New reference: int, bool or str; AttributeError when there is no such option. */
PyObject *pyjit_config_get(const char *name);
/* -1 with AttributeError, TypeError or ValueError. */
int pyjit_config_set(const char *name, PyObject *value);
/* New tuple of (name, type, default, lowest, highest, help), in the order of
 * config.def; type is "int", "bool" or "str"; the bounds are None for "str". */
PyObject *pyjit_config_table(void);

#endif
