"""What asynchronous code does without being suspended, against the interpreter's opcodes."""

from __future__ import annotations

import itertools
import sys
import types

import pytest


class Iterator:
    def __next__(self):
        return 1


class ListIterator:
    __next__ = [1, 2]  # noqa: RUF012 - PyIter_Check looks no closer


def answering(method, answer):
    """An object whose method returns the answer, or raises it."""

    def respond(self):
        if isinstance(answer, BaseException):
            raise answer
        return answer() if isinstance(answer, type | types.FunctionType) else answer

    return type(f"With{method.strip('_')}", (), {method: respond})()


async def coroutine():
    await Suspended()


def closed():
    made = coroutine()
    made.close()
    return made


class Suspended:
    def __await__(self):
        yield 1


def generator():
    yield 1


old_style = types.coroutine(generator)


async def async_generator():
    yield 1


class LongNamed:
    pass


LongNamed.__name__ = "N" * 300


class Aiter(Iterator):
    def __aiter__(self):
        return self

    def __anext__(self):
        return Suspended()


@pytest.fixture
def values():
    """Objects of every kind, coroutines among them in every state."""
    made = [coroutine(), coroutine(), coroutine()]
    made[1].send(None)
    made[2].close()
    answers = [Iterator, ListIterator, 5, closed, old_style, generator, Suspended, LongNamed]
    answers += [LookupError("answer"), StopIteration(3), Aiter, async_generator]
    with_methods = [
        answering(method, answer)
        for method, answer in itertools.product(("__await__", "__aiter__", "__anext__"), answers)
    ]
    instance_only = LongNamed()
    instance_only.__await__ = instance_only.__aiter__ = instance_only.__anext__ = Iterator
    blocked = type("Blocked", (Aiter,), {"__aiter__": None, "__anext__": None, "__await__": None})
    plain = [5, None, generator(), old_style(), async_generator(), Suspended(), Aiter(), blocked()]
    yield [*made, *with_methods, *plain, instance_only, LongNamed(), Iterator]
    for each in made:
        each.close()


def test_awaitables(h, assembled, outcome, values):
    seen = set()
    for oparg in range(4):
        stock = assembled("LOAD_FAST 0", f"GET_AWAITABLE {oparg}")
        for value in values:
            expected = outcome(lambda: type(stock(value, None)))  # noqa: B023
            assert outcome(lambda: type(h.get_awaitable(value, oparg))) == expected  # noqa: B023
            seen.add(expected[1][1] if expected[0] == "raised" else expected[0])
    assert "coroutine is being awaited already" in seen
    assert "__await__() returned a coroutine" in seen
    assert any("__aexit__ that does not implement __await__" in text for text in seen)


def test_iterators(h, assembled, outcome, values):
    aiter_of = assembled("LOAD_FAST 0", "GET_AITER 0")
    anext_of = assembled("LOAD_FAST 0", "GET_ANEXT 0", "BUILD_TUPLE 2")
    pairs = {h.get_aiter: aiter_of, h.get_anext: lambda value, _: anext_of(value, _)[1]}
    for helper, stock in pairs.items():
        kinds = set()
        for value in values:
            expected = outcome(lambda: type(stock(value, None)))  # noqa: B023
            assert outcome(lambda: type(helper(value))) == expected, value  # noqa: B023
            kinds.add(expected[0])
        assert kinds == {"value", "raised"}


def test_coroutines_are_what_is_awaited(h):
    made = coroutine()
    assert h.get_awaitable(made, 0) is made
    made.close()
    assert h.get_awaitable(made, 0) is made
    old = old_style()
    assert h.get_awaitable(old, 0) is old


def managers():
    class Both:
        def __aenter__(self):
            return "entered"

        def __aexit__(self, *details):
            return details

    class NoExit:
        __aenter__ = Both.__aenter__

    class Synchronous:
        __enter__ = __exit__ = Both.__aenter__

    class Fails(Both):
        def __aenter__(self):
            raise OSError("in aenter")

    class FailsInLookup(Both):
        @property
        def __aexit__(self):
            raise RuntimeError("in lookup of aexit")

    return [*(kind() for kind in (Both, NoExit, Synchronous, Fails, FailsInLookup)), 5, Both]


def test_before_async_with(h, assembled, outcome):
    stock = assembled("LOAD_FAST 0", "BEFORE_ASYNC_WITH 0", "BUILD_TUPLE 2")
    for manager in managers():
        expected = outcome(lambda: stock(manager, None)[1])  # noqa: B023
        assert outcome(lambda: h.before_async_with(manager)[1]) == expected, manager  # noqa: B023
    exit_method, value = h.before_async_with(managers()[0])
    assert (value, exit_method(1)) == ("entered", (1,))


def test_print_expr(h, assembled, outcome, monkeypatch):
    stock = assembled("LOAD_FAST 0", "PRINT_EXPR 0", "LOAD_CONST 0")
    shown = []
    for hook in (shown.append, lambda value: 1 // value, 5):
        monkeypatch.setattr(sys, "displayhook", hook)
        for value in ("text", 0, 3):
            expected = outcome(stock, value, None)
            found = outcome(h.print_expr, value)
            assert found[0] == expected[0]
            if found[0] == "raised":
                assert found == expected
    assert shown == ["text", "text", 0, 0, 3, 3]
    monkeypatch.delattr(sys, "displayhook")
    assert outcome(h.print_expr, 1) == outcome(stock, 1, None)
