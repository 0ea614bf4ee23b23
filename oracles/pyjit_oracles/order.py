"""The order of side effects: what the program wrote into ``LOG``."""

from __future__ import annotations

from pyjit_fuzz.model import Observation, Program, Verdict
from pyjit_oracles.result import judge_values
from pyjit_oracles.verdicts import both_ended, same

NAME = "order"


def judge(program: Program, reference: Observation, tested: Observation) -> Verdict:
    """Compare the logs of two runs that ended in the same way."""
    del program
    if not both_ended(reference, tested) or reference.status is not tested.status:
        return same(NAME, reference, tested)
    return judge_values(NAME, "LOG", reference, tested, values=(reference.log, tested.log))
