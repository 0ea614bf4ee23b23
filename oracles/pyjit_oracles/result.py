"""The value that the program leaves in ``RESULT``: typed, deep, with aliases."""

from __future__ import annotations

from typing import Any

from pyjit_fuzz.model import Observation, Program, Status, Verdict
from pyjit_oracles import normalise
from pyjit_oracles.compare import first_difference, has_unknown
from pyjit_oracles.verdicts import different, inconclusive, same

NAME = "result"


def judge(program: Program, reference: Observation, tested: Observation) -> Verdict:
    """Compare the results of two runs that ended without an exception."""
    del program
    if not reference.status is tested.status is Status.OK:
        return same(NAME, reference, tested)
    return judge_values(NAME, "RESULT", reference, tested, values=(reference.result, tested.result))


def judge_values(
    name: str,
    root: str,
    reference: Observation,
    tested: Observation,
    *,
    values: tuple[Any, Any],
) -> Verdict:
    """Compare two canonical values that a program calls ``root``."""
    if values[0] != values[1]:  # most values are the same, and masking them all is slow
        difference = first_difference(normalise.tree(values[0]), normalise.tree(values[1]), root)
        if difference is not None:
            return different(name, reference, tested, difference.mechanism, difference.explanation)
    if has_unknown(values[0]):
        return inconclusive(
            name, reference, tested, "too-large", f"{root} is too large to be compared in full"
        )
    return same(name, reference, tested)
