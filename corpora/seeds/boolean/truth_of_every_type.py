"""Conditions on objects of every type, one after another at the same places.

True, False and None are answered at once; whatever else comes has its own idea of truth.
"""

from decimal import Decimal
from fractions import Fraction


class Sized:
    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size


class Bool:
    def __init__(self, answer):
        self.answer = answer

    def __bool__(self):
        return self.answer


class Number(int):
    def __bool__(self):
        return True


class Text(str):
    def __len__(self):
        return 0


VALUES = [
    True, False, None, 0, 5, -3, 2**70, "", "a", "é", [], [0], (), (0,), {}, {0: 0}, set(), {0},
    frozenset(), b"", b"a", 0.0, -0.0, 1.5, float("nan"), 0j, 1j, Sized(0), Sized(2), Bool(True),
    Bool(False), Number(0), Text("a"), Decimal(0), Fraction(1, 2), range(0), range(1), object, len,
    ..., NotImplementedError(), iter(()),
]  # fmt: skip


def branch(value):
    if value:
        return 1
    return 0


def negated(value):
    return not value


def looped(value):
    rounds = 0
    while value:
        rounds += 1
        if rounds == 3:
            break
    return rounds


def either(value, other):
    return (value or other) is value, (value and other) is value


def chosen(values):
    return sum(1 for value in values if value), [branch(value) for value in values if not value]


def error_of(value):
    try:
        return branch(value)
    except (TypeError, ValueError) as error:
        line = error.__traceback__.tb_next.tb_lineno - branch.__code__.co_firstlineno
        return type(error).__name__, str(error), line


def run():
    out = [(branch(each), negated(each), looped(each), either(each, 0)) for each in VALUES]
    return out, chosen(VALUES)


RUNS = [run() for _ in range(60)]
ERRORS = [error_of(each) for each in (Bool(1), Bool(None), Sized(-1), Sized("a"))]
RESULT = all(each == RUNS[0] for each in RUNS), RUNS[-1], ERRORS
