"""Executors by name, from entry points.

Contract: an entry point of the group ``pyjit_fuzz.executors`` is a callable
``(profile, limits) -> Executor``. "native" is there without any installation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from types import TracebackType
from typing import Protocol, Self

from pyjit_fuzz.execute.errors import SetupError
from pyjit_fuzz.execute.limits import Limits
from pyjit_fuzz.execute.native import open_native
from pyjit_fuzz.execute.protocol import Hello
from pyjit_fuzz.model import Observation, Profile, Program

GROUP = "pyjit_fuzz.executors"


class Executor(Protocol):
    """Runs programs under one profile."""

    profile: Profile
    """The profile, with ``build_id`` filled in."""
    hello: Hello
    slowdown: float
    """It stretches every time limit by this factor."""

    def run(
        self,
        program: Program,
        *,
        fresh: bool = False,
        backtrace: bool = False,
        limits: Limits | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Observation:
        """Run a program; see ``ForkServerExecutor.run``."""

    def run_batch(
        self, programs: Sequence[Program], *, limits: Limits | None = None
    ) -> list[Observation]:
        """Run programs one after another; see ``ForkServerExecutor.run_batch``."""

    def close(self) -> None:
        """Free everything."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


_BUILT_IN: dict[str, Callable[[Profile, Limits], Executor]] = {"native": open_native}


def open_executor(profile: Profile, *, limits: Limits | None = None) -> Executor:
    """Open the executor that ``profile.executor`` names; raises ``SetupError``."""
    opener = _BUILT_IN.get(profile.executor) or _load(profile)
    return opener(profile, limits or Limits())


def _load(profile: Profile) -> Callable[[Profile, Limits], Executor]:
    found = {point.name: point for point in entry_points(group=GROUP)}
    point = found.get(profile.executor)
    if point is None:
        known = ", ".join(sorted({*found, *_BUILT_IN}))
        raise SetupError(
            f"Profile {profile.key}: there is no executor named {profile.executor} "
            f"(known: {known}). Install the distribution that has it."
        )
    try:
        opener: Callable[[Profile, Limits], Executor] = point.load()
    except ImportError as error:
        raise SetupError(f"The executor {profile.executor} cannot be loaded: {error}.") from error
    return opener


def check_same_python(executors: Sequence[Executor]) -> None:
    """Raise ``SetupError`` unless all interpreters are of one version to the last digit.

    Differences between two releases would be taken for faults of the JIT.
    """
    versions = {executor.hello.python: executor for executor in executors}
    if len(versions) > 1:
        shown = "; ".join(
            f"{executor.profile.key} is {'.'.join(map(str, version))} ({executor.hello.executable})"
            for version, executor in versions.items()
        )
        raise SetupError(
            f"The interpreters to compare are of different versions: {shown}. "
            f"Use one version for all profiles."
        )
