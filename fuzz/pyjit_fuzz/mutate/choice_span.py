"""Delete, duplicate or move a span of the choice sequence: a statement or an expression."""

from __future__ import annotations

from collections.abc import Sequence

from pyjit_fuzz.generate import Choices
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate.base import regenerate

LONGEST_SPAN = 24


def mutate(program: Program, choices: Choices, corpus: Sequence[Program]) -> Program | None:
    """Do one of the three to one span."""
    sequence = program.choices
    if not sequence:
        return None
    start = choices.draw(len(sequence))
    end = min(start + choices.integer(1, LONGEST_SPAN), len(sequence))
    span = sequence[start:end]
    kind = choices.draw(3)
    if kind == 0:
        changed = [*sequence[:start], *sequence[end:]]
    elif kind == 1:
        changed = [*sequence[:end], *span, *sequence[end:]]
    else:
        rest = [*sequence[:start], *sequence[end:]]
        to = choices.draw(len(rest) + 1)
        changed = [*rest[:to], *span, *rest[to:]]
    return regenerate(program, changed, "choice-span")
