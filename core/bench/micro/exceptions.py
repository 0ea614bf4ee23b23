"""Exceptions: try blocks that are not left by one, ones that are, finally and with."""


def no_exception():
    total = 0
    for i in range(20_000):
        try:
            total += i
        except ValueError:
            total = 0
    return total


def raised_here():
    caught = 0
    for i in range(4_000):
        try:
            if i % 2:
                raise ValueError(i)
        except ValueError as error:
            caught += len(error.args)
    return caught


def fail(i):
    if i % 4 == 0:
        raise KeyError(i)
    return i


def raised_in_callee():
    total = 0
    for i in range(8_000):
        try:
            total += fail(i)
        except KeyError:
            total -= 1
    return total


def missing_key():
    table, missing = {i: i for i in range(0, 100, 2)}, 0
    for i in range(5_000):
        try:
            table[i % 100]
        except KeyError:
            missing += 1
    return missing


def finally_blocks():
    total = 0
    for i in range(15_000):
        try:
            if i % 3 == 0:
                continue
            total += i
        finally:
            total ^= 1
    return total


class Manager:
    def __init__(self):
        self.depth = 0

    def __enter__(self):
        self.depth += 1
        return self

    def __exit__(self, *exc):
        self.depth -= 1
        return False


def with_blocks():
    manager, total = Manager(), 0
    for i in range(8_000):
        with manager as m:
            total += m.depth + i
    return total


BENCHMARKS = {
    "no_exception": no_exception,
    "raised_here": raised_here,
    "raised_in_callee": raised_in_callee,
    "missing_key": missing_key,
    "finally_blocks": finally_blocks,
    "with_blocks": with_blocks,
}
