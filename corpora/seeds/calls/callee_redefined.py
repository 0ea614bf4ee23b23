"""The callee is replaced under a warm direct call: global, attribute, `__code__`.

A call cache may hold the function, its version or its code. It must follow a
new function of the same name, a new code object in the same function, a class
or a builtin in its place, and a replacement made by the callee itself.
"""

LOG = []


def target(x):
    return x + 1


def caller(x):
    return target(x) * 2


def twice(x):
    return target(x), target(x)


def self_replacing(x):
    global target
    target = lambda x: x + 1000
    return x


def self_recoding(x):
    target.__code__ = recoded.__code__
    return x


def other(x, y=0):
    return x - 1


def recoded(x):
    return -x


class Callable:
    def __new__(cls, x):
        return x + 5


class Instance:
    def __call__(self, x):
        return x + 7


def attempt(x):
    try:
        return caller(x), twice(x)
    except TypeError as error:
        return str(error)


def main():
    global target
    out = []
    original = target
    for i in range(120):
        caller(i)
        twice(i)
    target = other
    out.append(attempt(1))
    target = original
    target.__code__ = other.__code__
    out.append(attempt(1))
    target.__defaults__ = (5,)
    out.append(attempt(1))
    for replacement in (
        Callable,
        Instance(),
        abs,
        "text",
        None,
        lambda: 0,
        lambda *args: len(args),
        lambda x, /, y=3: x + y,
        [].__len__,
        type,
        bool,
    ):
        target = replacement
        out.append(str(attempt(-4)))
    target = self_replacing
    out.append(twice(1))
    target = self_recoding
    out.append((twice(10), target.__name__))
    del target
    try:
        caller(1)
    except NameError as error:
        out.append(str(error))
    return out


RESULT = main()
