"""A raw number that was copied on the operand stack became two objects.

`(y := a + b)` and `x = y = a * b` copy the result while it is still raw; each copy was boxed on its
own, so that the name and the value were different objects. Programs see that without `is` on
numbers in a list that holds both (compared by identity first, so that a nan equals itself).
"""

LOG = []


def named(a, b):
    y = 0
    pair = [(y := a * b), y]
    return pair[0] in [pair[1]], pair


def twice(a, b):
    x = y = a - b
    return [x] == [y], [x, y]


def chained(a, b, c):
    return a < (t := b - c) < a, [t] == [t], t


def main():
    inf = float("inf")
    out = []
    for i in range(120):
        named(i * 1.5, 2.0), twice(i * 1.5, 2.0), chained(1.0, i * 1.5, 2.0)
    out.append(named(inf, 0.0)[0])
    out.append(twice(inf, inf)[0])
    out.append(chained(0.0, inf, inf)[:2])
    for i in range(120):
        named(i, 2), twice(i, 2), chained(1, i, 2)
    out.append(named(3000, 7)[0])
    out.append(twice(3000, 7)[0])
    return out


RESULT = main()
