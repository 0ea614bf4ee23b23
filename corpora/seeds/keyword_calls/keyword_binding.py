"""KW_NAMES + CALL: keywords in any order, mixed with defaults, wrong names.

Between KW_NAMES and CALL the interpreter keeps the names in a C local, so a
JIT cannot leave there; every error text below is the interpreter's own.
"""

LOG = []


def f(a, b=2, *args, c, d=4, **rest):
    return a, b, args, c, d, list(rest.items())


def plain(a, b, c):
    return a, b, c


def optional(a, b=1, c=2):
    return a * 100 + b * 10 + c


def positional(a, /, b, *, c):
    return a, b, c


def absorb(a, /, **kwargs):
    return a, kwargs


def order():
    return plain(c=log("c"), a=log("a"), b=log("b"))


def log(x):
    LOG.append(x)
    return x


def use(i):
    return (
        f(i, c=1),
        f(i, 1, 2, 3, c=4, e=5, d=6),
        plain(1, c=i, b=2),
        optional(1, c=i),
        optional(c=1, b=2, a=i),
        positional(i, b=1, c=2),
        absorb(1, a=i, b=2),
    )


CASES = (
    lambda: plain(1, 2, 3, a=4),
    lambda: plain(1, 2, d=4),
    lambda: plain(1, 2),
    lambda: plain(b=1),
    lambda: plain(),
    lambda: optional(),
    lambda: optional(1, 2, 3, 4),
    lambda: optional(1, z=2),
    lambda: positional(a=1, b=2, c=3),
    lambda: positional(1, 2, 3),
    lambda: positional(1, c=2),
    lambda: f(1),
    lambda: f(1, a=2, c=3),
    lambda: f(),
    lambda: absorb(),
    lambda: absorb(a=1),
    lambda: len(obj=[1]),
    lambda: int(x=5),
    lambda: sorted([2, 1], key=None, reverse=True),
    lambda: sorted([2, 1], reversed=True),
    lambda: print(1, ende="x"),
    lambda: "a".split(maxsplit=1, sep="b", other=2),
)


def main():
    out = []
    for i in range(80):
        out.append(use(i))
        order()
    out = out[-1:]
    del LOG[6:]
    for case in CASES:
        for _ in range(2):
            try:
                out.append(case())
            except TypeError as error:
                out.append(str(error))
    return out


RESULT = main()
