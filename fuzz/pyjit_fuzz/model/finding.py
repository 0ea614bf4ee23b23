"""A difference that was seen, with what is needed to show it again."""

from __future__ import annotations

import enum

import msgspec

from pyjit_fuzz.model.blame import Blame
from pyjit_fuzz.model.observation import Observation
from pyjit_fuzz.model.profile import Profile
from pyjit_fuzz.model.program import Program
from pyjit_fuzz.model.verdict import Verdict


class FindingState(enum.Enum):
    """How far a finding has come."""

    NEW = "new"
    CONFIRMED = "confirmed"
    """It showed again, with the same signature, in every fresh process."""
    FLAKY = "flaky"
    """It showed again in some fresh processes only."""
    NOT_REPRODUCED = "not-reproduced"
    REDUCED = "reduced"


class Since(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The commit of the core with which a finding began to show."""

    commit: str
    """Its whole hash."""
    date: str
    """ISO 8601."""
    subject: str

    def __str__(self) -> str:
        """Say which, for people."""
        return f"{self.commit[:12]} of {self.date[:10]}: {self.subject}"


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One finding; stored as a folder (``finding.json``, ``repro.py``, ``command.txt``)."""

    program: Program
    verdict: Verdict
    reference: Profile
    tested: Profile
    observations: tuple[Observation, ...]
    """Reference first, then tested."""
    state: FindingState = FindingState.NEW
    bucket: str = ""
    """Name of the bucket that triage put it in."""
    hint: str = ""
    """The part of the JIT that triage holds to be guilty, for example ``inline-caches``."""
    blame: Blame | None = None
    """Which parts of the JIT it needs; ``None``: that was not looked for."""
    original: Program | None = None
    """The program before it was reduced."""
    reruns: int = 0
    """Fresh-process runs made to confirm it."""
    reproduced: int = 0
    """How many of those showed it."""
    found_at: str = ""
    """ISO 8601 time in UTC."""
    since: Since | None = None
    """``None``: that was not looked for, or not found."""

    @property
    def id(self) -> str:
        """Id of the program as it was found, and tested profile; unique in a campaign.

        Reduction does not change it.
        """
        found = self.original or self.program
        return f"{found.id}-{self.tested.name}-{self.tested.arch}"
