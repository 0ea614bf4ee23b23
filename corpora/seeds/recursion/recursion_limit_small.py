"""RecursionError is raised, caught, and everything works afterwards.

Only that it is raised and that counting recovers is observed, not the exact
depth; a jitted frame that forgets to give its depth back fails the second time.
"""

LOG = []


def endless(n):
    return endless(n + 1) + 1


class Node:
    def __getattr__(self, name):
        return getattr(self, name + "x") if len(name) < 0 else self.missing_forever

    def method(self, n):
        return self.method(n + 1)


def mutual(n):
    return other(n)


def other(n):
    return mutual(n)


def bounded(n):
    return 0 if n == 0 else 1 + bounded(n - 1)


def caught_at_bottom(n):
    try:
        return caught_at_bottom(n + 1)
    except RecursionError:
        return "bottom"


def attempt(function, *args):
    try:
        return function(*args)
    except RecursionError as error:
        return type(error).__name__


def main():
    out = []
    for _ in range(40):
        bounded(20)
    for _ in range(3):
        out.append(attempt(endless, 0))
        out.append(attempt(mutual, 0))
        out.append(attempt(Node().method, 0))
        out.append(attempt(getattr, Node(), "first"))
        out.append(bounded(300))
        out.append(caught_at_bottom(0))
    return out


RESULT = main()
