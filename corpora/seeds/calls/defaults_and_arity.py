"""Python-to-Python calls: exact arity, defaults, changed defaults, wrong counts.

The direct call path binds arguments itself. `__defaults__`, `__kwdefaults__`
and `__code__` may be replaced; a mutable default is shared by all calls.
"""

LOG = []


def two(a, b):
    return a, b


def defaults(a, b=2, c=3):
    return a, b, c


def collects(a, seen=[]):
    seen.append(a)
    return len(seen)


def keyword_only(a, *, key, other=5):
    return a, key, other


def positional_only(a, b=1, /, c=2):
    return a, b, c


def variadic(a, *rest):
    return a, rest


def use(i):
    return (
        two(i, 1),
        defaults(i),
        defaults(i, 5),
        defaults(i, 5, 6),
        keyword_only(i, key=1),
        variadic(i),
        variadic(i, 1, 2),
        positional_only(i),
        positional_only(i, 3, c=4),
    )


def no_args():
    return two()


def too_few():
    return two(1)


def too_many():
    return two(1, 2, 3)


def too_many_defaults():
    return defaults(1, 2, 3, 4)


def missing_keyword():
    return keyword_only(1)


def positional_for_keyword():
    return keyword_only(1, 2)


def keyword_for_positional():
    return positional_only(a=1)


def none_for_variadic():
    return variadic()


WRONG = (
    no_args,
    too_few,
    too_many,
    too_many_defaults,
    missing_keyword,
    positional_for_keyword,
    keyword_for_positional,
    none_for_variadic,
)


def main():
    out = []
    for i in range(100):
        out.append(use(i))
        out.append(collects(i))
    out = out[-2:]
    for _ in range(3):
        for function in WRONG:
            try:
                function()
            except TypeError as error:
                tb = error.__traceback__
                out.append((error.args, tb.tb_next.tb_lineno, tb.tb_next.tb_next is None))
    defaults.__defaults__ = ("new b", "new c")
    out.append(use(1)[1:3])
    defaults.__defaults__ = ("only c",)
    out.append(defaults(1, 2))
    try:
        defaults(1)
    except TypeError as error:
        out.append(str(error))
    keyword_only.__kwdefaults__ = {"key": "made", "other": 9}
    out.append(keyword_only(1))
    keyword_only.__kwdefaults__ = {"key": "made"}
    try:
        out.append(keyword_only(1, key=1))
    except TypeError as error:
        out.append(str(error))
    two.__code__ = (lambda b, a: ("swapped", a, b)).__code__
    out.append(two(1, 2))
    two.__code__ = (lambda a: ("one", a)).__code__
    try:
        out.append(too_many())
    except TypeError as error:
        out.append(str(error))
    out.append(too_few())
    return out


RESULT = main()
