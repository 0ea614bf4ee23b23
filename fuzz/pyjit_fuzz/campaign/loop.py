"""The road of a program. Read this page first.

Programs come from a source in batches, run under every profile of one architecture,
and are judged by every oracle; what differs is run again alone. What differs then
is written to disk before anything else happens to it (``travel``); then it is confirmed,
reduced, blamed and filed (``finish``). Each step is a room of its own: ``lane`` (executors),
``pyjit_oracles``, ``store``, ``confirm``, ``minimise`` (the reducer), ``blame``, ``triage``.

The supervisor (``supervisor.py``) hands out programs and findings to jobs (``job.py``),
which call this; everything yielded here goes back to it.
"""

from __future__ import annotations

import collections
import datetime as dt
import time
from collections.abc import Iterator, Mapping

import msgspec

from pyjit_fuzz.campaign.blame import DEFAULT_BUDGET as BLAME_BUDGET
from pyjit_fuzz.campaign.blame import blame
from pyjit_fuzz.campaign.confirm import confirm
from pyjit_fuzz.campaign.events import ran, stored
from pyjit_fuzz.campaign.lane import Lane, Lanes, OnWorking
from pyjit_fuzz.campaign.minimise import minimise
from pyjit_fuzz.campaign.protocol import FromJob, RunPrograms
from pyjit_fuzz.campaign.settings import Settings
from pyjit_fuzz.campaign.store import Store
from pyjit_fuzz.feedback import Rarity, features_of
from pyjit_fuzz.model import Finding, FindingState, Observation, Program, Verdict
from pyjit_fuzz.triage import bucket, match_known, mechanism, pick_primary, worth_a_sample

_BLAMED = (FindingState.REDUCED, FindingState.FLAKY, FindingState.NOT_REPRODUCED)
"""What a small program does not show every time may show in what has led to it."""


class Road:
    """What a program meets on its way; one for each job."""

    def __init__(
        self, settings: Settings, lanes: Lanes, store: Store, on_working: OnWorking
    ) -> None:
        """``on_working`` is told what takes long."""
        self._settings = settings
        self._lanes = lanes
        self._store = store
        self._on_working = on_working
        self._rarity = Rarity()

    def travel(
        self, candidates: Mapping[str, Iterator[Program]], task: RunPrograms
    ) -> Iterator[FromJob]:
        """Run and judge the programs of a task, and store what they found.

        ``candidates`` are given by key, one at least for each: its first that compiles is run.
        """
        lane = self._lanes[task.arch]
        counts = collections.Counter(task.seen)
        deadline = time.monotonic() + task.seconds
        found = 0
        seen = lane.observe_batch([*candidates.values()], self._on_working)
        for key, shown in zip(candidates, seen, strict=True):
            program = shown.program
            primary = pick_primary(shown.verdicts)
            explained = [v for v in primary if match_known(v, self._settings.known)]
            findings = [
                self._file(new_finding(program, verdict, shown.observations, lane))
                for verdict in primary
                if verdict not in explained and worth_a_sample(counts[mechanism(verdict)])
            ]
            counts.update(mechanism(verdict) for verdict in primary)
            _, rare = self._rarity.note(features_of(shown.observations))
            several = len(self._settings.archs) > 1
            yield ran(key, program, lane, shown, explained, rare, several=several)
            for finding in findings:
                yield stored(finding, self._store)
            found += len(findings)
            if found >= task.enough or time.monotonic() >= deadline:
                return

    def finish(self, finding: Finding, *, reduce: bool) -> Iterator[FromJob]:
        """Confirm a finding that is on disk; with ``reduce``, also reduce and blame it."""
        with self._lanes.at(finding) as lanes:
            yield from self._finish(finding, lanes, reduce=reduce)

    def _finish(self, finding: Finding, lanes: Lanes, *, reduce: bool) -> Iterator[FromJob]:
        settings = self._settings
        if finding.state is FindingState.NEW:
            self._on_working(f"confirming {finding.bucket}")
            lane = lanes[finding.tested.arch]
            finding = self._file(
                confirm(finding, lane, reruns=settings.reruns, others=self._is_news)
            )
            yield stored(finding, self._store)
        if reduce and finding.state is FindingState.CONFIRMED:
            finding = minimise(
                finding,
                lanes,
                budget=settings.reduction,
                reruns=settings.reruns,
                on_progress=lambda at: self._on_working(
                    f"reducing {finding.bucket}: {at.lines} lines after {at.trials} trials"
                ),
            )
        if reduce and finding.state in _BLAMED:
            self._on_working(f"looking for what {finding.bucket} needs")
            budget = msgspec.structs.replace(
                BLAME_BUDGET, seconds=min(BLAME_BUDGET.seconds, settings.reduction.seconds)
            )
            finding = self._file(blame(finding, settings.limits, budget))
            yield stored(finding, self._store)

    def _is_news(self, verdict: Verdict) -> bool:
        return match_known(verdict, self._settings.known) is None

    def _file(self, finding: Finding) -> Finding:
        self._store.add(finding)
        return finding


def new_finding(
    program: Program, verdict: Verdict, observations: list[Observation], lane: Lane
) -> Finding:
    """Make the finding for a verdict, as yet unconfirmed."""
    by_key = {observation.profile: observation for observation in observations}
    finding = Finding(
        program=program,
        verdict=verdict,
        reference=lane.profiles[verdict.reference],
        tested=lane.profiles[verdict.tested].at(program),
        observations=(by_key[verdict.reference], by_key[verdict.tested]),
        found_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    )
    return msgspec.structs.replace(finding, bucket=bucket(finding))
