"""The nouns of the test bed. Plain data, kept as JSON."""

from __future__ import annotations

import msgspec

STOCK = "interp"
"""Name of the arm without a JIT: the toolkit's profile of that name."""

PASSING = frozenset({"ok", "expected-failure"})
ENDED, CRASHED, TIMED_OUT = "ended", "crash", "timeout"
MISSING = "did not run"
"""Outcome of a test that ran stock and not jitted."""


class Unit(msgspec.Struct, frozen=True):
    """What one child process runs."""

    name: str
    command: tuple[str, ...]
    """The whole command; the options of the journal are put behind ``options_at`` parts of it."""
    options_at: int
    folder: str = ""
    """Where it runs; empty: in an empty folder of its own."""


class Arm(msgspec.Struct, frozen=True):
    """The stock interpreter, or a profile: a name and the variables that make it."""

    name: str
    environment: dict[str, str]


class Outcome(msgspec.Struct, frozen=True):
    """How a test ended that did not pass."""

    kind: str
    """``failure``, ``error``, ``skip``, ``unexpected-success``, ``crash``, ``timeout``, …"""
    detail: str = ""


class Run(msgspec.Struct, frozen=True):
    """A unit in one arm, once."""

    unit: str
    arm: str
    attempt: int
    """0, or 1 for the repetition."""
    ending: str
    """``ended``, ``crash`` or ``timeout``."""
    seconds: float
    passed: list[str]
    others: dict[str, Outcome]
    whole: Outcome
    """What the unit's runner says of the whole."""

    def outcome(self, test: str) -> Outcome:
        """Return the outcome of ``test``; whoever asks often makes a set of ``passed``."""
        found = self.others.get(test)
        if found is not None:
            return found
        return Outcome("ok") if test in self.passed else Outcome(MISSING)


class Difference(msgspec.Struct, frozen=True):
    """A test that passes stock and does not pass jitted."""

    unit: str
    test: str
    """Its identifier; empty: the unit as a whole."""
    arm: str
    kind: str
    detail: str = ""
