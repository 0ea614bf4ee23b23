"""Identity of objects that pass through calls, containers, cells and attributes.

`is` on user objects, None and classes only. An object must stay itself through
every path that a JIT may shorten, and constants of a function are one object.
"""

LOG = []


class Thing:
    pass


def through(x, holder, table, cell):
    holder.x = x
    table["x"] = x
    cell[0] = x
    y, *rest = (x, x, x)

    def inner():
        return x

    return [
        holder.x is x,
        table["x"] is x,
        cell[0] is x,
        y is x,
        rest[1] is x,
        inner() is x,
        (x if x else None) is x,
        (x or None) is x,
        [z for z in (x,)][0] is x,
        identity(x) is x,
        identity(*[x]) is x,
        identity(**{"x": x}) is x,
        max(x, x, key=lambda t: 0) is x,
    ]


def identity(x):
    return x


def constant():
    return (1, 2, ("a", None))


def fresh():
    return [], {}, Thing(), lambda: None


def swap_identity(a, b):
    a, b = b, a
    return a, b


def inplace(values):
    before = values
    values += (1,)
    return values is before


def inplace_tuple(values):
    before = values
    values += (1,)
    return values is before, before


def main():
    out = []
    for i in range(60):
        out.append(through(Thing(), Thing(), {}, [None]))
        first, second = fresh(), fresh()
        out.append([a is b for a, b in zip(first, second)])
        out.append(constant() is constant())
        a, b = Thing(), Thing()
        c, d = swap_identity(a, b)
        out.append((c is b, d is a, inplace([0]), inplace_tuple((i,))))
    same = all(out[k][:13] == out[0] for k in range(0, len(out), 4))
    return same, out[-4:]


RESULT = main()
