"""C functions that call compiled Python back: sort keys, map, reduce, sub, hooks.

The jitted caller is suspended in C while jitted callees run and raise; `map`
and `filter` are lazy, so the callee runs from another site's FOR_ITER.
"""

import functools
import itertools
import operator

LOG = []


def square(x):
    return x * x


def keep(x):
    return x % 3


def fold(a, b):
    return a * 2 + b


def compare(a, b):
    LOG.append((a, b))
    return a - b


def key(x):
    return -x if x % 2 else x


def pipeline(values):
    total = 0
    for x in map(square, filter(keep, values)):
        total += x
    return total


def reducing(values):
    return functools.reduce(fold, values, 1), functools.reduce(operator.add, values)


def sorting(values):
    return (
        sorted(values, key=key),
        sorted(values, key=functools.cmp_to_key(compare)),
        max(values, key=key),
    )


def grouping(values):
    return [(k, list(group)) for k, group in itertools.groupby(values, key=keep)]


def accumulating(values):
    return (
        list(itertools.accumulate(values, fold)),
        list(itertools.takewhile(keep, values)),
        list(itertools.starmap(fold, zip(values, values[1:]))),
    )


def failing(x):
    if x == 3:
        raise LookupError(f"no {x}")
    return x


def consume(function, values):
    return list(map(function, values))


def main():
    out = []
    values = [5, 3, 8, 1, 9]
    for i in range(50):
        values[i % 5] = i % 11
        out.append(
            (
                pipeline(values),
                reducing(values),
                sorting(values),
                grouping(values),
                accumulating(values),
            )
        )
    out = out[-2:]
    del LOG[20:]
    for function, source in (
        (failing, [1, 2, 3, 4]),
        (failing, (3,)),
        (square, [1, "a"]),
        (fold, [1]),
    ):
        for driver in (consume, lambda f, v: sorted(v, key=f), lambda f, v: functools.reduce(f, v)):
            try:
                out.append(driver(function, source))
            except (LookupError, TypeError) as error:
                names = []
                tb = error.__traceback__
                while tb is not None:
                    names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
                    tb = tb.tb_next
                out.append((str(error), names))
    return out


RESULT = main()
