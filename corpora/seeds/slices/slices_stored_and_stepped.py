"""Slices with steps, and slices that are stored to, in hot code; every bound there is.

Without a slice object in between, None, negative, huge and wrong bounds must mean the same, and an
error must come from the same instruction.
"""

BOUNDS = [None, 0, 1, 4, -1, -5, 6, -6, 7, -7, 2**40, -(2**70)]
STEPS = [None, 1, 2, -1, -2, 7, -(2**40)]


class Index:
    def __index__(self):
        return 2


def stepped(values, start, stop, step):
    return values[start:stop:step]


def stored(start, stop, new):
    values = [0, 1, 2, 3, 4, 5]
    values[start:stop] = new
    return values


def backwards(values, k):
    values[: k + 1] = values[k::-1]
    return values


def into(container, new):
    container[1:3] = new
    return container


class Own:
    def __init__(self):
        self.seen = []

    def __setitem__(self, key, value):
        self.seen.append((key, value))

    def __getitem__(self, key):
        return key


def error_of(function, *arguments):
    try:
        return function(*arguments)
    except (TypeError, ValueError) as error:
        where = error.__traceback__.tb_next
        position = list(where.tb_frame.f_code.co_positions())[where.tb_lasti // 2]
        return type(error).__name__, str(error), position


class Changes(list):
    """Changes the list that it is assigned to a slice of."""

    def __init__(self, other):
        self.other = other

    def __iter__(self):
        self.other.clear()
        return iter((1, 2))


def meanwhile():
    values = [0, 1, 2, 3]
    values[1:3] = Changes(values)
    return values


def run():
    out = [stepped([0, 1, 2, 3, 4, 5], a, b, c) for a in BOUNDS for b in BOUNDS for c in STEPS]
    out += [stored(a, b, (8, 9)) for a in BOUNDS for b in BOUNDS]
    out += [backwards(list(range(8)), k) for k in range(8)]
    values = [1, 2, 3, 4]
    values[1:3] = values
    out += [values, meanwhile()]
    return out


RUNS = [run() for _ in range(4)]
FIRST = [stepped(each, 1, None, 2) for each in ("abcd", (1, 2, 3), b"abcd", range(9))]
OWN = into(Own(), 5).seen
ERRORS = [
    error_of(stepped, [1], 0, 1, 0),
    error_of(stepped, [1], "a", 1, 1),
    error_of(stored, 0, 1, 5),
    error_of(stored, 0, None, {}),
    error_of(stored, 1.5, 2, []),
    error_of(into, (1, 2, 3), []),
    error_of(into, bytearray(b"abcd"), b"xyz"),
    error_of(stepped, [1, 2, 3, 4], Index(), None, Index()),
    error_of(stored, Index(), None, "ab"),
]
RESULT = all(each == RUNS[0] for each in RUNS), RUNS[-1], FIRST, OWN, ERRORS
