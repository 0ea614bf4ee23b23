"""pytest plugin: corpus programs as test items, one for each JIT profile and architecture.

An item runs a program under a JIT profile and compares it, by all oracles, with
the interpreter of the same architecture. It fails if something differs, if the
program ends with an exception that it did not plan, and if it never executed
compiled code, unless the file says why that may be:

    # pyjit: interpreted-only: REASON

Files are corpus files if they lie in a folder of the ini option
``pyjit_corpora``. Options: ``--pyjit-arch``, ``--pyjit-profile``. Items of
aarch64 carry the marker ``aarch64``. Executors are opened at the first item
that needs them and kept for the process (with pytest-xdist: for the worker).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyjit_fuzz.campaign import CorpusError, CorpusFile, Lane, prepare_profiles, read_corpus_file
from pyjit_fuzz.campaign.events import ended_as_planned
from pyjit_fuzz.campaign.setup import DEFAULT_PROFILES
from pyjit_fuzz.execute import Limits, SetupError
from pyjit_fuzz.model import Observation, Status, Verdict
from pyjit_fuzz.report import compare, elide, observation_lines

ARCHITECTURES = ("x86_64", "aarch64")


class Lanes:
    """The lanes of this process, and the last program's reference observation of each."""

    def __init__(self, profiles: list[str]) -> None:
        self._profiles = profiles
        self._lanes: dict[str, Lane] = {}
        self._references: dict[str, tuple[str, Observation]] = {}

    def lane(self, arch: str) -> Lane:
        """Return the lane of an architecture; raises ``SetupError``."""
        if arch not in self._lanes:
            self._lanes[arch] = Lane(prepare_profiles(self._profiles, [arch]), Limits())
        return self._lanes[arch]

    def reference(self, arch: str, file: CorpusFile) -> Observation:
        """Run a program under the interpreter; once for neighbouring items."""
        known, observation = self._references.get(arch, ("", None))
        if observation is None or known != file.program.id:
            lane = self.lane(arch)
            observation = lane.run(file.program, lane.reference)
            self._references[arch] = file.program.id, observation
        return observation

    def close(self) -> None:
        """End all executors."""
        for lane in self._lanes.values():
            lane.close()
        self._lanes.clear()


LANES = pytest.StashKey[Lanes]()


class CorpusFailure(Exception):  # noqa: N818 - a failed item, not an error
    """What an item has to say; shown without a traceback."""


class CorpusModule(pytest.File):
    """One corpus file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each profile and architecture."""
        archs = self.config.getoption("pyjit_arch") or ARCHITECTURES
        for arch in archs:
            for profile in _tested_profiles(self.config):
                yield CorpusItem.from_parent(self, name=f"{profile}@{arch}")


class CorpusItem(pytest.Item):
    """One corpus file under one JIT profile."""

    def __init__(self, **arguments: object) -> None:
        """Take pytest's arguments; the name is the profile's key."""
        super().__init__(**arguments)  # type: ignore[arg-type]
        self.arch = self.name.rpartition("@")[2]
        if self.arch == "aarch64":
            self.add_marker("aarch64")

    def runtest(self) -> None:
        """Run and compare; raises ``CorpusFailure``, ``CorpusError`` or ``SetupError``."""
        file = read_corpus_file(self.path)
        lanes = self.config.stash[LANES]
        lane = lanes.lane(self.arch)
        reference = lanes.reference(self.arch, file)
        if not ended_as_planned(file.program, reference):
            shown = "\n".join(observation_lines(reference))
            raise CorpusFailure(f"the interpreter did not end as planned:\n{shown}")
        tested = lane.run(file.program, self.name, against=reference)
        verdicts = lane.judge(file.program, [reference, tested])
        if verdicts:
            raise CorpusFailure(_difference(verdicts, reference, tested))
        if tested.status in (Status.TIMEOUT, Status.LIMIT):
            raise CorpusFailure(f"nothing can be said: the run ended by {tested.status.value}")
        _check_compiled(file, tested)

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: object = None,
    ) -> str:
        """Show our own messages as they are, and everything else as pytest does."""
        if isinstance(excinfo.value, (CorpusFailure, CorpusError, SetupError)):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))  # type: ignore[arg-type]

    def reportinfo(self) -> tuple[os.PathLike[str], None, str]:
        """Name the item by file and profile."""
        return self.path, None, f"{self.path.stem}[{self.name}]"


def _check_compiled(file: CorpusFile, tested: Observation) -> None:
    if tested.compiled and file.interpreted_only:
        functions = ", ".join(tested.compiled)
        raise CorpusFailure(
            f"it says interpreted-only ({file.interpreted_only}), but ran compiled: {functions}"
        )
    if not tested.compiled and not file.interpreted_only:
        reasons = ", ".join(f"{reason} {count}" for reason, count in tested.refused.items())
        raise CorpusFailure(f"it never executed compiled code; refused: {reasons or 'nothing'}")


def _difference(verdicts: list[Verdict], reference: Observation, tested: Observation) -> str:
    lines = [f"{v.oracle}: {v.signature}\n{v.explanation}".strip() for v in verdicts]
    for row in elide(compare(observation_lines(reference), observation_lines(tested))):
        if row.elided:
            lines.append(f"  ... {row.elided} equal lines")
        for sign, side in (("-", row.left), ("+", row.right)) if row.different else ():
            if side:
                lines.append(f"{sign} {''.join(text for text, _ in side)}")
    return "\n".join(lines)


def _tested_profiles(config: pytest.Config) -> list[str]:
    return list(config.getoption("pyjit_profile") or DEFAULT_PROFILES[1:])


def _is_corpus_file(path: Path, config: pytest.Config) -> bool:
    folders = [config.rootpath / name for name in config.getini("pyjit_corpora")]
    return path.suffix == ".py" and any(path.is_relative_to(folder) for folder in folders)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("pyjit", "corpora of pyjit-fuzz")
    group.addoption(
        "--pyjit-arch",
        action="append",
        choices=ARCHITECTURES,
        help="architecture to run corpora on (repeatable; default: both)",
    )
    group.addoption(
        "--pyjit-profile",
        action="append",
        help=f"JIT profile (repeatable; default: {', '.join(DEFAULT_PROFILES[1:])})",
    )
    parser.addini("pyjit_corpora", "folders of corpus files", type="linelist", default=["corpora"])


def pytest_configure(config: pytest.Config) -> None:
    """Make room for the executors."""
    config.addinivalue_line("markers", "aarch64: runs code of aarch64 under qemu-user")
    config.stash[LANES] = Lanes(_tested_profiles(config))


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the executors."""
    if LANES in config.stash:
        config.stash[LANES].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect corpus files."""
    if _is_corpus_file(file_path, parent.config):
        return CorpusModule.from_parent(parent, path=file_path)
    return None
