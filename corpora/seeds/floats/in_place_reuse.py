"""Float results written into the operand's own object when it is unique.

`x + 1.0` may reuse x's box only if nobody else has it: not while x is still a
live local, an element, an attribute, an argument of the caller or a cell.
"""

LOG = []


def alias_kept(x):
    y = x + 1.0
    z = y
    y = y * 2.0
    return x, y, z


def expression(x):
    return (x + 1.0) * (x - 1.0) + (x * x) / (x + 0.5)


def old_values(n):
    seen = []
    value = 0.5
    for _ in range(n):
        seen.append(value)
        value = value * 1.5 - 0.25
    return seen


def argument(x):
    x = x + 1.0
    x += 1.0
    return x


class Point:
    def __init__(self, x):
        self.x = x


def attribute(p):
    before = p.x
    p.x = p.x + 0.125
    p.x += before
    return before, p.x


def closure(x):
    def inner():
        return x

    before = inner()
    x = x + 1.0
    x *= 3.0
    return before, x, inner()


def swap(a, b):
    a, b = b + 0.5, a + 0.5
    return a, b, a - b


def main():
    out = []
    point = Point(0.0)
    caller = 2.5
    shared = [1.5, 2.5, 3.5]
    for i in range(120):
        x = i * 0.25
        out.append(
            (alias_kept(x), expression(x), argument(caller), caller, closure(x), swap(x, caller))
        )
        if i < 12:
            out.append(attribute(point))
        for item in shared:
            item += 1.0
            item = item * 2.0
    out.append(old_values(20))
    out.append(shared)
    return out


RESULT = main()
