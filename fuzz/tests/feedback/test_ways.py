"""Mutators that lead to something new get more turns, and all keep some."""

import pytest

from pyjit_fuzz.feedback import Balance, Ways
from pyjit_fuzz.generate import RandomChoices


def turns(ways, number=2000):
    choices = RandomChoices(1)
    chosen = [ways.choose(choices) for _ in range(number)]
    return {name: chosen.count(name) / number for name in ways.shares()}


def test_untried_mutators_have_even_turns():
    for share in turns(Ways("abcd")).values():
        assert share == pytest.approx(0.25, abs=0.05)


def test_what_pays_gets_more_and_what_does_not_keeps_some():
    ways = Ways("abcd")
    for turn in range(400):
        ways.note("a", useful=turn % 4 == 0)
        ways.note("b", useful=False)
    shares = turns(ways)
    assert shares["a"] > 2 * shares["c"] > 2 * shares["b"] > 0.05
    assert sum(ways.shares().values()) == pytest.approx(1)


def test_what_paid_once_and_does_no_more_is_forgotten():
    ways = Ways("ab")
    for _ in range(1000):
        ways.note("a", useful=True)
    before = ways.shares()["a"]
    for turn in range(2000):
        ways.note("a", useful=False)
        ways.note("b", useful=turn % 10 == 0)
    assert before > 0.8
    assert ways.shares()["a"] < 0.3


def test_a_mutator_that_is_gone_changes_nothing():
    ways = Ways("ab")
    before = ways.shares()
    ways.note("gone", useful=True)
    assert ways.shares() == before


def test_both_ways_are_even_until_one_pays_more():
    balance = Balance()
    assert balance.bred() == 0.5
    for _ in range(50):
        balance.note(bred=True, useful=True)
        balance.note(bred=False, useful=False)
    assert 0.9 < balance.bred() < 1
    for _ in range(2000):
        balance.note(bred=True, useful=False)
        balance.note(bred=False, useful=True)
    assert balance.bred() == 0.1
