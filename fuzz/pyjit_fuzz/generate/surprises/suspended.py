"""What scenes of generators and of coroutines share: functions that can be suspended, made hot.

Both kinds of scene have the same shapes: run to the end, by hand, resumed after an assumption
was broken. The blocks that they are built from are here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.surprises.midloop import CASES
from pyjit_fuzz.generate.surprises.scene import SCENE_BUDGET, call_text

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.functions import Suspended
    from pyjit_fuzz.generate.surprises.midloop import Case


def hot_suspended(b: Builder, kind: str) -> Suspended | None:
    """Return a function of the kind that the scene can afford to warm up."""
    found = [f for f in b.suspended[kind] if f.cost * 40 < SCENE_BUDGET]
    return found[-1 - b.draw(len(found))] if found else None


def fresh(b: Builder, function: Suspended, depth: int = 0) -> str:
    """Return a call of the function; nothing is named in it: comprehensions iterate over it."""
    b.frame.no_walrus += 1
    text = call_text(b, function, depth)
    b.frame.no_walrus -= 1
    return text


def keep_some(b: Builder, first: int, step: int) -> None:
    """End a loop over ``i``: keep the first values, and one of every ``step`` later ones."""
    b.emit(f"    if len(seen) < {first} or i % {step} == 0:")
    b.emit("        seen.append(value)")
    b.emit("out.append(seen)")


def told(b: Builder, exceptions: str) -> None:
    """Emit, inside of a loop, the handler that turns an exception into the value."""
    b.emit(f"    except ({exceptions}) as exc:")
    b.emit("        value = (type(exc).__name__, exc.args)")


class Assumption:
    """An assumption that hot code makes, set up in the program, and how it is broken."""

    __slots__ = ("case", "names")

    def __init__(self, b: Builder) -> None:
        """Draw one and emit what it is about."""
        self.case: Case = b.pick(CASES[:-1])
        self.names = {"g": b.name("G"), "c": b.name("K"), "f": b.name("fn")}
        for line in self.case.setup:
            b.emit(line.format(**self.names))

    def use(self, b: Builder) -> str:
        """Draw an expression that relies on it."""
        return b.pick(self.case.use).format(**self.names)

    def broken(self, b: Builder) -> str:
        """Draw a statement that breaks it."""
        return b.pick(self.case.breaks).format(**self.names)

    @property
    def declared(self) -> str:
        """The statement by which a function may assign to its names."""
        return "global {g}, {f}, {c}".format(**self.names)
