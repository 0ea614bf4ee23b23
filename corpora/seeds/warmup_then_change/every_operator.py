"""Every binary and in-place operator warmed with ints, then all types in turn.

Each operator is one site that goes from monomorphic to megamorphic; after that
ints must still be right.
"""

LOG = []


def operators(a, b):
    return (a + b, a - b, a * b, a & b, a | b, a ^ b)


def divisions(a, b):
    return (a / b, a // b, a % b, divmod(a, b))


def shifts(a, b):
    return a << b, a >> b


def add(a, b):
    return a + b


def iadd(a, b):
    a += b
    return a


def mul(a, b):
    return a * b


def sub(a, b):
    return a - b


def bit_or(a, b):
    return a | b


def compare(a, b):
    return a < b, a == b, a != b, a >= b


def attempt(function, a, b):
    try:
        return repr(function(a, b))
    except (TypeError, ZeroDivisionError, OverflowError, ValueError) as error:
        return type(error).__name__, str(error)


def main():
    for i in range(1, 100):
        operators(i, 3)
        divisions(i, 3)
        shifts(i, 3)
        for function in (add, iadd, mul, sub, bit_or, compare):
            function(i, 3)
    out = []
    values = (
        2,
        -3,
        True,
        2.5,
        1 + 2j,
        "ab",
        b"ab",
        [1],
        (2,),
        {"k": 1},
        {7},
        None,
        range(2),
        2**65,
    )
    for a in values:
        for b in values:
            for function in (add, iadd, mul, sub, bit_or, compare):
                if function is mul and 2**65 in (a, b):
                    continue
                out.append(attempt(function, a[:] if isinstance(a, list) else a, b))
        out.append(attempt(operators, a, 2))
        out.append(attempt(divisions, a, 2))
        out.append(attempt(shifts, a, 2))
    out.append((operators(6, 3), divisions(6, 3), shifts(6, 3)))
    # A digest keeps the result small; a few entries are shown in full.
    digest = 0
    for item in out:
        for ch in str(item):
            digest = (digest * 31 + ord(ch)) % 1000003
    return len(out), digest, out[::40]


RESULT = main()
