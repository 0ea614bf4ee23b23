"""Negative zero survives arithmetic, negation, constants and boxing.

`0.0 - x` is not `-x`, `x + 0.0` is not `x`, and a constant pool keyed by
equality would merge 0.0, -0.0, 0 and False.
"""

from math import copysign

LOG = []


def negate(x):
    return -x


def zero_minus(x):
    return 0.0 - x


def plus_zero(x):
    return x + 0.0


def minus_zero(x):
    return x - 0.0


def times_zero(x):
    return x * 0.0, x * -0.0, 0.0 * x


def constants():
    return [0.0, -0.0, 0, False, 0j, (0.0,), (-0.0,)]


def is_negative(x):
    return copysign(1.0, x) < 0


def falsy(x):
    if x:
        return "true"
    return "false"


def modulo(x):
    return x % 2.0, x % -2.0, x // 2.0


def main():
    functions = (negate, zero_minus, plus_zero, minus_zero, times_zero, modulo, falsy, is_negative)
    for function in functions:
        for i in range(100):
            function(i * 0.5 + 0.25)
    out = []
    for x in (0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324, 0, -2.0, -4.0, float("-inf")):
        for function in functions:
            try:
                out.append(repr(function(x)))
            except ValueError as error:
                out.append(str(error))
    out.append([(type(x).__name__, repr(x)) for x in constants() for _ in range(2)])
    out.append((0.0 == -0.0, {0.0: "zero"}[-0.0], [0.0, -0.0].index(-0.0)))
    return out


RESULT = main()
