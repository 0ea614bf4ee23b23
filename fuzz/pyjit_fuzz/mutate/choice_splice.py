"""Continue one program's choice sequence with another one's."""

from __future__ import annotations

from collections.abc import Sequence

from pyjit_fuzz.generate import Choices
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate.base import regenerate


def mutate(program: Program, choices: Choices, corpus: Sequence[Program]) -> Program | None:
    """Cut both sequences, keep this program's head and the other's tail."""
    if not program.choices:
        return None  # before the others are asked for, which may have to be made
    donors = [other for other in corpus if other.choices and other.choices != program.choices]
    if not donors:
        return None
    donor = choices.pick(donors).choices
    head = choices.draw(len(program.choices))
    tail = choices.draw(len(donor))
    return regenerate(program, [*program.choices[:head], *donor[tail:]], "choice-splice")
