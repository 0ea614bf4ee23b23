"""A trace function set by a callee, in the middle of a compiled frame.

From then on call, line, return and exception events come for new frames, and
for frames that get an f_trace; after settrace(None) code runs as before.
"""

import sys

LOG = []


def tracer(frame, event, arg):
    if frame.f_code.co_name in ("on", "off", "main"):
        return None
    LOG.append((event, frame.f_code.co_name, frame.f_lineno))
    return tracer


def on():
    sys.settrace(tracer)


def off():
    sys.settrace(None)


def inner(x):
    y = x + 1
    return y * 2


def loop(n):
    total = 0
    for i in range(n):
        total += inner(i)
    return total


def turned_on_inside(n):
    total = inner(n)
    on()
    total += inner(total)
    off()
    total += inner(total)
    return total


def failing(x):
    try:
        return 1 / x
    except ZeroDivisionError:
        return "handled"


def traced_call(function, *args):
    on()
    result = function(*args)
    off()
    return result


def main():
    out = []
    for i in range(40):
        loop(3)
        failing(i + 1)
        inner(i)
    out.append(loop(4))
    out.append(traced_call(loop, 2))
    out.append(traced_call(failing, 0))
    out.append(traced_call(lambda: [inner(x) for x in (1, 2)]))
    n = len(LOG)
    out.append(turned_on_inside(3))
    out.append(len(LOG) - n)
    n = len(LOG)
    out.append((loop(4), len(LOG) - n))
    return out


RESULT = main()
