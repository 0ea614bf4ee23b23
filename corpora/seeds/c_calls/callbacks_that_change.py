"""Functions called from C whose code, defaults or arguments change between two calls.

Whoever calls compiled code from C without a look at the function goes wrong
when it has got other code, other defaults, or is called with what it does not take;
and recursion through C has to end as deep as the interpreter's does.
"""

import functools
import re
import sys

LOG = []


def plain(x, more=1):
    return x + more


def other(x, more=5, *rest):
    return x * more + len(rest)


def generating(x, more=1):
    yield x
    yield more


def raising(x):
    if x % 40 == 39:
        raise ValueError(x)
    return -x


def names(x):
    frame = sys._getframe()
    return [frame.f_code.co_name, frame.f_back.f_code.co_name, sorted(frame.f_locals)]


def nested(x):
    return list(map(nested, [x - 1])) if x else x


def endless(x):
    LOG[-1] += 1
    return max([x], key=endless)


def replaced(match):
    return match.group(0).upper() + str(len(LOG))


def warm():
    for x in range(150):
        list(map(plain, [x]))
    return functools.reduce(plain, range(150))


def changes():
    out = [list(map(plain, [1, 2, 3]))]
    code, defaults = plain.__code__, plain.__defaults__
    for new in (other, generating, names, plain):
        plain.__code__ = new.__code__ if new is not plain else code
        try:
            result = list(map(plain, [1, 2]))
            out.append([list(each) if new is generating else each for each in result])
            out.append(functools.reduce(plain, [1, 2, 3]) if new is other else None)
        except TypeError as error:
            out.append(str(error))
    for new in ((7,), None, (1, 2), defaults):
        plain.__defaults__ = new
        try:
            out.append(list(map(plain, [1, 2])))
        except TypeError as error:
            out.append(str(error))
    return out


def errors():
    out = []
    for wrong in (lambda: list(map(plain, [1], [2], [3])), lambda: sorted([1], key=fewer)):
        try:
            wrong()
        except TypeError as error:
            out.append(str(error))
    for x in range(200):
        try:
            max([x], key=raising)
        except ValueError as error:
            out.append((error.args, error.__traceback__.tb_next.tb_lineno))
    return out


def fewer():
    return 1


def deep():
    depths = []
    for _ in range(3):
        LOG.append(0)
        try:
            endless(1)
        except RecursionError:
            depths.append(LOG.pop() > 300)
    return depths


def main():
    out = [warm()]
    for _ in range(60):
        nested(20)
        names(1)
        re.sub("b", replaced, "abc")
        fewer()
    out.append(nested(30))
    out.append(list(map(names, [1])))
    out.append(re.sub("[ab]", replaced, "abc"))
    out.append(changes())
    out.append(errors())
    out.append(deep())
    return out


RESULT = main()
