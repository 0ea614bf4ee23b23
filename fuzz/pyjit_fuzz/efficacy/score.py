"""What a journal of attempts amounts to: for each fault, for each part of the core, in total."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence

import msgspec

from pyjit_fuzz.efficacy.faults import Fault
from pyjit_fuzz.efficacy.store import CONTROL, Attempt

WANTED = {"reached": 0.95, "triggered": 0.90, "detected": 0.85}
"""Shares of the faults that a toolkit worth its name gets to, in one core-hour."""


class FaultScore(msgspec.Struct, frozen=True):
    """One fault on one architecture, over all repetitions."""

    fault: Fault
    attempts: int
    reached: int
    """Repetitions in which its place was reached; likewise the next two."""
    triggered: int
    detected: int
    oracles: tuple[str, ...]
    """Those that spoke, the most telling of each repetition."""
    origins: tuple[str, ...]
    seconds: float | None
    """Median processor seconds to the detection; ``None``: never."""
    programs: float | None
    reason: str
    """Why it was missed; empty if it never was."""

    @property
    def unexpected(self) -> tuple[str, ...]:
        """Oracles that spoke although the table does not expect them to."""
        return tuple(name for name in self.oracles if name not in self.fault.oracles)


class Share(msgspec.Struct, frozen=True):
    """How many faults got how far in at least one repetition."""

    name: str
    faults: int
    reached: int
    triggered: int
    detected: int


class ArchScore(msgspec.Struct, frozen=True):
    """One architecture."""

    arch: str
    total: Share
    parts: tuple[Share, ...]
    oracles: dict[str, int]
    """Detected faults by the oracle that spoke first."""
    origins: dict[str, int]
    seconds: float
    """Processor seconds that a repetition of all faults took, on average."""
    median_seconds: float | None
    """Median over the detected faults of the time to detection."""
    control_programs: int
    control_pairs: int
    control_findings: int
    faults: tuple[FaultScore, ...]


class Score(msgspec.Struct, frozen=True):
    """All of it."""

    archs: tuple[ArchScore, ...]

    @property
    def false_alarms(self) -> int:
        """Differences that the control arm has shown."""
        return sum(arch.control_findings for arch in self.archs)


def score(faults: Sequence[Fault], attempts: Sequence[Attempt], profiles: int) -> Score:
    """Add up what was tried; ``profiles`` is the number of profiles beside the reference."""
    archs = dict.fromkeys(attempt.arch for attempt in attempts)
    return Score(
        tuple(
            _arch(arch, faults, [a for a in attempts if a.arch == arch], profiles) for arch in archs
        )
    )


def _arch(
    arch: str, faults: Sequence[Fault], attempts: Sequence[Attempt], profiles: int
) -> ArchScore:
    control = [a for a in attempts if a.fault == CONTROL]
    tried = [a for a in attempts if a.fault != CONTROL]
    scores = tuple(
        _fault(fault, mine)
        for fault in faults
        if (mine := [a for a in tried if a.fault == fault.name])
    )
    times = [each.seconds for each in scores if each.seconds is not None]
    repetitions = len({attempt.repetition for attempt in tried})
    return ArchScore(
        arch=arch,
        total=_share("all", scores),
        parts=tuple(
            _share(part, [each for each in scores if each.fault.part == part])
            for part in sorted({each.fault.part for each in scores})
        ),
        oracles=_counted(each.oracles[0] for each in scores if each.oracles),
        origins=_counted(each.origins[0] for each in scores if each.origins),
        seconds=sum(a.seconds for a in tried) / max(repetitions, 1),
        median_seconds=statistics.median(times) if times else None,
        control_programs=sum(a.programs for a in control),
        control_pairs=sum(a.programs for a in control) * profiles,
        control_findings=sum(a.detected for a in control),
        faults=scores,
    )


def _fault(fault: Fault, attempts: Sequence[Attempt]) -> FaultScore:
    found = [attempt for attempt in attempts if attempt.detected]
    return FaultScore(
        fault=fault,
        attempts=len(attempts),
        reached=_number(attempts, lambda a: a.reached > 0),
        triggered=_number(attempts, lambda a: a.triggered > 0),
        detected=len(found),
        oracles=tuple(dict.fromkeys(attempt.oracle for attempt in found)),
        origins=tuple(dict.fromkeys(attempt.origin for attempt in found)),
        seconds=statistics.median(a.seconds for a in found) if found else None,
        programs=statistics.median(a.programs for a in found) if found else None,
        reason=next((_reason(a) for a in attempts if not a.detected), ""),
    )


def _reason(attempt: Attempt) -> str:
    after = f"{attempt.programs} programs"
    if not attempt.reached:
        return f"not reached: none of {after} came to its place"
    if not attempt.triggered:
        return f"not triggered: reached {attempt.reached:,} times in {after}, never with an effect"
    shown = f", {attempt.passing} differences did not show again" if attempt.passing else ""
    return f"not seen: had an effect {attempt.triggered:,} times in {after}{shown}"


def _number(attempts: Sequence[Attempt], holds: Callable[[Attempt], bool]) -> int:
    return sum(1 for attempt in attempts if holds(attempt))


def _share(name: str, scores: Sequence[FaultScore]) -> Share:
    return Share(
        name=name,
        faults=len(scores),
        reached=sum(1 for each in scores if each.reached),
        triggered=sum(1 for each in scores if each.triggered),
        detected=sum(1 for each in scores if each.detected),
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
