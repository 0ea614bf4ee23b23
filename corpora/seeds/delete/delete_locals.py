"""DELETE_FAST, DELETE_NAME, DELETE_SUBSCR, DELETE_ATTR in the middle of things.

`del` of a local that sits borrowed on the operand stack of an unfinished
expression, and finalisers that run exactly at the `del`.
"""

LOG = []


class Dying:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        LOG.append(("del", self.name))


def alias(name):
    x = Dying(name)
    y = x
    del x
    LOG.append("one left")
    del y
    LOG.append("none left")


def in_comprehension_and_after(n):
    x = n
    values = [x + i for i in range(3)]
    del x
    try:
        return x
    except UnboundLocalError as error:
        return values, str(error)


def conditional(flag):
    x = Dying("conditional")
    if flag:
        del x
    else:
        x = None
    LOG.append("joined")
    try:
        return x
    except UnboundLocalError as error:
        return error.name if error.name else str(error)


def in_loop(n):
    for i in range(n):
        x = Dying(f"loop{i}")
        if i % 2:
            del x
        LOG.append(("step", i))
    try:
        del x
    except UnboundLocalError:
        LOG.append("already")


def rebinding_deletes(table):
    key = "k"
    value = table[key]
    del table[key], key
    return value, len(table)


def del_target_tuple(a, b, c):
    del (a, [b]), c
    try:
        return a
    except UnboundLocalError:
        pass
    try:
        return c
    except UnboundLocalError:
        return "all gone"


def argument_freed(x):
    name = x.name
    del x
    LOG.append("argument deleted")
    return name


def main():
    out = []
    for i in range(40):
        alias("a")
        out.append(
            (
                in_comprehension_and_after(i),
                conditional(i % 2),
                rebinding_deletes({"k": [i], "j": 1}),
                del_target_tuple(1, 2, 3),
                argument_freed(Dying("arg")),
            )
        )
        in_loop(3)
    n = len(LOG)
    del LOG[60:]
    return n, out[-2:]


RESULT = main()
