"""Augmented assignment evaluates its target once and stores it once.

Order for `f()[g()] += h()`: f, g, get, h, iadd, set. The container and the
key stay on the operand stack while arbitrary code runs.
"""

LOG = []


class Box:
    def __init__(self):
        self.items = {"k": 1}

    def __getitem__(self, key):
        LOG.append(("get", key))
        return self.items[key]

    def __setitem__(self, key, value):
        LOG.append(("set", key, value))
        self.items[key] = value

    def __getattr__(self, name):
        LOG.append(("getattr", name))
        return 10


BOX = Box()


def f():
    LOG.append("f")
    return BOX


def g():
    LOG.append("g")
    return "k"


def h(value):
    LOG.append("h")
    return value


def item(value):
    f()[g()] += h(value)


def attribute(value):
    f().absent += h(value)
    del BOX.absent


def cell(value):
    total = value

    def bump():
        nonlocal total
        total += h(value)
        return total

    bump()
    return bump()


def plain(values, i):
    values[i] += values[i - 1]
    values[i] -= 1
    values[i] *= 2
    values[i] //= 3
    return values[i]


def main():
    out = []
    values = list(range(20))
    for i in range(80):
        item(i)
        attribute(i)
        out.append(cell(i))
        out.append(plain(values, i % 20))
    try:
        item("text")
    except TypeError as error:
        out.append(str(error))
    frozen = (1, [2])
    try:
        frozen[1] += [3]
    except TypeError as error:
        out.append((str(error), frozen))
    return out, BOX.items, LOG[-12:]


RESULT = main()
