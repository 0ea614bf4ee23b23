"""Attributes that types made in C keep in their objects: there, empty, and read only.

Such a member reads as None where a slot of a class would raise, so what was learnt from a full one
must not answer for an empty one.
"""

import functools


def here(x, y=1):
    """Text."""
    return x


def code_of(code):
    return code.co_name, code.co_filename == here.__code__.co_filename, code.co_consts


def bounds(piece):
    return piece.start, piece.stop, piece.step


def accessors(each):
    return each.fget is None, each.fset is None, each.fdel is None


def causes(error):
    return error.name, error.obj


def said(error):
    return error.msg, error.filename, error.text


def wrapped(partial):
    return partial.func.__name__, partial.args, partial.keywords


def stored(error, value):
    try:
        error.name = value
    except (AttributeError, TypeError) as problem:
        return str(problem)
    return error.name


def read_only(piece):
    try:
        piece.start = 5
    except AttributeError as error:
        return str(error)
    return None


class Slice:
    start, stop, step = 1, 2, 3


PROPERTIES = [property(here), property(None, here), property(here, here, here), property()]
ERRORS = [AttributeError("a"), AttributeError("a", name="n", obj=5), NameError("b", name="m")]
SYNTAX = [SyntaxError(), SyntaxError("text"), SyntaxError("text", ("file", 1, 2, "source"))]


def run():
    out = [code_of(here.__code__), [bounds(slice(*each)) for each in ((1,), (1, 2), (None, 2, 3))]]
    out += [accessors(each) for each in PROPERTIES]
    out += [causes(each) for each in ERRORS[:2]]
    out += [said(each) for each in SYNTAX]
    out += [wrapped(functools.partial(here, 1, y=2)), read_only(slice(1))]
    out += [stored(AttributeError(), value) for value in ("x", None, 3)]
    return out


RUNS = [run() for _ in range(100)]
RESULT = all(each == RUNS[0] for each in RUNS), RUNS[-1], bounds(Slice)
