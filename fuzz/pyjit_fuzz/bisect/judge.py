"""Whether a finding shows with the core of one commit: build it, replay it."""

from __future__ import annotations

import enum
from pathlib import Path

import msgspec

from pyjit_fuzz.campaign import Lane
from pyjit_fuzz.execute import Limits, SetupError
from pyjit_fuzz.model import Finding
from pyjit_qemu.build import build_core


class Policy(enum.Enum):
    """When a commit is bad, of several runs."""

    ANY = "any"
    """One run shows it: right where it never shows by accident."""
    MAJORITY = "majority"
    """More than half of them do."""


class Answer(enum.Enum):
    """What is said of a commit, in git's words."""

    GOOD = "good"
    BAD = "bad"
    SKIP = "skip"
    """It cannot be tested."""


class Trial(msgspec.Struct, frozen=True):
    """A commit's answer and what it rests on."""

    answer: Answer
    shown: int = 0
    runs: int = 0
    """Fewer than asked for where the rest could not change the answer."""
    reason: str = ""
    """Why it cannot be tested."""


class Judge:
    """Builds cores and replays one finding with them."""

    def __init__(
        self, finding: Finding, *, limits: Limits, repeats: int, policy: Policy, builds: Path
    ) -> None:
        """``repeats`` runs decide; ``builds`` keeps the built cores, by hash of their sources."""
        self._finding = finding
        self._limits = limits
        self._repeats = repeats
        self._policy = policy
        self._builds = builds

    def judge(self, core: Path) -> Trial:
        """Answer for the sources of a core."""
        finding = self._finding
        try:
            variant = "faults" if finding.tested.environment.get("PYJIT_FAULT") else "plain"
            built = build_core(finding.tested.arch, variant=variant, core=core, builds=self._builds)
            tested = msgspec.structs.replace(finding.tested, python_path=(str(built),), build_id="")
            with Lane((finding.reference, tested), self._limits) as lane:
                return self._replay(lane)
        except SetupError as error:
            return Trial(Answer.SKIP, reason=str(error))

    def _replay(self, lane: Lane) -> Trial:
        finding = self._finding
        needed = 1 if self._policy is Policy.ANY else self._repeats // 2 + 1
        shown = runs = 0
        while shown < needed and shown + self._repeats - runs >= needed:
            runs += 1
            pair = lane.pair(finding.program, finding.tested.key, fresh=True)
            shown += lane.found(finding.program, pair, finding.verdict) is not None
        return Trial(Answer.BAD if shown >= needed else Answer.GOOD, shown=shown, runs=runs)
