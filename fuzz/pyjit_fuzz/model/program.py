"""A program under test: source text and where it came from.

Contract: a program is one self-contained Python module. When it ends, the
worker reads two of its globals, if they are there: ``RESULT`` (any value, the
program's answer) and ``LOG`` (a list, the side effects in order). Text that
it prints counts as output. A program needs nothing from the toolkit.
"""

from __future__ import annotations

import hashlib

import msgspec


class Program(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One program; two programs with the same source are the same program."""

    source: str
    """The module's text, UTF-8 encodable."""
    choices: tuple[int, ...] = ()
    """The choice sequence that generates it; empty for hand-written ones."""
    seed: int | None = None
    """The campaign seed that it came from, if it was generated."""
    generator: str = ""
    """Name and version of the generator, for example ``typed/2``."""
    features: tuple[str, ...] = ()
    """Sorted names of the language features that it uses."""
    origin: str = "generated"
    """``generated``, ``mutant:<mutator>``, ``reduced`` or ``corpus:<path>``."""
    planned_exception: str = ""
    """Name of the exception type that the program means to end with, or empty."""
    unmutated: bool = False
    """It is run as it is, and no other program is made from it."""

    @property
    def id(self) -> str:
        """First 16 hex digits of the SHA-256 of the source."""
        return hashlib.sha256(self.source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
