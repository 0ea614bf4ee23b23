"""Big ints and `__index__` objects where a machine word is expected.

Subscripts, slices, range and repetition convert to Py_ssize_t: out of range
is IndexError for a subscript, clipping for a slice, OverflowError elsewhere.
"""

LOG = []


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        LOG.append(("index", self.value))
        return self.value


def subscript(sequence, i):
    return sequence[i]


def cut(sequence, i, j):
    return sequence[i:j]


def repeat(sequence, n):
    return sequence * n


def attempt(function, *args):
    try:
        return function(*args)
    except (IndexError, OverflowError, TypeError, MemoryError) as error:
        return type(error).__name__, str(error)


def main():
    data = [10, 20, 30, 40]
    pair = (1, 2)
    text = "abcd"
    for i in range(120):
        subscript(data, i % 4)
        subscript(data, -(i % 4) - 1)
        cut(data, i % 4, 3)
        repeat(pair, i % 3)
    out = []
    for i in (
        0,
        -1,
        -4,
        -5,
        4,
        2**31,
        2**63 - 1,
        2**63,
        -(2**63),
        -(2**63) - 1,
        2**100,
        Index(1),
        Index(-2),
        Index(2**70),
        True,
        1.0,
        None,
        "0",
    ):
        for sequence in (data, pair, text):
            out.append(attempt(subscript, sequence, i))
            out.append(attempt(cut, sequence, i, 3))
            out.append(attempt(cut, sequence, 1, i))
    for n in (0, -1, -(2**70), Index(2), 1.5):
        out.append(attempt(repeat, pair, n))
    out.append(attempt(range, 2**70, 2**70 + 3))
    return [str(item) for item in out]


RESULT = main()
