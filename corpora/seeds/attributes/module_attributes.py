"""Attributes of modules: LOAD_ATTR_MODULE, LOAD_METHOD on a module, and change.

A module's dict keys version is cached; attributes are added, replaced and
deleted, and `__getattr__` of a module object answers for what is missing.
"""

import math
import operator

LOG = []

module_type = type(math)


def constant():
    return math.pi


def call(x):
    return math.floor(x) + operator.add(x, 1)


def read(module):
    return module.value


def invoke(module, x):
    return module.function(x)


def attempt(function, *args):
    try:
        return function(*args)
    except AttributeError as error:
        return str(error), error.name


def main():
    out = []
    made = module_type("made")
    made.value = 1
    made.function = lambda x: x + 1
    for i in range(120):
        constant()
        call(i + 0.5)
        read(made)
        invoke(made, i)
    made.value = 2
    out.append(read(made))
    made.extra = 3
    out.append((read(made), invoke(made, 1)))
    made.function = len
    out.append(invoke(made, "four"))
    del made.value
    out.append(attempt(read, made))
    made.__getattr__ = lambda name: f"dynamic {name}"
    out.append(attempt(read, made))
    other = module_type("other")
    out.append(attempt(read, other))
    other.__dict__.update(made.__dict__)
    out.append((attempt(read, other), other.__name__))
    kept = math.pi
    math.pi = 3
    out.append(constant())
    math.pi = kept
    out.append(constant())
    floor = math.floor
    math.floor = lambda x: LOG.append(x) or 1000
    out.append(call(2.5))
    math.floor = floor
    out.append(call(2.5))
    return out


RESULT = main()
