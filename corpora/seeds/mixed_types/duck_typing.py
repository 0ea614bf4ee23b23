"""Sequences, mappings, files and callables that only look alike.

One function handles list, tuple, str, range, dict, deque, array and classes
with the same methods; the sites have no common exact type.
"""

from array import array
from collections import ChainMap, UserDict, UserList, deque

LOG = []


class Ring:
    def __init__(self, items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        if isinstance(i, slice):
            return Ring(self.items[i])
        return self.items[i % len(self.items)]


def summary(seq):
    n = len(seq)
    first = seq[0]
    last = seq[n - 1]
    total = first
    for i in range(1, n):
        total = total + seq[i]
    return n, first, last, total


def iterate(seq):
    out = []
    for x in seq:
        out.append(x)
        if len(out) > 6:
            break
    return out


def lookup(table, key):
    if key in table:
        return table[key]
    return table.get(key, "none")


def attempt(function, *args):
    try:
        return repr(function(*args))
    except (TypeError, AttributeError, KeyError, IndexError, ValueError) as error:
        return type(error).__name__, str(error)


def main():
    for i in range(100):
        summary([i, 1, 2])
        iterate([1, 2, i])
        lookup({"a": i}, "a")
    out = []
    for seq in (
        [1, 2, 3],
        (1, 2, 3),
        "abc",
        b"abc",
        range(3),
        deque([1, 2, 3]),
        array("i", [1, 2, 3]),
        UserList([1, 2, 3]),
        Ring([1, 2, 3]),
        {0: 1, 1: 2},
        {1, 2},
        5,
        [],
        ["a", 1],
        [0.5, 1, True],
        memoryview(b"xyz"),
    ):
        out.append(attempt(summary, seq))
        out.append(attempt(iterate, seq))
    for table in ({"a": 1}, UserDict(a=2), ChainMap({}, {"a": 3}), "abc", ["a"], None, {"b": 4}):
        for _ in range(8):
            result = attempt(lookup, table, "a")
        out.append(result)
    return out


RESULT = main()
