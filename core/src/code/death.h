// How the process dies, told before it does.
//
// Contract
//  * watchDeath() has SIGSEGV, SIGBUS, SIGILL and SIGFPE tell `listener`, once; then whoever was to
//    hear of the signal does. Nothing is told of signals that somebody sends. The listener runs in
//    the signal handler: it may not allocate. nullptr: nobody listens any more.
//  * The GIL is held.
#pragma once

namespace pyjit {

struct Death {
    const char* signal;  // its name
    const void* place;  // of the instruction
    const void* address;  // that it accessed
};

void watchDeath(void (*listener)(const Death& death));

}  // namespace pyjit
