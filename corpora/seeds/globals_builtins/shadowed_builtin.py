"""A builtin used hot is shadowed by a module global, then comes back.

LOAD_GLOBAL caches depend on two dict-keys versions: adding a key to the module
globals must invalidate a cache that skipped straight to builtins.
"""

LOG = []


def measure(values):
    return len(values) + sum(values)


def biggest(a, b):
    return max(a, b) - min(a, b)


def count(n):
    total = 0
    for i in range(n):
        total += abs(-i)
    return total


def fake_len(values):
    LOG.append("fake len")
    return 1000


def fake_range(n):
    LOG.append("fake range")
    return [n, n]


def main():
    out = []
    for i in range(120):
        measure([1, 2, i])
        biggest(i, 50)
        count(3)
    globals()["len"] = fake_len
    out.append(measure([1, 2]))
    globals()["max"] = lambda a, b: 10 * a
    out.append(biggest(1, 2))
    globals()["range"] = fake_range
    out.append(count(4))
    del globals()["len"]
    out.append(measure([1, 2]))
    del globals()["max"], globals()["range"]
    out.append(biggest(1, 2))
    out.append(count(4))
    for name in ("len", "abs"):
        globals()[name] = None
        try:
            out.append((measure([1]), count(2)))
        except TypeError as error:
            out.append(str(error))
        del globals()[name]
    out.append((measure([1]), count(2)))
    return out


RESULT = main()
