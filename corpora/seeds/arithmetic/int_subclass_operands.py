"""Subclasses of int with their own operators, at sites warmed with exact ints.

The type guard must be exact. A subclass on the right has priority over the
left operand's method; a subclass that overrides nothing gives a plain int.
"""

LOG = []


class Plain(int):
    pass


class Loud(int):
    def __add__(self, other):
        LOG.append(("add", int(self), int(other)))
        return Loud(int(self) + int(other) + 1000)

    def __radd__(self, other):
        LOG.append(("radd", int(self), int(other)))
        return int(other) + int(self) + 2000

    def __lt__(self, other):
        LOG.append(("lt", int(self), int(other)))
        return int(self) < int(other)

    def __gt__(self, other):
        LOG.append(("gt", int(self), int(other)))
        return int(self) > int(other)

    def __neg__(self):
        return Loud(5)


def add(a, b):
    return a + b


def increment(a):
    a += 1
    return a


def smaller(a, b):
    if a < b:
        return "smaller"
    return "not smaller"


def negate(a):
    return -a


def name(value):
    return type(value).__name__, int(value)


def main():
    for i in range(150):
        add(i, i)
        increment(i)
        smaller(i, 75)
        negate(i)
    out = []
    kinds = (int, Plain, Loud, bool)
    for left in kinds:
        for right in kinds:
            a, b = left(1), right(0)
            out.append(name(add(a, b)))
            out.append(smaller(a, b))
        out.append(name(increment(left(1))))
        out.append(name(negate(left(1))))
    return out


RESULT = main()
