"""Floor division and modulo of every combination of signs, and by zero.

Machine division truncates, Python's floors; the fix-up after it is easy to
get wrong for negative operands, for exact multiples and for -2**63 // -1.
"""

LOG = []


def quotient(a, b):
    return a // b


def remainder(a, b):
    return a % b


def by_constants(a):
    return (a // 7, a % 7, a // -7, a % -7, a // 8, a % 8, a // 1, a % 1, a // -1, a % -1)


def guarded(a, b):
    try:
        return a // b, a % b
    except ZeroDivisionError as error:
        LOG.append(error.args)
        return None


def main():
    for i in range(1, 150):
        quotient(i, 3)
        remainder(i, 3)
        by_constants(i)
        guarded(i, 5)
    out = []
    values = (0, 1, -1, 2, -2, 7, -7, 8, -8, 13, -13, 2**30, -(2**30), 2**62, -(2**63), 2**63)
    for a in values:
        for b in values:
            if b:
                q, r = quotient(a, b), remainder(a, b)
                out.append((q, r))
                if q * b + r != a or (r != 0 and (r < 0) != (b < 0)):
                    LOG.append(("broken", a, b, q, r))
            out.append(guarded(a, b))
        out.append(by_constants(a))
    out.append(guarded(True, False))
    out.append(guarded(False, True))
    out.append(guarded(7.5, -2))
    out.append(guarded(7, 0.0))
    return out


RESULT = main()
