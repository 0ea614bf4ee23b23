"""Several names, elements and cells for one object: copies must not be made.

The oracle compares the alias graph of RESULT. A JIT that re-boxes, copies a
tuple or a default argument, or caches a container literal breaks it.
"""

LOG = []


def same_twice(x):
    return [x, x, (x, x), {"k": x}]


def matrix(n):
    row = [0] * n
    shared = [row] * n
    separate = [[0] * n for _ in range(n)]
    shared[0][0] = separate[0][0] = 1
    return shared, separate


def literal():
    values = [1, 2, 3]
    nested = ([], {}, [[]])
    values.append(4)
    nested[0].append(1)
    nested[1]["k"] = 1
    return values, nested


def default(x, acc=[]):
    acc.append(x)
    return acc


def augmented(a):
    b = a
    a += [1]
    c = a
    a = a + [2]
    return a, b, c


def cyclic(n):
    values = [n]
    values.append(values)
    table = {"self": None, "values": values}
    table["self"] = table
    return values, table


def swapped(a, b):
    pair = [a, b]
    pair[0], pair[1] = pair[1], pair[0]
    a, b = b, a
    return pair, a, b


class Node:
    def __init__(self, value, parent=None):
        self.value = value
        self.parent = parent
        self.children = []
        if parent is not None:
            parent.children.append(self)


def tree():
    root = Node("root")
    for name in "ab":
        Node(name + "1", Node(name, root))
    return [
        (child.value, child.parent is root, child.children[0].parent is child)
        for child in root.children
    ]


def main():
    out = []
    x = ["x"]
    for i in range(50):
        results = [
            same_twice(x),
            matrix(2),
            literal(),
            augmented([0]),
            cyclic(i),
            swapped(x, [i]),
            tree(),
        ]
        default(i)
    out.append(results)
    out.append(default("end")[-2:])
    x.append("changed at the end")
    out.append(x)
    out.append(default("once more") is default("and again"))
    return out


RESULT = main()
