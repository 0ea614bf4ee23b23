"""What a pattern asks its subject, and in which order: `len`, items, keys, comparisons.

Subjects are classes of the program's own that log each question, fail at some,
and die when the statement is through; captured names keep what they captured.
"""

import collections.abc

LOG = []


def render(value):
    if isinstance(value, (tuple, list)):
        return type(value)(render(part) for part in value)
    return value if isinstance(value, (int, str, type(None))) else type(value).__name__


class Asked(collections.abc.Sequence):
    def __init__(self, *items, fail=None):
        self.items, self.fail = items, fail

    def ask(self, *question):
        LOG.append(question)
        if question[0] == self.fail:
            raise ValueError(*question)

    def __len__(self):
        self.ask("len")
        return len(self.items)

    def __getitem__(self, index):
        self.ask("item", index if isinstance(index, int) else "slice")
        return self.items[index]

    def __iter__(self):
        self.ask("iter")
        return iter(self.items)

    def __del__(self):
        LOG.append("sequence dies")


class Equal:
    def __init__(self, name, answer):
        self.name, self.answer = name, answer

    def __eq__(self, other):
        LOG.append((self.name, "==", render(other)))
        if self.answer is None:
            raise ArithmeticError(self.name)
        return self.answer

    __hash__ = None

    def __bool__(self):
        LOG.append((self.name, "bool"))
        return bool(self.answer)


class Chain:
    """Compares equal with an object that has no truth to tell."""

    def __eq__(self, other):
        return Equal("comparison", self is other)


class Constants:
    CHAIN = Chain()


def guard(*values):
    LOG.append(render(("guard", *values)))
    return len(values) > 1


def ask(subject):
    first = last = None
    match subject:
        case [1, 2]:
            return "one two"
        case [first, *_] if guard(first):
            return "never"
        case [_, 5, last] if guard(first, last):
            return "five", first, last
        case [x, *middle, y]:
            return x, middle, y
        case [Constants.CHAIN] | Constants.CHAIN:
            return "chain"
        case []:
            return "empty"
        case None | True:
            return "singleton"
    return "unmatched", first, last


def leftover(subject):
    """Names of cases that did not match, and of guards that failed, are bound."""
    match subject:
        case [a, [b, 9]]:
            pass
        case [c, [d, e]] if e == 7:
            pass
        case [f, *g]:
            pass
    return sorted((name, value) for name, value in locals().items() if name != "subject")


def in_loop(subjects):
    found = []
    for subject in subjects:
        match subject:
            case [int(n), *_] if n % 3 == 0:
                continue
            case ["stop"]:
                break
            case [x] | [_, x]:
                found.append(x)
            case _:
                found.append(None)
    else:
        found.append("through")
    return found


def attempt(make):
    try:
        result = render(ask(make()))
    except (ValueError, ArithmeticError) as error:
        result = type(error).__name__, error.args, error.__traceback__.tb_next.tb_lineno
    seen = LOG[:]
    del LOG[:]
    return result, seen


CASES = [
    lambda: Asked(1, 2),
    lambda: Asked(1, 3),
    lambda: Asked(0, 5, "last"),
    lambda: Asked(0, 4, "last"),
    lambda: Asked(*range(6)),
    lambda: Asked(),
    lambda: Asked(1, 2, fail="len"),
    lambda: Asked(1, 2, fail="item"),
    lambda: Asked(*range(4), fail="iter"),
    lambda: [Equal("first", True), Equal("second", True)],
    lambda: [Equal("first", True), Equal("second", False)],
    lambda: [Equal("first", None)],
    lambda: Equal("subject", True),
    lambda: Constants.CHAIN,
    lambda: True,
    lambda: "ab",
]


def main():
    runs = [[attempt(make) for make in CASES] for _ in range(20)]
    out = [runs[0], all(run == runs[0] for run in runs)]
    for subject in ([1, [2, 9]], [1, [2, 7]], [1, [2, 8]], [1], 5):
        for _ in range(10):
            shown = leftover(subject)
        out.append(shown)
    for _ in range(10):
        loops = in_loop([[3], [1], [1, 2], [4], [9, 9], 5, [0]]), in_loop([[1], ["stop"], [2]])
    out.append(loops)
    del LOG[:]
    return out


RESULT = main()
