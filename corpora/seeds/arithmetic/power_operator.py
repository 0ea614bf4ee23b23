"""`**` gives an int, a float or a complex depending on values, not on types.

A site that saw int ** int must not assume an int result: a negative exponent
gives a float, a negative base with a fractional one a complex.
"""

LOG = []


def power(a, b):
    return a**b


def square(a):
    return a**2


def inplace(a, b):
    a **= b
    return a


def attempt(a, b):
    try:
        return power(a, b), inplace(a, b)
    except (ZeroDivisionError, OverflowError, TypeError) as error:
        return type(error).__name__, str(error)


def main():
    for i in range(100):
        power(i, 3)
        square(i)
        inplace(2, i % 20)
    out = []
    for a, b in (
        (0, 0),
        (2, -2),
        (-2, -1),
        (0, -1),
        (0.0, 0),
        (0.0, -1),
        (2, 64),
        (-3, 41),
        (4, 0.5),
        (-1, 3),
        (True, True),
        (False, False),
        (True, -1),
        (10, 30),
        (2.0, 10),
        (2.0, 1024),
        ("a", 2),
        (2, None),
        (1.0, float("inf")),
    ):
        out.append(attempt(a, b))
    out.append([square(x) for x in (-3, 2**31, 1.5, -2.0, True, 2j)])
    result = power(-8, 0.5)
    out.append((type(result).__name__, round(result.imag, 6)))
    return out


RESULT = main()
