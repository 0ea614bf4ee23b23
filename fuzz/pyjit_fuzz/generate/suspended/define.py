"""Definitions of generator functions, coroutine functions and asynchronous generators.

Contract: as that of ``functions``; a body calls, awaits and yields from functions of a lower
rank only. What is yielded has the function's ``item`` type, what is sent in is None or a small
int; no exception leaves a body but one that was thrown in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.builder import ASYNC_GENERATOR, COROUTINE, GENERATOR
from pyjit_fuzz.generate.functions import (
    LEAF_BUDGET,
    Suspended,
    close_function,
    draw_params,
    finish,
    next_rank,
    open_function,
    star_prologue,
    value_types,
)
from pyjit_fuzz.generate.scope import Var
from pyjit_fuzz.generate.suspended.yields import plain_yield
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import BOOL, FLOAT, INT, SMALL, STR

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.types import Type

LOOPS: Final = (3, 2, 5, 8, 12)


def _scalars(b: Builder) -> list[Type]:
    return [t for t in value_types(b) if t in (SMALL, INT, FLOAT, STR, BOOL)]


def plain_body(b: Builder) -> None:
    """Emit a few statements."""
    b.statements(4)


def loop_body(b: Builder) -> None:
    """Suspend in a loop, which is resumed where it was."""
    frame = b.frame
    count = b.pick(LOOPS)
    index = b.name("i")
    b.emit(f"for {index} in range({count}):")
    mark = b.scope.mark()
    b.scope.add(Var(index, SMALL, measure=5))
    frame.mult *= count
    frame.loops += 1
    b.level += 1
    b.statements(2)
    _suspend(b)
    b.level -= 1
    frame.loops -= 1
    frame.mult //= count
    b.scope.release(mark)


def endless_body(b: Builder) -> None:
    """``while True`` with a state that every turn changes; something ends it."""
    frame = b.frame
    count = b.pick(LOOPS)
    state = b.assign(INT, 1)
    counter = b.name("w")
    b.emit(f"{counter} = 0")
    b.emit("while True:")
    mark = b.scope.mark()
    frame.mult *= count
    frame.loops += 1
    b.level += 1
    b.emit(f"{counter} += 1")
    b.emit(f"if {counter} > {count}:")
    b.emit("    break")
    _suspend(b)
    b.emit(f"{state.name} = ({state.name} * 3 + {b.operand(INT, 1)}) % 65521")
    b.statements(1)
    b.level -= 1
    frame.loops -= 1
    frame.mult //= count
    b.scope.release(mark)


BODIES: Final[Table[Callable[[Builder], None]]] = Table(
    "suspended bodies", [(2, "", plain_body), (2, "", loop_body), (1, "", endless_body)]
)


def _suspend(b: Builder) -> None:
    """Emit something that suspends this frame."""
    rows = b.rows(b.language.suspended[b.frame.suspends])
    feature, production = rows[b.draw(len(rows))]
    if not production(b):
        rows[0][1](b)
    elif feature:
        b.use(feature)


def _define(b: Builder, prefix: str, kind: str, feature: str) -> bool:
    """Define a function of the kind and register it."""
    returns = None if kind == ASYNC_GENERATOR else b.pick(_scalars(b))
    function = Suspended(b.name(prefix), draw_params(b, 2), returns, next_rank(b))
    b.use(feature)
    if b.maybe("var-arguments", 1, 5):
        function.star = b.name("args")
    saved = open_function(b, function, LEAF_BUDGET)
    if kind != GENERATOR:
        b.lines[-1] = b.lines[-1].replace("def ", "async def ", 1)
    frame = b.frame
    frame.suspends = kind
    star_prologue(b, function)
    if kind != COROUTINE:
        function.item = frame.item = b.pick(_scalars(b))
        if b.draw(3) < 2:
            plain_yield(b)
    else:
        b.needs.add("Pause")
    rows = b.rows(BODIES)
    rows[b.draw(len(rows))][1](b)
    if kind != COROUTINE and not frame.items:
        # Whatever was drawn, a generator needs a yield to be one.
        plain_yield(b)
    finish(b)
    close_function(b, function, saved)
    function.cost += frame.items
    function.length = frame.items
    b.suspended[kind].append(function)
    return True


def generator(b: Builder) -> bool:
    """Define a generator function."""
    return _define(b, "gen", GENERATOR, "generator-function")


def coroutine(b: Builder) -> bool:
    """Define a coroutine function."""
    return _define(b, "co", COROUTINE, "coroutine")


def async_generator(b: Builder) -> bool:
    """Define an asynchronous generator."""
    return _define(b, "agen", ASYNC_GENERATOR, "async-generator")
