"""Traceback entries: function, line, and the columns that `tb_lasti` stands for.

The exit of every site has to name its own instruction. Expressions spread over
lines make each operand's line differ from the statement's. (The instruction itself is
not compared: a specialised PRECALL does the CALL's work, with the same columns.)
"""

LOG = []


def position(tb):
    code = tb.tb_frame.f_code
    positions = list(code.co_positions())[tb.tb_lasti // 2]
    return code.co_name, tb.tb_lineno, positions


def entries(error):
    out = []
    tb = error.__traceback__
    while tb is not None:
        out.append(position(tb))
        tb = tb.tb_next
    return out[1:]


def binary(a, b, c):
    return a + b * c


def subscript(a, b, c):
    value = a[b][c]
    return value


def call(a, b, c):
    return a(
        b,
        c(
            b,
        ),
    )


def attribute(a, b, c):
    return a.real.missing.more


def unpack(a, b, c):
    (x, y) = a
    return x < y < c


def nested(a, b, c):
    def inner(x):
        return x / b

    return [inner(x) for x in a]


def store(a, b, c):
    a[b] = a
    a.attribute = c
    del a[b], a.attribute
    return 1


def condition(a, b, c):
    if a < b and not (b > c):
        return a
    return -a


CASES = (
    (binary, (1, 2, 3), ((1, None, 3), (None, 2, 3), (1, "a", 3), (1, "a", 2.5))),
    (
        subscript,
        ({1: [1, 2]}, 1, 0),
        (({}, 1, 0), ({1: []}, 1, 0), (None, 1, 0), ({1: None}, 1, 0), ([[1]], "x", 0)),
    ),
    (
        call,
        (max, 1, abs),
        ((None, 1, abs), (max, "x", abs), (max, 1, None), (max, 1, str), (abs, 1, abs)),
    ),
    (
        unpack,
        ((1, 2), 0, 3),
        (((1,), 0, 3), ((1, 2, 3), 0, 3), (5, 0, 0), ((1, "a"), 0, 0), ((1, 2), 0, "a")),
    ),
    (nested, ([1, 2], 2, 0), (([1, 2], 0, 0), (["a"], 1, 0), (5, 1, 0))),
    (condition, (1, 2, 3), ((1, "a", 0), (1, 2, "a"), (None, 0, 0), ("a", "b", 0))),
    (attribute, (None, 0, 0), ((1, 0, 0), ("a", 0, 0), (None, 0, 0))),
    (store, (None, 0, 0), (([], 0, 0), ({}, 0, 0), (5, 0, 0), ((), 0, 0))),
)


def main():
    out = []
    for function, good, bad in CASES:
        for _ in range(60):
            try:
                function(*good)
            except (AttributeError, TypeError):
                pass
        for args in bad:
            try:
                function(*args)
            except Exception as error:
                out.append((type(error).__name__, str(error), entries(error)))
    return out


RESULT = main()
