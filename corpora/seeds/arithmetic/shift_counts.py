"""Shifts: the count may be zero, as wide as a digit or a word, huge or negative.

Hardware masks the count (x86_64 to 6 bits, aarch64 likewise), so an unchecked
machine shift by 64 gives the operand back instead of 0 or a big int.
"""

LOG = []


def left(a, n):
    return a << n


def right(a, n):
    return a >> n


def attempt(function, a, n):
    try:
        return function(a, n)
    except (ValueError, TypeError, OverflowError) as error:
        return type(error).__name__, str(error)


def field(word, start, width):
    return (word >> start) & ((1 << width) - 1)


def main():
    for i in range(120):
        left(i, 3)
        right(i, 2)
        field(i * 977, 2, 4)
    out = []
    for value in (0, 1, -1, 5, -5, 2**29, 2**30 - 1, -(2**30), 2**61, -(2**62), 2**63 - 1, True):
        for count in (0, 1, 2, 29, 30, 31, 32, 33, 59, 60, 61, 62, 63, 64, 65, 127, True):
            out.append(attempt(left, value, count))
            out.append(attempt(right, value, count))
    for value in (0, 1, -1, 2**70):
        out.append(attempt(left, value, -1))
        out.append(attempt(right, value, -1))
        out.append(attempt(right, value, 2**64))
        out.append(attempt(right, value, 1.0))
    out.append(attempt(left, 0, 2**64))
    out.append([field(0x0123456789ABCDEF0123, n, 12) for n in range(0, 90, 7)])
    return out


RESULT = main()
