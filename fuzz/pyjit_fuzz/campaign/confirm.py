"""Confirmation: whether a difference shows again where no earlier program can have caused it.

Flaky is a class of its own, not noise: a JIT bug that shows in one run of three
is still a JIT bug, but it is told apart from what shows always.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from pyjit_fuzz.campaign.lane import Lane
from pyjit_fuzz.model import Finding, FindingState, Observation, Program, Status, Verdict
from pyjit_fuzz.triage import bucket, pick_primary


def confirm(
    finding: Finding, lane: Lane, *, reruns: int, others: Callable[[Verdict], bool] | None = None
) -> Finding:
    """Run a finding's program in fresh processes and say how often it shows.

    A program whose reference runs differ from each other is flaky, whatever the
    tested profile did. Where it does not show, and something else that is among ``others`` does in
    every fresh process, that is the finding: what reads memory that is none of its own shows a
    wrong value here and a crash there.
    """
    program, tested = finding.program, finding.verdict.tested
    pairs = [lane.pair(program, tested, fresh=True) for _ in range(reruns)]
    shown = _shown(program, lane, pairs, finding.verdict)
    if others is not None and not any(shown):
        instead = [
            [each for each in pick_primary(lane.judge(program, pair)) if others(each)]
            for pair in pairs
        ]
        if instead and all(instead):
            shown = _shown(program, lane, pairs, instead[0][0])
    reproduced = sum(each is not None for each in shown)
    for verdict, pair in zip(shown, pairs, strict=True):
        if verdict is not None:
            finding = msgspec.structs.replace(finding, verdict=verdict, observations=pair)
    steady = not lane.judge(program, [reference for reference, _ in pairs])
    confirmed = msgspec.structs.replace(
        _with_backtrace(finding, lane) if reproduced else finding,
        state=_state(reproduced, reruns, steady=steady),
        reruns=reruns,
        reproduced=reproduced,
    )
    return msgspec.structs.replace(confirmed, bucket=bucket(confirmed))


def _shown(
    program: Program, lane: Lane, pairs: Sequence[tuple[Observation, Observation]], wanted: Verdict
) -> list[Verdict | None]:
    """Return what each pair of runs shows of the wanted mechanism."""
    return [lane.found_again(program, pair, wanted) for pair in pairs]


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
