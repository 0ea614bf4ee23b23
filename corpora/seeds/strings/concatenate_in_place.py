"""`s += t` reuses s's buffer when the local is the only owner.

The interpreter looks at the next instruction (a STORE_FAST) and drops the
local's reference first. Aliases, cells, attributes and an exception in the
middle must all still see the old string.
"""

LOG = []


def build(n):
    s = ""
    for i in range(n):
        s += "ab"
        s = s + str(i)
    return s


def aliased(n):
    s = "start"
    kept = []
    for i in range(n):
        t = s
        s += chr(97 + i)
        kept.append(t)
    return kept, s


def into_other(a):
    b = a + "x"
    c = a + "y"
    a = a + "z"
    return a, b, c


def in_cell(n):
    s = ""

    def peek():
        return s

    seen = []
    for i in range(n):
        s += str(i)
        seen.append(peek())
    return seen


def failing(value):
    s = "text"
    try:
        s += value
    except TypeError as error:
        LOG.append(str(error))
    return s


class Text(str):
    def __add__(self, other):
        return Text("<" + str(self) + "+" + str(other) + ">")


def joined(a, b):
    a += b
    return a


def main():
    out = []
    for i in range(60):
        out.append(build(i % 7))
        out.append(aliased(i % 5))
        out.append(into_other("v"))
        out.append(in_cell(i % 4))
        out.append(failing("ok"))
        joined("a", "b")
    out.append(build(50))
    for value in (1, None, b"x", "\u20ac", Text("t")):
        out.append(failing(value))
    out.append([joined(Text("a"), "b"), joined("a", Text("b")), joined("\xe9", "\U0001f600")])
    out.append([type(joined(Text("a"), "b")).__name__, joined([1], (2,)), joined((1,), (2,))])
    return out


RESULT = main()
