"""``match`` statements on values whose type is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.functions import parameter_types
from pyjit_fuzz.generate.patterns import PATTERNS
from pyjit_fuzz.generate.types import BOOL

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder


def match(b: Builder) -> bool:
    """``match`` with some cases, and one for everything, perhaps."""
    if not b.can_nest() or b.level > 6:
        return False
    types = [t for t in parameter_types(b) if t.kind in PATTERNS]
    t = b.pick(types)
    if t.kind == "object":
        b.use("match-class")
    b.emit(f"match {b.text(t, 1)}:")
    b.level += 1
    for _ in range(1 + b.draw(3)):
        text, bound = PATTERNS[t.kind](b, t, 2)
        mark = b.scope.mark()
        for var in bound:
            b.scope.add(var)
        guard = f" if {b.text(BOOL, 1)}" if b.maybe("match-guard", 1, 3) else ""
        b.emit(f"case {text}{guard}:")
        if bound and b.draw(2):
            b.note(b.pick(bound).name)
            b.lines[-1] = "    " + b.lines[-1]
        b.block(2)
        b.scope.release(mark)
    if b.draw(2):
        b.emit(b.pick(("case _:", f"case {b.name('any')}:")))
        b.block(1)
    b.level -= 1
    return True
