/* The options of config.def as one plain structure, readable from C and C++.
 *
 * Written by module initialisation and pyjit_core.config only; generated code
 * may embed values at compile time.
 */
#ifndef PYJIT_CONFIG_H
#define PYJIT_CONFIG_H

#include <stdint.h>

#define PYJIT_TYPE_INT(low, high) int64_t
#define PYJIT_TYPE_BOOL int64_t
#define PYJIT_TYPE_STR const char *

typedef struct {
#define OPTION(name, type, default_, help) PYJIT_TYPE_##type name;
#include "config.def"
#undef OPTION
} PyjitConfig;

#ifdef __cplusplus
extern "C" {
#endif
extern PyjitConfig pyjit_config;
#ifdef __cplusplus
}
#endif

#endif
