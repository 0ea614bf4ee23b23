"""Objects that resurrect themselves, and cycles found by an explicit collection.

A finaliser that stores self in a global makes a borrowed pointer valid again;
gc.collect() called from jitted code must not see half-owned registers.
"""

import gc

LOG = []

SAVED = []


class Phoenix:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(("del", self.name))
        SAVED.append(self)


class Node:
    def __init__(self, name):
        self.name = name
        self.me = self

    def __del__(self):
        LOG.append(("node", self.name))


def burn(name):
    Phoenix(name)
    return SAVED[-1].name


def burn_in_expression(name):
    return Phoenix(name).name + SAVED[-1].name


def cycle(name):
    a = Node(name)
    values = [a, {"a": a}, (a, lambda: a)]
    a.values = values
    return len(values)


def collect_in_middle(name):
    return [name, cycle(name), gc.collect() > 0, name]


def survives(name):
    keep = [name]
    keep.append(keep)
    other = (gc.collect() >= 0, keep[1][0])
    return other, len(keep)


def main():
    gc.disable()
    out = []
    for i in range(30):
        out.append((burn(f"b{i}"), burn_in_expression(f"e{i}")))
        SAVED.clear()
    for i in range(4):
        out.append(collect_in_middle(f"c{i}"))
        out.append(survives(f"s{i}"))
    out = out[-10:]
    return out


RESULT = main()
