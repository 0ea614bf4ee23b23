"""Statements about generators: loops over them, unpacking, driving them by hand.

A generator is run to its end, or is left suspended and dropped, or resumed later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.builder import GENERATOR
from pyjit_fuzz.generate.expressions.consumers import callee, run
from pyjit_fuzz.generate.functions import Suspended, finish, value_types
from pyjit_fuzz.generate.scope import Frame, Scope, Var
from pyjit_fuzz.generate.statements.loops import loop_body
from pyjit_fuzz.generate.types import FLOAT, INT, SMALL, STR

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder


def each(b: Builder) -> bool:
    """``for x in g(...)``, plainly, or with ``enumerate`` or ``zip`` around it."""
    function = callee(b, factor=2) if b.can_nest() else None
    if function is None or function.item is None or not b.frame.affords(6 * function.length):
        return False
    item = Var(b.name(function.item.prefix), function.item)
    variables = [item]
    head, text = item.name, run(b, function, 1)
    kind = b.draw(4)
    if kind == 1:
        index = Var(b.name("i"), SMALL, measure=9)
        variables.append(index)
        head, text = f"{index.name}, {item.name}", f"enumerate({text})"
    elif kind == 2:
        other = Var(b.name(function.item.prefix), function.item)
        variables.append(other)
        head, text = f"{item.name}, {other.name}", f"zip({text}, {run(b, function, 0)})"
    b.emit(f"for {head} in {text}:")
    if b.maybe("try-except", 1, 3):
        _raise_while_suspended(b)
    loop_body(b, max(function.length, 1), variables)
    return True


def _raise_while_suspended(b: Builder) -> None:
    """Raise in a loop's body: what the suspended generator handles is no context of that."""
    b.needs.add("Oops")
    error = b.name("e")
    b.emit("    try:")
    b.emit("        fail(1)")
    b.emit(f"    except Oops as {error}:")
    b.emit(f"        note(type({error}.__context__).__name__)")


def unpacked(b: Builder) -> bool:
    """Unpack a generator; too few or too many items are an error that is caught."""
    function = callee(b)
    if function is None or not b.can_nest():
        return False
    names = [b.name("q") for _ in range(3)]
    head = b.pick(("{0}, *{1}", "*{0}, {1}", "{0}, {1}", "{0}, *{1}, {2}", "[{0}]"))
    error = b.name("e")
    b.emit("try:")
    b.emit(f"    {head.format(*names)} = {run(b, function, 1)}")
    b.emit(f"    note({names[0]})")
    b.emit(f"except ValueError as {error}:")
    b.emit(f"    note({error}.args)")
    return True


STEPS: Final = (
    "next({g})",
    "{g}.send({n})",
    "next({g}, None)",
    "{g}.throw(Oops({n}))",
    "{g}.__next__()",
    "{g}.close()",
    "{g}.send(None)",
    "{g}.throw(Oops)",
    "list({g})[:3]",
    "({g}.gi_frame is None, {g}.gi_running, {g}.gi_yieldfrom is None)",
    "sorted({g}.gi_frame.f_locals)",
    "{g}.gi_frame.f_lineno",
)
"""What can be done to a generator by hand."""


def by_hand(b: Builder) -> bool:
    """Drive a generator by hand for some steps; then it is dropped where it is."""
    function = callee(b)
    if function is None or not b.can_nest() or not b.frame.affords(12):
        return False
    b.needs.add("Oops")
    b.frame.charge(10)
    name, step, error = b.name("gi"), b.name("step"), b.name("e")
    b.emit(f"{name} = {run(b, function, 1)}")
    chosen = [STEPS[0], *(b.pick(STEPS) for _ in range(1 + b.draw(4)))]
    steps = ", ".join("lambda: " + s.format(g=name, n=b.draw(9)) for s in chosen)
    handled = b.draw(3) == 2
    if handled:
        # What the generator raises has the caller's exception for a context.
        b.emit("try:")
        b.emit("    fail(0)")
        b.emit("except Oops:")
        b.level += 1
    b.emit(f"for {step} in ({steps}):")
    b.emit("    try:")
    b.emit(f"        note({step}())")
    # What is sent to a list's iterator behind ``yield from`` is an AttributeError.
    kinds = "Oops, StopIteration, RuntimeError, TypeError, AttributeError"
    b.emit(f"    except ({kinds}) as {error}:")
    context = f"type({error}.__context__).__name__"
    b.emit(f"        note((type({error}).__name__, {error}.args, {context}))")
    b.level -= handled
    if b.draw(2):
        b.emit(b.pick((f"del {name}, {step}", f"{name} = {step} = None")))
        b.note('"dropped"')
    return True


def held(b: Builder) -> bool:
    """Leave a generator suspended while other statements run, then resume it."""
    function = callee(b)
    if function is None or function.item is None or not b.frame.affords(function.cost + 8):
        return False
    name = b.name("gi")
    default = b.text(function.item, 0)
    b.emit(f"{name} = {run(b, function, 1)}")
    b.note(f"next({name}, {default})")
    mark = b.scope.mark()
    b.statements(2)
    b.scope.release(mark)
    b.note(b.pick((f"list({name})[-2:]", f"next({name}, {default})", f"[*{name}][:2]")))
    return True


def nested(b: Builder) -> bool:
    """Define a generator in here that reads, or rebinds, locals of this function; loop over it."""
    outer = b.frame
    if not b.can_nest() or b.level > 5 or not outer.affords(40):
        return False
    function = Suspended(b.name("gen"), [], None, outer.rank)
    mutable = [var for var in b.scope.mutable() if var.type in (SMALL, INT, FLOAT, STR)]
    b.emit(f"def {function.name}():")
    frame = Frame(INT, max(12, (outer.budget - outer.cost) // outer.mult // 4), outer.rank)
    frame.suspends = GENERATOR
    frame.item = b.pick([t for t in value_types(b) if t in (SMALL, INT, FLOAT, STR)])
    saved = b.enter(frame, Scope(b.scope.stack))
    rebound = b.pick(mutable) if mutable and b.maybe("nonlocal", 1, 2) else None
    if rebound is not None:
        frame.hoisted[f"nonlocal {rebound.name}"] = None
    for _ in range(2):
        frame.items += 1
        b.emit(f"yield {b.text(frame.item, 1)}")
        if rebound is not None:
            b.emit(f"{rebound.name} = {b.text(rebound.type, 1)}")
        b.statements(1)
    finish(b)
    b.leave(saved)
    outer.impure |= frame.impure
    outer.charge(frame.cost + frame.items)
    item = Var(b.name(frame.item.prefix), frame.item)
    if not outer.affords(6 * frame.items):
        b.note(f"[*{function.name}()]")
        return True
    b.emit(f"for {item.name} in {function.name}():")
    if b.maybe("try-except", 1, 3):
        _raise_while_suspended(b)
    loop_body(b, frame.items, [item])
    return True
