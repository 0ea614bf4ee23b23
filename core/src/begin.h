/* From when on a program is compiled: processor time of its process, in nanoseconds.
 *
 * An interpreter starts and a small script ends within it. Until then nothing is compiled
 * (tier/budget.h), and where the environment alone asks for the JIT, it is not even loaded
 * (autoload/autoload.c).
 */
#ifndef PYJIT_BEGIN_H
#define PYJIT_BEGIN_H

#define PYJIT_BEGIN_NANOSECONDS 150000000

#endif
