"""array.array read and written by index, with every kind of value and of index.

Compiled code keeps the items raw; an array of another type, a value that does not fit, and an
index out of range have to be noticed.
"""

from array import array


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Double(float):
    pass


def get(a, i):
    return a[i]


def put(a, i, value):
    a[i] = value


def update(a, i, value):
    a[i] -= value
    a[i + 1] = a[i] * 2


def swap(a, i, j):
    a[i], a[j] = a[j], a[i]


def sums(doubles, ints):
    total = 0.0
    count = 0
    for i in range(len(doubles)):
        total += doubles[i] * 0.5
        count += ints[i] + 1
    return total, count


def fill(doubles, ints, factor):
    for i in range(len(doubles)):
        doubles[i] = i * factor
        ints[i] = i * 3 - 1


def outcome(f, *args):
    try:
        return f(*args)
    except Exception as error:
        return type(error).__name__, str(error)


def main():
    doubles, ints = array("d", [0.0] * 6), array("i", [0] * 6)
    for n in range(60):
        fill(doubles, ints, n / 4)
        sums(doubles, ints)
        for a in (doubles, ints):
            get(a, n % 6)
            put(a, n % 6, 3)
            update(a, n % 5, 1)
            swap(a, 0, n % 6)
    out = [sums(doubles, ints), doubles.tolist(), ints.tolist()]
    values = (1, -2.5, 2**31 - 1, -(2**31), 2**31, 2**70, True, None, "1", Double(1.5), Index(4),
              float("inf"), float("nan"), -0.0)
    others = [array(code, [1, 2, 3]) for code in "bBhHIlLqQf"] + [[1, 2], (1, 2), "ab", {0: 1}]
    for a in (doubles, ints, array("u", "xyz"), *others):
        for i in (0, -1, -7, 6, 2**40, True, Index(1), 1.0, None, slice(0, 1)):
            item = outcome(get, a, i)
            out.append(item.tolist() if isinstance(item, array) else repr(item))
        for value in values:
            out.append(outcome(put, a, 1, value))
            out.append(repr(outcome(get, a, 1)))
        out.append(outcome(update, a, 0, 0.5))
        out.append(outcome(put, a, 9, 1))
    doubles[0] = 1e300
    out.append((get(doubles, 0), get(doubles, -6), outcome(swap, doubles, 0, 6)))
    del doubles[1:]
    out.append((outcome(get, doubles, 1), outcome(put, doubles, 1, 2.0), get(doubles, 0)))
    return out


RESULT = main()
