"""Weak references tell whether a temporary or a local is still alive.

Borrowing must not shorten a lifetime and deferred decrefs must not prolong it:
`weakref()` is asked at every step, and callbacks log the moment of death.
"""

import weakref

LOG = []


class Thing:
    def __init__(self, name):
        self.name = name

    def me(self):
        return self


def alive(ref):
    return ref() is not None


def watch(thing):
    name = thing.name
    return weakref.ref(thing, lambda ref: LOG.append(("dead", name)))


def local_lifetime(name):
    x = Thing(name)
    ref = watch(x)
    steps = [alive(ref)]
    y = x
    x = None
    steps.append(alive(ref))
    y = [y]
    steps.append(alive(ref))
    y.clear()
    steps.append(alive(ref))
    return steps


def temporary(name):
    ref = watch(Thing(name))
    return alive(ref), alive(watch(Thing(name).me()))


def argument(x, ref):
    first = alive(ref)
    x = None
    return first, alive(ref)


def caller(name):
    x = Thing(name)
    ref = watch(x)
    return argument(x, ref), alive(ref)


def passes_temporary(name):
    holder = [Thing(name)]
    ref = watch(holder[0])
    return argument(holder.pop(), ref), alive(ref)


def in_loop(n):
    refs = []
    alive_now = []
    for i in range(n):
        x = Thing(i)
        refs.append(watch(x))
        alive_now.append(sum(map(alive, refs)))
    return alive_now


def exception_keeps(name):
    try:
        x = Thing(name)
        ref = watch(x)
        raise ValueError
    except ValueError as error:
        x = None
        inside = alive(ref)
    return inside, alive(ref)


def walrus(name):
    x = Thing(name)
    ref = watch(x)
    return (x.name, (x := None), alive(ref))


def main():
    out = []
    for _ in range(40):
        out.append(
            (
                local_lifetime("l"),
                temporary("t"),
                caller("c"),
                passes_temporary("p"),
                in_loop(3),
                exception_keeps("e"),
                walrus("w"),
            )
        )
    n = len(LOG)
    same = all(item == out[0] for item in out)
    del LOG[24:]
    return n, same, out[0]


RESULT = main()
