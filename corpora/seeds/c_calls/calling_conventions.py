"""Builtins of all C calling conventions, with right and wrong arguments.

NOARGS (list.clear), O (list.append, len), FASTCALL (isinstance, dict.pop),
FASTCALL|KEYWORDS (sorted, str.split, sum), VARARGS(|KEYWORDS) (getattr, max,
str.format). A direct `ml_meth` call must check counts as the wrappers do.
"""

LOG = []


def noargs(x):
    return x.copy(), x.clear(), x


def one(x, y):
    x.append(y)
    return len(x), x.count(y), abs(-3), ord("a"), chr(98), hash(5), callable(y), bin(5)


def fast(x, y):
    return (
        isinstance(x, list),
        divmod(7, 2),
        pow(2, 5),
        x.index(y),
        {"a": y}.pop("a"),
        {"a": 1}.get("b", y),
        x.insert(0, y),
        hasattr(x, "append"),
    )


def fast_keywords(x):
    return (
        sorted(x, reverse=True),
        sum(x),
        sum(x, 10),
        "a b".split(" ", 1),
        x.sort(key=None),
        round(2.567, 1),
        (5).to_bytes(2, "little"),
        "x".encode("ascii"),
    )


def varargs(x):
    return (
        getattr(x, "nothing", 5),
        max(x),
        max(1, 2, 3),
        min(x, key=lambda v: -v),
        "{}-{a}".format(1, a=2),
        "abc".startswith(("x", "a")),
        "abc".find("c", 1),
        dict(a=1),
        next(iter(x), None),
    )


def types(x):
    return (
        int("12"),
        str(x),
        list("ab"),
        tuple(x),
        float("1.5"),
        bool(x),
        type(x).__name__,
        dict([(1, 2)]),
        set([1]),
        bytes(3),
        range(1, 7, 2),
        slice(1, 2),
        complex(1, 2),
        object is None,
    )


WRONG = (
    lambda: [].clear(1),
    lambda: [].append(),
    lambda: [].append(1, 2),
    lambda: len(),
    lambda: len(1, 2),
    lambda: len(5),
    lambda: abs("x"),
    lambda: ord("ab"),
    lambda: isinstance(1),
    lambda: isinstance(1, 5),
    lambda: {}.pop(),
    lambda: {}.pop("k"),
    lambda: [].pop(),
    lambda: [].index(1),
    lambda: sorted(),
    lambda: sorted([1, "a"]),
    lambda: sum([1], 2, 3),
    lambda: sum(["a"]),
    lambda: max(),
    lambda: max([]),
    lambda: max(1, "a"),
    lambda: getattr(1),
    lambda: getattr(1, "no"),
    lambda: "{}".format(),
    lambda: int("x"),
    lambda: str(1, 2, 3, 4),
    lambda: type(),
    lambda: tuple(1, 2),
    lambda: range(),
    lambda: range(1, 2, 0),
    lambda: chr(-1),
    lambda: "".join([1]),
    lambda: next(5),
    lambda: iter(5),
    lambda: dict(5),
    lambda: bool(1, 2),
)


def main():
    out = []
    for i in range(70):
        out.append(
            (
                noargs([i]),
                one([1], i),
                fast([i, 2], i),
                fast_keywords([3, 1, i]),
                varargs([i, 2]),
                types([i]),
            )
        )
    out = out[-1:]
    for function in WRONG:
        for _ in range(2):
            try:
                out.append(repr(function()))
            except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
                message = (type(error).__name__, str(error))
        out.append(message)
    return out


RESULT = main()
