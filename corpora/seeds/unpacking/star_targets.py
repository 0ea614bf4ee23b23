"""UNPACK_EX: a star before, between and after, with too few values.

The instruction pushes a variable arrangement (before, list, after) whose order
on the stack is easy to reverse.
"""

LOG = []


def head(x):
    a, *rest = x
    return a, rest


def tail(x):
    *rest, z = x
    return rest, z


def middle(x):
    a, b, *rest, y, z = x
    return a, b, rest, y, z


def only(x):
    (*rest,) = x
    return rest


def nested(x):
    a, *(b, *c), d = x
    return a, b, c, d


def into_attributes(x, holder, table):
    holder.a, *table["rest"], table["z"] = x
    return holder.a, table["rest"], table["z"]


class Holder:
    def __setattr__(self, name, value):
        LOG.append((name, value))
        object.__setattr__(self, name, value)


def total(rows):
    n = 0
    for first, *others in rows:
        n += first * len(others)
    return n


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, ValueError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(80):
        head((i, 1, 2))
        tail([1, i])
        middle((1, 2, i, 4, 5))
        only("ab")
        nested((1, 2, 3, i))
        total([(1, 2), (i,), (3, 4, 5)])
    for source in (
        (),
        (1,),
        [1, 2],
        "abc",
        range(4),
        (1, 2, 3, 4, 5),
        {"k": 1},
        iter([1, 2, 3, 4]),
        None,
        7,
        (x for x in (1, 2, 3, 4, 5, 6)),
        b"abcde",
    ):
        for function in (head, tail, middle, only, nested):
            out.append(attempt(function, source))
    out.append(attempt(into_attributes, (1, 2, 3, 4), Holder(), {}))
    out.append(attempt(into_attributes, (1,), Holder(), {}))
    out.append(attempt(total, [(1, 2), ()]))
    return out


RESULT = main()
