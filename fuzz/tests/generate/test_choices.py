"""The choice sources: bounds, recording, replay, what is simplest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyjit_fuzz.generate import (
    BytesChoices,
    Choices,
    HypothesisChoices,
    RandomChoices,
    ReplayChoices,
)

BOUNDS = st.lists(st.integers(1, 1 << 40), max_size=30)


@given(seed=st.integers(0, 1 << 32), bounds=BOUNDS)
def test_random_draws_stay_in_bounds_and_replay(seed, bounds):
    source = RandomChoices(seed)
    drawn = [source.draw(bound) for bound in bounds]
    assert all(0 <= value < bound for value, bound in zip(drawn, bounds, strict=True))
    replay = ReplayChoices(source.sequence)
    assert [replay.draw(bound) for bound in bounds] == drawn
    assert replay.sequence == source.sequence


@given(sequence=st.lists(st.integers(0, 1 << 60)), bounds=BOUNDS)
def test_replay_of_any_numbers_records_a_canonical_sequence(sequence, bounds):
    first = ReplayChoices(sequence)
    drawn = [first.draw(bound) for bound in bounds]
    second = ReplayChoices(first.sequence)
    assert [second.draw(bound) for bound in bounds] == drawn


@given(data=st.binary(max_size=40), bounds=BOUNDS)
def test_bytes_draws_stay_in_bounds_and_end_in_zeros(data, bounds):
    source = BytesChoices(data)
    for bound in bounds:
        assert 0 <= source.draw(bound) < bound
    for _ in range(len(data)):
        source.draw(2)
    assert source.draw(1000) == 0


@given(st.data())
def test_hypothesis_draws_stay_in_bounds(data):
    source = HypothesisChoices(data)
    bounds = (2, 7, 1000, 1 << 40)
    assert all(0 <= source.draw(bound) < bound for bound in bounds)
    assert len(source.sequence) == len(bounds)


def test_past_the_end_everything_is_the_simplest():
    source = ReplayChoices(())
    assert source.integer(-5, 5) == 0
    assert source.integer(3, 9) == 3
    assert source.integer(-9, -3) == -3
    assert not source.chance(9, 10)
    assert source.pick("xyz") == "x"
    assert source.weighted([(1, "first"), (100, "second")]) == "first"


@given(st.integers(0, 1 << 16), st.integers(-50, 50), st.integers(0, 60))
def test_integers_cover_their_range_and_no_more(number, low, width):
    value = ReplayChoices((number,)).integer(low, low + width)
    assert low <= value <= low + width
    reached = {ReplayChoices((n,)).integer(low, low + width) for n in range(width + 1)}
    assert reached == set(range(low, low + width + 1))


def test_weights_are_respected():
    rows = [(1, "a"), (3, "b"), (0, "never"), (2, "c")]
    drawn = [ReplayChoices((n,)).weighted(rows) for n in range(6)]
    assert drawn == ["a", "b", "b", "b", "c", "c"]


def test_a_chance_of_n_in_d_is_taken_n_times():
    assert sum(ReplayChoices((n,)).chance(3, 4) for n in range(4)) == 3


def test_a_bound_of_one_is_no_choice():
    source = RandomChoices(1)
    assert source.draw(1) == 0
    assert source.sequence == ()


def test_wrong_ranges_are_refused():
    with pytest.raises(ValueError, match="low <= high"):
        RandomChoices(1).integer(3, 2)
    with pytest.raises(NotImplementedError):
        Choices().draw(2)


def test_the_first_numbers_of_a_seed_never_change():
    source = RandomChoices(2024)
    assert [source.draw(1000) for _ in range(5)] == [470, 728, 303, 887, 410]
