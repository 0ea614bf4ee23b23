"""container[start:stop] of lists, tuples, strings and others, with bounds of every kind."""

LOG = []


class Sliced:
    def __getitem__(self, key):
        LOG.append(repr(key))
        return key.start, key.stop, key.step


class Index:
    def __index__(self):
        LOG.append("__index__")
        return 2


class MyList(list):
    def __getitem__(self, key):
        return ("mine", list.__getitem__(self, key))


class Failing:
    def __getitem__(self, key):
        raise LookupError(key)


def part(values, start, stop):
    return values[start:stop]


def parts(values, n):
    out = []
    for i in range(n):
        out.append((values[i:], values[:i], values[i : i + 2], values[-i:], values[:]))
    return out


def position(values):
    try:
        return values[1:2]
    except (TypeError, LookupError) as error:
        return type(error).__name__, str(error), error.__traceback__.tb_lineno


def identity(values):
    return values[:] is values, values[0:99] is values


def main():
    results = []
    containers = [[1, 2, 3, 4], (1, 2, 3, 4), "abcd", "äöü€", b"bytes", range(9), Sliced()]
    containers += [MyList([1, 2, 3]), [], (), ""]
    bounds = [None, 0, 1, -1, 3, -9, 99, 1 << 40, -(1 << 70), True, Index()]
    for _ in range(3):
        for container in containers:
            for start in bounds:
                for stop in bounds:
                    value = part(container, start, stop)
                    results.append(value if type(value) is not list else ("list", *value))
    results += [parts([1, 2, 3, 4, 5], 30), parts((1, 2, 3), 30), parts("string", 30)]
    for container in ([1, 2], 7, None, Failing(), {1: 2}, "s"):
        for _ in range(5):
            results.append(position(container))
    for _ in range(30):
        results.append([identity(value) for value in ((1, 2), "text", b"text")])
        fresh = [1, 2, 3]
        copied = fresh[:]
        copied.append(4)
        results.append((fresh, copied))
    for bad in (1.5, "x", [1]):
        try:
            part([1, 2], bad, None)
        except TypeError as error:
            results.append(str(error))
    return len(results), results[-60:], [str(value) for value in results[:400]]


RESULT = main()
