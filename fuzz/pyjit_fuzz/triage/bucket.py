"""Buckets: stable names by mechanism, and how severe what they hold is."""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Sequence

from pyjit_fuzz.model import Finding, FindingState, Outcome, Verdict
from pyjit_fuzz.triage.guilty import ENTRY, guilty
from pyjit_oracles import slow

_LONGEST_NAME = 80
_UNSAFE = re.compile(r"[^A-Za-z0-9_.=+]+")


class Severity(enum.Enum):
    """How bad a finding is for somebody who runs programs under the JIT."""

    CRITICAL = "critical"
    """The process dies."""
    HIGH = "high"
    """A program silently does something else."""
    MEDIUM = "medium"
    """What a program shows to its author, how long it takes or what it keeps alive differs."""
    LOW = "low"
    """Seen, but it did not show again."""


ORACLES: dict[str, Severity] = {
    "crash": Severity.CRITICAL,
    "result": Severity.HIGH,
    "exception": Severity.HIGH,
    "order": Severity.HIGH,
    "output": Severity.HIGH,
    "timeout": Severity.MEDIUM,
    "limits": Severity.MEDIUM,
    "lifetime": Severity.MEDIUM,
    "slow": Severity.LOW,
}
"""Severity by oracle, and the order in which a run's verdicts speak for it: when a
program crashes, that its result is missing too says nothing more."""
_OTHER = Severity.HIGH


def severity(finding: Finding) -> Severity:
    """Return how bad a finding is; one that did not show again is low."""
    if finding.state is FindingState.NOT_REPRODUCED:
        return Severity.LOW
    return ORACLES.get(finding.verdict.oracle, _OTHER)


def mechanism(verdict: Verdict) -> str:
    """Return the text that two runs of one bug have in common; it begins with the oracle."""
    prefix = f"{verdict.oracle}:"
    return prefix + verdict.signature.removeprefix(prefix)


def pick_primary(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return one verdict for each mechanism, the most telling of each tested profile.

    ``verdicts`` are of one program. Several oracles see one bug, and so do
    several profiles; it is one finding. The first profile that shows a
    mechanism stands for it.
    """
    rank = {name: position for position, name in enumerate(ORACLES)}
    chosen: dict[str, Verdict] = {}
    for verdict in verdicts:
        if verdict.outcome is not Outcome.DIFFERENT:
            continue
        best = chosen.get(verdict.tested)
        if best is None or rank.get(verdict.oracle, len(rank)) < rank.get(best.oracle, len(rank)):
            chosen[verdict.tested] = verdict
    primary: dict[str, Verdict] = {}
    for verdict in chosen.values():
        primary.setdefault(mechanism(verdict), verdict)
    return list(primary.values())


def bucket(finding: Finding) -> str:
    """Return the name of the bucket: the mechanism.

    That is the guilty instruction, if blame has named one; else it is the symptom, and the part of
    the JIT without which it does not show. What shows without any compiled instruction, in what the
    JIT puts into the interpreter, has the name of what the JIT counted there, else the symptom. The
    name is valid for a folder; the same mechanism has the same name in every campaign and on every
    architecture.
    """
    instruction = guilty(finding)
    parts = [instruction]
    if instruction in ("", ENTRY):
        parts += [mechanism(finding.verdict), finding.hint]
    unsteady = finding.state in (FindingState.FLAKY, FindingState.NOT_REPRODUCED)
    # How long something takes is never quite the same.
    if not instruction and unsteady and finding.verdict.oracle != slow.NAME:
        parts.insert(0, "flaky")
    name = "-".join(_UNSAFE.sub("-", part).strip("-.") for part in parts if part)
    if len(name) > _LONGEST_NAME:
        digest = hashlib.sha256(name.encode()).hexdigest()[:8]
        name = f"{name[: _LONGEST_NAME - 9]}-{digest}"
    return name
