"""Which parts of the JIT a difference needs: the smallest set that was found to show it."""

from __future__ import annotations

import enum

import msgspec

from pyjit_fuzz.model.observation import Step


class Harm(enum.Enum):
    """What the first wrong step of compiled code does, as far as its frame shows it."""

    VALUE = "value"
    """A variable or an operand is another one than the interpreter's."""
    ABSENCE = "absence"
    """Nothing is there where the interpreter has something, or the reverse: the operand that tells
    a method from another callable, a variable that is not bound."""
    PATH = "path"
    """It goes on elsewhere: jumps to another place, or has not raised."""
    RAISE = "raise"
    """It raises where the interpreter goes on."""
    RELEASE = "release"
    """An object is referred to less often than it counts as: it dies too early."""
    LEAK = "leak"
    """An object counts as being referred to more often than it is."""
    DEATH = "death"
    """The process dies of it."""
    COUNTING = "counting"
    """The process dies as it counts a reference to what is no object."""
    OUTSIDE = "outside"
    """The process dies in what the step calls."""
    ELSEWHERE = "elsewhere"
    """An operand is another one that the step leaves alone."""


class Premises(msgspec.Struct, frozen=True):
    """What a step went by, and what was so."""

    guard: str = ""
    """What it relied on of its inline cache and was not so, by the JIT's names
    (``core/src/runtime/expectations.h``): it has missed a guard."""
    by_helper: bool = False
    """That was the helper's to notice."""
    strange: bool = False
    """Operands are of other types than its code was made for."""
    slow: bool = False
    """A slow path was taken, or raised."""
    leaves: bool = False
    """It is a call, not of a class, with operands on the stack that are none of its own."""
    operand: str = ""
    """What is called, where its code was made for nothing special: ``python``, ``class``, ``c`` or
    ``other``. Of what moves a value: ``boxed``, if that is a number that nobody else has."""
    unusual: str = ""
    """What is least usual about the operands: ``large`` (an int of three digits or more),
    ``wide-negative`` (of two), ``overflow`` (the result does not fit into a machine word),
    ``count`` (of a shift, by more bits than that has), ``slice`` (as a subscript), ``bound`` (an
    index beyond them); of operators that the helper does, ``objects`` (of classes with operators
    of their own, maybe) and ``in-place-objects``."""

    def __str__(self) -> str:
        """Say it; nothing if there is nothing to say."""
        missed = f"{self.guard} (its {'helper' if self.by_helper else 'code'} relies on that)"
        said = [
            f"not as in its inline cache: {missed}" if self.guard else "",
            "operands of other types than the code was made for" if self.strange else "",
            f"unusual: {self.unusual}" if self.unusual else "",
        ]
        return "; ".join(filter(None, said))


class Blame(msgspec.Struct, frozen=True):
    """What has to be there for a difference to show.

    Each list was made smaller as long as the difference showed with everything
    that is not in it switched off; it is minimal in that nothing more of it can
    be left out, alone. Empty: the difference needs none of them, or does not
    show any more when they are chosen one by one.
    """

    functions: tuple[str, ...] = ()
    """Qualified names of the program's functions that have to be compiled."""
    step: Step | None = None
    """The instruction with which it begins: when compiled code is left for good in front of this
    one it does not show, and behind it it does."""
    outcomes: tuple[str, ...] = ()
    """What happened in that step, by the JIT's names of events: ``LOAD_ATTR.slot.exit``. Of what
    shows without any instruction, the JIT's counters that say what it did nevertheless."""
    harm: Harm | None = None
    """What is wrong behind that step; ``None``: nothing that its frame shows."""
    changes: tuple[str, ...] = ()
    """How the frame differs then from the interpreter's, for people."""
    premises: Premises = Premises()
    """What that step went by."""
    opcodes: tuple[str, ...] = ()
    """Names of the opcodes that need their fast paths; all others go through helpers."""
    operators: tuple[str, ...] = ()
    """Of opcodes that stand for several operators, those that need their fast paths, for example
    ``BINARY_OP.add``."""
    alike: tuple[str, ...] = ()
    """Operators (``sub``, ``lt``) that, in the place of the guilty one, show a difference as well:
    what is wrong is what they have in common."""
    parts: tuple[str, ...] = ()
    """Optimisations and kinds of inline caches, for example ``inline-caches``."""
    settings: tuple[str, ...] = ()
    """Options of the profile (``PYJIT_FAIL_GUARDS=3``) that cannot have their default."""
    listing: str = ""
    """Disassembly of the guilty functions, for the tested architecture."""
    trials: int = 0
    """Variants of the profile that were tried."""
    cut_short: bool = False
    """The budget was spent before the end: lists may be longer than need be, or missing."""
