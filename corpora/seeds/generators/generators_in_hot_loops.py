"""Compiled consumers of interpreted generators: for, next, sum, unpacking, send.

Generators themselves may stay with the interpreter; the callers are compiled,
and the boundary is crossed at every item, also by exceptions both ways.
"""

LOG = []


def count(n):
    for i in range(n):
        yield i
    LOG.append("count done")
    return "returned"


def echo():
    received = None
    try:
        while True:
            received = yield received
    except KeyError as error:
        LOG.append(("thrown in", error.args))
        yield "recovered"
    finally:
        LOG.append("echo closed")


def delegating(n):
    value = yield from count(n)
    yield value


def failing(n):
    yield n
    yield 1 / (n - n)


def consume(generator):
    total = 0
    for x in generator:
        total += x
    return total


def talk(values):
    generator = echo()
    next(generator)
    out = [generator.send(value) for value in values]
    out.append(generator.throw(KeyError("from outside")))
    generator.close()
    return out


def spread(n):
    a, *rest = count(n)
    return a, rest, [*count(2)], max(count(3)), sorted(delegating(0), key=str)


def abandoned(n):
    for x in count(n):
        if x == 1:
            return "left"
    return "exhausted"


def expressions(values, k):
    return sum(x * k for x in values), any(x > k for x in values), list(x for x in values if x != k)


def by_hand(generator):
    out = []
    while True:
        try:
            out.append(next(generator))
        except StopIteration as stop:
            return out, stop.value


def main():
    out = []
    for i in range(40):
        out.append(
            (
                consume(count(i % 5)),
                talk([1, "a"]),
                spread(3),
                abandoned(i % 4),
                expressions([1, 2, 3], i % 3),
                by_hand(count(2)),
            )
        )
    out = out[-3:]
    del LOG[12:]
    for function, generator in (
        (consume, failing(1)),
        (by_hand, failing(2)),
        (consume, delegating(2)),
    ):
        try:
            out.append(function(generator))
        except (ZeroDivisionError, TypeError) as error:
            names = []
            tb = error.__traceback__
            while tb is not None:
                names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
                tb = tb.tb_next
            out.append((str(error), names))
    return out


RESULT = main()
