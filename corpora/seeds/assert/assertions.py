"""assert with and without message, in expressions that must run only on failure.

LOAD_ASSERTION_ERROR pushes the real class whatever `AssertionError` is bound
to; the message is evaluated only when the test fails.
"""

LOG = []


def simple(x):
    assert x
    return x


def message(x):
    assert x > 0, LOG.append(x) or f"not positive: {x}"
    return x


def tuple_message(x):
    assert isinstance(x, int), ("type", type(x).__name__)
    return x


def chained(a, b, c):
    assert a < b < c, (a, b, c)
    return a


def in_loop(values):
    total = 0
    for value in values:
        assert value, "falsy"
        total += value
    return total


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__, error.args, error.__traceback__.tb_next.tb_lineno


def main():
    out = []
    for i in range(1, 100):
        out.append((simple(i), message(i), tuple_message(i), chained(0, i, 200), in_loop([i, 1])))
    out = out[-1:]
    for x in (0, None, "", [], 0.0, -1, "text", -0.5):
        out.append(
            (
                attempt(simple, x),
                attempt(message, x),
                attempt(tuple_message, x),
                attempt(chained, x, 1, 2),
                attempt(in_loop, [1, x]),
            )
        )
    globals()["AssertionError"] = KeyError
    out.append(attempt(simple, 0))
    del globals()["AssertionError"]
    return out


RESULT = main()
