"""Branches and loops; a loop's trip count is what the function's budget still affords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.scope import Var
from pyjit_fuzz.generate.types import (
    BOOL,
    FLOAT,
    INT,
    INTS,
    SMALL,
    STR,
    Type,
    record_of,
    set_of,
    vector_of,
)

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

TRIPS = (3, 2, 4, 5, 8, 12)
ITERATION_COST = 4


def branch(b: Builder) -> bool:
    """``if`` with ``elif`` and ``else``."""
    if not b.can_nest():
        return False
    b.emit(f"if {b.text(BOOL)}:")
    b.block()
    if b.chance(1, 4):
        b.emit(f"elif {b.text(BOOL)}:")
        b.block(2)
    if b.chance(1, 2):
        b.emit("else:")
        b.block(2)
    return True


def loop_body(b: Builder, trips: int, variables: list[Var]) -> None:
    """Emit a loop's body, a ``break`` or ``continue`` in it, and perhaps its ``else``."""
    frame = b.frame
    mark = b.scope.mark()
    for var in variables:
        b.scope.add(var)
    frame.mult *= trips
    frame.loops += 1
    saved_finally, frame.in_finally = frame.in_finally, 0
    if b.maybe("break-continue", 1, 3):
        b.emit(f"    if {b.text(BOOL)}:")
        b.emit(f"        {b.pick(('continue', 'break'))}")
    b.block()
    if b.maybe("break-continue", 1, 5):
        b.emit(f"    if {b.text(BOOL)}:")
        b.emit("        break")
    frame.in_finally = saved_finally
    frame.loops -= 1
    frame.mult //= trips
    b.scope.release(mark)
    if b.maybe("loop-else", 1, 4):
        b.emit("else:")
        b.block(2)


def affordable(b: Builder, most: int) -> int:
    """Return a trip count that the budget allows, or 0."""
    frame = b.frame
    left = (frame.budget - frame.cost) // (frame.mult * ITERATION_COST)
    return min(most, left) if left >= 2 else 0


def count_loop(b: Builder) -> bool:
    """``for i in range(...)``."""
    trips = affordable(b, b.pick(TRIPS)) if b.can_nest() else 0
    if not trips:
        return False
    index = Var(b.name("i"), SMALL, measure=8)
    kind = b.draw(4)
    if kind < 2:
        source = f"range({trips})"
    elif kind == 2:
        start, step = b.draw(9) - 4, 1 + b.draw(3)
        source = f"range({start}, {start + step * trips}, {step})"
    else:
        source = f"range({trips * 2}, 0, -2)"
    b.emit(f"for {index.name} in {source}:")
    loop_body(b, trips, [index])
    return True


def each_loop(b: Builder) -> bool:
    """``for x in ...`` over containers, with ``enumerate``, ``zip``, ``items`` and so on."""
    trips = affordable(b, 8) if b.can_nest() else 0
    if trips < 6:
        return False
    kinds = [SMALL, INT] + [STR] * b.on("str") + [FLOAT] * b.on("float")
    element = b.pick(kinds)
    source = b.operand(vector_of(element), 1)
    item = Var(b.name(element.prefix), element)
    kind = b.draw(7)
    variables = [item]
    head, text = item.name, source
    if kind == 1:
        index = Var(b.name("i"), SMALL, measure=6)
        variables.append(index)
        head = f"{index.name}, {item.name}"
        text = f"enumerate({source}{b.pick(('', ', 1', ', start=2'))})"
    elif kind == 2:
        other = Var(b.name("n"), INT)
        variables.append(other)
        head = f"{item.name}, {other.name}"
        text = f"zip({source}, {b.text(INTS, 1)})"
    elif kind == 3:
        text = f"reversed({source})"
    elif kind == 4:
        text = f"{source}[{b.pick(('1:', '::2', ':5', '::-1'))}]"
    elif kind == 5:
        return _each_other(b)
    elif kind == 6 and b.on("tuple"):
        text = f"({b.text(element)}, {b.text(element)}, {b.text(element)})"
    b.emit(f"for {head} in {text}:")
    loop_body(b, 8, variables)
    return True


