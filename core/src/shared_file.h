/* Memory that is a file, for whoever watches this process from outside, even when it dies. */
#ifndef PYJIT_SHARED_FILE_H
#define PYJIT_SHARED_FILE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Maps `size` bytes of the file, which is created, and grows or shrinks to that size. It stays
 * mapped for good, also in children. NULL with errno set. */
void *pyjit_shared_file(const char *path, size_t size);

#ifdef __cplusplus
}
#endif

#endif
