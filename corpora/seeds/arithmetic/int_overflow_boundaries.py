"""Small-int fast paths at every width at which one can overflow.

A JIT adds compact ints in machine registers. The result may leave one 30-bit
digit, two digits, 62 bits (a tagged word) or 64 bits, and come back. Every
site is warmed with small values before the boundary values arrive.
"""

LOG = []

WIDTHS = (30, 31, 32, 60, 61, 62, 63, 64, 90)


def add(a, b):
    return a + b


def subtract(a, b):
    return a - b


def multiply(a, b):
    return a * b


def negate(a):
    return -a


def chain(a, b, c):
    return (a + b) * c - a * b + (c - b)


def boundaries():
    out = []
    for width in WIDTHS:
        for delta in (-1, 0, 1):
            out.append((1 << width) + delta)
            out.append(-(1 << width) + delta)
    return out


def main():
    total = 0
    for i in range(120):
        total += add(i, 1) + subtract(i, 7) + multiply(i, 3) + negate(i) + chain(i, 2, 5)
    out = [total]
    values = boundaries()
    previous = 1
    for value in values:
        out.append(add(value, 1))
        out.append(add(value, previous))
        out.append(subtract(value, previous))
        out.append(subtract(previous, value))
        out.append(multiply(value, previous))
        out.append(negate(value))
        out.append(chain(value, previous, -1))
        previous = value
    # And back to small values at the sites that have now seen large ones.
    out.append([add(i, -i) for i in range(5)])
    out.append(subtract((1 << 62) + 5, 1 << 62))
    return out


RESULT = main()
