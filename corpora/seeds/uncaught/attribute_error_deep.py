# pyjit: planned-exception: AttributeError
"""Ends with an AttributeError in a property, called from a dunder, from a sort key.

C frames between compiled frames: the traceback has only the Python ones, each
with its own line.
"""

LOG = []


class Item:
    def __init__(self, n):
        self.n = n
        if n != 13:
            self.weight = n * 7 % 11

    @property
    def key(self):
        return (
            self.weight,
            -self.n,
        )

    def __lt__(self, other):
        return self.key < other.key


def smallest(items):
    return min(sorted(items))


def main():
    for start in range(0, 12):
        LOG.append(smallest([Item(start), Item(start + 20), Item(5)]).n)
    return smallest([Item(n) for n in range(10, 20)])


RESULT = main()
