"""`a < b` in value position gave a bool for objects whose __lt__ returns something else.

A comparison specialised to ints asked other operands for a truth value, though nobody had wanted
one yet. The operands are released before the truth of the result is asked for, too.
"""

LOG = []


class Ordered:
    def __init__(self, name):
        self.name = name

    def __lt__(self, other):
        return Ordered(f"({self.name} < {getattr(other, 'name', other)})")

    def __ge__(self, other):
        return [self.name, getattr(other, "name", other)]

    def __eq__(self, other):
        return None

    __hash__ = None

    def __bool__(self):
        LOG.append(("bool", self.name))
        return "x" not in self.name

    def __del__(self):
        LOG.append(("del", self.name))


def make(what):
    return Ordered(what) if type(what) is str else what


def values(a, b):
    return a < b, a >= b, a == b


def shown(result):
    return [item.name if isinstance(item, Ordered) else item for item in result]


def chained(a, b, c):
    return a < b < c


def jumps(a, b):
    if make(a) < make(b):
        return "less"
    return "not less"


def mixed(a, b):
    return "less" if make(a) < make(b) else "not less"


def main():
    out = []
    for i in range(60):
        mixed(i, 30), mixed("m", i), mixed("m", "n")
    LOG.clear()
    LOG.append("mixed")
    out.append(mixed("mx", "o"))
    for i in range(150):
        values(i, 75)
        chained(i, 75, 100)
        jumps(i, 75)
    for pair in ((Ordered("a"), Ordered("b")), (Ordered("a"), 5), (1.5, 2), (2**70, 1)):
        out.append(shown(values(*pair)))
    LOG.append("chained")
    out.append(shown([chained(Ordered("p"), Ordered("q"), Ordered("r"))]))
    out.append(shown([chained(Ordered("px"), Ordered("q"), Ordered("r"))]))
    LOG.append("jumps")
    out.append(jumps("t", "u"))
    out.append(jumps("tx", "u"))
    out.append([jumps(i, 75) for i in (1, 80)])
    return out


RESULT = main()
