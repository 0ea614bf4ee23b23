"""Reduction of a finding: the reducer, with the campaign's lanes as its predicate.

The predicate is "the same mechanism under the same tested profile". Under an
emulator a trial costs ten times as much, so a finding of another architecture
is reduced natively first if it shows natively; what comes out must still show
where the finding was made.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence

import msgspec

from pyjit_fuzz.campaign.confirm import confirm
from pyjit_fuzz.campaign.lane import Lane, Lanes
from pyjit_fuzz.generate import ReplayChoices, generate
from pyjit_fuzz.model import Finding, FindingState, Program
from pyjit_fuzz.reduce import Budget, Progress, reduce
from pyjit_fuzz.triage import bucket

_NATIVE_SHARE = 2 / 3
"""Part of the budget for the native reduction; the rest is for one at home, should it fail."""

OnProgress = Callable[[Progress], None]


def minimise(
    finding: Finding,
    lanes: Lanes,
    *,
    budget: Budget,
    reruns: int,
    on_progress: OnProgress | None = None,
) -> Finding:
    """Return the finding with the smallest program that still shows it.

    What was reduced is confirmed in fresh processes; if it fails that, the
    finding keeps the program that it had.
    """
    small = _reduced(finding, lanes, budget, on_progress)
    reduced = msgspec.structs.replace(
        finding,
        program=small,
        original=finding.original or finding.program,
        state=FindingState.REDUCED,
    )
    if small != finding.program:
        checked = confirm(reduced, lanes[finding.tested.arch], reruns=reruns)
        if checked.state is not FindingState.CONFIRMED:
            return msgspec.structs.replace(finding, state=FindingState.REDUCED)
        reduced = msgspec.structs.replace(checked, state=FindingState.REDUCED)
    return msgspec.structs.replace(reduced, bucket=bucket(reduced))


def _reduced(
    finding: Finding, lanes: Lanes, budget: Budget, on_progress: OnProgress | None
) -> Program:
    wanted = finding.verdict
    home = finding.tested.arch
    started = time.monotonic()

    def run(program: Program, arch: str, *, share: float = 1.0) -> Program:
        lane = lanes[arch]
        tested = f"{finding.tested.name}@{arch}"
        seconds = lane.enough_seconds(program, wanted, tested=tested)
        left = share * max(0.0, started + budget.seconds - time.monotonic())
        return reduce(
            program,
            lambda candidate: lane.shows(candidate, wanted, tested=tested, seconds=seconds),
            budget=Budget(seconds=left, trials=budget.trials),
            on_progress=on_progress,
            regenerate=regenerate,
        )

    native = _native_lane(finding, lanes)
    if native is None or not native.shows(
        finding.program, wanted, tested=f"{finding.tested.name}@{HOST}"
    ):
        return run(finding.program, home)
    small = run(finding.program, HOST, share=_NATIVE_SHARE)
    if lanes[home].shows(small, wanted):
        return small
    return run(finding.program, home)


def _native_lane(finding: Finding, lanes: Lanes) -> Lane | None:
    if finding.tested.arch == HOST or HOST not in lanes.archs:
        return None
    lane = lanes[HOST]
    return lane if f"{finding.tested.name}@{HOST}" in lane.profiles else None


def regenerate(choices: Sequence[int]) -> Program:
    """Generate a program from a choice sequence."""
    return generate(ReplayChoices(choices))


HOST = platform.machine()
"""The architecture that needs no emulator."""
