"""Time-outs: never a difference at first sight.

A tested run that used up its time, where the reference needed less than a
tenth of it, is to be run again with ten times the limit: the verdict says so
in ``rerun_at``. Only when that much patience (``Observation.patience``) did not
help either is it a difference.
"""

from __future__ import annotations

from pyjit_fuzz.model import Observation, Program, Status, Verdict
from pyjit_oracles.verdicts import ENDED, different, inconclusive, same

NAME = "timeout"
PATIENCE = 10.0


def judge(program: Program, reference: Observation, tested: Observation) -> Verdict:
    """Judge runs of which at least one ran out of time."""
    del program
    if reference.status is Status.TIMEOUT:
        return inconclusive(
            NAME,
            reference,
            tested,
            "reference",
            f"the reference ran out of time ({reference.duration:g} s)",
        )
    if tested.status is not Status.TIMEOUT:
        return same(NAME, reference, tested)
    told = f"no end after {tested.duration:g} s, the reference took {reference.duration:.3g} s"
    if tested.crash is not None and tested.crash.last_point:
        told += f"\nlast point: {tested.crash.last_point}"
    if reference.status not in ENDED or reference.duration * PATIENCE >= tested.duration:
        return inconclusive(NAME, reference, tested, "slow", told)
    if tested.patience < PATIENCE:
        return inconclusive(NAME, reference, tested, "tested", told, rerun_at=PATIENCE)
    return different(NAME, reference, tested, "tested", told)
