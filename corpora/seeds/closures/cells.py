"""MAKE_CELL, LOAD_DEREF, STORE_DEREF, DELETE_DEREF, COPY_FREE_VARS.

Arguments that are cells at once, cells that are unbound, deleted and bound
again, two closures over one cell, and closures that outlive their frame.
"""

LOG = []


def counter(start):
    def step(by=1):
        nonlocal start
        start += by
        return start

    def peek():
        return start

    return step, peek


def argument_cells(a, b, *args, c=3, **kwargs):
    def read():
        return a, b, args, c, sorted(kwargs.items())

    a = a + 1
    args = args + (b,)
    return read()


def unbound(flag):
    def read():
        return value

    if flag:
        value = 1
    try:
        return read()
    except NameError as error:
        return type(error).__name__, str(error), error.name


def deleted(flag):
    value = 10

    def read():
        return value

    first = read()
    if flag:
        del value
    try:
        second = value
    except UnboundLocalError as error:
        second = str(error)
    try:
        third = read()
    except NameError as error:
        third = str(error)
    value = 30
    return first, second, third, read()


def adders(n):
    return [lambda x, i=i: x + i + n for i in range(3)]


def three_levels(a):
    def second(b):
        def third(c):
            nonlocal a, b
            a += c
            b *= c
            return a, b, c

        return third

    return second(2)


def main():
    out = []
    for i in range(80):
        step, peek = counter(i)
        out.append((step(), step(5), peek()))
        out.append(argument_cells(i, 2, 3, 4, x=5))
        out.append(unbound(i < 60))
        out.append(deleted(i >= 60))
        out.append([adder(1) for adder in adders(i)])
        third = three_levels(i)
        out.append((third(2), third(3)))
    step, peek = counter(2**62 - 2)
    out.append([step() for _ in range(4)])
    step, peek = counter("s")
    out.append((step("t"), peek()))
    return out


RESULT = main()
