"""Chained comparisons evaluate the middle operand once, and stop early.

The compiler emits SWAP/COPY and a jump into a clean-up block that pops the
middle value: three stack shapes meet at the end.
"""

LOG = []


class Traced:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        LOG.append((self.n, "<", other.n))
        return self.n < other.n

    def __le__(self, other):
        LOG.append((self.n, "<=", other.n))
        return self.n <= other.n


def make(n):
    LOG.append(("make", n))
    return Traced(n)


def between(low, x, high):
    return low <= x < high


def branch(low, x, high):
    if low < x <= high:
        return "in"
    return "out"


def long_chain(a, b, c, d):
    return a < b < c < d


def calls(a, b, c):
    return make(a) < make(b) <= make(c)


def mixed(a, b, c):
    return a is not b == c in (c, b), a < b != c


def negated(a, b, c):
    return not a < b < c, (a < b) < c, a < (b < c)


def main():
    out = []
    for i in range(100):
        between(3, i, 70)
        branch(3, i, 70)
        long_chain(1, i, 50, 99)
        mixed(i, 5, 7)
        negated(i, 5, 9)
    for a in (1, 2, 2.5, float("nan")):
        for b in (1, 2, True, 3):
            for c in (0, 2, 3.5):
                out.append(
                    (
                        between(a, b, c),
                        branch(a, b, c),
                        long_chain(a, b, c, 9),
                        mixed(a, b, c),
                        negated(a, b, c),
                    )
                )
    for a, b, c in ((1, 2, 3), (2, 1, 3), (1, 3, 2), (2, 2, 2)):
        out.append(calls(a, b, c))
    try:
        branch(1, 2, "x")
    except TypeError as error:
        out.append(str(error))
    try:
        branch("x", 2, 1)
    except TypeError as error:
        out.append(str(error))
    return out


RESULT = main()
