"""UNPACK_SEQUENCE for two-tuples, tuples, lists and anything iterable.

Specialised sites see another type, another length, an iterator that raises in
the middle, and a list that is the very target of the assignment.
"""

LOG = []


class Countdown:
    def __init__(self, n, fail_at=None):
        self.n = n
        self.fail_at = fail_at

    def __iter__(self):
        LOG.append(("iter", self.n))
        return self

    def __next__(self):
        self.n -= 1
        LOG.append(("next", self.n))
        if self.n == self.fail_at:
            raise KeyError(self.n)
        if self.n < 0:
            raise StopIteration
        return self.n


def two(x):
    a, b = x
    return b, a


def three(x):
    a, b, c = x
    return c, b, a


def nested(x):
    (a, b), c = x
    return a, b, c


def into_itself(values):
    i = 0
    i, values[i] = values
    return i, values


def swap(a, b, c):
    a, b = b, a
    a, b, c = c, a, b
    return a, b, c


def in_loop(pairs):
    total = 0
    for i, (x, y) in enumerate(pairs):
        total += i * x + y
    return total


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, ValueError, KeyError, IndexError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(120):
        two((i, 1))
        three((i, 1, 2))
        nested(((i, 1), 2))
        swap(i, 1, 2)
        in_loop([(1, 2), (3, i)])
    sources = (
        (1, 2),
        [1, 2],
        "ab",
        {"x": 1, "y": 2},
        (1,),
        (),
        (1, 2, 3),
        [1, 2, 3],
        "abcd",
        None,
        5,
        range(2),
        range(3),
        b"xy",
        ((1, 2), 3),
        [[1, 2], 3],
        ("ab", "c"),
    )
    for source in sources:
        for function in (two, three, nested):
            out.append(attempt(function, source))
    for n in range(1, 5):
        for fail_at in (None, 0, 1):
            out.append(attempt(two, Countdown(n, fail_at)))
            out.append(attempt(three, Countdown(n, fail_at)))
    out.append(attempt(into_itself, [1, "b"]))
    out.append(attempt(into_itself, [5, "b"]))
    out.append(attempt(in_loop, [(1, 2), (3,)]))
    out.append(attempt(in_loop, [(1, 2), 3]))
    return out


RESULT = main()
