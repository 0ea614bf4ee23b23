"""`%` on strings: BINARY_OP modulo with a str left, tuples, dicts and objects.

The remainder site warmed with ints then formats; `__str__`, `__repr__` and
`__getitem__` of the arguments run in the middle and may raise.
"""

LOG = []


class Shown:
    def __str__(self):
        LOG.append("str")
        return "shown"

    def __repr__(self):
        LOG.append("repr")
        return "<shown>"


class Mapping:
    def __getitem__(self, key):
        LOG.append(("key", key))
        return key * 2


class Failing:
    def __str__(self):
        raise ValueError("no text")


class Template(str):
    def __mod__(self, other):
        return ("Template", other)

    def __rmod__(self, other):
        return ("reflected", other)


def modulo(a, b):
    return a % b


def row(name, count, price):
    return "%-6s|%4d|%7.2f|%x" % (name, count, price, count)


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, ValueError, KeyError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(1, 120):
        modulo(i, 7)
        out.append(row("n" + str(i % 10), i, i / 4))
    out = out[-3:]
    for left, right in (
        ("%s", 1),
        ("%s", (1,)),
        ("%s %s", (1, 2)),
        ("%s", (1, 2)),
        ("%s", Shown()),
        ("%r", Shown()),
        ("%(a)s%(b)s", {"a": 1, "b": 2}),
        ("%(k)s", Mapping()),
        ("%(k)s", 5),
        ("%d", "x"),
        ("%c", 65),
        ("%%", ()),
        ("plain", []),
        ("plain", 1),
        ("%s", Failing()),
        (Template("t"), 1),
        ("%s", Template("t")),
        (b"%d", 3),
        (7, "x"),
        ("%.3s|%5s", ("abcdef", "x")),
        ("%q", 1),
        ("%", 1),
    ):
        out.append(attempt(modulo, left, right))
    return out


RESULT = main()
