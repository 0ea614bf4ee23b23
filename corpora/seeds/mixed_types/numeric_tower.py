"""int, bool, float, complex, Fraction and Decimal through the same generic code.

The sites become megamorphic; each pair has its own rules, and Fraction is
Python code that is itself hot and compiled.
"""

from decimal import Decimal
from fractions import Fraction

LOG = []


def polynomial(x, coefficients):
    result = 0
    for c in coefficients:
        result = result * x + c
    return result


def mean(values):
    total = values[0]
    for value in values[1:]:
        total += value
    return total / len(values)


def clamp(x, low, high):
    return low if x < low else high if x > high else x


def attempt(function, *args):
    try:
        result = function(*args)
    except (TypeError, ZeroDivisionError, ValueError) as error:
        return type(error).__name__, str(error)
    return type(result).__name__, str(result)


def main():
    for i in range(120):
        polynomial(i, (1, 2, 3))
        mean([i, 2, 3])
        clamp(i, 10, 50)
    out = []
    numbers = (3, True, 2.5, 1 - 2j, Fraction(1, 3), Decimal("1.25"), 2**66, -0.0)
    for x in numbers:
        out.append(attempt(polynomial, x, (1, 2, 3)))
        out.append(attempt(polynomial, 2, (1, x, 3)))
        for y in numbers:
            out.append(attempt(mean, [x, y]))
            out.append(attempt(clamp, x, y, 10))
    for _ in range(10):
        out.append(attempt(polynomial, Fraction(2, 7), (Fraction(1, 2), 3, Fraction(-5, 3))))
    return out[:90] + out[-2:]


RESULT = main()
