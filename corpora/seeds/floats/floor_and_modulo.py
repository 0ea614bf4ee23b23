"""Float `//`, `%` and divmod: signs, infinities, NaN, zero.

Python's result has the divisor's sign; C's fmod has the dividend's, and the
machine has no instruction for either.
"""

LOG = []


def floordiv(a, b):
    return a // b


def modulo(a, b):
    return a % b


def both(a, b):
    return divmod(a, b)


def attempt(function, a, b):
    try:
        return repr(function(a, b))
    except ZeroDivisionError as error:
        return error.args


def main():
    for i in range(120):
        floordiv(i * 0.75, 2.0)
        modulo(i * 0.75, 2.0)
        both(i * 0.75, 2.5)
    inf = float("inf")
    values = (0.0, -0.0, 1.0, -1.0, 5.5, -5.5, 1e300, -1e-300, inf, -inf, float("nan"), 3, -3, 0)
    out = []
    for a in values:
        for b in values:
            out.append([attempt(function, a, b) for function in (floordiv, modulo, both)])
    return out


RESULT = main()
