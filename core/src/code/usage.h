/* How much memory compiled code takes and may take, for C; see memory.h. The GIL is held. */
#ifndef PYJIT_CODE_USAGE_H
#define PYJIT_CODE_USAGE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
size_t pyjit_code_memory_bytes(void); /* executable, in use */
size_t pyjit_data_memory_bytes(void); /* inline caches and the like, in use */
/* Bounds the executable memory; what is in use stays. */
void pyjit_code_memory_set_limit(size_t bytes);
#ifdef __cplusplus
}
#endif

#endif
