"""Change a few numbers of the choice sequence: other constants, operators, features."""

from __future__ import annotations

from collections.abc import Sequence

from pyjit_fuzz.generate import Choices
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate.base import regenerate

MOST_CHANGES = 4


def mutate(program: Program, choices: Choices, corpus: Sequence[Program]) -> Program | None:
    """Draw some numbers anew, or nudge them by one."""
    sequence = list(program.choices)
    if not sequence:
        return None
    for _ in range(choices.integer(1, MOST_CHANGES)):
        at = choices.draw(len(sequence))
        if choices.chance(1, 2):
            sequence[at] += 1
        else:
            sequence[at] = choices.draw(1 << 10)
    return regenerate(program, sequence, "choice-values")
