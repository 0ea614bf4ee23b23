"""The summary of a campaign, from its folder alone (also while it runs)."""

from __future__ import annotations

import collections
import contextlib
from collections.abc import Collection
from importlib import metadata
from pathlib import Path

import msgspec

from pyjit_fuzz.campaign.reached import feedback
from pyjit_fuzz.campaign.settings import Settings
from pyjit_fuzz.campaign.state import COMPANY, LOST, STATE_FILE, State, StateError, utc_now
from pyjit_fuzz.campaign.store import Store
from pyjit_fuzz.feedback import Kept
from pyjit_fuzz.generate import GENERATOR
from pyjit_fuzz.model import Profile, Verdict
from pyjit_fuzz.reduce import line_count
from pyjit_fuzz.report import (
    Across,
    ArchNumbers,
    BucketNumbers,
    IssueNumbers,
    Minute,
    ProfileNumbers,
    Sample,
    Summary,
)
from pyjit_fuzz.triage import (
    IssueState,
    KnownIssue,
    Severity,
    is_counted_for,
    mechanism,
    regression_of,
    severity,
)
from pyjit_oracles import same_mechanism

_STATUS = "status:"
_WORST_FIRST = list(Severity)


def load_settings(state: State) -> Settings | None:
    """Return the settings that a campaign was last run with."""
    text = state.setting("settings")
    return None if text is None else msgspec.json.decode(text, type=Settings)


def read_campaign(folder: Path) -> tuple[Summary, list[Sample]]:
    """Read a campaign folder; raises ``StateError``, ``StoreError``."""
    with contextlib.closing(_open(folder)) as state:
        return summarise(folder, state)


def kept_programs(folder: Path) -> list[Kept]:
    """Return the programs of a campaign folder that reached something new; ``StateError``."""
    with contextlib.closing(_open(folder)) as state:
        return state.kept()


def _open(folder: Path) -> State:
    if not (folder / STATE_FILE).is_file():
        raise StateError(f"{folder} is not the folder of a campaign: it has no {STATE_FILE}")
    return State(folder)


def summarise(folder: Path, state: State) -> tuple[Summary, list[Sample]]:
    """Count what a campaign did and list its findings, the worst first."""
    settings = load_settings(state)
    if settings is None:
        raise StateError(f"the campaign in {folder} was never started: it has no settings")
    samples = [Sample(path, finding) for path, finding in Store(folder).findings()]
    samples.sort(
        key=lambda sample: (
            _WORST_FIRST.index(severity(sample.finding)),
            sample.finding.bucket,
            line_count(sample.finding.program.source),
        )
    )
    sightings = _Sightings(state)
    buckets = _buckets(sightings, samples, settings.known)
    compared, otherwise = state.compared()
    summary = Summary(
        campaign=str(folder),
        seed=settings.seed,
        generator=GENERATOR,
        toolkit=metadata.version("pyjit-fuzz"),
        started=state.setting("started") or "",
        updated=utc_now(),
        archs=tuple(_arch(state, arch, settings) for arch in settings.archs),
        buckets=buckets,
        issues=tuple(_issue(issue, state, sightings, buckets) for issue in settings.known),
        history=_history(state),
        known=_counted(state, "known"),
        in_company=_counted(state, COMPANY),
        feedback=feedback(state),
        across=Across(compared, tuple(otherwise)),
    )
    return summary, samples


def _counted(state: State, scope: str) -> dict[str, int]:
    return {name: int(count) for name, count in state.counters(scope).items()}


def _arch(state: State, arch: str, settings: Settings) -> ArchNumbers:
    counts = state.counters(arch)
    profiles = settings.of_arch(arch)
    return ArchNumbers(
        arch=arch,
        programs=int(counts.get("programs", 0)),
        seconds=counts.get("seconds", 0.0),
        valid=int(counts.get("valid", 0)),
        planned=int(counts.get("planned", 0)),
        guards=int(counts.get("guards", 0)),
        compiled=int(counts.get("compiled", 0)),
        different=int(counts.get("different", 0)),
        lost=int(counts.get(LOST, 0)),
        profiles=tuple(
            _profile(state, profile, reference=profile == profiles[0]) for profile in profiles
        ),
    )


