"""Keep the head of the choice sequence and draw everything behind it anew.

A program is built in order: its features and types come first, its statements later. So the mutant
is another program out of the same parts, for example of the same classes with other methods called.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyjit_fuzz.generate import Choices, ContinuedChoices, generate
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate.base import accepted, is_of_choices


def mutate(program: Program, choices: Choices, corpus: Sequence[Program]) -> Program | None:
    """Cut the sequence somewhere and go on with random numbers."""
    if not is_of_choices(program):
        return None
    head = program.choices[: choices.draw(len(program.choices))]
    made = generate(ContinuedChoices(head, seed=choices.draw(1 << 48)), seed=program.seed)
    return accepted(program, made, "choice-tail")
