"""A function called once whose loop is hot: compiled early or not at all.

The types of the loop's variables change during that one call, each in turn, so
that guards fail in the frame that is running.
"""

LOG = []


class Odd:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        LOG.append(("add", self.n))
        return self.n + other

    __radd__ = __add__


def long_loop(n):
    a = 0
    b = 1.0
    c = ""
    d = []
    for i in range(n):
        a = a + i
        b = b * 0.5 + a
        if i % 50 == 0:
            c += str(i)
            d.append(a)
        if i == n // 4:
            a = 0.5
        elif i == n // 2:
            a = 2**64
            b = 3
        elif i == 3 * n // 4:
            a = Odd(5)
            b = True
    return a, b, c, d


def two_phases(n):
    total = 0
    values = list(range(10))
    for phase in range(4):
        for i in range(n):
            total += values[i % 10]
        if phase == 0:
            values = [x + 0.5 for x in values]
        elif phase == 1:
            values = tuple(values)
        else:
            values = {i: i for i in range(10)}
    return total


LONG = long_loop(800)
RESULT = (LONG, two_phases(200), long_loop(8), two_phases(3))
