"""`__slots__`: offset caches, unbound slots, deletion, subclasses with a dict.

A slot read is a load at an offset plus a null check; the offset belongs to one
class only, and a slot of the same name in another class lies elsewhere.
"""

LOG = []


class Pair:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a = a
        self.b = b


class Swapped:
    __slots__ = ("z", "b", "a")

    def __init__(self, a, b):
        self.a = a
        self.b = b


class WithDict(Pair):
    pass


class Redefined(Pair):
    __slots__ = ("a",)


def read(x):
    return x.a, x.b


def swap(x):
    x.a, x.b = x.b, x.a
    return x.a


def clear(x):
    del x.a
    return "deleted"


def extra(x):
    x.c = 1
    return x.c


def attempt(function, *args):
    try:
        return function(*args)
    except (AttributeError, TypeError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(120):
        pair = Pair(i, i + 1)
        read(pair)
        swap(pair)
        clear(pair)
    for cls in (Pair, Swapped, WithDict, Redefined):
        x = cls(1, 2)
        for function in (read, swap, read, clear, read, clear, swap, extra):
            out.append((cls.__name__, function.__name__, attempt(function, x)))
        x.a = "bound again"
        out.append(attempt(read, x))
    redefined = Redefined(1, 2)
    Pair.a.__set__(redefined, "hidden")
    out.append((redefined.a, Pair.a.__get__(redefined)))
    out.append(attempt(Pair.a.__get__, Swapped(1, 2)))
    slot = Pair.a
    del Pair.a
    out.append((hasattr(redefined, "a"), attempt(read, redefined), attempt(Pair, 1, 2)))
    Pair.a = slot
    out.append(attempt(read, Pair(5, 6)))
    return out


RESULT = main()
