/* gdb's JIT interface: names and unwind information of compiled functions.
 *
 * Contract
 *  - pyjit_gdb_register does nothing and returns NULL unless config.gdb is on.
 *    What it returns is given to pyjit_gdb_unregister before the code is freed;
 *    NULL is allowed there.
 *  - gdb may stop the process at any time and read the list, so entries are
 *    complete before they are linked.
 *  - Compiled code keeps a frame pointer: the caller's frame pointer and the
 *    return address are the two words that it points to.
 *  - The GIL is held.
 */
#ifndef PYJIT_CODE_GDB_H
#define PYJIT_CODE_GDB_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
void *pyjit_gdb_register(const char *name, const void *addr, size_t size);
void pyjit_gdb_unregister(void *registration);
#ifdef __cplusplus
}
#endif

#endif
