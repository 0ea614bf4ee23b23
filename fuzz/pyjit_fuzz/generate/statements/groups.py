"""Exception groups: raised, split by ``except*``, what is left raised again.

Everything is caught in the same function by a handler of the whole group further out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.scope import Var
from pyjit_fuzz.generate.types import BOOL, INT

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

LEAVES: Final = ("ValueError", "KeyError", "TypeError", "IndexError", "Oops", "ZeroDivisionError")
ARMS: Final = (
    "ValueError",
    "LookupError",
    "(TypeError, Oops)",
    "ArithmeticError",
    "Exception",
    "(KeyError, ValueError)",
    "OSError",
    "Oops",
)
PICTURES: Final = (
    "shape({0})",
    "len({0}.exceptions)",
    "(shape({0}), {0}.__cause__ is None, {0}.__context__ is None)",
    "shape({0}.derive([KeyError(1)]))",
    "shape({0}.subgroup(LookupError) or {0})",
    "[part and shape(part) for part in {0}.split(ValueError)]",
)


def group(b: Builder, depth: int = 2) -> str:
    """Return an expression that makes an exception group."""
    parts: list[str] = []
    for _ in range(1 + b.draw(3)):
        if depth and b.maybe("nested-group", 1, 4):
            parts.append(group(b, depth - 1))
        else:
            parts.append(f"{b.pick(LEAVES)}({b.text(INT, 1) if b.draw(2) else b.draw(9)})")
    b.needs.update(("Oops", "shape"))
    return f'ExceptionGroup("g{b.draw(9)}", [{", ".join(parts)}])'


def risk(b: Builder) -> None:
    """Emit what the arms are tried on: a group, one exception, or neither."""
    kind = b.draw(5)
    if kind < 3:
        b.emit(f"raise {group(b)}")
    elif kind == 3:
        b.emit(f"if {b.text(BOOL, 1)}:")
        b.emit(f"    raise {group(b)}")
    else:
        b.emit(f"raise {b.pick(LEAVES)}({b.text(INT, 1)})")


def arm(b: Builder, head: str, target: str) -> None:
    """Emit one ``except*``; some raise again, or raise something else."""
    name = b.name("e")
    b.emit(f"except* {head} as {name}:")
    b.emit(f"    note({b.pick(PICTURES).format(name)})")
    b.emit(f"    {target} = {b.text(INT, 1)}")
    kind = b.draw(8)
    if kind == 6:
        b.emit(f"    {b.pick(('raise', f'raise {name}'))}")
    elif kind == 7:
        b.emit(f"    raise Oops({b.draw(9)}){b.pick(('', ' from None', f' from {name}'))}")


def except_star(b: Builder) -> bool:
    """``try`` with some ``except*``, inside of a ``try`` that catches the rest."""
    if not b.can_nest() or b.level > 5:
        return False
    b.needs.update(("Oops", "shape"))
    result, rest = b.name("n"), b.name("e")
    b.emit(f"{result} = {b.text(INT, 1)}")
    b.emit("try:")
    b.level += 1
    b.emit("try:")
    b.level += 1
    mark = b.scope.mark()
    if b.chance(1, 4):
        b.statement()
    risk(b)
    b.scope.release(mark)
    b.level -= 1
    for head in dict.fromkeys(b.pick(ARMS) for _ in range(1 + b.draw(3))):
        arm(b, head, result)
    if b.chance(1, 4):
        b.emit("else:")
        b.emit('    note("nothing raised")')
    if b.maybe("try-finally", 1, 4):
        b.emit("finally:")
        b.emit('    note("group finally")')
    b.level -= 1
    b.emit(f"except Exception as {rest}:")
    b.emit(f"    note(shape({rest}))")
    b.scope.add(Var(result, INT, mutable=True))
    return True
