"""What the program printed; before a crash, as far as it came."""

from __future__ import annotations

from pyjit_fuzz.model import Observation, Program, Status, Verdict
from pyjit_oracles import normalise
from pyjit_oracles.verdicts import ENDED, both_ended, different, same

NAME = "output"


def judge(program: Program, reference: Observation, tested: Observation) -> Verdict:
    """Compare the outputs; that of a crashed run must be a beginning of the reference's."""
    del program
    expected, found = normalise.text(reference.output), normalise.text(tested.output)
    if both_ended(reference, tested):
        if expected == found:
            return same(NAME, reference, tested)
    elif (
        reference.status not in ENDED
        or tested.status is not Status.CRASH
        or expected.startswith(found)
    ):
        return same(NAME, reference, tested)
    return different(NAME, reference, tested, *_describe(expected, found))


def _describe(expected: str, found: str) -> tuple[str, str]:
    left, right = expected.splitlines(), found.splitlines()
    for number, (one, other) in enumerate(zip(left, right, strict=False), 1):
        if one != other:
            return "text", f"line {number} of the output: {one!r} against {other!r}"
    if len(left) == len(right):
        return "line-ends", "the outputs differ in their line ends"
    mechanism = "missing" if len(left) > len(right) else "more"
    return mechanism, f"the output has {len(right)} lines, the reference's has {len(left)}"
