"""A profile function sees calls, returns, C calls and exceptions of hot code.

Direct calls of builtins through `ml_meth` produce no c_call event by themselves,
so code must run in the interpreter while a profiler is set.
"""

import sys

LOG = []


def profiler(frame, event, arg):
    name = arg.__name__ if event.startswith("c_") else frame.f_code.co_name
    LOG.append((event, name))


def leaf(values):
    values.append(len(values))
    return abs(-values[-1])


def caller(n):
    values = []
    return sum(leaf(values) for _ in range(n))


def raising(x):
    try:
        return int(x)
    except ValueError:
        return None


def main():
    out = []
    for i in range(60):
        caller(3)
        raising("5")
    sys.setprofile(profiler)
    out.append(caller(2))
    out.append(raising("x"))
    out.append(raising("7"))
    sys.setprofile(None)
    n = len(LOG)
    out.append(caller(3))
    out.append(len(LOG) - n)
    return out


RESULT = main()
