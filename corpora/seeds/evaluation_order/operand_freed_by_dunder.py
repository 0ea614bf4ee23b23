"""A dunder drops the last other reference to an operand of the running operation.

`self.items[i]` where `__eq__` clears items; `a.b.c` where the property of a
deletes b; the operation must own what it is working on.
"""

LOG = []


class Holder:
    def __init__(self):
        self.part = Part(self, "part")
        self.items = [Part(self, "i0"), Part(self, "i1")]
        self.table = {"k": Part(self, "t")}


class Part:
    def __init__(self, holder, name):
        self.holder = holder
        self.name = name

    def __add__(self, other):
        clear(self.holder)
        LOG.append(("add", self.name))
        return self.name + "+"

    def __getitem__(self, i):
        clear(self.holder)
        LOG.append(("item", self.name))
        return self.name + "[]"

    def __call__(self, x):
        clear(self.holder)
        LOG.append(("call", self.name))
        return self.name + "()"

    def __bool__(self):
        clear(self.holder)
        LOG.append(("bool", self.name))
        return True

    def __lt__(self, other):
        clear(self.holder)
        LOG.append(("lt", self.name))
        return NotImplemented

    def __gt__(self, other):
        LOG.append(("gt", self.name))
        return self.name

    def __format__(self, spec):
        clear(self.holder)
        return self.name + spec

    @property
    def deep(self):
        clear(self.holder)
        LOG.append(("property", self.name))
        return self.name + ".deep"

    def method(self, x):
        clear(self.holder)
        LOG.append(("method", self.name))
        return self.name + x

    def __iter__(self):
        clear(self.holder)
        return iter((self.name, "iterated"))

    def __contains__(self, x):
        clear(self.holder)
        LOG.append(("contains", self.name))
        return x

    def __del__(self):
        LOG.append(("del", self.name))


def clear(holder):
    holder.part = None
    holder.items.clear()
    holder.table.clear()


CASES = (
    lambda h: h.part + 1,
    lambda h: h.items[0] + h.table,
    lambda h: h.part[0],
    lambda h: h.table["k"][1],
    lambda h: h.part(5),
    lambda h: h.items[1](h.part),
    lambda h: "true" if h.part else "false",
    lambda h: h.items[0] < h.items[1],
    lambda h: f"{h.items[0]:x}",
    lambda h: h.table["k"].deep,
    lambda h: h.items[1].method("m"),
    lambda h: [x for x in h.part],
    lambda h: 1 in h.items[0],
    lambda h: (lambda a, b: (a, b))(*h.part),
    lambda h: h.part and "and",
)


def run(case):
    holder = Holder()
    result = case(holder)
    LOG.append("done")
    clear(holder)
    return result


def main():
    out = []
    for _ in range(8):
        out = [run(case) for case in CASES]
    n = len(LOG)
    part = LOG[: n // 8]
    same = all(LOG[k : k + n // 8] == part for k in range(0, n, n // 8))
    LOG[:] = part
    return same, n, [x if isinstance(x, (str, bool, tuple, list)) else x.name for x in out]


RESULT = main()
