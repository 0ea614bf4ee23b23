"""Arithmetic of an int with a float, also when the int does not fit a double.

The mixed fast path converts the int; above 2**53 the conversion rounds to
even, above 2**1024 it raises, and comparisons must be exact all the same.
"""

LOG = []


def add(a, b):
    return a + b


def divide(a, b):
    return a / b


def compare(a, b):
    return a < b, a == b, a > b


def scale(values, factor):
    total = 0
    for value in values:
        total = total + value * factor
    return total


def attempt(function, a, b):
    try:
        return function(a, b)
    except (OverflowError, ZeroDivisionError) as error:
        return type(error).__name__, str(error)


def main():
    for i in range(120):
        add(i, 0.5)
        add(0.5, i)
        divide(i, 4)
        compare(i, 60.0)
        scale([1, 2.5, i], 2)
    out = []
    ints = (0, 1, -1, 2**53, 2**53 + 1, 2**53 + 3, 2**63, -(2**64) - 1, 10**308, 10**309, True)
    floats = (0.0, 0.5, 2.0**53, 2.0**63, 1e308, float("inf"), float("-inf"))
    for a in ints:
        for b in floats:
            for function in (add, divide, compare):
                out.append(attempt(function, a, b))
                out.append(attempt(function, b, a))
        for b in ints:
            out.append(attempt(divide, a, b))
    out.append([scale([1, 2, 3], 0.1), scale([0.1] * 3, 10), scale([True, 2**60, 0.5], 1)])
    return out


RESULT = main()
