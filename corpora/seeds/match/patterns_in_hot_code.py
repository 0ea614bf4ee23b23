"""match statements of every kind in hot functions.

Sequences, mappings, classes, guards and captures must work the same in compiled
code, from compiled callers, and for changed subjects.
"""

LOG = []


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Broken:
    __match_args__ = ("x",)

    @property
    def x(self):
        raise AttributeError("hidden x")


def classify(subject):
    match subject:
        case 0 | 1:
            return "small"
        case int(n) if n < 0:
            return "negative", n
        case bool() | int():
            return "int"
        case float() as f:
            return "float", f
        case "key" | "word":
            return "keyword"
        case str(s):
            return "text", len(s)
        case []:
            return "empty"
        case [x]:
            return "one", x
        case [x, y, *rest]:
            return "many", x, y, rest
        case {"kind": kind, **others}:
            return "mapping", kind, sorted(others)
        case Point(0, y):
            return "on axis", y
        case Point(x=x, y=y):
            return "point", x + y
        case Broken(_):
            return "never"
        case None:
            return "none"
    return "other"


def evaluate(tree):
    match tree:
        case int() | float():
            return tree
        case ("+", a, b):
            return evaluate(a) + evaluate(b)
        case ("*", a, b):
            return evaluate(a) * evaluate(b)
        case ("neg", a):
            return -evaluate(a)
        case _:
            raise ValueError(f"bad tree {tree!r}")


def total(subjects):
    n = 0
    for subject in subjects:
        result = classify(subject)
        n += len(result) if isinstance(result, tuple) else 1
    return n


def main():
    subjects = [
        0,
        -5,
        7,
        True,
        2.5,
        "key",
        "text",
        [],
        [1],
        (1, 2, 3),
        {"kind": 1, "a": 2},
        Point(0, 1),
        Point(1, 2),
        Broken(),
        None,
        b"bytes",
        {1, 2},
        {},
        range(3),
    ]
    out = [classify(subject) for subject in subjects]
    for _ in range(20):
        out.append(total(subjects))
    for tree in (("+", 1, ("*", 2, 3)), ("neg", 2.5), ("*", True, 4)):
        for _ in range(15):
            out.append(evaluate(tree))
    Point.__match_args__ = ("y", "x")
    out.append(classify(Point(0, 1)))
    Point.__match_args__ = ("x",)
    for bad in (
        lambda: classify(Point(0, 1)),
        lambda: evaluate(("?",)),
        lambda: evaluate(("+", 1, "x")),
    ):
        try:
            out.append(bad())
        except (TypeError, ValueError) as error:
            out.append(str(error))
    return out


RESULT = main()
