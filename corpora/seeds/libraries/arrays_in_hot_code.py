"""array.array read and written by index in hot loops: every kind of index and element, subclasses."""

from array import array

LOG = []


class Mine(array):
    def __getitem__(self, key):
        LOG.append(("get", key))
        return array.__getitem__(self, key)

    def __setitem__(self, key, value):
        LOG.append(("set", key, value))
        array.__setitem__(self, key, value)


class Index:
    def __index__(self):
        return 1


class Shrinks:
    """Its conversion changes the array that it is stored in."""

    def __init__(self, values):
        self.values = values

    def __float__(self):
        del self.values[:]
        return 1.5


def read(values, i):
    return values[i]


def write(values, i, value):
    values[i] = value


def scaled(values, factor):
    for i in range(len(values)):
        values[i] = values[i] * factor
        values[i] += 1
    return sum(values)


def attempt(function, *args):
    try:
        return function(*args)
    except (IndexError, TypeError, OverflowError) as error:
        return type(error).__name__, str(error)


def main():
    results = []
    for code in "bBhHiIlLqQfd":
        values = array(code, [1, 2, 3, 4, 5])
        results += [scaled(values, 2) for _ in range(3)]
        for i in (0, -1, 4, -5, 5, -6, 1 << 40, True, Index(), None, 1.0, slice(1, 3)):
            results.append(attempt(read, values, i))
        for value in (7, -1, 300, 1 << 70, 2.5, "x", None):
            results.append(attempt(write, values, 1, value))
        results.append((values.tolist(), attempt(write, values, 9, 1)))
    text = array("u", "hello")
    results += [text[1], attempt(write, text, 0, "j"), attempt(write, text, 0, "long"), text]
    for _ in range(30):
        mine = Mine("d", [1.0, 2.0])
        results.append((scaled(mine, 3.0), len(LOG)))
    shrinking = array("d", [1.0, 2.0, 3.0])
    results += [attempt(write, shrinking, 2, Shrinks(shrinking)), shrinking]
    return results


RESULT = main()
