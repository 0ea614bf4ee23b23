"""One operand is a constant, the other changes its type under the JIT.

A site that knows one operand at compile time may be specialised hard: add of
an immediate, multiply by a power of two as a shift, modulo as a mask. None of
these hold for bool, float, str, list, big ints or None.
"""

LOG = []


def plus_one(x):
    return x + 1


def one_plus(x):
    return 1 + x


def minus_max(x):
    return x - 1073741823


def times_eight(x):
    return x * 8


def halve(x):
    return x // 2


def parity(x):
    return x % 2


def low_bits(x):
    return x & 0xFF


def flip(x):
    return x ^ -1


def true_half(x):
    return x / 2


FUNCTIONS = (plus_one, one_plus, minus_max, times_eight, halve, parity, low_bits, flip, true_half)


def attempt(function, x):
    try:
        result = function(x)
    except TypeError as error:
        return error.args
    return type(result).__name__, result


def main():
    for function in FUNCTIONS:
        for i in range(-40, 80):
            function(i)
    out = []
    surprises = (
        True,
        2.5,
        -0.0,
        2**30 - 1,
        -(2**30),
        2**62 - 1,
        -(2**62),
        2**63 - 1,
        -(2**63),
        2**200,
        None,
        "ab",
        [1],
        (2,),
        3 + 4j,
        -1,
        0,
    )
    for x in surprises:
        for function in FUNCTIONS:
            out.append(attempt(function, x))
    return out


RESULT = main()
