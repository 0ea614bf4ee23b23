/* What the fast path of an instruction with an inline cache relies on, looked at from outside.
 *
 * Contract
 *  - pyjit_unmet() names the first thing that the newest optimised code relies on at a site, and
 *    that is not so in front of the instruction: code that is right takes its slow path there.
 *    `by_helper`: what the helper relies on of the entry that it would use, which is no use then.
 *    NULL: everything is as it should be, or nothing is known. The names:
 *      type      none of the classes that the cache knows is the owner's
 *      values    the instance has no inline values
 *      unset     it has, and this attribute has none
 *      dict      the instance's dictionary may have the name
 *      keys      its class's shared keys may; of a global, names have been added or removed
 *      hint      the name is not where it was in the instance's dictionary
 *      module    names have been added to the module or removed
 *      class     the class that is the owner, or is called, has changed
 *      nature    the class of the attribute of a class has changed
 *      version   something was stored into the globals
 *      builtins  or into the builtins
 *      form      there is a self, or none
 *      callee    it calls another one
 *      defaults  it has more or fewer defaults, and they are needed
 *  - For describing only (config.snapshot_file), written from the contracts of site.h, caches.h,
 *    names.c and calls.c and not from the code that checks the same: nothing is shared with that
 *    but the data.
 *  - Runs nobody's code and changes nothing. The GIL is held.
 */
#ifndef PYJIT_RUNTIME_EXPECTATIONS_H
#define PYJIT_RUNTIME_EXPECTATIONS_H

#include "runtime.h"

#ifdef __cplusplus
extern "C" {
#endif
/* `frame` has its stacktop; the site's instruction is next, or behind what belongs to it. */
const char *pyjit_unmet(const PyjitSite *site, const _PyInterpreterFrame *frame, uint32_t oparg,
                        int by_helper);
#ifdef __cplusplus
}
#endif

#endif
