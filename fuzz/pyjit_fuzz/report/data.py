"""What a report says, as data: the numbers of a campaign and its findings."""

from __future__ import annotations

import shlex
from pathlib import Path

import msgspec

from pyjit_fuzz.model import Finding


class ProfileNumbers(msgspec.Struct, frozen=True):
    """One profile's counts."""

    key: str
    reference: bool
    build_id: str = ""
    programs: int = 0
    compiled: int = 0
    """Programs of which it ran compiled code."""
    passed: int = 0
    """Programs that ran compiled code and showed no difference."""
    different: int = 0
    statuses: dict[str, int] = {}
    """Runs by how they ended: ok, exception, crash, timeout, limit, invalid."""


class ArchNumbers(msgspec.Struct, frozen=True):
    """One architecture's counts. Shares are 0..1 and 0 where nothing ran."""

    arch: str
    programs: int = 0
    seconds: float = 0.0
    """Wall seconds during which its programs ran."""
    valid: int = 0
    """Programs that ended without an exception that they did not plan."""
    planned: int = 0
    """Those of them that ended with one that they planned."""
    guards: int = 0
    """Programs that made a guard fail under some JIT profile."""
    compiled: int = 0
    """Programs of which every JIT profile ran compiled code."""
    different: int = 0
    """Programs that showed a difference which no known issue explains."""
    lost: int = 0
    """Programs that took down the process which ran them."""
    profiles: tuple[ProfileNumbers, ...] = ()

    @property
    def rate(self) -> float:
        """Programs per second."""
        return self.programs / self.seconds if self.seconds else 0.0

    def _share(self, number: int) -> float:
        return number / self.programs if self.programs else 0.0

    @property
    def valid_share(self) -> float:
        """Share of valid programs."""
        return self._share(self.valid)

    @property
    def planned_share(self) -> float:
        """Share of programs that ended with an exception that they planned."""
        return self._share(self.planned)

    @property
    def guards_share(self) -> float:
        """Share of programs that made a guard fail under some JIT profile."""
        return self._share(self.guards)

    @property
    def compiled_share(self) -> float:
        """Share of programs of which every JIT profile ran compiled code."""
        return self._share(self.compiled)


class BucketNumbers(msgspec.Struct, frozen=True):
    """One bucket's counts."""

    name: str
    severity: str
    mechanism: str
    samples: int
    lines: int
    """Lines of its smallest program."""
    seen: dict[str, int]
    """How often programs showed what one of its samples shows, by architecture: a program that
    shows it in two ways, under two profiles, counts for each."""
    states: dict[str, int]
    first_seen: str = ""
    """ISO 8601 time in UTC of the first program that counts for ``seen``."""
    last_seen: str = ""
    regression: str = ""
    """Name of the fixed issue that it shows again."""


class IssueNumbers(msgspec.Struct, frozen=True):
    """One issue of the registry, and what this campaign saw of it."""

    name: str
    state: str
    """``expected``, ``open``, ``fixed``; or ``regression``: fixed, and there is a bucket of it."""
    programs: int
    """That showed its mechanism."""
    reason: str
    fixed_in: str = ""
    link: str = ""


class OpcodeEvents(msgspec.Struct, frozen=True):
    """What a campaign saw of the JIT events of one opcode."""

    opcode: str
    happened: int
    idle: tuple[str, ...] = ()
    """Events that there was code for, and that no program has made happen."""


class ProfileEvents(msgspec.Struct, frozen=True):
    """What a campaign saw of the JIT events of one profile (``pyjit_core.events()``)."""

    key: str
    opcodes: tuple[OpcodeEvents, ...]

    @property
    def happened(self) -> int:
        """Events that happened."""
        return sum(each.happened for each in self.opcodes)

    @property
    def idle(self) -> int:
        """Events that there was code for, and that never happened."""
        return sum(len(each.idle) for each in self.opcodes)


class Feedback(msgspec.Struct, frozen=True):
    """What a campaign learned of what its programs reach."""

    profiles: tuple[ProfileEvents, ...] = ()
    """Those whose JIT tells its events."""
    kept: int = 0
    """Programs that reached something new, and are bred from."""
    bred: int = 0
    """Programs bred from them."""
    useful: int = 0
    """Those of them that reached something new."""
    last_new: str = ""
    """ISO 8601 time in UTC at which something was reached for the first time."""


class Minute(msgspec.Struct, frozen=True):
    """What was done in one minute; minutes in which nothing ran are not there."""

    at: int
    """Unix time of its begin, in seconds."""
    arch: str
    programs: int
    different: int


class Across(msgspec.Struct, frozen=True):
    """What the interpreters of several architectures answered to the same programs."""

    programs: int = 0
    """Programs that ran on more than one architecture, once for each pair of them."""
    different: tuple[str, ...] = ()
    """Keys of those that were answered differently."""


class Summary(msgspec.Struct, frozen=True):
    """The numbers of a campaign."""

    campaign: str
    """Path of its folder."""
    seed: int
    generator: str
    toolkit: str
    """Version of the toolkit."""
    started: str
    updated: str
    archs: tuple[ArchNumbers, ...]
    buckets: tuple[BucketNumbers, ...] = ()
    history: tuple[Minute, ...] = ()
    issues: tuple[IssueNumbers, ...] = ()
    """The registry of known issues."""
    known: dict[str, int] = {}
    """Programs explained by a known issue, by mechanism."""
    feedback: Feedback = Feedback()
    across: Across = Across()
    in_company: dict[str, int] = {}
    """Programs that differed only behind others in the same process, by mechanism."""

    @property
    def divergences(self) -> int:
        """Programs that showed a difference, on all architectures."""
        return sum(arch.different for arch in self.archs)


class Sample(msgspec.Struct, frozen=True):
    """One finding and the folder that it was read from."""

    folder: Path
    finding: Finding


def replay_command(sample: Sample) -> str:
    """Return the command that shows a finding again, for a shell."""
    return f"pyjit-fuzz replay {shlex.quote(str(sample.folder))}"
