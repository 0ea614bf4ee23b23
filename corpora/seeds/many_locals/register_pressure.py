"""Expressions that keep more values alive than there are registers.

Deep right-nested operators, wide calls and displays with mixed int and float
temporaries: spilling, reloading, and spilled values released on errors.
"""

LOG = []


def deep(a, b, c, d, e, f, g, h):
    return a + (b - (c * (d + (e - (f * (g + (h - (a * (b + (c - (d * (e + (f - (g * h))))))))))))))


def floats(a, b, c, d, e, f, g, h):
    return (
        (a * b + c * d) * (e * f + g * h)
        - ((a + b) * (c - d) + (e - f) * (g + h)) * (a * c - b * d)
        + ((a - e) * (b - f) - (c - g) * (d - h)) * ((a * e - b * f) + (c * g - d * h))
    )


def wide(*args):
    return len(args)


def wide_call(a, b, c, d):
    return wide(
        a + b,
        b + c,
        c + d,
        d + a,
        a - b,
        b - c,
        c - d,
        d - a,
        a * b,
        b * c,
        c * d,
        d * a,
        (a, b),
        [c, d],
        a + b + c + d,
        wide(a, b, wide(c, d, a + b), c * d),
        -a,
        -b,
        -c,
        -d,
    )


def wide_display(a, b):
    return [
        a + b,
        a - b,
        a * b,
        (a + 1, b + 1, [a + 2, b + 2, (a + 3, b + 3, {a + 4: b + 4, "k": a / b})]),
    ]


def swaps(a, b, c, d, e, f):
    for _ in range(5):
        a, b, c, d, e, f = f + a, a - b, b, c + d, d, e
        b, a = a, b
        (c, d), (e, f) = (d, c), (f, e)
    return a, b, c, d, e, f


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, ZeroDivisionError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(80):
        out = [
            deep(i, 2, 3, 4, 5, 6, 7, 8),
            floats(i * 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5),
            wide_call(i, 2, 3, 4),
            wide_display(i, 3),
            swaps(i, 1, 2, 3, 4, 5),
        ]
    out.append(deep(1.5, 2, 3, 4, 5, 6, 7, 8))
    out.append(deep(2**61, 2**62, 3, 4, 2**63, 6, 7, 8))
    out.append(floats(1, 2, 3, 4, 5, 6, 7, 8))
    out.append(floats(0.1, 2, 3.0, True, 5, 0.6, 2**70, 8))
    out.append(swaps(0.5, 2**62, True, 2.5, 7, 3))
    for position in range(8):
        args = [1, 2, 3, 4, 5, 6, 7, 8]
        args[position] = None
        out.append(attempt(deep, *args))
        out.append(attempt(floats, *args))
    out.append(attempt(wide_display, 1, 0))
    out.append(attempt(wide_call, 1, 2, 3, "x"))
    return out


RESULT = main()
