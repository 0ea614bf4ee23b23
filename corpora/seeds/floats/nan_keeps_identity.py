"""A NaN found by identity: unboxing and boxing again must not be visible.

`x in [x]` and `[x] == [x]` compare identity before equality. If a JIT boxes a
float anew where the interpreter passes the same object on, NaN shows it.
"""

LOG = []

NAN = float("nan")


def found(x, values):
    return x in values


def store_and_find(x):
    box = [x]
    y = x
    return y in box, box == [x], (x,) == (y,), box.index(y) if y in box else -1


def through_call(x):
    return [identity(x)] == [x]


def identity(x):
    return x


def through_loop(values):
    hits = 0
    for value in values:
        kept = value
        if kept in values:
            hits += 1
    return hits


def fresh(x):
    y = x + 0.0
    return y in [x], [y] == [x]


class Slot:
    def __init__(self, x):
        self.x = x


def through_attribute(slot):
    return slot.x in [slot.x], (slot.x,) == (slot.x,)


def main():
    for i in range(120):
        x = i * 0.5
        found(x, [1.0, 2.0])
        store_and_find(x)
        through_call(x)
        through_loop([x, 2.0])
        fresh(x)
        through_attribute(Slot(x))
    other = float("nan")
    return [
        found(NAN, [NAN]),
        found(NAN, [other]),
        found(NAN, (1.0, NAN)),
        found(NAN, {NAN: 1}),
        store_and_find(NAN),
        through_call(NAN),
        through_loop([NAN, other, 1.0]),
        fresh(NAN),
        through_attribute(Slot(NAN)),
        [NAN].count(NAN),
        [NAN].count(other),
    ]


RESULT = main()
