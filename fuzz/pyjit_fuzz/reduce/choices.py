"""Passes over the choice sequence: the program is generated anew from fewer choices.

They keep what the generator guarantees (names are bound, types fit), which no
edit of the text does. They run first and on a share of the budget only: most
of the deleting is quicker on the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from pyjit_fuzz.model import Program
from pyjit_fuzz.reduce.gate import Gate

Regenerate: TypeAlias = Callable[[Sequence[int]], Program]
ChoicePass: TypeAlias = Callable[[Gate, Regenerate], None]

_SMALLEST_SPAN = 4
"""Shorter spans are left to the passes over the tree."""


def delete_spans(gate: Gate, regenerate: Regenerate) -> None:
    """Delete runs of choices, long ones first."""
    _over_spans(gate, regenerate, lambda span: ())


def zero_spans(gate: Gate, regenerate: Regenerate) -> None:
    """Set runs of choices to 0, the simplest choice; what follows keeps its place."""
    _over_spans(gate, regenerate, lambda span: (0,) * len(span))


def minimise_values(gate: Gate, regenerate: Regenerate) -> None:
    """Lower single choices to the least that will do, by halving the interval."""
    position = 0
    while position < len(gate.best.choices):
        works = gate.best.choices[position]
        fails = -1
        while works - fails > 1 and position < len(gate.best.choices):
            middle = 0 if fails < 0 else (works + fails) // 2
            if _replace(gate, regenerate, position, position + 1, (middle,)):
                works = middle
            else:
                fails = middle
        position += 1


def _over_spans(
    gate: Gate,
    regenerate: Regenerate,
    replacement: Callable[[tuple[int, ...]], tuple[int, ...]],
) -> None:
    size = len(gate.best.choices) // 2
    while size >= _SMALLEST_SPAN:
        start = 0
        while start < len(gate.best.choices):
            before = len(gate.best.choices)
            span = gate.best.choices[start : start + size]
            new = replacement(span)
            accepted = new != span and _replace(gate, regenerate, start, start + size, new)
            if not accepted or len(gate.best.choices) >= before:
                start += size
        size //= 2


def _replace(
    gate: Gate, regenerate: Regenerate, start: int, end: int, new: tuple[int, ...]
) -> bool:
    old = gate.best.choices
    return gate.improve(regenerate(old[:start] + new + old[end:]))


CHOICE_PASSES: tuple[ChoicePass, ...] = (delete_spans, zero_spans, minimise_values)
