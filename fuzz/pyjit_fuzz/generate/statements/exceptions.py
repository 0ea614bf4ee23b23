"""Exceptions: what may raise, what catches it, ``finally``, and jumps out of both.

What an expression in ``RISKS`` raises, if anything, is caught in the same function by a
handler that names it; nothing raised here is unplanned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.scope import Var
from pyjit_fuzz.generate.types import BOOL, INT, INTS, SMALL, STR, Type, record_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyjit_fuzz.generate.builder import Builder


def _zero(b: Builder) -> str:
    return f"{b.operand(INT, 1)} {b.pick(('//', '%'))} ({b.operand(SMALL, 1)} % {2 + b.draw(3)})"


def _index(b: Builder) -> str:
    return f"{b.operand(INTS, 1)}[{b.operand(SMALL, 1)} % {5 + b.draw(12)}]"


def _key(b: Builder) -> str:
    return f'{b.operand(record_of(INT), 1)}["{b.pick(("a", "d", "zz"))}"]'


def _parse(b: Builder) -> str:
    return f"int({b.text(STR, 1)})"


def _attribute(b: Builder) -> str:
    return f"({b.operand(INT, 1)}).{b.pick(('missing', 'real', 'upper'))}"


def _add_types(b: Builder) -> str:
    return f"{b.operand(INT, 1)} + {b.pick(('None', '1', '()', 'len'))}"


def _own(b: Builder) -> str:
    b.needs.add("Oops")
    return f"fail({b.text(INT, 1)}) if {b.operand(BOOL, 1)} else {b.operand(INT, 1)}"


def _unhashable(b: Builder) -> str:
    return f"{{{b.pick(('[]', '1', '{}', '(2,)'))}: {b.operand(INT, 1)}}}.get(1, 0)"


RISKS: Final[tuple[tuple[str, Callable[[Builder], str]], ...]] = (
    ("ZeroDivisionError", _zero),
    ("IndexError", _index),
    ("KeyError", _key),
    ("ValueError", _parse),
    ("AttributeError", _attribute),
    ("TypeError", _add_types),
    ("Oops", _own),
    ("TypeError", _unhashable),
)
PARENTS: Final = {
    "ZeroDivisionError": "ArithmeticError",
    "IndexError": "LookupError",
    "KeyError": "LookupError",
    "ValueError": "Exception",
    "AttributeError": "Exception",
    "TypeError": "Exception",
    "Oops": "Exception",
}


def handler_head(b: Builder, kind: str) -> tuple[str, str]:
    """Return an ``except`` line that catches ``kind``, and the name it binds or nothing."""
    name = b.name("e")
    form = b.draw(6)
    if form == 0:
        return (f"except {kind} as {name}:", name)
    if form == 1:
        return (f"except {PARENTS[kind]} as {name}:", name)
    if form == 2:
        return (f"except (OSError, {kind}) as {name}:", name)
    if form == 3:
        return (f"except {kind}:", "")
    if form == 4:
        return (f"except ({kind}, StopIteration) as {name}:", name)
    return ("except Exception as " + name + ":", name)


def picture(b: Builder, name: str) -> str:
    """Return an expression that shows a caught exception."""
    forms = (
        "(type({0}).__name__, {0}.args)",
        "type({0}).__name__",
        "{0}.args",
        "(type({0}).__name__, {0}.__context__ is None, {0}.__cause__ is None)",
    )
    return b.pick(forms).format(name)


def emit_risk(b: Builder, target: str) -> str:
    """Emit an assignment to ``target`` that may raise; return what."""
    kind, make = b.pick(RISKS)
    if kind == "ValueError" and not b.on("str"):
        kind, make = RISKS[0]
    b.emit(f"{target} = {make(b)}")
    return kind


def handle(b: Builder, kind: str, target: str) -> None:
    """Emit the handler: log, and give ``target`` another value."""
    head, name = handler_head(b, kind)
    b.emit(head)
    b.level += 1
    if name and b.draw(2):
        b.note(picture(b, name))
    b.emit(f"{target} = {b.text(INT, 1)}")
    b.level -= 1


def try_except(b: Builder) -> bool:
    """``try``/``except`` with ``else`` and ``finally``."""
    if not b.can_nest():
        return False
    result = b.name("n")
    b.emit("try:")
    b.level += 1
    mark = b.scope.mark()
    if b.chance(1, 3):
        b.statement()
    b.scope.release(mark)
    kind = emit_risk(b, result)
    b.level -= 1
    if b.chance(1, 4) and kind != "LookupError":
        b.emit("except (BufferError, EOFError):")
        b.emit(f"    {result} = 0")
    handle(b, kind, result)
    if b.chance(1, 4):
        b.emit("else:")
        b.block(2)
    if b.maybe("try-finally", 1, 4):
        _finally(b)
    _declare(b, result)
    return True


def _declare(b: Builder, name: str) -> None:
    """Make a variable visible that all ways to here have assigned."""
    b.scope.add(Var(name, INT, mutable=True))


def _finally(b: Builder) -> None:
    b.emit("finally:")
    b.frame.in_finally += 1
    b.block(2)
    b.frame.in_finally -= 1


def try_finally(b: Builder) -> bool:
    """``try``/``finally`` with nothing raised, or with a jump out of the body."""
    if not b.can_nest():
        return False
    b.emit("try:")
    b.block()
    _finally(b)
    return True


def finally_jump(b: Builder) -> bool:
    """Leave a ``try`` by ``return``, ``break`` or ``continue`` while ``finally`` runs."""
    frame = b.frame
    if not b.can_nest() or frame.in_finally:
        return False
    jumps: list[str] = []
    if frame.loops:
        jumps += ("continue", "break")
    returns: Type | None = frame.returns
    if returns is not None:
        jumps.append(f"return {b.text(returns, 1)}")
    if not jumps:
        return False
    b.emit("try:")
    b.emit(f"    if {b.text(BOOL, 1)}:")
    b.emit(f"        {b.pick(jumps)}")
    b.block(2)
    b.emit("finally:")
    b.emit(f'    note("finally {b.draw(9)}")')
    if returns is not None and b.draw(4) == 3:
        # A return in ``finally`` overrides what was under way.
        b.emit(f"    if {b.text(BOOL, 1)}:")
        b.emit(f"        return {b.text(returns, 1)}")
    return True


def raise_from(b: Builder) -> bool:
    """``raise ... from ...``, caught further out."""
    if not b.can_nest():
        return False
    b.needs.add("Oops")
    result = b.name("n")
    inner, outer = b.name("e"), b.name("e")
    b.emit("try:")
    b.emit("    try:")
    b.level += 2
    kind = emit_risk(b, result)
    b.level -= 2
    b.emit(f"    except {kind} as {inner}:")
    source = b.pick((f" from {inner}", " from None", "", ' from KeyError("cause")'))
    b.emit(f'        raise Oops("outer", {b.text(INT, 1)}){source}')
    b.emit(f"except Oops as {outer}:")
    b.note(
        f"({outer}.args, type({outer}.__cause__).__name__, "
        f"type({outer}.__context__).__name__, {outer}.__suppress_context__)"
    )
    b.emit(f"    {result} = {b.text(INT, 1)}")
    b.lines[-2] = "    " + b.lines[-2]
    _declare(b, result)
    return True


def re_raise(b: Builder) -> bool:
    """Catch, log, raise again, catch further out."""
    if not b.can_nest():
        return False
    result = b.name("n")
    inner, outer = b.name("e"), b.name("e")
    b.emit("try:")
    b.emit("    try:")
    b.level += 2
    kind = emit_risk(b, result)
    b.level -= 2
    b.emit(f"    except {kind} as {inner}:")
    b.emit(f"        note(type({inner}).__name__)")
    b.emit(f"        {b.pick(('raise', f'raise {inner}'))}")
    if b.maybe("try-finally", 1, 2):
        b.emit("    finally:")
        b.emit('        note("inner finally")')
    b.emit(f"except {PARENTS[kind]} as {outer}:")
    b.emit(f"    note({picture(b, outer)})")
    b.emit(f"    {result} = {b.text(INT, 1)}")
    _declare(b, result)
    return True


def assertion(b: Builder) -> bool:
    """``assert``: one that holds, or one that may fail and is caught."""
    if b.draw(3) < 2:
        value = b.operand(INT, 1)
        b.emit(f'assert isinstance({value}, object), "never"')
        return True
    if not b.can_nest():
        return False
    b.emit("try:")
    b.emit(f"    assert {b.operand(BOOL, 1)}, ({b.text(INT, 1)}, 1)")
    name = b.name("e")
    b.emit(f"except AssertionError as {name}:")
    b.emit(f"    note({name}.args)")
    return True


def managed(b: Builder) -> bool:
    """``with`` one or several managers; some swallow what is raised in the body."""
    if not b.can_nest():
        return False
    b.needs.add("Guard")
    name = b.name("g")
    items = [f'Guard("{name}") as {name}']
    swallow = b.draw(3) == 2
    if swallow:
        items.insert(0, f'Guard("{name}s", True)')
    elif b.draw(3) == 2:
        items.append(f'Guard("{name}b")')
    found = [
        var
        for var in b.scope.objects
        if var.type.info is not None and var.type.info.manages and b.frame.rank
    ]
    if found and b.draw(2):
        items.append(b.pick(found).name)
        b.frame.impure = True
    b.emit(f"with {', '.join(items)}:")
    b.block()
    if b.draw(3) == 2:
        b.emit(f"    {name}.add({b.text(INT, 1)})")
    if swallow:
        _, make = b.pick(RISKS)
        b.emit(f"    note({make(b)})")
    return True
