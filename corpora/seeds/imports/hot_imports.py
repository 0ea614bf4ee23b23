"""IMPORT_NAME, IMPORT_FROM and `import a.b` in functions called hot.

The import goes through `builtins.__import__`, which a program can replace; a
name that is not there is an ImportError with its `name` and `path`.
"""

import builtins

LOG = []


def plain():
    import math

    return math.floor(2.5)


def from_import():
    from math import floor as f, ceil

    return f(2.5), ceil(2.5)


def dotted():
    import collections.abc

    return collections.abc.__name__


def dotted_as():
    import collections.abc as abc

    return abc.__name__


def several():
    import math, operator as op
    from itertools import chain, repeat

    return op.add(1, 2), list(chain(repeat(1, 2), [math.floor(3.1)]))


def missing_name():
    from math import nothing_like_this

    return nothing_like_this


def missing_module():
    import no_such_module_anywhere

    return no_such_module_anywhere


def conditional(flag):
    if flag:
        import string
    try:
        return string.digits
    except UnboundLocalError:
        return "unbound"


def attempt(function):
    try:
        return function()
    except ImportError as error:
        return type(error).__name__, error.name, error.args[0].split(" (")[0]


def main():
    out = []
    for i in range(60):
        out.append((plain(), from_import(), dotted(), dotted_as(), several(), conditional(i % 2)))
    out = out[-1:]
    out.append(attempt(missing_name))
    out.append(attempt(missing_module))
    original = builtins.__import__

    def logged(name, globals=None, locals=None, fromlist=(), level=0):
        LOG.append((name, fromlist, level))
        return original(name, globals, locals, fromlist, level)

    builtins.__import__ = logged
    try:
        out.append((plain(), from_import(), dotted(), dotted_as(), several()))
        out.append(attempt(missing_name))
    finally:
        builtins.__import__ = original
    out.append(plain())
    return out


RESULT = main()
