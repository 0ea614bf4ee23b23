"""The interpreter's own TypeError texts from every slow path, at warm sites.

A helper that reports its own text, or calls the C API where the interpreter has
a special message ("cannot unpack non-iterable", "… object is not subscriptable",
`print >>x` hints), differs here.
"""

LOG = []


def add(a, b):
    return a + b


def power(a, b):
    return a**b


def shift(a, b):
    return a >> b


def iadd(a, b):
    a += b
    return a


def negative(a, b):
    return -a


def invert(a, b):
    return ~a


def subscript(a, b):
    return a[b]


def store(a, b):
    a[b] = 1
    return a


def remove(a, b):
    del a[b]
    return a


def call(a, b):
    return a(b)


def method(a, b):
    return a.method(b)


def iterate(a, b):
    for x in a:
        pass
    return None


def unpack(a, b):
    x, y = a
    return x


def contains(a, b):
    return b in a


def compare(a, b):
    return a < b


def star(a, b):
    return max(*a, **b)


def cut(a, b):
    return a[b:]


def manager(a, b):
    with a:
        return b


def as_keyword(a, b):
    return dict(**a)


def fstring(a, b):
    return f"{a:{b}}"


FUNCTIONS = (
    add,
    power,
    shift,
    iadd,
    negative,
    invert,
    subscript,
    store,
    remove,
    call,
    method,
    iterate,
    unpack,
    contains,
    compare,
    star,
    cut,
    manager,
    as_keyword,
    fstring,
)


class C:
    pass


class Named:
    def __repr__(self):
        return "<named>"


GOOD = {
    add: (1, 2),
    power: (2, 3),
    shift: (8, 1),
    iadd: (1, 2),
    negative: (1, 0),
    invert: (1, 0),
    subscript: ([1], 0),
    store: ([1], 0),
    call: (abs, 1),
    iterate: ([1], 0),
    unpack: ((1, 2), 0),
    contains: ([1], 1),
    compare: (1, 2),
    star: ([1, 2], {}),
    cut: ([1], 0),
    as_keyword: ({"a": 1}, 0),
    fstring: (1, ">3"),
}


def attempt(function, a, b):
    try:
        return function(a, b)
    except (
        TypeError,
        AttributeError,
        KeyError,
        IndexError,
        ValueError,
        ZeroDivisionError,
    ) as error:
        return type(error).__name__, str(error)


def main():
    for function, args in GOOD.items():
        for _ in range(70):
            function(*args)
    out = []
    values = (None, 5, 1.5, "s", [], {}, C, print, Named(), (1,), ...)
    for function in FUNCTIONS:
        for value in values:
            for other in (None, "k", 1):
                if function is call and value in (print, C) or function in (store,) and value is C:
                    continue
                out.append(
                    repr(
                        attempt(
                            function, value if value != [] and value != {} else type(value)(), other
                        )
                    )
                )
    return [text.replace("__main__.", "") for text in out]


RESULT = main()
