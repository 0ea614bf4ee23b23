"""An exception leaves a comprehension half-way: partial list, frames, lines.

The traceback has an entry for `<listcomp>` with its line; the partial list and
the iterator are released before the handler runs.
"""

LOG = []


class Item:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        LOG.append(("del", self.n))


def lines(error):
    out = []
    tb = error.__traceback__
    while tb is not None:
        out.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    return out


def inverse(values):
    return [10 / value for value in values if value is not None]


def by_key(rows):
    return {row["key"]: row["value"] + 1 for row in rows}


def items(n, limit):
    return [Item(i) if i < limit else 1 / 0 for i in range(n)]


def nested(rows):
    return [[10 // x for x in row] for row in rows]


def main():
    out = []
    for i in range(1, 80):
        out.append(inverse([1, i]))
        out.append(by_key([{"key": i, "value": 1}]))
        nested([[1, i], [2]])
        items(2, 5)
    out = out[-2:]
    LOG.clear()
    for function, arg in (
        (inverse, [1, 0]),
        (inverse, ["x"]),
        (inverse, 3),
        (by_key, [{"key": 1}]),
        (by_key, [{}, {}]),
        (by_key, [{"key": [], "value": 1}]),
        (nested, [[1], [1, 0]]),
        (nested, [[1], 2]),
    ):
        try:
            function(arg)
        except (ZeroDivisionError, TypeError, KeyError) as error:
            out.append((type(error).__name__, str(error), lines(error)))
    try:
        items(4, 2)
    except ZeroDivisionError as error:
        LOG.append("caught")
        out.append(lines(error))
    return out


RESULT = main()
