/* The map that lets `perf` name compiled functions: /tmp/perf-<pid>.map.
 *
 * Contract
 *  - Nothing happens unless config.perf_map is on; it may be switched at any time.
 *  - One line a call, appended by one write: nothing is buffered, so a crash
 *    loses nothing, and lines of other writers in the process stay whole.
 *  - A forked child gets a map of its own that begins with its parent's lines.
 *  - A file that cannot be written is reported once on standard error; the
 *    program goes on.
 */
#ifndef PYJIT_CODE_PERF_MAP_H
#define PYJIT_CODE_PERF_MAP_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
void pyjit_perf_map_add(const char *name, const void *addr, size_t size);
#ifdef __cplusplus
}
#endif

#endif
