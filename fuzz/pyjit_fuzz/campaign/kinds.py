"""For what the guilty instructions were compiled: kinds of operands, of attributes, of callees.

Two faults of one opcode are in two of its fast paths. Which one a program takes, the JIT's map of
events tells: with a finding's functions compiled and everything else switched off, the program is
run once more and counted. The counts are in a file, so that they are there when the run dies.
"""

from __future__ import annotations

import array
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from pyjit_fuzz.execute import Limits, open_executor
from pyjit_fuzz.model import Profile, Program
from pyjit_fuzz.triage import WITH_OPERATORS

_COUNTED = {"PYJIT_COUNT_EVENTS": "1"}
_FILE = "PYJIT_EVENTS_FILE"
_UNSEEN = "unseen"
_MADE = "optimised"
_OPERATORS = {
    "subtract": "sub",
    "multiply": "mul",
    "true-divide": "truediv",
    "floor-divide": "floordiv",
    "remainder": "mod",
    "power": "pow",
}
"""Operators by the names of events, as far as they have another name here."""


def kinds_of(
    program: Program,
    profile: Profile,
    opcodes: Sequence[str],
    operators: Sequence[str],
    limits: Limits,
) -> tuple[str, ...]:
    """Return what these opcodes were compiled for in an optimised version, when that program ran.

    Of opcodes that stand for several operators, only what is among ``operators``. Empty for a
    JIT without a map of events.
    """
    with tempfile.TemporaryDirectory(prefix="pyjit-fuzz-events-") as folder:
        file = Path(folder, "events")
        counted = {**profile.environment, **_COUNTED, _FILE: str(file)}
        counting = msgspec.structs.replace(profile, environment=counted)
        with open_executor(counting, limits=limits) as executor:
            names = [name for name in executor.hello.events if "." in name]
            executor.run(program)
        if not file.exists():
            return ()
        counts = array.array("I", file.read_bytes())
    made = {name for name, count in zip(names, counts, strict=False) if count}
    return tuple(sorted(_kinds(made, opcodes, operators)))


def _kinds(made: Iterable[str], opcodes: Sequence[str], operators: Sequence[str]) -> set[str]:
    found = set()
    for name in made:
        opcode, *special, outcome = name.split(".")
        if outcome != _MADE or opcode not in opcodes or not special:
            continue
        kind = special[0]
        if opcode in WITH_OPERATORS:
            operator, _, kind = kind.rpartition("-")
            named = f"{opcode}.{_OPERATORS.get(operator, operator)}"
            if operators and named not in operators:
                continue
            if kind != _UNSEEN:
                found.add(f"{named}-{kind}")
        elif kind != _UNSEEN:
            found.add(f"{opcode}.{kind}")
    return found
