"""BUILD_SLICE with two and three parts; getting, setting and deleting slices.

Slices of list, tuple and str have direct paths; `__getitem__` of a class must
receive a real slice object with the very values given.
"""

LOG = []


class Recorder:
    def __getitem__(self, key):
        LOG.append(("get", str(key)))
        return key

    def __setitem__(self, key, value):
        LOG.append(("set", str(key), value))

    def __delitem__(self, key):
        LOG.append(("del", str(key)))


def two(x, i, j):
    return x[i:j]


def three(x, i, j, k):
    return x[i:j:k]


def multi(x, i, j):
    return x[i:j, ..., None]


def store(x, i, j, values):
    x[i:j] = values
    return x


def store_step(x, k, values):
    x[::k] = values
    return x


def remove(x, i, j):
    del x[i:j]
    return x


def augmented(x, i, j):
    x[i:j] += [0]
    return x


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, ValueError, IndexError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(80):
        data = list(range(10))
        out.append(two(data, i % 10, 8))
        out.append(three("abcdefghij", i % 10, None, 2))
        out.append(store(data, 1, 3, (i,)))
        out.append(remove(data, 0, 2))
        out.append(augmented(data, 1, 2))
        out.append(store_step([0, 1, 2, 3], 2, "xy"))
    out = out[-12:]
    bounds = (None, 0, 1, -1, 3, 100, -100, True)
    for i in bounds:
        for j in bounds:
            out.append((two((0, 1, 2, 3), i, j), two("text", i, j), three([0, 1, 2, 3], i, j, -1)))
    recorder = Recorder()
    out.append(str(two(recorder, "a", 1.5)))
    out.append(str(multi(recorder, None, ())))
    augmented_result = attempt(augmented, recorder, 1, 2)
    out.append(augmented_result)
    store(recorder, 1, None, "v")
    remove(recorder, 1, 2)
    for function, args in (
        (two, ([1], "a", 1)),
        (three, ([1], 0, 1, 0)),
        (two, (5, 1, 2)),
        (store, ((1, 2), 0, 1, [])),
        (store, ([1], 0, 1, 5)),
        (multi, ([1], 0, 1)),
        (store_step, ([1, 2, 3], 2, [1])),
        (remove, ("abc", 0, 1)),
    ):
        out.append(attempt(function, *args))
    return out


RESULT = main()
