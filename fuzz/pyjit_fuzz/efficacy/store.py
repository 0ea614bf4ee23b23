"""The journal of a bench: one line of JSON for each thing done, so that nothing done is lost.

The first line says what the bench was asked to do. A journal is gone on with only by a bench that
was asked the same, against the same build.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from pyjit_fuzz.efficacy.faults import Fault
from pyjit_fuzz.execute import SetupError

CONTROL = ""
"""The fault of the control arm: none."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was asked for."""

    seed: int
    seconds: float
    control_seconds: float
    mutants: float
    profiles: tuple[str, ...]
    builds: tuple[str, ...]
    corpus: int
    """Number of corpus programs."""
    faults: tuple[Fault, ...]


class Attempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One repetition of one fault, or of the control arm."""

    fault: str
    arch: str
    repetition: int
    reached: int
    triggered: int
    programs: int
    seconds: float
    """Processor seconds: to the detection, else all that were spent."""
    wall_seconds: float
    detected: bool = False
    oracle: str = ""
    """The most telling of the oracles that saw it."""
    seen_by: tuple[str, ...] = ()
    """All oracles that saw it in the program that gave it away."""
    mechanism: str = ""
    profile: str = ""
    origin: str = ""
    """Where that program came from: ``corpus``, ``generated`` or ``mutated``."""
    program: str = ""
    """Its source."""
    passing: int = 0
    """Differences that did not show again."""


_Header = TypeVar("_Header", bound=msgspec.Struct)
_Row = TypeVar("_Row", bound=msgspec.Struct)


class Lines(Generic[_Header, _Row]):
    """A file with a line for what was asked for, and one for each thing that is done."""

    def __init__(self, path: Path, header: _Header, kind: type[_Row]) -> None:
        """Open or begin the file; raises ``SetupError`` if it is of another bench."""
        self.path = path
        self.rows: list[_Row] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = path.read_bytes().splitlines() if path.exists() else []
        except OSError as error:
            raise SetupError(
                f"{path.parent} cannot be used for a bench: {error.strerror}."
            ) from error
        if not lines:
            self._append(header)
            return
        self._check(lines[0], header)
        for line in lines[1:]:
            with contextlib.suppress(msgspec.DecodeError):  # the line in which it was killed
                self.rows.append(msgspec.json.decode(line, type=kind))
        self._rewrite(header)

    def add(self, row: _Row) -> None:
        """Write down what is done."""
        self._append(row)
        self.rows.append(row)

    def _check(self, line: bytes, header: _Header) -> None:
        with contextlib.suppress(msgspec.DecodeError):
            if msgspec.json.decode(line, type=type(header)) == header:
                return
        raise SetupError(
            f"{self.path.parent} holds a bench with other options or of another build. "
            "Choose another folder with --output, or delete this one."
        )

    def _rewrite(self, header: _Header) -> None:
        """Leave out what cannot be read, so that the next line begins as one."""
        text = b"\n".join(msgspec.json.encode(each) for each in (header, *self.rows))
        partial = self.path.with_suffix(".partial")
        partial.write_bytes(text + b"\n")
        partial.replace(self.path)

    def _append(self, what: msgspec.Struct) -> None:
        with self.path.open("ab") as file:
            file.write(msgspec.json.encode(what) + b"\n")


class Journal(Lines[Header, Attempt]):
    """The attempts made so far, in a folder."""

    def __init__(self, folder: Path, header: Header) -> None:
        """Open or begin the journal; raises ``SetupError`` if it is of another bench."""
        super().__init__(folder / "attempts.jsonl", header, Attempt)

    @property
    def attempts(self) -> list[Attempt]:
        """All attempts, in the order in which they were made."""
        return self.rows

    def has(self, fault: str, arch: str, repetition: int) -> bool:
        """Say whether this attempt was made."""
        wanted = (fault, arch, repetition)
        return any((a.fault, a.arch, a.repetition) == wanted for a in self.rows)
