"""What suspends a coroutine: ``await`` in every position, ``async for``, ``async with``.

Each production is a statement of the body of a coroutine or of an asynchronous generator. What
``await Pause(n)`` gives is ``n`` or the small int that the event loop sends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.builder import ASYNC_GENERATOR, COROUTINE, StatementProduction
from pyjit_fuzz.generate.calls import arguments
from pyjit_fuzz.generate.scope import Var
from pyjit_fuzz.generate.statements.exceptions import emit_risk, picture
from pyjit_fuzz.generate.suspended.yields import AMID, plain_yield
from pyjit_fuzz.generate.table import Row, Table
from pyjit_fuzz.generate.types import INT, SMALL

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.functions import Suspended

PAUSE_COST: Final = 6


def pause(b: Builder) -> str:
    """Return an expression that waits for the event loop."""
    b.needs.add("Pause")
    b.frame.charge(PAUSE_COST)
    return f"await Pause({b.text(SMALL, 1)})"


def plain_await(b: Builder) -> bool:
    """``x = await Pause(y)``."""
    text = pause(b)
    b.emit(f"{b.declare(INT).name} = {text}")
    return True


def callee(b: Builder, kind: str, turns: int = 1) -> Suspended | None:
    """Return a function of the kind that this place may run, as often as that."""
    frame = b.frame
    found = [
        function
        for function in b.suspended[kind]
        if function.rank < frame.rank and frame.affords(function.cost * turns)
    ]
    if not found:
        return None
    function = found[-1 - b.draw(len(found))]
    frame.charge(function.cost * turns)
    frame.impure |= function.impure
    return function


def await_call(b: Builder) -> bool:
    """``x = await f(...)``: a chain of coroutines, all of them suspended at once."""
    function = callee(b, COROUTINE)
    if function is None or function.returns is None:
        return False
    text = f"await {function.name}({arguments(b, function, 1)})"
    b.emit(f"{b.declare(function.returns).name} = {text}")
    return True


def await_amid(b: Builder) -> bool:
    """``await`` within an expression, with operands already evaluated."""
    form = b.pick(AMID)
    if not b.frame.affords(3 * PAUSE_COST):
        return False
    operand = b.var(SMALL)
    first = operand.name if operand is not None else str(b.draw(50))
    for _ in range(form.count("{1}")):
        b.frame.charge(PAUSE_COST)
    text = form.format(first, f"({pause(b)})", b.draw(20))
    b.emit(f"{b.declare(INT).name} = {text}")
    return True


def async_for(b: Builder) -> bool:
    """``async for`` over an asynchronous generator or an object; perhaps it is left early."""
    if not b.can_nest() or not b.frame.affords(60):
        return False
    function = callee(b, ASYNC_GENERATOR)
    if function is not None and function.item is not None:
        item = Var(b.name("n"), function.item)
        trips = max(function.length, 1)
        source = f"{function.name}({arguments(b, function, 1)})"
    else:
        b.needs.add("Ticker")
        trips = 2 + b.draw(3)
        item = Var(b.name("n"), SMALL)
        source = f"Ticker({trips})"
        b.frame.charge(trips * PAUSE_COST)
    b.emit(f"async for {item.name} in {source}:")
    mark = b.scope.mark()
    b.scope.add(item)
    b.frame.mult *= trips
    b.frame.loops += 1
    b.level += 1
    b.note(item.name)
    if b.frame.affords(8):
        b.statements(2)
    b.level -= 1
    b.frame.loops -= 1
    b.frame.mult //= trips
    b.scope.release(mark)
    if b.maybe("loop-else", 1, 4):
        b.emit("else:")
        b.emit('    note("no more")')
    return True


def async_with(b: Builder) -> bool:
    """``async with``: entering and leaving suspend; what is raised within may be swallowed."""
    if not b.can_nest() or not b.frame.affords(20):
        return False
    b.needs.update(("AGuard", "Oops"))
    b.frame.charge(3 * PAUSE_COST)
    name = b.name("g")
    swallow = b.draw(3) == 2
    b.emit(f'async with AGuard("{name}"{", True" * swallow}) as {name}:')
    b.block(2)
    if swallow:
        b.emit(f"    note(fail({b.text(INT, 1)}))")
    return True


def comprehension(b: Builder) -> bool:
    """Asynchronous comprehensions, and ``await`` in one."""
    if not b.frame.affords(60):
        return False
    forms = (
        "sum([await Pause(k) for k in range({0})])",
        "sum([k async for k in Ticker({0})])",
        "len({{k: await Pause(k) async for k in Ticker({0}) if k % 2}})",
        "max({{k async for k in Ticker({0}) if await Pause(k)}}, default=0)",
        "sum([k async for k in (j * 2 async for j in Ticker({0}))])",
    )
    b.needs.add("Ticker")
    b.frame.charge(8 * PAUSE_COST)
    text = b.pick(forms).format(2 + b.draw(3))
    b.emit(f"{b.declare(INT).name} = {text}")
    return True


def in_try(b: Builder) -> bool:
    """``await`` in ``try``: what the awaited raises, or is thrown in, is caught; ``finally``."""
    if not b.can_nest():
        return False
    b.needs.add("Oops")
    result, name = b.name("n"), b.name("e")
    b.emit("try:")
    b.level += 1
    b.emit(f"{result} = {pause(b)}")
    kind = emit_risk(b, result) if b.draw(2) else "Oops"
    b.level -= 1
    b.emit(f"except ({', '.join(dict.fromkeys(('Oops', kind)))}) as {name}:")
    b.emit(f"    note({picture(b, name)})")
    b.emit(f"    {result} = {pause(b) if b.draw(2) else b.draw(50)}")
    if b.draw(2):
        b.emit("finally:")
        b.emit(f'    note("unwound {b.draw(9)}")')
    b.scope.add(Var(result, INT, mutable=True))
    return True


WRONG: Final = (
    "await 5",
    "await None",
    "await [k for k in range(2)]",
    "await (k for k in range(2))",
    "async for k in [1]: note(k)",
    "async with [1]: note(1)",
    "[k async for k in 5]",
)
"""What cannot be awaited, iterated over or entered."""


def wrong(b: Builder) -> bool:
    """Await what cannot be awaited, or a coroutine for the second time; the error is caught."""
    if not b.can_nest():
        return False
    error = b.name("e")
    text = b.pick(WRONG)
    function = callee(b, COROUTINE, 2) if b.draw(2) else None
    if function is not None:
        name = b.name("c")
        b.emit(f"{name} = {function.name}({arguments(b, function, 0)})")
        b.emit(f"note(await {name})")
        text = f"await {name}"
    b.emit("try:")
    b.emit(f"    {text}")
    b.emit(f"except (TypeError, RuntimeError) as {error}:")
    b.emit(f"    note((type({error}).__name__, {error}.args))")
    b.frame.charge(2)
    return True


_ROWS: list[Row[StatementProduction]] = [
    (6, "", plain_await),
    (4, "", await_call),
    (3, "await-in-expression", await_amid),
    (4, "async-for", async_for),
    (3, "async-with", async_with),
    (2, "async-comprehension", comprehension),
    (3, "await-in-try", in_try),
    (2, "await-in-try", wrong),
]
AWAITS: Final[Table[StatementProduction]] = Table("awaits", _ROWS)
ASYNC_YIELDS: Final[Table[StatementProduction]] = Table(
    "async yields", [(10, "", plain_yield), *_ROWS]
)
