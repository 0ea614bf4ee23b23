"""`is`, `is not` against None, booleans, sentinels and classes.

Compiled to a pointer compare, often fused with the jump; operands that are
temporaries have to be released exactly once, whichever way it goes.
"""

LOG = []

MISSING = object()


class Dying:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(("del", self.name))


def describe(x):
    if x is None:
        return "none"
    if x is True:
        return "true"
    if x is not False and x is not MISSING:
        return "other"
    return "false or missing"


def temporary(i):
    return Dying(i) is None


def temporary_jump(i):
    if Dying(i) is not None:
        LOG.append(("after", i))
        return 1
    return 0


def lookup(table, key):
    value = table.get(key, MISSING)
    if value is MISSING:
        return "absent"
    return value


def exact(x):
    return type(x) is int, type(x) is type(None), x.__class__ is bool


def main():
    out = []
    table = {"a": None, "b": 1, "c": MISSING}
    for i in range(100):
        out.append(describe((None, True, False, MISSING, i)[i % 5]))
        out.append(lookup(table, "abcd"[i % 4]))
        out.append(exact((1, None, True, 1.0)[i % 4]))
        if i < 10 or i > 90:
            out.append(temporary(i))
            out.append(temporary_jump(i))
        else:
            temporary_jump(i)
            LOG.pop()
            LOG.pop()
    return out


RESULT = main()
