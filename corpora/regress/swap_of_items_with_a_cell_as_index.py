"""A cold path restored registers and then used one of them as a temporary.

Storing into a list item while the other half of a swap was still in a register: when the guard of
the store failed, dropping its operands overwrote that register. The index is a cell, so that all of
this is in registers.
"""

LOG = []


def swapped(m, i, p):
    def use():
        return i

    m[i], m[p] = m[p], m[i]
    return use(), m


class Items(list):
    def __setitem__(self, index, value):
        LOG.append((index, value))
        list.__setitem__(self, index, value)


def main():
    out = []
    for n in range(150):
        out.append(swapped([n, n + 0.5, str(n)], n % 3, (n + 1) % 3))
    for m, i, p in (
        (Items("abc"), 0, 2),
        ({0: "x", 1: "y"}, 0, 1),
        ([1, 2, 3], True, -1),
        ([1.5, [2], 3], -3, 1),
    ):
        out.append(swapped(m, i, p))
    for m, i, p in (([1, 2], 0, 5), ((1, 2), 0, 1), ([1, 2], "0", 1), ([1, 2], 1, 2**70)):
        try:
            swapped(m, i, p)
        except (IndexError, TypeError) as error:
            out.append((type(error).__name__, str(error), m))
    return out


RESULT = main()
