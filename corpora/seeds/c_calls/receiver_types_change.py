"""A method site calls C code of one type, then another type's C or Python code.

`x.pop(0)`, `x.update(…)`, `x.index(…)`, `x.copy()` exist on many types; the guard
must be on the receiver's exact type, and subclasses may override.
"""

from collections import OrderedDict, deque

LOG = []


class PythonPop:
    def pop(self, i=None):
        LOG.append(("python pop", i))
        return "python"

    def copy(self):
        return "python copy"


class ListChild(list):
    pass


class Overriding(list):
    def pop(self, i=-1):
        LOG.append(("overriding pop", i))
        return list.pop(self, i)

    copy = None


def pop(x):
    return x.pop(0)


def pop_last(x):
    return x.pop()


def copy(x):
    return x.copy()


def index(x, v):
    return x.index(v)


def count(x, v):
    return x.count(v)


def attempt(function, *args):
    try:
        return repr(function(*args))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        return type(error).__name__, str(error)


def main():
    for i in range(150):
        pop([i, 1])
        pop_last([i])
        copy([i])
        index([i, 1], 1)
        count((i,), 1)
    out = []
    for make in (
        lambda: [7, 8],
        lambda: {0: "zero", 1: "one"},
        lambda: bytearray(b"xy"),
        PythonPop,
        lambda: ListChild([1, 2]),
        lambda: Overriding([1, 2]),
        lambda: deque([1, 2]),
        lambda: OrderedDict(a=1),
        lambda: {0},
        lambda: "text",
        lambda: (1, 1),
        lambda: None,
        lambda: [],
        lambda: range(3),
    ):
        for function in (pop, pop_last, copy):
            out.append(attempt(function, make()))
        out.append((attempt(index, make(), 1), attempt(count, make(), 1)))
    return out


RESULT = main()
