"""Bools go where ints go, but are not exact ints.

A guard on `type(x) is int` must fail for True; a guard on the int layout must
still produce an int (True + True is 2) or a bool (True & True is True).
"""

LOG = []


def everything(a, b):
    return (a + b, a - b, a * b, a & b, a | b, a ^ b, a << b, a < b, a == b, a**b)


def unary(a):
    return (-a, +a, ~a, not a, abs(a))


def index(sequence, i):
    return sequence[i]


def count_true(values):
    n = 0
    for value in values:
        n += value
    return n


def kinds(values):
    return [type(value).__name__ for value in values]


def main():
    for i in range(100):
        everything(i, 2)
        unary(i)
        index([1, 2, 3], i % 3)
        count_true([i, 1, 2])
    out = []
    for a in (True, False, 1, 0):
        for b in (True, False, 1, 0):
            values = everything(a, b)
            out.append((values, kinds(values)))
        out.append((unary(a), kinds(unary(a))))
    out.append(index(["f", "t"], True))
    out.append(index(("f", "t"), False))
    out.append(index({1: "one", 0: "zero"}, True))
    out.append(count_true([True, False, True]))
    out.append(kinds([count_true([True]), count_true([])]))
    out.append({True: "a", 1: "b", 1.0: "c"})
    return out


RESULT = main()
