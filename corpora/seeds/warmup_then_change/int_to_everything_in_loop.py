"""A hot loop over a list whose elements change kind one after another.

FOR_ITER, arithmetic, compare, subscript and store sites in one loop; each new
kind comes in the middle, so guards fail with the loop's state in registers.
"""

LOG = []


class Number:
    def __init__(self, n):
        self.n = n

    def __radd__(self, other):
        return other + self.n

    def __gt__(self, other):
        LOG.append(("gt", self.n))
        return self.n > other

    def __index__(self):
        return self.n


def process(values, table):
    total = 0
    biggest = 0
    hits = 0
    for i in range(len(values)):
        value = values[i]
        total = total + value
        if value > biggest:
            biggest = value
            hits += 1
        table[i % 4] = value
        values[i] = i
    return total, hits, i


def search(values, wanted):
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if wanted > values[middle]:
            low = middle + 1
        else:
            high = middle
    return low


def attempt(function, *args):
    try:
        return function(*args)
    except (TypeError, IndexError) as error:
        return str(error), error.__traceback__.tb_next.tb_lineno


def main():
    out = []
    for _ in range(40):
        process(list(range(20)), [0] * 4)
        search(list(range(50)), 33)
    for position in (0, 7, 19):
        for surprise in (True, 2.5, 2**70, -(2**63), Number(3), "text", None, float("nan")):
            values = list(range(20))
            values[position] = surprise
            table = [0, 0, 0, 0]
            out.append((attempt(process, values, table), [getattr(x, "n", x) for x in table]))
    for sequence in (
        (1, 2, 3, 4),
        range(100),
        "abcdef",
        [0.5, 1.5, 2.5],
        {0: 1, 1: 2, 2: 3},
        [1, "a", None],
    ):
        for wanted in (2, 2.0, "c", Number(2)):
            out.append(attempt(search, sequence, wanted))
    out.append(attempt(process, (1, 2, 3), [0] * 4))
    out.append(attempt(process, [1, 2, 3], ()))
    return out


RESULT = main()
