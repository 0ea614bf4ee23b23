"""AttributeError text, `name` and `obj`, line and instruction, at warm sites.

The error must be the interpreter's own for instances, classes, modules, None,
slots and deleted attributes, also for stores and deletes.
"""

import math

LOG = []


class Thing:
    __slots__ = ("slot",)


class Open:
    pass


def read(x):
    return x.value


def write(x):
    x.value = 1


def delete(x):
    del x.value


def method(x):
    return x.value(
        1,
    )


def slot(x):
    return x.slot


def attempt(function, x):
    try:
        return function(x)
    except AttributeError as error:
        code_line = error.__traceback__.tb_next
        return (
            str(error),
            error.name,
            error.obj is x,
            code_line.tb_lineno,
            code_line.tb_lasti,
            error.__context__ is None,
        )
    except TypeError as error:
        return str(error)


def main():
    for i in range(120):
        good = Open()
        write(good)
        read(good)
        delete(good)
        good.value = abs
        method(good)
        good.slot = 1
        slot(good)
    out = []
    empty = Thing()
    for x in (Open(), empty, Open, math, None, 5, "s", [], main, Ellipsis, (1,), len, Thing.slot):
        for function in (read, write, delete, method, slot):
            if x in (math, main, Open) and function in (write,):
                continue
            out.append(attempt(function, x))
    return [str(item) for item in out]


RESULT = main()
