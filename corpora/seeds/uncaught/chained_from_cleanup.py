# pyjit: planned-exception: KeyError
"""Ends with a chain: ValueError, TypeError in `finally`, KeyError from a handler.

The `__context__`/`__cause__` chain and each exception's own traceback are what
is compared; `with` and `finally` blocks run on the way out, in order.
"""

LOG = []


class Manager:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        LOG.append((self.name, kind.__name__ if kind else None))
        return False


def body(n):
    with Manager("inner"):
        if n > 40:
            raise ValueError("body", n)
        return n


def middle(n):
    try:
        return body(n)
    finally:
        if n > 40:
            LOG.append("finally")
            n + "text"


def outer(n):
    with Manager("outer"):
        try:
            return middle(n)
        except TypeError as error:
            raise KeyError("final", n) from error


def main():
    total = 0
    for n in range(50):
        total += outer(n)
        LOG.clear()
    return total


RESULT = main()
