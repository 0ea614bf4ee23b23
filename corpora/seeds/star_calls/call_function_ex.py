"""CALL_FUNCTION_EX with every kind of star argument, to every kind of callee.

The positional part is a tuple that may be the caller's own `*args` (and must
not be changed); the mapping part may be a dict subclass or not a dict at all.
"""

LOG = []


class Mapping:
    def __init__(self, **items):
        self.items = items

    def keys(self):
        LOG.append("keys")
        return list(self.items)

    def __getitem__(self, key):
        LOG.append(("get", key))
        return self.items[key]


def sink(*args, **kwargs):
    return args, sorted(kwargs.items())


def fixed(a, b, c=3, *, d=4):
    return a, b, c, d


def forward(f, *args, **kwargs):
    return f(*args, **kwargs)


def several(f, a, b):
    return f(0, *a, 1, *b, k=1, **{"z": 2}, **{"y": 3})


def only_star(f, a):
    return f(*a)


def only_mapping(f, m):
    return f(**m)


def changes(*args, **kwargs):
    args += (9,)
    kwargs["added"] = True
    return sink(*args, **kwargs)


class Thing:
    def __init__(self, *args, **kwargs):
        self.value = sink(*args, **kwargs)

    def method(self, *args, **kwargs):
        return sink(*args, **kwargs)


def attempt(function, *args):
    try:
        return function(*args)
    except TypeError as error:
        return str(error)


def main():
    out = []
    for i in range(80):
        out.append(forward(sink, i, 2, k=3))
        out.append(forward(fixed, i, 2, d=5))
        out.append(several(sink, (i,), [7, 8]))
        out.append(only_star(max, (i, 5)))
        out.append(only_mapping(dict, {"a": i}))
        out.append(forward(Thing, i, x=1).value)
        out.append(forward(Thing().method, i, x=1))
    out = out[-7:]
    shared = [1, 2]
    mapping = {"k": 1}
    out.append((changes(*shared, **mapping), shared, mapping))
    out.append(only_mapping(sink, Mapping(a=1, b=2)))
    for star in ((), [1], "ab", {1: 2}, range(3), iter([1]), None, 5):
        out.append(attempt(only_star, sink, star))
        out.append(attempt(only_star, fixed, star))
    for m in ({}, {"c": 1}, {1: 2}, [("a", 1)], None, {"a": 1, "b": 2, "d": 0}, {"e": 1}, {"a": 1}):
        out.append(attempt(only_mapping, fixed, m))
    out.append(attempt(several, fixed, (1,), (2,)))
    out.append(attempt(lambda: sink(k=1, **{"k": 2})))
    out.append(attempt(lambda: sink(**{"k": 1}, **{"k": 2})))
    out.append(attempt(lambda: forward(None, 1)))
    return out


RESULT = main()
