"""Raising, matching and `with`, against the interpreter's."""

from __future__ import annotations

import itertools
import sys

import pytest


class ReturnsOther(Exception):
    def __new__(cls, *args):
        return 5


class FailsToStart(Exception):
    def __init__(self):
        raise OSError("in __init__")


class MetaException(type):
    def __instancecheck__(cls, instance):
        raise AssertionError("not asked")


class WithMeta(Exception, metaclass=MetaException):
    pass


RAISABLE = [
    *(
        ValueError,
        ValueError("v"),
        ReturnsOther,
        FailsToStart,
        5,
        None,
        "text",
        object,
        BaseException,
    ),
    *(WithMeta, KeyError(1, 2), StopIteration(3), [], int),
]


def stock_raise(exception):
    raise exception


def stock_raise_from(exception, cause):
    raise exception from cause


def stock_bare():
    raise


def test_raise(h, outcome):
    for exception in RAISABLE:
        log = []
        assert outcome(lambda: h.raise_varargs(log, exception)) == outcome(  # noqa: B023
            lambda: stock_raise(exception)  # noqa: B023
        )
        assert log == [0]


def test_raise_from(h, outcome):
    for exception, cause in itertools.product(RAISABLE, RAISABLE):
        if exception is cause:
            continue
        mine = outcome(lambda: h.raise_varargs([], exception, cause))  # noqa: B023
        assert mine == outcome(lambda: stock_raise_from(exception, cause))  # noqa: B023
        for made in (exception, cause):
            if isinstance(made, BaseException):
                made.__cause__ = made.__context__ = None
                made.__suppress_context__ = False


def test_raise_sets_the_context(h, outcome):
    def within(raiser):
        try:
            raise KeyError("outer")
        except KeyError:
            raiser()

    assert outcome(within, lambda: h.raise_varargs([], ValueError("x"))) == outcome(
        within, lambda: stock_raise(ValueError("x"))
    )


def test_bare_raise(h, outcome):
    log = []
    assert outcome(lambda: h.raise_varargs(log)) == outcome(stock_bare)
    assert log == [0]

    def within(raiser):
        try:
            raise KeyError("outer")
        except KeyError:
            raiser()

    assert outcome(within, lambda: h.raise_varargs(log)) == outcome(within, stock_bare)
    assert log == [0, 1]


def test_raising_keeps_no_reference(h):
    error, cause = ValueError("x"), KeyError("y")
    before = (sys.getrefcount(error), sys.getrefcount(cause))
    for _ in range(5):
        for arguments in ((error,), (error, cause), (error, 5), (5, cause), (ReturnsOther, cause)):
            with pytest.raises(Exception):  # noqa: B017, PT011
                h.raise_varargs([], *arguments)
            error.__cause__ = error.__context__ = error.__traceback__ = None
    del arguments
    assert (sys.getrefcount(error), sys.getrefcount(cause)) == before


def test_reraise_keeps_the_traceback(h):
    try:
        stock_raise(ValueError("x"))
    except ValueError as raised:
        error = raised
    traceback = error.__traceback__
    with pytest.raises(ValueError, match="x") as caught:
        h.reraise(error)
    chain, lines = caught.value.__traceback__, []
    while chain is not None:
        lines.append(chain)
        chain = chain.tb_next
    assert traceback in lines


def test_handled_exceptions_nest(h):
    outer, inner = ValueError("outer"), KeyError("inner")
    before = (sys.getrefcount(outer), sys.getrefcount(inner))

    def handler():
        previous, seen = h.handle(inner, sys.exception)
        assert previous is outer
        assert seen is inner
        return sys.exception()

    assert h.handle(outer, handler) == (None, outer)
    assert sys.exception() is None
    assert (sys.getrefcount(outer), sys.getrefcount(inner)) == before


TYPES = [
    *(
        ValueError,
        Exception,
        BaseException,
        WithMeta,
        (ValueError, KeyError),
        (),
        (KeyError, (OSError,)),
    ),
    *(5, (ValueError, 5), None, object, "text", int, type, ValueError("an instance"), (int,)),
]


def stock_match(exception, kind):
    try:
        raise exception
    except kind:
        return 1
    except BaseException as error:
        if error is exception:
            return 0
        raise


def test_exception_matching(h, outcome):
    for exception, kind in itertools.product(
        (ValueError("v"), KeyError("k"), WithMeta("m")), TYPES
    ):

        def helper():
            try:
                raise exception  # noqa: B023
            except BaseException:  # noqa: BLE001 - the match is the question
                return h.check_exc_match(exception, kind)  # noqa: B023

        assert outcome(helper) == outcome(stock_match, exception, kind), (exception, kind)


def managers():
    def returns(value):
        return lambda *_: value

    class Both:
        def __enter__(self):
            return "entered"

        def __exit__(self, *details):
            return details

    class NoExit:
        __enter__ = Both.__enter__

    class NoEnter:
        __exit__ = Both.__exit__

    class Neither:
        pass

    class Static:
        __enter__ = staticmethod(returns("static"))
        __exit__ = staticmethod(returns(True))

    class FailsInEnter(Both):
        def __enter__(self):
            raise OSError("in enter")

    class FailsInLookup:
        @property
        def __enter__(self):
            raise RuntimeError("in lookup of enter")

    class FailsInExitLookup(Both):
        @property
        def __exit__(self):
            raise RuntimeError("in lookup of exit")

    instance_only = Neither()
    instance_only.__enter__ = instance_only.__exit__ = returns(None)
    kinds = [Both, NoExit, NoEnter, Neither, Static, FailsInEnter, FailsInLookup, FailsInExitLookup]
    return [*(kind() for kind in kinds), instance_only, 5, None, Both]


def stock_with(manager):
    with manager as value:
        return value


def test_before_with(h, outcome):
    for manager in managers():
        expected = outcome(stock_with, manager)
        assert outcome(lambda: h.before_with(manager)[1]) == expected, manager  # noqa: B023
    exit_method, value = h.before_with(managers()[0])
    assert value == "entered"
    assert exit_method(1, 2, 3) == (1, 2, 3)


def test_failed_with_keeps_nothing(h):
    for manager in managers()[:8]:
        before = sys.getrefcount(manager)
        for _ in range(3):
            try:
                h.before_with(manager)
            except BaseException as error:  # noqa: BLE001
                error.__traceback__ = None
        assert sys.getrefcount(manager) == before


def test_with_except_start(h):
    try:
        stock_raise(ValueError("x"))
    except ValueError as raised:
        error = raised
    details = h.with_except_start(lambda *args: args, error)
    assert details == (ValueError, error, error.__traceback__)
    with pytest.raises(ZeroDivisionError):
        h.with_except_start(lambda *_: 1 // 0, error)
    error.__traceback__ = None
    assert h.with_except_start(lambda *args: args, error) == (ValueError, error, None)
