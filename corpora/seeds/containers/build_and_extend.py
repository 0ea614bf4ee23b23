"""BUILD_LIST, TUPLE, SET, MAP, CONST_KEY_MAP, LIST_EXTEND, DICT_UPDATE, …

Displays with many elements, stars in the middle, and an element expression
that raises when half of the container is on the stack.
"""

LOG = []


def lists(a, b, rest):
    return [a, b, *rest, a], [*rest], [*rest, *rest], [1, 2, 3], [a], []


def tuples(a, b, rest):
    return (a, b, *rest), (*rest,), (a,), (), (a, (b, (a, b)))


def sets(a, b, rest):
    return len({a, b, *rest}), {1, 2, 3} == {3, 2, 1}, sorted({a, b, 1, 2})


def dicts(a, b, more):
    return {"a": a, "b": b}, {a: b, **more, "z": a}, {**more, **{"a": 1}}, {}, {a: {b: {}}}


def failing(a, b):
    return [a, [b, (a, b / a, b)], {a: b}]


def unhashable(a):
    return {a: 1, "x": 2}, {a}


def not_iterable(a):
    return [1, 2, *a]


def not_mapping(a):
    return {"k": 1, **a}


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, ZeroDivisionError) as error:
        return type(error).__name__, str(error)


def main():
    out = []
    for i in range(1, 100):
        out.append(lists(i, "b", (1, 2)))
        out.append(tuples(i, "b", [3]))
        out.append(sets(i, 5, [i, 7]))
        out.append(dicts(i, "v", {"m": i}))
        out.append(failing(i, 10))
        out.append((attempt(unhashable, i)[0], not_iterable("ab"), not_mapping({"q": i})))
    out = out[-6:]
    out.append(lists(0, 0, range(3)))
    out.append(tuples(0, 0, {"x": 1}))
    for function, args in (
        (failing, (0, 1)),
        (unhashable, ([],)),
        (not_iterable, (5,)),
        (not_mapping, ([1],)),
        (not_mapping, (5,)),
        (lists, (1, 2, None)),
        (tuples, (1, 2, 3.5)),
        (sets, ([], 1, ())),
        (dicts, ([], 1, {})),
    ):
        out.append(attempt(function, *args))
    return out


RESULT = main()
