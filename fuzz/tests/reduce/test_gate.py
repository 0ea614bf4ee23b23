"""The gate counts, remembers, refuses what is not smaller, and ends at the budget."""

import pytest

from pyjit_fuzz.model import Program
from pyjit_fuzz.reduce import Budget, BudgetSpentError, Gate, measure

BIG = Program("a = 1\nb = 2\nc = 3\n")


def test_accepts_smaller_programs_that_satisfy_the_predicate():
    gate = Gate(BIG, lambda program: "b" in program.source, Budget())
    assert gate.improve(Program("b = 2\n"))
    assert gate.best.source == "b = 2\n"


def test_refuses_what_fails_the_predicate():
    gate = Gate(BIG, lambda program: "b" in program.source, Budget())
    assert not gate.improve(Program("a = 1\n"))
    assert gate.best == BIG


def test_does_not_ask_about_larger_or_broken_programs():
    gate = Gate(BIG, lambda _: pytest.fail("asked"), Budget())
    assert not gate.improve(Program(BIG.source + "d = 4\n"))
    assert not gate.improve(Program("a = (\n"))
    assert not gate.improve(Program("return 1\n"))
    assert gate.trials == 0


def test_asks_about_each_text_once():
    asked = []
    gate = Gate(BIG, lambda program: asked.append(program) is not None, Budget())
    gate.improve(Program("a = 1\n"))
    gate.improve(Program("a = 1\n"))
    assert len(asked) == 1


def test_ends_at_the_number_of_trials():
    gate = Gate(BIG, lambda _: False, Budget(trials=2))
    gate.improve(Program("a = 1\n"))
    gate.improve(Program("b = 1\n"))
    with pytest.raises(BudgetSpentError):
        gate.improve(Program("c = 1\n"))


def test_ends_at_the_time():
    now = [0.0]
    gate = Gate(BIG, lambda _: False, Budget(seconds=10), clock=lambda: now[0])
    gate.improve(Program("a = 1\n"))
    now[0] = 10.0
    with pytest.raises(BudgetSpentError):
        gate.improve(Program("b = 1\n"))


def test_a_share_ends_without_ending_the_whole():
    gate = Gate(BIG, lambda _: False, Budget(trials=4))
    with gate.share(0.5):
        for name in "abcd":
            gate.improve(Program(f"{name} = 1\n"))
    assert gate.trials == 2
    gate.improve(Program("x = 1\n"))
    assert gate.trials == 3


def test_measure_prefers_fewer_statements_to_shorter_texts():
    one, two = measure("aaaaaaaaaaaa = 1111111\n"), measure("a=1\nb=2\n")
    assert one is not None
    assert two is not None
    assert one < two
