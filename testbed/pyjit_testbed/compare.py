"""Differences of two runs of a unit, and which of them a repetition confirms. Pure."""

from __future__ import annotations

import re

from pyjit_testbed.model import (
    CRASHED,
    ENDED,
    MISSING,
    PASSING,
    TIMED_OUT,
    Difference,
    Outcome,
    Run,
)

_RANKS = {"ok": 0, "skip": 1, "empty": 1, "env-changed": 2}
"""How bad a runner's judgement of a whole unit is; what is not here is worse than all of these."""
_FAILED = 3
_ADDRESS = re.compile(r"0x[0-9a-f]{6,16}")


def differences(stock: Run, jitted: Run) -> list[Difference]:
    """Return the tests that pass in ``stock`` and not in ``jitted``.

    Tests that were not reached because the process ended before them are not
    counted one by one: the test on which it ended stands for them. The unit as
    a whole differs if no test does and its runner thinks worse of it.
    """
    passed = {_steady(test) for test in jitted.passed}
    expected = _passing(stock)
    others = {_steady(test): outcome for test, outcome in jitted.others.items()}
    found = []
    for test in expected:
        if test in passed:
            continue
        outcome = others.get(test, Outcome(MISSING))
        if outcome.kind in PASSING or (outcome.kind == MISSING and jitted.ending != ENDED):
            continue
        found.append(_difference(jitted, test, outcome))
    worse = _RANKS.get(jitted.whole.kind, _FAILED) > _RANKS.get(stock.whole.kind, _FAILED)
    died = stock.ending == ENDED and jitted.ending != ENDED
    if not found and (worse or died):
        found.append(_difference(jitted, "", jitted.whole))
    return found


def confirmed(first: list[Difference], again: list[Difference]) -> list[Difference]:
    """Return those of ``first`` that are differences in the repetition, too.

    A crash counts even if it does not happen again, because the stock
    interpreter did not crash. A time-out need not meet the same test again.
    """
    repeated = {difference.test for difference in again}
    late = any(difference.kind == TIMED_OUT for difference in again)
    return [
        difference
        for difference in first
        if difference.test in repeated
        or difference.kind == CRASHED
        or (difference.kind == TIMED_OUT and late)
    ]


def _passing(run: Run) -> list[str]:
    tests = [*run.passed]
    tests += [test for test, outcome in run.others.items() if outcome.kind in PASSING]
    return [_steady(test) for test in tests]


def _steady(test: str) -> str:
    """Return an identifier without addresses of objects, which differ in every process."""
    return _ADDRESS.sub("0x…", test)


def _difference(run: Run, test: str, outcome: Outcome) -> Difference:
    return Difference(run.unit, test, run.arm, outcome.kind, outcome.detail)
