"""Statements about names: closures, cells, nonlocal, global, imports, del, decorators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.functions import Function, Param, finish, value_types
from pyjit_fuzz.generate.scope import Frame, Scope, Var
from pyjit_fuzz.generate.types import BOOL, INT, SMALL, STR

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.types import Type


def _scalars(b: Builder) -> list[Type]:
    return [t for t in value_types(b) if t.kind in ("int", "float", "str")]


def closure(b: Builder) -> bool:
    """Define a function inside this one that reads, or rebinds, locals of this one."""
    if not b.can_nest() or b.level > 5:
        return False
    outer = b.frame
    function = Function(b.name("g"), [Param(b.name("a"), b.pick(_scalars(b)))], None, 0)
    function.returns = b.pick(_scalars(b))
    mutable = b.scope.mutable()
    if b.maybe("decorator", 1, 4):
        b.needs.add("traced")
        b.emit(b.pick(("@traced", '@tagged("t")')))
    b.emit(f"def {function.name}({function.signature()}):")
    frame = Frame(function.returns, max(12, (outer.budget - outer.cost) // outer.mult // 3), 0)
    inner = Scope(b.scope.stack)
    # It may call what this function may call: the rank of this one.
    frame.rank = outer.rank
    saved = b.enter(frame, inner)
    for param in function.params:
        inner.add(Var(param.name, param.type, mutable=True))
    if mutable and b.maybe("nonlocal", 1, 2):
        var = mutable[-1 - b.draw(len(mutable))]
        frame.hoisted[f"nonlocal {var.name}"] = None
        b.emit(f"{var.name} = {b.text(var.type)}")
    b.statements(2)
    finish(b)
    b.leave(saved)
    outer.impure |= frame.impure
    function.cost = frame.cost + 3
    function.rank = -1
    if outer.affords(function.cost):
        outer.charge(function.cost)
        value = b.text(function.params[0].type, 1)
        var = b.declare(function.returns)
        b.emit(f"{var.name} = {function.name}({value})")
    return True


def counter(b: Builder) -> bool:
    """Make closures that share one cell."""
    if not b.can_nest() or b.level > 4:
        return False
    make, cell, step = b.name("make"), b.name("cell"), b.name("step")
    b.emit(f"def {make}({cell}):")
    b.emit(f"    def {step}(by=1):")
    b.emit(f"        nonlocal {cell}")
    operator = b.pick(("+", "-", "*"))
    b.emit(f"        {cell} = ({cell} {operator} by) % 65521")
    b.emit(f"        return {cell}")
    b.emit(f"    return {step}, lambda: {cell}")
    b.use("closure")
    first, second = b.name("bump"), b.name("look")
    b.emit(f"{first}, {second} = {make}({b.text(INT, 1)})")
    trips = 2 + b.draw(4)
    if b.frame.affords(trips * 3):
        b.frame.charge(trips * 3)
        b.emit(f"for _ in range({trips}):")
        b.emit(f"    {first}({b.pick(('', '3', 'by=5'))})")
    var = b.declare(INT)
    b.emit(f"{var.name} = {second}()")
    return True


def late_binding(b: Builder) -> bool:
    """Lambdas made in a loop: they share the loop variable's cell, or have a default each."""
    if b.frame.no_walrus or not b.frame.affords(12):
        return False
    b.frame.charge(12)
    name = b.name("i")
    bound = b.pick((name, f"{name}={name}"))
    b.frame.no_walrus += 1
    body = f"{name} * {b.operand(SMALL, 1)}"
    b.frame.no_walrus -= 1
    parameter = bound if "=" in bound else ""
    var = b.declare(INT)
    b.emit(f"{var.name} = sum(fn() for fn in [lambda {parameter}: {body} for {name} in range(4)])")
    return True


def global_store(b: Builder) -> bool:
    """Rebind a global from inside a function."""
    if not b.globals or b.level == 0:
        return False
    var = b.pick(b.globals)
    if var.type.kind not in ("int", "float", "str"):
        return False
    text = b.text(var.type)
    b.frame.hoisted[f"global {var.name}"] = None
    b.frame.impure = True
    b.emit(f"{var.name} = {text}")
    return True


def import_here(b: Builder) -> bool:
    """Import inside a function."""
    forms = (
        ("import math as {1}", "{1}.gcd({0}, 12)"),
        ("from operator import mul as {1}", "{1}({0}, 3) % 65521"),
        ("import functools as {1}", "{1}.reduce(lambda p, q: p - q, [{0}, 2, 1])"),
        ("from itertools import chain as {1}", "sum({1}([{0}], (1, 2)))"),
        ("from math import floor as {1}, trunc as cut", "{1}({0}) + cut(1.5)"),
        ("import collections as {1}", "{1}.Counter([{0}, 1, 1])[1]"),
        ("import string as {1}", "len({1}.ascii_letters) + ({0})"),
    )
    line, form = b.pick(forms)
    # A name of its own: the usual one would hide the module-level import everywhere here.
    name = b.name("lib")
    b.emit(line.format("", name))
    text = form.format(b.text(SMALL, 1), name)
    var = b.declare(INT)
    b.emit(f"{var.name} = {text}")
    return True


def delete_local(b: Builder) -> bool:
    """``del x`` of a local of its own, then perhaps bind it again."""
    type_ = b.pick(value_types(b))
    name = b.name("t")
    b.emit(f"{name} = {b.text(type_)}")
    if b.draw(2):
        b.note(f"{name} if {b.operand(BOOL, 1)} else None")
    b.emit(f"del {name}")
    if b.draw(2):
        b.emit(f"{name} = {b.text(type_)}")
        b.scope.add(Var(name, type_))
    return True


def unbound_local(b: Builder) -> bool:
    """Read a local that may be unbound, and catch the error."""
    if not b.can_nest():
        return False
    name, caught = b.name("t"), b.name("e")
    kind = b.draw(3)
    b.emit("try:")
    if kind == 0:
        b.emit(f"    if {b.text(BOOL, 1)}:")
        b.emit(f"        {name} = {b.text(INT, 1)}")
        b.emit(f"    note({name})")
        b.emit(f"except UnboundLocalError as {caught}:")
    elif kind == 1:
        b.emit(f"    {name} = {b.text(INT, 1)}")
        b.emit(f"    del {name}")
        b.emit(f"    {name} += 1")
        b.emit(f"except UnboundLocalError as {caught}:")
    else:
        b.emit(f"    note({name}_nowhere)")
        b.emit(f"except NameError as {caught}:")
    b.emit(f"    note({caught}.args)")
    return True


def log_value(b: Builder) -> bool:
    """Append a value to the log."""
    b.note(b.text(b.pick([t for t in value_types(b) if t.kind not in ("vector", "list")])))
    return True


def output(b: Builder) -> bool:
    """Print."""
    if b.frame.mult > 1 or b.level > 1:
        return False
    if b.on("str") and b.draw(2):
        b.emit(f'print({b.text(STR)}, end="{b.pick((";", " "))}")')
    else:
        b.emit(f"print({b.text(INT)})")
    return True


def discard(b: Builder) -> bool:
    """Evaluate an expression for its effects only."""
    b.emit(b.text(b.pick(_scalars(b))))
    return True