def _each_other(b: Builder) -> bool:
    """Loop over a string, the items of a dict, a set of ints, or an instance."""
    kind = b.draw(4)
    if kind == 0 and b.on("str"):
        item = Var(b.name("s"), STR, measure=1)
        b.emit(f"for {item.name} in {b.operand(STR, 1)}[:7]:")
        loop_body(b, 7, [item])
    elif kind == 1 and b.on("dict"):
        key, value = Var(b.name("s"), STR), Var(b.name("n"), INT)
        b.emit(f"for {key.name}, {value.name} in list({b.operand(record_of(INT), 1)}.items()):")
        loop_body(b, 6, [key, value])
    elif kind == 2 and b.on("set"):
        item = Var(b.name("n"), SMALL)
        b.emit(f"for {item.name} in sorted({b.text(set_of(SMALL), 1)}):")
        loop_body(b, 6, [item])
    else:
        found = [
            var
            for var in b.scope.objects
            if var.type.info is not None and var.type.info.iterates and b.frame.rank
        ]
        if not found:
            return False
        item = Var(b.name("n"), INT)
        b.frame.impure = True
        b.emit(f"for {item.name} in {b.pick(found).name}:")
        loop_body(b, 6, [item])
    return True


def while_loop(b: Builder) -> bool:
    """``while`` with a counter that nothing else changes."""
    trips = affordable(b, b.pick(TRIPS)) if b.can_nest() else 0
    if not trips:
        return False
    counter = Var(b.name("w"), SMALL, measure=6)
    kind = b.draw(3)
    b.emit(f"{counter.name} = {trips if kind < 2 else 0}")
    if kind == 0:
        b.emit(f"while {counter.name} > 0:")
        b.emit(f"    {counter.name} -= 1")
    elif kind == 1:
        b.emit("while True:")
        b.emit(f"    if {counter.name} <= 0:")
        b.emit("        break")
        b.emit(f"    {counter.name} -= 1")
    else:
        b.emit(f"while {counter.name} < {trips} and {b.operand(BOOL, 1)}:")
        b.emit(f"    {counter.name} += 1")
    loop_body(b, trips, [counter])
    return True


def linked(b: Builder) -> bool:
    """Build a chain of pairs and walk it until None."""
    trips = affordable(b, b.pick(TRIPS)) if b.can_nest() else 0
    if not trips:
        return False
    chain, node = b.name("chain"), b.name("node")
    index = Var(b.name("i"), SMALL, measure=8)
    b.frame.charge(trips * 2)
    b.emit(f"{chain} = None")
    mark = b.scope.mark()
    b.scope.add(index)
    text = b.text(INT, 1)
    b.scope.release(mark)
    b.emit(f"for {index.name} in range({trips}):")
    b.emit(f"    {chain} = ({text}, {chain})")
    item = Var(b.name("n"), INT)
    b.emit(f"{node} = {chain}")
    b.emit(f"while {node} is not None:")
    b.emit(f"    {item.name}, {node} = {node}")
    loop_body(b, trips, [item])
    return True


def jump(b: Builder) -> bool:
    """``break`` or ``continue`` behind a condition, in a loop."""
    frame = b.frame
    if not frame.loops or frame.in_finally:
        return False
    b.emit(f"if {b.text(BOOL)}:")
    if b.draw(3) == 2:
        b.note('"jump"')
        b.lines[-1] = "    " + b.lines[-1]
    b.emit(f"    {b.pick(('continue', 'break'))}")
    return True


def early_return(b: Builder) -> bool:
    """``return`` behind a condition."""
    returns: Type | None = b.frame.returns
    if returns is None or b.frame.in_finally:
        return False
    b.emit(f"if {b.text(BOOL)}:")
    b.emit(f"    return {b.text(returns)}")
    return True
