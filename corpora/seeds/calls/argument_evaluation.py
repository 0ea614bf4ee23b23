"""Arguments that rebind the names used by other arguments of the same call.

`f(a, (a := b))`, `f(x, g())` where g changes x's cell: an argument loaded as a
borrowed local must be made safe before the local is overwritten.
"""

LOG = []


class Dying:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(("del", self.name))


def pack(*args):
    return [getattr(arg, "name", arg) for arg in args]


def three(a, b, c):
    return pack(a, b, c)


def walrus(a, b):
    return three(a, (a := b), a)


def walrus_chain(a):
    return three(a, (a := Dying("second")), (a := Dying("third")))


def walrus_callee(f, x):
    return f(x, (f := len), x)


def cell_argument(a):
    def change():
        nonlocal a
        a = Dying("from change")
        return "changed"

    return three(a, change(), a)


def deleted_by_callee(items):
    return three(items[0], items.clear(), len(items))


def add_walrus(x):
    return x + (x := 3) + x


def float_walrus(x):
    return x * 2.0 + (x := x + 1.0) * x


def subscript_walrus(x, i):
    return x[i] + x[(i := i + 1)] + i


def comparison_walrus(x):
    return x < (x := x + 1) < (x := x + 1), x


def main():
    out = []
    for i in range(70):
        out.append(walrus(Dying("a"), Dying("b")))
        out.append(walrus_chain(Dying("first")))
        out.append(walrus_callee(three, i))
        out.append(cell_argument(Dying("arg")))
        out.append(deleted_by_callee([Dying("item")]))
        out.append((add_walrus(i), float_walrus(i * 0.5), subscript_walrus([1, 2, 3], i % 2)))
        out.append(comparison_walrus(i))
    out.append((add_walrus(2**62), add_walrus(1.5), float_walrus(2), float_walrus(float("inf"))))
    return out[-8:], LOG[-20:], len(LOG)


RESULT = main()
