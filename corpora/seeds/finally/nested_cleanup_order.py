"""Nested finally blocks with effects, exceptions in them, and generators closed.

Every finally runs exactly once, innermost first; an exception raised inside one
continues to the next with a longer context chain.
"""

LOG = []


def levels(n, fail_in):
    try:
        try:
            try:
                if n:
                    raise ValueError("start")
                return "clean"
            finally:
                LOG.append(1)
                if fail_in & 1:
                    raise KeyError("one")
        finally:
            LOG.append(2)
            if fail_in & 2:
                raise IndexError("two")
    finally:
        LOG.append(3)
        if fail_in & 4:
            raise TypeError("three")


def chain(error):
    names = []
    while error is not None:
        names.append(type(error).__name__)
        error = error.__context__
    return names


def attempt(n, fail_in):
    start = len(LOG)
    try:
        result = levels(n, fail_in)
    except Exception as error:
        result = chain(error)
    return result, LOG[start:]


def loop(n):
    total = 0
    for i in range(n):
        try:
            if i % 3 == 0:
                continue
            if i == n - 2:
                break
            total += i
        finally:
            total += 100
    else:
        total = -total
    return total


def with_locals():
    x = 1
    try:
        x = 2
        y = x / 0
        x = 3
    except ZeroDivisionError:
        x += 10
    finally:
        x += 100
    try:
        y
    except UnboundLocalError:
        x += 1000
    return x


def main():
    out = []
    for _ in range(12):
        for n in (0, 1):
            for fail_in in range(8):
                out.append(attempt(n, fail_in))
    out = out[-16:]
    for i in range(60):
        out.append(loop(i % 9))
        out.append(with_locals())
    LOG.clear()
    return out[:40]


RESULT = main()
