"""Exceptions thrown deep in recursion, caught at different depths on the way up.

Every frame has live locals and a half-built expression; finally blocks run in
each. The native stack and the frame chain must both unwind.
"""

LOG = []


def dive(n, raise_at, catch_at):
    marker = [n]
    try:
        if n == raise_at:
            raise ValueError(f"at {n}")
        return [n, *dive(n - 1, raise_at, catch_at)] if n else ["bottom"]
    except ValueError as error:
        if n in catch_at:
            if n % 2:
                return ["caught", n, *error.args]
            raise KeyError(n) from error
        raise
    finally:
        LOG.append(marker[0])


def tree(depth, path=""):
    if depth == 0:
        if path.count("r") == 2:
            raise LookupError(path)
        return 1
    total = 0
    for step in "lr":
        try:
            total += tree(depth - 1, path + step)
        except LookupError:
            total += 100
            if step == "r":
                raise
    return total


def attempt(function, *args):
    try:
        return function(*args)
    except (ValueError, KeyError, LookupError) as error:
        depth = 0
        tb = error.__traceback__
        while tb is not None:
            depth += 1
            tb = tb.tb_next
        return type(error).__name__, error.args, depth, type(error.__cause__).__name__


def main():
    out = []
    for i in range(40):
        out.append(attempt(dive, 6, i % 8, (i % 5, 4)))
    LOG.clear()
    for raise_at in range(5):
        for catch_at in ((), (4,), (3,), (1, 2), (0, 3)):
            out.append((attempt(dive, 4, raise_at, catch_at), LOG[:]))
            LOG.clear()
    for depth in range(5):
        out.append(attempt(tree, depth))
    return out


RESULT = main()
