"""Hypothesis strategies, for tests of one's own JIT; needs Hypothesis, which only tests install.

    @given(functions())
    def test_my_jit(function):
        assert function.outcomes(my_jit, turns=50) == function.outcomes(turns=50)

``programs()`` gives whole programs (their text), ``functions()`` functions with calls of them, and
``values()`` values at which JITs go wrong.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pyjit_fuzz.generate.choices import HypothesisChoices, ReplayChoices
from pyjit_fuzz.generate.program import generate
from pyjit_fuzz.generate.single import DrawnFunction, draw_function

if TYPE_CHECKING:
    from pyjit_fuzz.model import Program


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Programs drawn choice by choice, so that Hypothesis shrinks them well."""
    return generate(HypothesisChoices(draw))


@st.composite
def functions(draw: st.DrawFn) -> DrawnFunction:
    """Functions with calls of them, to be run in the test's own process."""
    return draw_function(HypothesisChoices(draw))


class _Int(int):
    pass


class _Float(float):
    pass


class _Str(str):
    __slots__ = ()


def values(leaves: int = 12) -> st.SearchStrategy[Any]:
    """Values of every built-in type, many at the borders of how they are represented.

    Ints around the sizes of digits and machine words, floats with NaN, infinities, signed zeros and
    subnormals, text of all three widths, instances of subclasses, and containers of all of these
    with at most so many ``leaves``; a container may hold one object several times.
    """
    edges = [sign * (1 << bits) + near for bits in _BITS for sign in (1, -1) for near in (-1, 0, 1)]
    ints = st.one_of(st.sampled_from(edges), st.integers(-300, 300), st.integers())
    floats = st.one_of(st.sampled_from(_FLOATS), st.floats())
    texts = st.one_of(st.text("ab", max_size=4), st.text(max_size=8))
    others = st.binary(max_size=8), st.complex_numbers()
    derived = ints.map(_Int), floats.map(_Float), texts.map(_Str)
    single = st.one_of(st.none(), st.booleans(), ints, floats, texts, *others, *derived)
    nested = st.recursive(single, _containers, max_leaves=leaves)
    # Left to itself, it is containers nearly always.
    return st.booleans().flatmap(lambda nests: nested if nests else single)


_BITS = (0, 8, 15, 30, 31, 32, 60, 62, 63, 64, 90, 120)
_FLOATS = (0.0, -0.0, 1.5, 2.0**53, 1e308, 5e-324, math.inf, -math.inf, math.nan)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, max_size=5)
    return st.one_of(
        lists,
        lists.map(tuple),
        st.dictionaries(st.text("abc", max_size=2), inner, max_size=4),
        inner.map(lambda value: [value, value]),  # one object at two places
    )


def choice_sequences(most: int = 400) -> st.SearchStrategy[tuple[int, ...]]:
    """Arbitrary choice sequences, which any numbers are: much quicker to draw."""
    return st.lists(st.integers(0, 1 << 16), max_size=most).map(tuple)


def programs_from_sequences(most: int = 400) -> st.SearchStrategy[Program]:
    """Programs replayed from arbitrary choice sequences; quick, and shrinks less well."""
    return choice_sequences(most).map(lambda sequence: generate(ReplayChoices(sequence)))