def _profile(state: State, profile: Profile, *, reference: bool) -> ProfileNumbers:
    counts = state.counters(profile.key)
    return ProfileNumbers(
        key=profile.key,
        reference=reference,
        build_id=state.setting(f"build:{profile.key}") or "",
        programs=int(counts.get("programs", 0)),
        compiled=int(counts.get("compiled", 0)),
        passed=int(counts.get("passed", 0)),
        different=int(counts.get("different", 0)),
        statuses={
            name.removeprefix(_STATUS): int(count)
            for name, count in sorted(counts.items())
            if name.startswith(_STATUS)
        },
    )


def _history(state: State) -> tuple[Minute, ...]:
    rows = state.rows("SELECT minute * 60, arch, programs, different FROM history ORDER BY minute")
    return msgspec.convert(
        [
            {"at": at, "arch": arch, "programs": programs, "different": different}
            for at, arch, programs, different in rows
        ],
        tuple[Minute, ...],
    )


class _Sightings:
    """When and how often each mechanism was seen.

    A crash is counted when it is seen and gets its native stack when it is
    confirmed, so its name may have become more telling meanwhile.
    """

    def __init__(self, state: State) -> None:
        self._seen = {
            (str(name), str(arch)): int(str(count))
            for name, arch, count in state.rows("SELECT mechanism, arch, seen FROM mechanisms")
        }
        self._times = {
            str(name): (str(first), str(last))
            for name, first, last in state.rows("SELECT mechanism, first, last FROM sightings")
        }

    def counts(self, verdicts: Collection[Verdict]) -> dict[str, int]:
        """Return how often the mechanism of one of them was seen, by architecture."""
        total: collections.Counter[str] = collections.Counter()
        for (name, arch), count in self._seen.items():
            if _is_one_of(name, verdicts):
                total[arch] += count
        return dict(total)

    def totals(self) -> dict[str, int]:
        """Return how many programs showed each mechanism."""
        total: collections.Counter[str] = collections.Counter()
        for (name, _), count in self._seen.items():
            total[name] += count
        return dict(total)

    def times(self, verdicts: Collection[Verdict]) -> list[str]:
        """Return the first and the last times at which each of these mechanisms was seen."""
        pairs = (pair for name, pair in self._times.items() if _is_one_of(name, verdicts))
        return [time for pair in pairs for time in pair]


def _is_one_of(name: str, verdicts: Collection[Verdict]) -> bool:
    return any(
        name == mechanism(verdict)
        or same_mechanism(msgspec.structs.replace(verdict, signature=name), verdict)
        for verdict in verdicts
    )


def _issue(
    issue: KnownIssue, state: State, sightings: _Sightings, buckets: tuple[BucketNumbers, ...]
) -> IssueNumbers:
    again = any(bucket.regression == issue.name for bucket in buckets)
    fixed = issue.state is IssueState.FIXED
    counts = sightings.totals() if fixed else _counted(state, "known")
    return IssueNumbers(
        name=issue.name,
        state="regression" if again else issue.state.value,
        programs=sum(count for name, count in counts.items() if is_counted_for(name, issue)),
        reason=issue.reason,
        fixed_in=issue.fixed_in,
        link=issue.link,
    )


def _buckets(
    sightings: _Sightings, samples: list[Sample], known: tuple[KnownIssue, ...]
) -> tuple[BucketNumbers, ...]:
    grouped: dict[str, list[Sample]] = collections.defaultdict(list)
    for sample in samples:
        grouped[sample.finding.bucket].append(sample)
    return tuple(_bucket(name, group, sightings, known) for name, group in grouped.items())


def _bucket(
    name: str, group: list[Sample], sightings: _Sightings, known: tuple[KnownIssue, ...]
) -> BucketNumbers:
    first = group[0].finding
    again = regression_of(first, known)
    # Findings that came from another campaign were not counted when they were seen.
    samples = collections.Counter(sample.finding.tested.arch for sample in group)
    found = [sample.finding.found_at for sample in group if sample.finding.found_at]
    verdicts = [sample.finding.verdict for sample in group]  # one fault has several symptoms
    times = found + sightings.times(verdicts)
    return BucketNumbers(
        name=name,
        severity=severity(first).value,
        mechanism=mechanism(first.verdict),
        samples=len(group),
        lines=min(line_count(sample.finding.program.source) for sample in group),
        seen={**samples, **sightings.counts(verdicts)},
        states=dict(collections.Counter(sample.finding.state.value for sample in group)),
        first_seen=min(times, default=""),
        last_seen=max(times, default=""),
        regression=again.name if again else "",
    )
