"""Loops over iterators made in C, of one type or of several; how they end, fail, and let go.

A loop that knows the type of its iterator must still see a StopIteration that the iterator itself
raises, an exception instead of the end, and a sequence that is released at the end, not later.
"""

LOG = []


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(self.name)


def items(iterable):
    out = []
    for item in iterable:
        out.append(item)
    return out


def keys(mapping):
    out = []
    for key in mapping:
        out.append(key)
    return out


def mapped(function, values):
    out = []
    for value in map(function, values):
        out.append(value)
    return out


def mixed(values):
    total = 0
    for value in values:
        total += value
    return total


def stops(value):
    if value == 3:
        raise StopIteration(value)
    return value


def fails(value):
    if value == 3:
        raise LookupError(value)
    return value


def grows(mapping):
    try:
        for key in mapping:
            mapping[key * 10] = key
    except RuntimeError as error:
        return str(error), error.__traceback__.tb_lineno - grows.__code__.co_firstlineno
    return None


def error_of(values):
    try:
        return mapped(fails, values)
    except LookupError as error:
        line = error.__traceback__.tb_next.tb_lineno - mapped.__code__.co_firstlineno
        return error.args, line


def lets_go(make):
    iterator = iter(make((Loud("a"), Loud("b"))))
    for loud in iterator:
        LOG.append(("in", loud.name))
    del loud
    LOG.append("behind")
    return next(iterator, "over")


def ends_for_good():
    values = [1, 2]
    iterator = iter(values)
    seen = 0
    for _ in iterator:
        seen += 1
    values.append(3)
    for _ in iterator:
        seen += 10
    return seen, list(iterator)


def shrinks(values):
    seen = []
    for value in values:
        seen.append(value)
        values.pop()
    return seen


class Counts:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


def counted(n):
    out = 0
    for value in Counts(n):
        out += value
    return out


def run():
    LOG.clear()
    out = [
        items({"a": 1, "b": 2}.items()),
        items(enumerate("xyz")),
        items(zip((1, 2), "ab")),
        items(reversed([1, 2, 3])),
        items(filter(None, [0, 1, 2])),
        items(b"ab"),
        keys({1: 2, 3: 4}),
        mapped(stops, [1, 2, 3, 4]),
        error_of((1, 2, 3)),
        grows({1: 1, 2: 2}),
        [mixed(each) for each in ([1, 2], (3, 4), range(3), {5: 6}, [])],
        [lets_go(make) for make in (list, tuple)],
        ends_for_good(),
        shrinks([1, 2, 3, 4]),
        counted(4),
    ]
    return out, list(LOG)


RUNS = [run() for _ in range(120)]
RESULT = all(each == RUNS[0] for each in RUNS), RUNS[-1]
SURPRISES = [items(each) for each in (Counts(3), [1], (i for i in "ab"), range(2), "")]
