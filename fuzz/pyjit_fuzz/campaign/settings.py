"""What a campaign was asked to do: plain data, stored with the campaign."""

from __future__ import annotations

import math

import msgspec

from pyjit_fuzz.execute import Limits
from pyjit_fuzz.model import Profile
from pyjit_fuzz.reduce import Budget
from pyjit_fuzz.triage import KnownIssue

DEFAULT_BATCH = 32
"""Beyond this the fork of a process costs next to nothing of a program's time."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that a job needs to know. The seed names the programs."""

    seed: int
    profiles: tuple[Profile, ...]
    """For each architecture the reference first."""
    limits: Limits
    helpers: tuple[Profile, ...] = ()
    """Profiles of an architecture that runs no programs of the campaign, but on
    which findings of the others are reduced if they show there, because it is quicker."""
    programs: dict[str, int] = {}
    """Generated programs by architecture, corpus not counted; absent: no bound."""
    stop_after: int = 0
    """Hand out nothing more after so many confirmed findings; 0: never stop for that."""
    seconds: float = 0.0
    """Wall seconds after which a sitting begins no more programs or reductions; 0: no bound."""
    jobs: int = 1
    batch: int = DEFAULT_BATCH
    """Programs that are handed out together, and share a process as long as nothing happens."""
    mutants: float = 0.25
    """Part (0..1) of the fresh programs that are mutants of corpus programs."""
    feedback: float = 0.5
    """At most this part (0..1) of the fresh programs is bred from what reached something new."""
    reruns: int = 3
    """Fresh-process runs that confirm a finding."""
    reduction: Budget = Budget()
    known: tuple[KnownIssue, ...] = ()

    def seconds_left(self, passed: float) -> float:
        """Return the wall seconds that a sitting has left after so many; infinite without bound."""
        return self.seconds - passed if self.seconds else math.inf

    def findings_left(self, found: int) -> float:
        """Return how many findings a sitting may add to these; infinite without bound."""
        return self.stop_after - found if self.stop_after else math.inf

    @property
    def archs(self) -> tuple[str, ...]:
        """Architectures in the order in which they were asked for."""
        return tuple(dict.fromkeys(profile.arch for profile in self.profiles))

    def of_arch(self, arch: str) -> tuple[Profile, ...]:
        """Profiles of one architecture, the reference first."""
        return tuple(each for each in (*self.profiles, *self.helpers) if each.arch == arch)
