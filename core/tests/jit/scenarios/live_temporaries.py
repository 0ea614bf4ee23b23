"""Exceptions and deoptimisation with temporaries on the stack: nothing is lost or kept."""
import weakref


class Thing:
    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return Thing(self.value + other)

    def fail(self):
        raise KeyError(self.value)


ALIVE = []


def thing(value):
    made = Thing(value)
    ALIVE.append(weakref.ref(made))
    return made


def display(a, b, c, d):
    return [thing(1), a + b, thing(2), c.value, d[0], thing(3)]


def nested(a, b):
    return (thing(1), [thing(2), {"k": thing(3), "l": a / b}], f"{thing(4)!s:>0}{a // b}")


def call(a, b):
    return dict(x=thing(1), y=thing(2), z=a % b)


def handler(a, b, c):
    got = []
    for i in range(3):
        try:
            got.append([thing(i), (thing(i + 10), a[i] + b, c.value)])
        except (TypeError, IndexError, AttributeError) as error:
            got.append(type(error).__name__)
        finally:
            got.append(i)
    return got


def with_floats(a, b, c):
    return (a * b, [a + b, a * c, thing(1).fail() if c < 0 else b - c], a - b)


def swap(m, i, p):
    m[i], m[p] = m[p], m[i]
    return m


def swap_cell(m, i, p):
    def use():
        return i

    m[i], m[p] = m[p], m[i]
    return use(), m


def unpack(pairs):
    out = []
    for a, (b, *c), d in pairs:
        out.append((a, b, c, d))
    return out


def chained(a, b, c):
    return a < b + 1 < c * 2, [a if a < b < c else (thing(1), b)][0].__class__.__name__


def attempt(function, *args):
    try:
        return str(function(*args)).replace("object at", "")[:0] or "fine"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


GOOD = {
    display: (1, 2, Thing(3), [4]),
    nested: (6, 3),
    call: (7, 4),
    handler: ([1, 2, 3], 4, Thing(5)),
    with_floats: (1.5, 2.5, 3.5),
    swap: ([1, 2, 3], 0, 2),
    swap_cell: ([1, 2, 3], 0, 2),
    unpack: ([(1, (2, 3, 4), 5)],),
    chained: (1, 2, 3),
}
BAD = {
    display: [(1, "2", Thing(3), [4]), (1.5, 2, Thing(3), []), (2**70, 2, 5, [4]), (1, 2, Thing(3), 4)],
    nested: [(6, 0), (6.5, 0.0), (2**70, 0), ("a", 1), (2**62, 2**61), (True, False)],
    call: [(7, 0), (7.5, 0.0), ("%d", 4), ("x", "y"), (-7, 4), (2**61, -1)],
    handler: [([1], 4, Thing(5)), ([1, 2.5, 2**62], 4, Thing(5)), ([1, 2, 3], "4", 5), ("abc", 1, 2)],
    with_floats: [(1.5, 2.5, -3.5), (1, 2.5, 3.5), (1.5, 2**62, 3), (1.5, "2", 3), (2, 3, -4)],
    swap: [([1, 2], 0, 5), ((1, 2), 0, 1), ([1, 2.5], -1, -2), ({0: 1, 1: 2}, 0, 1), ([1, 2], "0", 1)],
    swap_cell: [([1, 2], 0, 5), ((1, 2), 0, 1), ([1, 2.5], -1, -2), ({0: 1, 1: 2}, 0, 1)],
    unpack: [([(1, (), 5)],), ([(1, 2, 3)],), ([(1, 2)],), ([[1, "ab", 3]],), ([(1, (2,), 5), 7],)],
    chained: [(1.5, 2, 3), (2**70, 2, 3), ("a", 2, 3), (1, "b", 3), (1, 2**62, 2**63)],
}


def main():
    for _ in range(50):
        for function, args in GOOD.items():
            attempt(function, *args)
    for _ in range(3):
        for function, cases in BAD.items():
            for args in cases:
                print(function.__name__, attempt(function, *args), end="; ")
                print(attempt(function, *GOOD[function]))
                print(sum(reference() is not None for reference in ALIVE))
                ALIVE.clear()


main()
