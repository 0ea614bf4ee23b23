"""One place that unpacks lists and tuples in turn, few items and many; then other things.

Where the items are depends on the type, which is asked of every sequence anew, and so is the length.
"""

LOG = []


class Named(tuple):
    pass


class Grown(list):
    pass


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(self.name)


def one(items):
    (a,) = items
    return a


def two(items):
    a, b = items
    return b, a


def five(items):
    a, b, c, d, e = items
    return e, d, c, b, a


def looped(pairs):
    out = 0
    for left, right in pairs:
        out = out * 3 + left - right
    return out


def released(make):
    a, b = make((Loud("a"), Loud("b")))
    LOG.append(a.name)
    del a
    return b.name


def error_of(function, items):
    try:
        return function(items)
    except (TypeError, ValueError) as error:
        line = error.__traceback__.tb_next.tb_lineno - function.__code__.co_firstlineno
        return type(error).__name__, str(error), line


def run():
    LOG.clear()
    out = []
    for make in (tuple, list, list, tuple):
        out += [one(make("a")), two(make("ab")), five(make("abcde"))]
        out += [looped([make((1, 2)), (3, 4), [5, 6]]), released(make)]
    return out, list(LOG)


RUNS = [run() for _ in range(150)]
OTHERS = [
    [error_of(function, items) for function in (one, two, five)]
    for items in ((1,), [1], (1, 2, 3), [1, 2, 3], Named("ab"), Grown("ab"), "abcde", {1: 2}, 5, None)
]
RESULT = all(each == RUNS[0] for each in RUNS), RUNS[-1], OTHERS, run() == RUNS[0]
