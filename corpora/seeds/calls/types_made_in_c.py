"""Calls of classes at one place: made in C, with and without a way of their own, and in Python.

A place that has learnt how to call one of them meets the others.
"""

from collections import deque
from fractions import Fraction

LOG = []


class Plain:
    pass


class Made:
    def __init__(self, *values):
        LOG.append(values)
        self.values = values


class Counted(int):
    pass


class Meta(type):
    def __call__(cls, *arguments):
        LOG.append(cls.__name__)
        return super().__call__(*arguments)


class Own(metaclass=Meta):
    def __init__(self, *values):
        self.values = values


def none(kind):
    return kind()


def one(kind, value):
    return kind(value)


def pair(kind, left, right):
    return kind(left, right)


def named(kind, value):
    return kind(real=value) if kind is complex else kind(value)


def zipped(left, right):
    return [a + b for a, b in zip(left, right)]


def error_of(kind, value):
    try:
        one(kind, value)
    except Exception as error:
        where = error.__traceback__.tb_next
        return type(error).__name__, str(error), where.tb_lineno - one.__code__.co_firstlineno
    return None


def name(value):
    return type(value).__name__


NONE = [dict, list, set, int, float, bytearray, deque, Plain, Made, Counted, Own, object, zip]
ONE = [list, tuple, iter, reversed, enumerate, bytes, bytearray, deque, Made, Own, frozenset]


def run():
    LOG.clear()
    out = [name(none(kind)) for kind in NONE]
    out += [name(one(kind, [1, 2])) for kind in ONE]
    out += [list(one(kind, [1, 2])) for kind in (list, reversed, bytes)]
    out += [list(pair(map, str, [1])), list(pair(zip, [1], [2])), list(pair(filter, None, [0, 2]))]
    out += [pair(kind, 1, 2) for kind in (complex, Fraction, slice)]
    out += [pair(Made, 1, 2).values, pair(Own, 3, 4).values, named(complex, 2), named(Counted, 2)]
    out += [zipped([1, 2], [3, 4])]
    return out, list(LOG)


RUNS = [run() for _ in range(120)]
ERRORS = [error_of(kind, "x") for kind in (int, float, reversed, Plain, Counted, map, Made, object)]
RESULT = all(each == RUNS[0] for each in RUNS), RUNS[-1], ERRORS
