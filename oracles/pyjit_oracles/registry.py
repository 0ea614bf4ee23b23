"""All oracles by name: ours in one table, those of others from entry points.

Contract: an entry point of the group ``pyjit_fuzz.oracles`` is a module or an
object with ``NAME`` and ``judge``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol

from pyjit_fuzz.model import Observation, Outcome, Program, Verdict
from pyjit_oracles import crash, exception, lifetime, limits, order, output, result, slow, timeout

GROUP = "pyjit_fuzz.oracles"


class Oracle(Protocol):
    """A judge."""

    NAME: str

    def judge(self, program: Program, reference: Observation, tested: Observation) -> Verdict:
        """Judge one pair; pure."""


_OURS: tuple[Oracle, ...] = (
    *(crash, timeout, limits, result, exception, output, order, lifetime, slow),
)
"""The most telling first."""


@cache
def oracles() -> dict[str, Oracle]:
    """Return all oracles by name."""
    found = {oracle.NAME: oracle for oracle in _OURS}
    for point in entry_points(group=GROUP):
        oracle: Oracle = point.load()
        found.setdefault(oracle.NAME, oracle)
    return found


def judge_all(program: Program, observations: Sequence[Observation]) -> list[Verdict]:
    """Return every verdict that is not ``SAME``; the first observation is the reference."""
    if not observations:
        return []
    reference, *others = observations
    verdicts = (
        oracle.judge(program, reference, tested)
        for tested in others
        for oracle in oracles().values()
    )
    return [verdict for verdict in verdicts if verdict.outcome is not Outcome.SAME]


def same_mechanism(first: Verdict, second: Verdict) -> bool:
    """Tell whether two verdicts are of one mechanism.

    It is equality of signatures, but for crashes: one seen without a native
    backtrace is the same as one of the same signal seen with it.
    """
    if (first.oracle, first.outcome) != (second.oracle, second.outcome):
        return False
    if first.signature == second.signature:
        return True
    if first.oracle != crash.NAME:
        return False
    cause, place = _crash_parts(first)
    other_cause, other_place = _crash_parts(second)
    unnamed = place in crash.PHASES, other_place in crash.PHASES
    return cause == other_cause and any(unnamed) and not all(unnamed)


def _crash_parts(verdict: Verdict) -> tuple[str, str]:
    """Return signal and place of a crash's signature."""
    cause, _, place = verdict.signature.partition(":")[2].partition(":")
    return cause, place
