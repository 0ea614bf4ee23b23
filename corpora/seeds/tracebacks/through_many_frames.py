"""Tracebacks through recursion, methods, callbacks, handlers and re-raises.

Each frame is entered once per raise; re-raising adds entries for the frames
that it passes again, and `with_traceback` replaces the list.
"""

LOG = []


def names(error):
    out = []
    tb = error.__traceback__
    while tb is not None:
        out.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    return out


def recurse(n):
    if n == 0:
        raise ValueError("bottom")
    return recurse(n - 1) + 1


class Node:
    def __init__(self, child):
        self.child = child

    def __getitem__(self, key):
        return self.child[key] if isinstance(self.child, Node) else self.child(key)

    @property
    def total(self):
        return sum(self)

    def __iter__(self):
        return map(self.child, [1, 0])


def divide(x):
    return 1 / x


def handler(n):
    try:
        recurse(n)
    except ValueError:
        LOG.append(n)
        raise


def twice(n):
    try:
        handler(n)
    except ValueError as error:
        raise error


def cleared(n):
    try:
        handler(n)
    except ValueError as error:
        raise error.with_traceback(None)


def converted(n):
    try:
        handler(n)
    except ValueError as error:
        raise KeyError(n) from error


def frames_alive(n):
    marker = [n]
    try:
        recurse(n)
    except ValueError as error:
        tb = error.__traceback__.tb_next
        values = []
        while tb is not None:
            values.append(tb.tb_frame.f_locals["n"])
            tb = tb.tb_next
        return values, marker


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        result = type(error).__name__, names(error)
        if error.__cause__ is not None:
            result += (names(error.__cause__),)
        return result


def main():
    out = []
    node = Node(Node(divide))
    for i in range(30):
        node[1]
        out.append(
            [attempt(function, i % 4) for function in (recurse, handler, twice, cleared, converted)]
        )
        out.append(frames_alive(i % 5))
    out = out[-8:]
    del LOG[5:]
    out.append(attempt(lambda: node[0]))
    out.append(attempt(lambda: Node(divide).total))
    out.append(attempt(lambda: sorted([3, 0], key=divide)))
    out.append(attempt(lambda: node[None]))
    return out


RESULT = main()
