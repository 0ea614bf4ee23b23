"""First stores to inline values must record their order.

STORE_ATTR into an empty inline slot also notes the insertion order; a fast path
that writes the value only gives a `__dict__` in the wrong order or without it.
"""

LOG = []


class Node:
    pass


def forwards(node):
    node.a = 1
    node.b = 2
    node.c = 3
    return node


def backwards(node):
    node.c = 1
    node.b = 2
    node.a = 3
    return node


def by_flags(node, flags):
    if flags & 1:
        node.a = "a"
    if flags & 2:
        node.c = "c"
    if flags & 4:
        node.b = "b"
    if flags & 8:
        del node.a
        node.a = "again"
    return node


def names(node):
    return list(node.__dict__)


class Initialised:
    def __init__(self, flag):
        if flag:
            self.x = 1
            self.y = 2
        else:
            self.y = 2
            self.x = 1


def main():
    out = []
    for i in range(120):
        forwards(Node())
        backwards(Node())
        Initialised(i % 2)
    out.append(names(forwards(Node())))
    out.append(names(backwards(Node())))
    out.append(names(forwards(backwards(Node()))))
    for flags in range(16):
        if flags & 9 == 8:
            continue
        out.append(names(by_flags(Node(), flags)))
    out.append(names(by_flags(forwards(Node()), 8)))
    out.append([names(Initialised(flag)) for flag in (0, 1, 0, 1)])
    return out


RESULT = main()
