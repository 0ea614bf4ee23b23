"""BINARY_SUBSCR and STORE_SUBSCR for list[int], tuple[int], dict, and others.

Fast paths for exact list and a small non-negative int; then negative indices,
bools, subclasses with their own `__getitem__`, arrays of bytes, errors.
"""

LOG = []


class MyList(list):
    def __getitem__(self, i):
        LOG.append(("get", i))
        return list.__getitem__(self, i)

    def __setitem__(self, i, value):
        LOG.append(("set", i, value))
        list.__setitem__(self, i, value)


class PlainList(list):
    pass


class MyDict(dict):
    def __missing__(self, key):
        LOG.append(("missing", key))
        return ("made", key)


class Pair(tuple):
    __slots__ = ()


def get(container, i):
    return container[i]


def put(container, i, value):
    container[i] = value
    return container[i]


def swap(container, i, j):
    container[i], container[j] = container[j], container[i]


def attempt(function, *args):
    try:
        return function(*args)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        return type(error).__name__, str(error)


def main():
    base = [5, 6, 7]
    for i in range(150):
        get(base, i % 3)
        put(base, i % 3, i)
        swap(base, 0, 2)
    out = [base]
    makers = (
        lambda: [1, 2, 3],
        lambda: (1, 2, 3),
        lambda: {0: "z", -1: "m"},
        lambda: MyList("abc"),
        lambda: PlainList("abc"),
        lambda: MyDict(),
        lambda: Pair((7, 8)),
        lambda: "xyz",
        lambda: bytearray(b"xyz"),
        lambda: range(10, 20),
        lambda: None,
        lambda: {1},
        lambda: 5,
    )
    for make in makers:
        for i in (0, 2, -1, -3, -4, 3, True, 1.0, None, "k", 2**64, slice(0, 2)):
            if isinstance(i, slice) and isinstance(make(), dict):
                continue
            out.append(attempt(get, make(), i))
            target = make()
            out.append((attempt(put, target, i, 9), attempt(swap, target, 0, 1)))
            if isinstance(target, (list, dict, bytearray)):
                out.append(repr(target))
    return out


RESULT = main()
