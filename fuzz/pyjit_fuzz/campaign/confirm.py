"""Confirmation: whether a difference shows again where no earlier program can have caused it.

Flaky is a class of its own, not noise: a JIT bug that shows in one run of three
is still a JIT bug, but it is told apart from what shows always.
"""

from __future__ import annotations

import msgspec

from pyjit_fuzz.campaign.lane import Lane
from pyjit_fuzz.model import Finding, FindingState, Status
from pyjit_fuzz.triage import bucket


def confirm(finding: Finding, lane: Lane, *, reruns: int) -> Finding:
    """Run a finding's program in fresh processes and say how often it shows.

    A program whose reference runs differ from each other is flaky, whatever the
    tested profile did.
    """
    wanted = finding.verdict
    reproduced = 0
    references = []
    for _ in range(reruns):
        pair = lane.pair(finding.program, wanted.tested, fresh=True)
        references.append(pair[0])
        verdict = lane.found_again(finding.program, pair, wanted)
        if verdict is not None:
            reproduced += 1
            finding = msgspec.structs.replace(finding, verdict=verdict, observations=pair)
    steady = not lane.judge(finding.program, references)
    confirmed = msgspec.structs.replace(
        _with_backtrace(finding, lane) if reproduced else finding,
        state=_state(reproduced, reruns, steady=steady),
        reruns=reruns,
        reproduced=reproduced,
    )
    return msgspec.structs.replace(confirmed, bucket=bucket(confirmed))


def _with_backtrace(finding: Finding, lane: Lane) -> Finding:
    """Find out in which native function it crashed; the signature becomes more telling."""
    reference, tested = finding.observations
    if tested.status is not Status.CRASH:
        return finding
    pair = reference, lane.with_backtrace(finding.program, finding.verdict.tested)
    verdict = lane.found(finding.program, pair, finding.verdict)
    if verdict is None:
        return finding
    return msgspec.structs.replace(finding, verdict=verdict, observations=pair)


def _state(reproduced: int, reruns: int, *, steady: bool) -> FindingState:
    if reproduced == 0:
        return FindingState.NOT_REPRODUCED
    return FindingState.CONFIRMED if steady and reproduced == reruns else FindingState.FLAKY
