"""Bare `raise`, re-raise from nested handlers, `__context__` chains and loops.

`raise` alone takes the innermost exception being handled, also in a callee; the
chain is cut where it would become a cycle.
"""

LOG = []


def chain(error):
    out = []
    while error is not None:
        out.append((type(error).__name__, error.args, error.__suppress_context__))
        error = error.__context__
    return out


def reraise_in_callee():
    raise


def simple(kind):
    try:
        raise kind("one")
    except kind:
        raise


def through_callee(kind):
    try:
        raise kind("callee")
    except kind:
        reraise_in_callee()


def nested():
    try:
        raise ValueError("outer")
    except ValueError:
        try:
            raise KeyError("inner")
        except KeyError:
            LOG.append("inner handled")
        raise


def replaced():
    try:
        raise ValueError("a")
    except ValueError:
        try:
            raise KeyError("b")
        except KeyError:
            raise TypeError("c")


def in_finally():
    try:
        raise ValueError("body")
    finally:
        raise KeyError("finally")


def same_object():
    error = ValueError("same")
    try:
        raise error
    except ValueError as first:
        try:
            raise KeyError("between")
        except KeyError:
            raise first


def modified():
    try:
        raise ValueError("modified")
    except ValueError as error:
        error.args = ("changed", 1)
        error.extra = 2
        raise


def nothing_active():
    return reraise_in_callee()


def attempt(function, *args):
    try:
        function(*args)
    except Exception as error:
        lines = []
        tb = error.__traceback__
        while tb is not None:
            lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
            tb = tb.tb_next
        return chain(error), lines


def after_handled():
    try:
        raise ValueError("over")
    except ValueError:
        pass
    raise KeyError("no context")


def main():
    out = []
    for i in range(40):
        out = [
            attempt(simple, ValueError),
            attempt(through_callee, KeyError),
            attempt(nested),
            attempt(replaced),
            attempt(in_finally),
            attempt(same_object),
            attempt(modified),
            attempt(nothing_active),
            attempt(after_handled),
        ]
    del LOG[3:]
    return out


RESULT = main()
