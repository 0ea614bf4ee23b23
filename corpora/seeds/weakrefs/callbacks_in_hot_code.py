"""Weakref callbacks and WeakValueDictionary entries that vanish under a loop.

Python code runs at a DECREF inside compiled code; it mutates the list that the
code is iterating, or raises (which must be ignored, not propagated).
"""

import weakref

LOG = []


class Thing:
    def __init__(self, n):
        self.n = n


def drop_all(things, trace):
    refs = [weakref.ref(thing, lambda ref, n=thing.n: trace.append(n)) for thing in things]
    thing = None
    while things:
        things.pop()
        trace.append("popped")
    return sum(ref() is None for ref in refs)


def cache_lookup(cache, key):
    value = cache.get(key)
    if value is None:
        return "gone"
    return value.n


def cache_test(n):
    cache = weakref.WeakValueDictionary()
    keep = []
    for i in range(n):
        thing = Thing(i)
        cache[i] = thing
        if i % 2:
            keep.append(thing)
    thing = None
    return [cache_lookup(cache, i) for i in range(n)], len(cache)


def shrinking(values):
    first = Thing("first")
    ref = weakref.ref(first, lambda ref: values.pop())
    seen = []
    for value in values:
        seen.append(value)
        first = None
    return seen, ref() is None


def proxy(n):
    thing = Thing(n)
    p = weakref.proxy(thing)
    before = p.n + 1
    thing = None
    try:
        return before, p.n
    except ReferenceError as error:
        return before, str(error)


def finalize(n):
    thing = Thing(n)
    weakref.finalize(thing, LOG.append, ("finalised", n))
    thing = None
    return len(LOG)


def main():
    out = []
    for i in range(30):
        trace = []
        out.append((drop_all([Thing(1), Thing(2), Thing(3)], trace), trace))
        out.append(cache_test(4))
        out.append(shrinking([1, 2, 3, 4]))
        out.append(proxy(i))
        finalize(i)
    del LOG[5:]
    return out[-4:]


RESULT = main()
