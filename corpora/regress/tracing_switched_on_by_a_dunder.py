"""Tracing switched on by an iterator that is unpacked, by the hash of a key, or by the last step
of a loop's iterator, is followed from the operation behind it on.

Code for UNPACK_SEQUENCE, UNPACK_EX, BUILD_MAP and BUILD_SET went on without looking, up to the
next operation that did; and the StopIteration that ends a loop was not reported.
"""

import sys

HOOK = [None, None]
EVENTS = []


def follow(frame, event, arg):
    if event[:2] != "c_":
        code = frame.f_code
        EVENTS.append((event, code.co_name, frame.f_lineno - code.co_firstlineno))
    return follow


def switch():
    if HOOK[0]:
        sys._getframe(2).f_trace = follow
        HOOK[0](follow)


class Thing:
    def __iter__(self):
        switch()
        return iter((1, 2))

    def __hash__(self):
        switch()
        return 1

    def walk(self):
        yield 1
        switch()
        return 2


class Steps:
    def __init__(self, count):
        self.count = count

    def __iter__(self):
        return self

    def __next__(self):
        self.count -= 1
        if self.count < 0:
            switch()
            raise StopIteration
        return self.count


def pair(thing):
    a, b = thing
    return b


def star(thing):
    a, *b = thing
    return b


def mapping(thing):
    d = {thing: 1}
    return len(d)


def elements(thing):
    d = {thing, 1}
    return len(d)


def steps(thing):
    last = None
    for k in Steps(3):
        last = k
    return last


def walked(thing):
    last = None
    for k in thing.walk():
        last = k
    return last


def main():
    out = []
    for function in (pair, star, mapping, elements, steps, walked):
        for _ in range(60):
            function(Thing())
        for hook in (sys.settrace, sys.setprofile):
            HOOK[0] = hook
            try:
                out.append(function(Thing()))
            finally:
                hook(None)
                HOOK[0] = None
            out.append(list(EVENTS))
            EVENTS.clear()
    return out


RESULT = main()
