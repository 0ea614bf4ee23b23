"""Runs that say nothing: another limit was hit, or the source is no Python."""

from __future__ import annotations

from pyjit_fuzz.model import Observation, Program, Status, Verdict
from pyjit_oracles.verdicts import different, inconclusive, same

NAME = "limits"


def judge(program: Program, reference: Observation, tested: Observation) -> Verdict:
    """Judge runs of which at least one hit a limit or did not compile."""
    del program
    if (reference.status is Status.INVALID) != (tested.status is Status.INVALID):
        mechanism = f"{reference.status.value}!={tested.status.value}"
        return different(
            NAME, reference, tested, mechanism, "the source compiles in one of the two only"
        )
    if tested.status is Status.INVALID:
        return inconclusive(NAME, reference, tested, "invalid", "the source does not compile")
    for side, observation in (("reference", reference), ("tested", tested)):
        if observation.status is Status.LIMIT:
            return inconclusive(
                NAME,
                reference,
                tested,
                f"{side}:{observation.limit or 'unknown'}",
                f"{observation.profile} hit the limit on {observation.limit or 'something'}",
            )
    return same(NAME, reference, tested)
