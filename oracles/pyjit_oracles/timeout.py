"""Time-outs: never a difference at first sight.

Programs are compared by what they do, not by how fast they do it; but one that
does not end is wrong. What took a hundred times as long as the reference counts
as that. Where the limit of the tested run was too short to tell, the verdict
says in ``rerun_at`` at how many times this limit it is to be run again. So it does where a JIT
may have spent the time compiling: a program of many functions takes seconds under an emulator,
however soon the interpreter is through with it.
"""

from __future__ import annotations

import math

from pyjit_fuzz.model import Observation, Program, Status, Verdict
from pyjit_oracles.verdicts import ENDED, different, inconclusive, same

NAME = "timeout"
PATIENCE = 100.0
"""What takes this many times as long as the reference does not end."""
COMPILING = 2.0
"""Processor seconds that compiling a program may take, some ten thousand instructions with all
their versions; an emulated interpreter has as many times more as its limits are longer."""
_FARTHEST = 10.0
"""Nothing is run again for longer than this many times its first limit."""


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
    patience = reference.duration * PATIENCE / tested.duration
    if reference.status not in ENDED or patience >= _FARTHEST:
        return inconclusive(NAME, reference, tested, "slow", told)
    enough = max(patience, COMPILING * tested.slowdown / tested.duration)
    again = min(_FARTHEST, float(math.ceil(enough))) if enough > 1.0 else 0.0
    if patience > 1.0:
        return inconclusive(NAME, reference, tested, "tested", told, rerun_at=again)
    return different(NAME, reference, tested, "tested", told, rerun_at=again)
