"""copy, deepcopy and pickle of instances: `__reduce_ex__`, `__getstate__`, slots.

They materialise instance dicts, call `__new__` without `__init__`, and rebuild
shared references and cycles.
"""

import copy
import pickle

LOG = []


class Node:
    def __init__(self, value):
        self.value = value
        self.links = []

    def __eq__(self, other):
        return isinstance(other, Node) and self.value == other.value


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a


class Custom:
    def __init__(self, n):
        self.n = n
        self.cache = [n] * 3

    def __getstate__(self):
        LOG.append(("getstate", self.n))
        return {"n": self.n}

    def __setstate__(self, state):
        LOG.append(("setstate", state["n"]))
        self.n = state["n"]
        self.cache = "rebuilt"

    def __deepcopy__(self, memo):
        LOG.append("deepcopy")
        return Custom(self.n + 1)


def read(x):
    return x.value, len(x.links)


def graph(n):
    nodes = [Node(i) for i in range(n)]
    for i, node in enumerate(nodes):
        node.links.extend((nodes[(i + 1) % n], node))
    return nodes


def check(nodes, copied):
    return (
        read(copied[0]),
        copied[0].links[0] is copied[1 % len(copied)],
        copied[0].links[1] is copied[0],
        copied[0] is nodes[0],
        copied == nodes,
    )


def copies(n):
    nodes = graph(n)
    shallow = copy.copy(nodes[0])
    deep = copy.deepcopy(nodes)
    pickled = pickle.loads(pickle.dumps(nodes, 4))
    return (
        check(nodes, deep),
        check(nodes, pickled),
        shallow.links is nodes[0].links,
        list(shallow.__dict__),
    )


def slotted(a):
    x = copy.copy(Slotted(a))
    y = pickle.loads(pickle.dumps(Slotted([a]), 2))
    return x.a, y.a, hasattr(x, "b")


def custom(n):
    x = pickle.loads(pickle.dumps(Custom(n)))
    y = copy.deepcopy(Custom(n))
    z = copy.copy(Custom(n))
    return x.cache, y.n, z.cache


def main():
    out = []
    for i in range(1, 9):
        out = [copies(1 + i % 3), slotted(i), custom(i)]
    out.append(copy.deepcopy({"a": [1, (2, [3])], "f": len}))
    try:
        pickle.dumps(lambda: None)
    except (pickle.PicklingError, AttributeError) as error:
        out.append(type(error).__name__)
    del LOG[6:]
    return out


RESULT = main()
