"""Hypothesis strategies over the generator; needs Hypothesis, which only tests install."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pyjit_fuzz.generate.choices import HypothesisChoices, ReplayChoices
from pyjit_fuzz.generate.program import generate

if TYPE_CHECKING:
    from pyjit_fuzz.model import Program


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Programs drawn choice by choice, so that Hypothesis shrinks them well."""
    return generate(HypothesisChoices(draw))


def choice_sequences(most: int = 400) -> st.SearchStrategy[tuple[int, ...]]:
    """Arbitrary choice sequences, which any numbers are: much quicker to draw."""
    return st.lists(st.integers(0, 1 << 16), max_size=most).map(tuple)


def programs_from_sequences(most: int = 400) -> st.SearchStrategy[Program]:
    """Programs replayed from arbitrary choice sequences; quick, and shrinks less well."""
    return choice_sequences(most).map(lambda sequence: generate(ReplayChoices(sequence)))
