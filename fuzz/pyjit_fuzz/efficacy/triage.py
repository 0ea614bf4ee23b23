"""How well findings of seeded faults are reduced, blamed and sorted into buckets.

Contract
- Each fault gets a campaign of its own, in a folder of the bench, which stops at so many findings
  and finishes them as any campaign does. What is measured is what a user would have got.
- A finding belongs to the fault that was planted. *Precision*: of all pairs of findings in one
  bucket, how many are of one fault. *Recall*: of all pairs of findings of one fault, how many are
  in one bucket.
- A fault whose line is in the journal is not done again.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from pyjit_fuzz.campaign import Event, Settings, Stored, prepare_profiles, run_campaign
from pyjit_fuzz.campaign.setup import NO_FAULT
from pyjit_fuzz.efficacy.faults import Fault
from pyjit_fuzz.efficacy.store import Lines
from pyjit_fuzz.execute import Limits
from pyjit_fuzz.model import Finding, FindingState, Program
from pyjit_fuzz.reduce import Budget, line_count
from pyjit_fuzz.report import Sample

_THRESHOLDS = "PYJIT_THRESHOLD_"


class TriageSettings(msgspec.Struct, frozen=True):
    """What a triage bench is asked to do."""

    arch: str
    profiles: tuple[str, ...]
    corpus: tuple[Program, ...] = ()
    samples: int = 3
    """Findings of each fault."""
    seconds: float = 120.0
    """Wall seconds for a fault, after which no more is begun."""
    reduction: float = 60.0
    """Wall seconds for the reduction of a finding, and for its blame."""
    seed: int = 0
    limits: Limits = Limits()


class Sorted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one finding."""

    fault: str
    id: str
    bucket: str
    state: str
    lines_found: int
    lines: int
    seconds: float
    """Wall seconds from its confirmation to its end: reduction and blame."""
    reproduced: int
    reruns: int
    guilty: tuple[str, ...]
    """Opcodes, parts and settings that blame has named."""


class Quality(msgspec.Struct, frozen=True):
    """The figures of a bench."""

    faults: int
    findings: int
    reproducing: float
    """Part (0..1) of the findings that showed in every fresh process."""
    median_lines: int
    ninth_decile_lines: int
    """Nine of ten programs have at most so many lines."""
    longest_seconds: float
    """Reduction and blame of nine of ten findings took at most so long."""
    named: float
    """Part of the findings of which blame names an opcode, a part or a setting."""
    precision: float
    recall: float


def run_triage(
    settings: TriageSettings, faults: Sequence[Fault], folder: Path, tell: Callable[[str], None]
) -> list[Sorted]:
    """Run what is missing and return all findings; raises ``SetupError``, ``CampaignError``."""
    journal = Lines(folder / "triage.jsonl", _asked(settings), _Done)
    known = {done.fault for done in journal.rows}
    for fault in faults:
        if not fault.is_on(settings.arch) or fault.name in known:
            continue
        found = _campaign(settings, fault.name, folder / fault.name)
        journal.add(_Done(fault.name, tuple(found)))
        buckets = ", ".join(sorted({each.bucket for each in found})) or "no finding"
        tell(f"{fault.name}: {len(found)} findings; {buckets}")
    return [each for done in journal.rows for each in done.found]


def _campaign(settings: TriageSettings, fault: str, folder: Path) -> list[Sorted]:
    """Let a campaign find a fault; return what it found."""
    asked = Settings(
        seed=settings.seed,
        profiles=prepare_profiles(settings.profiles, [settings.arch], fault=fault),
        limits=settings.limits,
        stop_after=settings.samples,
        seconds=settings.seconds,
        reduction=Budget(seconds=settings.reduction),
    )
    begun: dict[str, float] = {}
    spent: dict[str, float] = {}

    def listen(_: str, event: Event) -> None:
        if isinstance(event, Stored) and event.state == FindingState.CONFIRMED.value:
            begun[event.id] = time.monotonic()
        elif isinstance(event, Stored) and event.id in begun:
            spent[event.id] = time.monotonic() - begun[event.id]

    _, samples = run_campaign(folder, asked, settings.corpus, on_event=listen)
    return [_sorted(fault, sample, spent) for sample in samples if _is_done(sample)]


def _is_done(sample: Sample) -> bool:
    """Leave out what the end of the campaign left half done."""
    return sample.finding.state not in (FindingState.NEW, FindingState.CONFIRMED)


def _sorted(fault: str, sample: Sample, spent: dict[str, float]) -> Sorted:
    finding = sample.finding
    original = finding.original or finding.program
    return Sorted(
        fault=fault,
        id=finding.id,
        bucket=finding.bucket,
        state=finding.state.value,
        lines_found=line_count(original.source),
        lines=line_count(finding.program.source),
        seconds=spent.get(finding.id, 0.0),
        reproduced=finding.reproduced,
        reruns=finding.reruns,
        guilty=_guilty(finding),
    )


def _guilty(finding: Finding) -> tuple[str, ...]:
    """Name what is to blame; that something has to be compiled at all (a threshold) is no name."""
    blame = finding.blame
    if blame is None:
        return ()
    settings = (each for each in blame.settings if not each.startswith(_THRESHOLDS))
    begins = [blame.step.kind] if blame.step is not None and blame.step.kind else []
    named = (*begins, *blame.opcodes, *blame.operators, *blame.parts, *settings)
    return (*named, *([finding.hint] if finding.hint and finding.hint not in named else []))


def quality(found: Sequence[Sorted]) -> Quality | None:
    """Return the figures; ``None`` if nothing was found."""
    if not found:
        return None
    steady = [each for each in found if each.state == FindingState.REDUCED.value]
    lines = sorted(each.lines for each in steady) or [0]
    seconds = sorted(each.seconds for each in steady) or [0.0]
    pairs = list(itertools.combinations(found, 2))
    return Quality(
        faults=len({each.fault for each in found}),
        findings=len(found),
        reproducing=_share(each.reproduced == each.reruns for each in found),
        median_lines=lines[len(lines) // 2],
        ninth_decile_lines=lines[9 * (len(lines) - 1) // 10],
        longest_seconds=seconds[9 * (len(seconds) - 1) // 10],
        named=_share(bool(each.guilty) for each in found),
        precision=_share(a.fault == b.fault for a, b in pairs if a.bucket == b.bucket),
        recall=_share(a.bucket == b.bucket for a, b in pairs if a.fault == b.fault),
    )


def _share(truths: Iterable[bool]) -> float:
    """Return the part of these that are true; of none, all."""
    known = list(truths)
    return sum(known) / len(known) if known else 1.0


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of the journal. Which faults is not in it: more may be asked for later."""

    arch: str
    profiles: tuple[str, ...]
    builds: tuple[str, ...]
    corpus: int
    """Number of corpus programs."""
    samples: int
    seconds: float
    reduction: float
    seed: int


class _Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the journal."""

    fault: str
    found: tuple[Sorted, ...]


def _asked(settings: TriageSettings) -> _Asked:
    variant = prepare_profiles(settings.profiles, [settings.arch], fault=NO_FAULT)
    return _Asked(
        arch=settings.arch,
        profiles=settings.profiles,
        builds=tuple(sorted({path for profile in variant for path in profile.python_path})),
        corpus=len(settings.corpus),
        samples=settings.samples,
        seconds=settings.seconds,
        reduction=settings.reduction,
        seed=settings.seed,
    )
