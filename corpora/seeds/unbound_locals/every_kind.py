"""Unbound locals, cells, free variables, globals, class names: text and lines.

LOAD_FAST needs a null check only where flow analysis cannot prove the local
bound; a check that is dropped wrongly pushes a null pointer.
"""

LOG = []


def branch(flag):
    if flag:
        x = 1
    return x


def loop(n):
    for i in range(n):
        last = i
    return i, last


def after_del(flag):
    x = [1]
    if flag:
        del x
    return x


def in_try(flag):
    try:
        if flag:
            raise ValueError
        x = 1
    except ValueError:
        pass
    return x


def after_except():
    try:
        raise ValueError
    except ValueError as error:
        pass
    return error


def in_with(flag):
    with Swallow():
        if flag:
            raise ValueError
        x = 1
    return x


class Swallow:
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return True


def while_loop(n):
    while n:
        n -= 1
        if n == 1:
            y = n
    return y


def augmented(flag):
    if flag:
        total = 0
    total += 1
    return total


def delete_unbound(flag):
    if flag:
        x = 1
    del x
    return "deleted"


def cell(flag):
    if flag:
        x = 1

    def inner():
        return x

    return inner()


def own_cell(flag):
    if flag:
        x = 1
    inner = lambda: x
    return x + 1


def walrus(flag):
    return (flag and (x := 5)), x


def shadow():
    value = len("abc") if LOG else 0
    if value:
        len = 5
    return value


def unknown_global():
    return this_name_does_not_exist


def in_class(flag):
    class C:
        if flag:
            x = 1
        y = x

    return C.y


CASES = (
    (branch, True, False),
    (loop, 2, 0),
    (after_del, False, True),
    (in_try, False, True),
    (in_with, False, True),
    (while_loop, 3, 1),
    (augmented, True, False),
    (delete_unbound, True, False),
    (cell, True, False),
    (own_cell, True, False),
    (walrus, 1, 0),
    (in_class, True, False),
)


def attempt(function, *args):
    try:
        return function(*args)
    except NameError as error:
        tb = error.__traceback__
        while tb.tb_next is not None:
            tb = tb.tb_next
        return type(error).__name__, str(error), error.name, tb.tb_lineno


def main():
    out = []
    for function, good, bad in CASES:
        for _ in range(60):
            function(good)
        out.append((attempt(function, bad), attempt(function, good), attempt(function, bad)))
    for _ in range(3):
        out.append((attempt(after_except), attempt(unknown_global), attempt(shadow)))
    LOG.append("x")
    out.append(attempt(shadow))
    return out


RESULT = main()
