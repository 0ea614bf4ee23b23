"""Equality fast paths for str and int, met by subclasses and other types.

COMPARE_OP is specialised for exact str/int/float with a jump after it. Strings
of the same length, of another kind (latin-1, UCS-2) and subclasses come later.
"""

LOG = []


class Text(str):
    def __eq__(self, other):
        LOG.append("Text.__eq__")
        return str.__eq__(self, other)

    def __ne__(self, other):
        LOG.append("Text.__ne__")
        return str.__ne__(self, other)

    __hash__ = str.__hash__


def classify(token):
    if token == "if":
        return 1
    if token == "else":
        return 2
    if token != "\u00e9":
        return 3
    return 4


def same(a, b):
    return a == b


def different(a, b):
    if a != b:
        return True
    return False


def main():
    out = []
    for i in range(120):
        out.append(classify(("if", "else", "for", "\u00e9")[i % 4]))
        same("abc", "ab" + "c" * (i % 3))
        different("x", "y")
    out = out[-4:]
    values = (
        "",
        "a",
        "b",
        "ab",
        "\u00e9",
        "\u20ac",
        "\U0001f600",
        b"a",
        97,
        Text("a"),
        Text("if"),
        None,
        ("a",),
        1,
        1.0,
        True,
    )
    for a in values:
        out.append(classify(a))
        for b in values:
            out.append((same(a, b), different(a, b)))
    return out, LOG


RESULT = main()
