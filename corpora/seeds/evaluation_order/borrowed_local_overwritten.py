"""A local on the operand stack is overwritten, deleted or freed before its use.

`x + (x := 3)`, `(x, f())` where f changes the cell, `x.a + (x := y).a`: the
value loaded first must be used, and it must still be alive.
"""

LOG = []


class D:
    def __init__(self, name):
        self.name = name

    def __add__(self, other):
        LOG.append((self.name, "+", getattr(other, "name", other)))
        return D(self.name + str(getattr(other, "name", other)))

    def __getitem__(self, i):
        LOG.append((self.name, "item", i))
        return i

    def __del__(self):
        LOG.append(("del", self.name))


def add(x):
    return (x + (x := 3), x)


def add_object(x):
    return (x + (x := D("new"))).name, x.name


def tuple_of(x):
    values = (x, (x := D("second")), x, (x := None), x)
    return [getattr(value, "name", value) for value in values]


def attribute(x, y):
    return x.name + (x := y).name + x.name


def subscript(x, i):
    return x[i] + x[(i := i + 1)] + (x := [10, 20, 30])[i] + i


def compare(x, y):
    return x == (x := y), x == y


def loop(values):
    out = []
    for x in values:
        out.append((x, (x := x + 1), x * (x := 2), x))
    return out


def deleted(x):
    return [x, delete_in_callee(), x]


def delete_in_callee():
    return "callee"


def nested_walrus(a):
    return a + (b := a + (c := a + 1)) * c - b, b, c


def swap(a, b, c):
    a, b = b, a
    a, b, c = c, a, b
    a, (b, c) = b, (c, a)
    return a, b, c


def chain_assign(x):
    x = y = z = [x]
    x.append(y is z)
    return x


def store_over_operand(x):
    y = x
    x = x + 1 + (y + x)
    y = x + y
    return x, y


def condition(x):
    return x if (y := x) and (x := 0) == 0 else y, x


def main():
    out = []
    for i in range(60):
        out = [
            add(i),
            add_object(D("o")),
            tuple_of(D("first")),
            attribute(D("p"), D("q")),
            subscript([1, 2, 3], 0),
            compare(i, 5),
            loop([1, i]),
            deleted(i),
            nested_walrus(i),
            swap(i, "b", None),
            chain_assign(i),
            store_over_operand(i),
            condition(i),
        ]
    out.append([add(2.5), add(2**70), add(True)])
    out.append(loop([0.5, 2**62, True]))
    out.append(
        [
            nested_walrus(0.5),
            nested_walrus(2**60),
            store_over_operand(0.1),
            store_over_operand(2**62),
        ]
    )
    out.append(subscript(D("indexed"), 1))
    n = len(LOG)
    del LOG[30:]
    return n, out


RESULT = main()
