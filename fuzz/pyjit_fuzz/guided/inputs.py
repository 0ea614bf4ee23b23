"""Inputs of the engine as programs."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pyjit_fuzz.generate import BytesChoices, generate
from pyjit_fuzz.model import Program

KEPT, CAUGHT = "inputs", "caught"
"""Folders: what reached something new; what crashed, never ended, or took too much memory."""


class Kind(enum.Enum):
    """Why the engine wrote an input down."""

    NEW = "new"
    CRASH = "crash"
    TIMEOUT = "timeout"
    MEMORY = "oom"

    @classmethod
    def of(cls, path: Path) -> Kind:
        """Return it; libFuzzer puts it in front of the names of what it has caught."""
        head = path.name.partition("-")[0]
        return next((kind for kind in cls if kind.value == head), cls.NEW)


def program_of(data: bytes) -> Program:
    """Return the program that bytes stand for. Its choices are canonical, unlike the bytes."""
    return generate(BytesChoices(data))


def programs(folder: Path) -> Iterator[Program]:
    """Yield each program that an engine's folder has, what was caught first, each once."""
    seen = set()
    for part in (CAUGHT, KEPT):
        for path in sorted((folder / part).glob("*")):
            program = program_of(path.read_bytes())
            if program.id not in seen:
                seen.add(program.id)
                yield msgspec.structs.replace(program, origin=f"guided:{Kind.of(path).value}")
