"""Turns what happened on the road into messages for the supervisor."""

from __future__ import annotations

from collections.abc import Sequence

from pyjit_fuzz.campaign.lane import Lane, Seen
from pyjit_fuzz.campaign.protocol import ProfileRun, Ran, Stored
from pyjit_fuzz.campaign.store import Store
from pyjit_fuzz.model import Finding, Observation, Program, Status, Verdict
from pyjit_fuzz.reduce import line_count
from pyjit_fuzz.triage import mechanism, pick_primary
from pyjit_oracles import answer

_GUARDS = "guard_failures"
"""The counter of a JIT that has one."""


def ran(
    key: str,
    program: Program,
    lane: Lane,
    shown: Seen,
    explained: Sequence[Verdict],
    rare: tuple[str, ...],
    *,
    several: bool,
) -> Ran:
    """Report one program's runs.

    ``rare`` is what it reached that few did; ``several`` says that the campaign has more than one
    architecture.
    """
    primary = [verdict for verdict in pick_primary(shown.verdicts) if verdict not in explained]
    expected = {mechanism(verdict) for verdict in explained}
    different = {verdict.tested for verdict in shown.verdicts if mechanism(verdict) not in expected}
    reference = shown.observations[0]
    runs = tuple(
        ProfileRun(
            profile=observation.profile,
            build_id=lane.profiles[observation.profile].build_id,
            status=observation.status.value,
            compiled=bool(observation.compiled),
            different=observation.profile in different,
            seconds=observation.duration,
            guard_failed=observation.jit_stats.get(_GUARDS, 0) > 0,
        )
        for observation in shown.observations
    )
    return Ran(
        key=key,
        program_id=program.id,
        origin=program.origin,
        valid=ended_as_planned(program, reference),
        planned=reference.status is Status.EXCEPTION and ended_as_planned(program, reference),
        runs=runs,
        mechanisms=tuple(mechanism(verdict) for verdict in primary),
        answer=answer(reference) if several else "",
        known=tuple(sorted(expected)),
        features=rare,
        program=program if rare else None,
        in_company=tuple(sorted({mechanism(verdict) for verdict in shown.in_company})),
    )


def stored(finding: Finding, store: Store) -> Stored:
    """Report a finding's state."""
    return Stored(
        id=finding.id,
        bucket=finding.bucket,
        mechanism=mechanism(finding.verdict),
        arch=finding.tested.arch,
        profile=finding.tested.key,
        state=finding.state.value,
        lines=line_count(finding.program.source),
        folder=str(store.root / finding.bucket / finding.id),
    )


def ended_as_planned(program: Program, observation: Observation) -> bool:
    """Say whether a run ended without an exception that the program did not plan."""
    if observation.status is Status.EXCEPTION and observation.exception is not None:
        return observation.exception.type.rpartition(".")[2] == program.planned_exception
    return observation.status is Status.OK
