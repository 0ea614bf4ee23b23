"""`__format__`, `__str__`, `__repr__` that return what they must not, or die.

Also temporaries whose finaliser runs when FORMAT_VALUE drops them: the piece
has to be finished before the next expression is evaluated.
"""

LOG = []


class Wrong:
    def __format__(self, spec):
        return 5

    def __str__(self):
        return None

    def __repr__(self):
        return b"bytes"


class Text(str):
    def __format__(self, spec):
        return Text("formatted")

    def __str__(self):
        return Text("stringed")


class Dying:
    def __init__(self, name):
        self.name = name

    def __str__(self):
        LOG.append(("str", self.name))
        return self.name

    def __del__(self):
        LOG.append(("del", self.name))


def plain(v):
    return f"a{v}b"


def as_str(v):
    return f"{v!s}"


def as_repr(v):
    return f"{v!r}"


def order(tag):
    return f"{Dying(tag + '1')}-{LOG.append(tag) or tag}-{Dying(tag + '2')}"


def attempt(function, v):
    try:
        result = function(v)
    except TypeError as error:
        return str(error)
    return type(result).__name__, result


def main():
    out = []
    for i in range(80):
        plain(i)
        as_str("x")
        as_repr(1.5)
        out.append(order(f"t{i % 3}"))
    del LOG[12:]
    for v in (Wrong(), Text("t"), Text(""), "plain", 3):
        for function in (plain, as_str, as_repr):
            out.append(attempt(function, v))
    return out


RESULT = main()
