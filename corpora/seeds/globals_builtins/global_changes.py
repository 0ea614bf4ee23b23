"""Globals rebound, deleted, made again, and changed by the callee in mid-expression.

A global loaded and kept on the operand stack as borrowed is freed when the
callee rebinds it; a cached value pointer goes stale when the dict is resized.
"""

LOG = []

FACTOR = 3
TABLE = [1, 2, 3]


class Noisy:
    def __init__(self, name):
        self.name = name

    def __add__(self, other):
        LOG.append(("add", self.name, other))
        return self.name

    def __del__(self):
        LOG.append(("del", self.name))


def scale(x):
    return x * FACTOR + FACTOR


def rebind(value):
    global FACTOR
    FACTOR = value
    return 1


def mid_expression(value):
    return FACTOR + rebind(value) + 0 if isinstance(value, int) else FACTOR + rebind(value)


def use_table(i):
    return TABLE[i % len(TABLE)]


def read_missing():
    try:
        return MISSING
    except NameError as error:
        return str(error), error.name


def delete_and_read():
    global FACTOR
    kept = FACTOR
    del FACTOR
    try:
        scale(1)
    except NameError as error:
        LOG.append(str(error))
    try:
        del FACTOR
    except NameError as error:
        LOG.append(str(error))
    FACTOR = kept
    return scale(1)


def main():
    global TABLE
    out = []
    for i in range(100):
        out.append(scale(i))
        out.append(mid_expression(i % 7))
        out.append(use_table(i))
        out.append(read_missing())
    out = out[-4:]
    rebind(2.5)
    out.append(scale(2))
    rebind("s")
    out.append(scale.__name__)
    rebind(Noisy("one"))
    out.append(mid_expression(Noisy("two")))
    out.append(mid_expression(None))
    rebind(4)
    out.append(delete_and_read())
    TABLE = "text"
    out.append(use_table(1))
    for i in range(200):
        globals()[f"filler_{i}"] = i
    out.append((scale(2), use_table(2)))
    globals()["MISSING"] = "found"
    out.append(read_missing())
    del globals()["MISSING"]
    out.append(read_missing())
    return out


RESULT = main()
