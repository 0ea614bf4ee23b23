"""A callee looks at its callers with `sys._getframe` while they are compiled.

f_lineno, f_lasti, f_locals, f_back and f_code of a frame in the middle of an
expression spread over lines, when its values are in registers.
"""

import sys

LOG = []


def look(depth=1):
    frame = sys._getframe(depth)
    return frame.f_code.co_name, frame.f_lineno, frame.f_lasti


def names(depth=1):
    frame = sys._getframe(depth)
    return {key: value for key, value in frame.f_locals.items() if not callable(value)}


def chain():
    out = []
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != "main":
        out.append((frame.f_code.co_name, frame.f_lineno))
        frame = frame.f_back
    return out


def spread(a, b):
    first = [
        look(),
        a + b,
        look(),
    ]
    second = look() if a else look()
    return first, second


def values(a, b):
    c = a * b
    before = names()
    c = c + 1.5
    d = [c, names(), a]
    del b
    after = names()
    return before, d[1], sorted(after)


def nested(n):
    return chain() if n == 0 else nested(n - 1)


class Thing:
    @property
    def where(self):
        return chain()

    def __add__(self, other):
        return chain()

    def __getitem__(self, i):
        return chain()

    def __iter__(self):
        return iter([chain()])

    def __enter__(self):
        return chain()

    def __exit__(self, *exc):
        LOG.append(chain())


def through_slots(thing):
    out = [thing.where, thing + 1, thing[0]]
    for item in thing:
        out.append(item)
    with thing as where:
        out.append(where)
    out.append(list(map(lambda x: chain(), [1])))
    out.append([chain() for _ in range(1)])
    return out


def kept_frame(x):
    y = x + 1
    frame = sys._getframe()
    y = y * 2
    return frame, y


def main():
    out = []
    for i in range(1, 40):
        out = [spread(i, 2), values(i, 2), nested(3), through_slots(Thing())]
    frame, y = kept_frame(5)
    out.append((frame.f_locals["y"], frame.f_locals["x"], frame.f_lineno, y))
    frame.clear()
    out.append(frame.f_locals)
    del LOG[3:]
    return out


RESULT = main()
