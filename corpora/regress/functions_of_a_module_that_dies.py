"""Modules, their functions and their types die with the program's last reference to them, though
compiled code has called them.

A call site that owned the C function it expects kept the function's module, and what that holds.
"""

import array
import gc
import math
import weakref


def fresh(module):
    spec = module.__spec__
    made = spec.loader.create_module(spec)
    spec.loader.exec_module(made)
    return made


def functions(module):
    total = 0
    for i in range(60):
        total += module.isqrt(i)
    return total


def methods(items):
    for i in range(60):
        items.append(i)
    return items.count(7)


def main():
    out = []
    for _ in range(3):
        module = fresh(math)
        dead = weakref.ref(module)
        out.append(functions(module))
        del module
        gc.collect()
        out.append(dead() is None)
        module = fresh(array)
        dead = weakref.ref(module.array)
        out.append(methods(module.array("i")))
        del module
        gc.collect()
        out.append(dead() is None)
    return out


RESULT = main()
