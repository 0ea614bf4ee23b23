"""lru_cache, singledispatch, partial, total_ordering, cached_property in hot code.

Wrappers written in C call compiled Python functions and cache what they return;
total_ordering and cached_property are Python code that becomes hot itself.
"""

import functools
import itertools
import operator

LOG = []


@functools.lru_cache(maxsize=8)
def cached(n):
    LOG.append(("computed", n))
    return n if n < 2 else cached(n - 1) + cached(n - 2)


@functools.singledispatch
def describe(x):
    return "object"


@describe.register
def _(x: int):
    return "int", x + 1


@describe.register(list)
def _(x):
    return "list", [describe(y) for y in x]


@functools.total_ordering
class Version:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n


class Lazy:
    def __init__(self, n):
        self.n = n

    @functools.cached_property
    def value(self):
        LOG.append(("value", self.n))
        return self.n * 2


def dispatch(values):
    return [describe(value) for value in values]


def ordered(a, b):
    return a <= b, a >= b, a > b, a != b


def lazy(n):
    x = Lazy(n)
    first = x.value + x.value
    x.value = 100
    second = x.value
    del x.value
    return first, second, x.value


def operators(rows):
    key = operator.itemgetter(1, 0)
    return (
        sorted(rows, key=key),
        list(map(operator.attrgetter("real"), [1, 2.5])),
        list(map(operator.methodcaller("upper"), "ab")),
        functools.reduce(operator.mul, [1, 2, 3, 4]),
    )


def groups(values):
    return (
        [(k, sum(g)) for k, g in itertools.groupby(sorted(values), key=lambda v: v // 10)],
        list(itertools.combinations(values[:3], 2)),
        list(itertools.accumulate(values[:4], max)),
        [list(t) for t in itertools.zip_longest("ab", [1], fillvalue=None)],
    )


def main():
    out = []
    for i in range(25):
        out = [
            cached(10),
            dispatch([1, "x", [2, True, [3.5]]]),
            ordered(Version(i), Version(12)),
            lazy(i),
            operators([("b", 2), ("a", 2), ("c", i)]),
            groups([5, 13, 1, 22, i]),
        ]
    describe.register(str, lambda x: ("late str", x))
    out.append(dispatch(["x", 1]))
    out.append(tuple(cached.cache_info())[2:])
    try:
        out.append(ordered(Version(1), 5))
    except AttributeError as error:
        out.append(str(error))
    del LOG[15:]
    return out


RESULT = main()
