"""Delta debugging over names: what is left shows, and nothing of it can be left out."""

import itertools

import pytest

from pyjit_fuzz.reduce import smallest

ITEMS = tuple("abcdefg")


@pytest.mark.parametrize(
    "needed", [each for size in range(4) for each in itertools.combinations(ITEMS, size)]
)
def test_what_is_needed_is_found(needed):
    asked = []

    def shows(subset):
        asked.append(subset)
        return set(needed) <= set(subset)

    assert smallest(ITEMS, shows) == needed
    assert len(asked) <= 2 * len(ITEMS) * (len(needed) + 1)


def test_of_two_ways_to_show_one_is_left():
    left = smallest(ITEMS, lambda subset: "b" in subset or {"c", "f"} <= set(subset))
    assert left in {("b",), ("c", "f")}


def test_a_judge_that_gives_up_keeps_what_showed_last():
    answers = iter([False, True])  # nothing at all; the second half
    assert smallest("abcd", lambda subset: next(answers, False)) == ("c", "d")
