"""Distillation: nothing that was reached is lost, and little is kept for it."""

from hypothesis import given
from hypothesis import strategies as st

from pyjit_fuzz.feedback import distil

REACHED = st.dictionaries(st.text("pqrst", min_size=1), st.sets(st.integers(0, 12).map(str)))


def test_a_program_that_adds_nothing_goes():
    reached = {"wide": {"a", "b", "c"}, "narrow": {"b"}, "own": {"d"}}
    assert distil(reached, dict.fromkeys(reached, 1.0)) == ["wide", "own"]


def test_of_equal_ones_the_cheaper_stays():
    reached = {"long": {"a", "b"}, "short": {"a", "b"}}
    assert distil(reached, {"long": 300, "short": 20}) == ["short"]


def test_what_a_program_adds_counts_and_not_what_it_has():
    # Once `most` is in, `second` adds one feature and `third` two.
    reached = {"most": set("abcd"), "second": set("abce"), "third": set("fg")}
    assert distil(reached, dict.fromkeys(reached, 1.0)) == ["most", "third", "second"]


@given(REACHED, st.data())
def test_everything_is_still_reached_and_nothing_is_there_in_vain(reached, data):
    cost = {name: data.draw(st.integers(1, 50)) for name in reached}
    chosen = distil(reached, cost)
    so_far: set[str] = set()
    for name in chosen:
        assert reached[name] - so_far
        so_far |= reached[name]
    assert so_far == set().union(*reached.values())
