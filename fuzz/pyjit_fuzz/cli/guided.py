"""``pyjit-fuzz guided``: programs from a coverage-guided engine, then a campaign over them."""

from __future__ import annotations

import platform
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pyjit_fuzz.campaign import Settings, prepare_profiles
from pyjit_fuzz.campaign.setup import DEFAULT_PROFILES, native_helpers
from pyjit_fuzz.cli.options import (
    CAMPAIGN_SECONDS,
    INTERRUPTED,
    Archs,
    Faults,
    Jobs,
    Json,
    Known,
    Profiles,
    StopAfter,
    TimeLimit,
    architectures,
    limits,
)
from pyjit_fuzz.cli.run import conduct, registry
from pyjit_fuzz.execute import SetupError
from pyjit_fuzz.guided import Engine, Progress, programs

_HOST = "x86_64"
_SECONDS_BETWEEN_LINES = 10.0


def guided(
    *,
    seconds: Annotated[
        float, typer.Option(min=2, help="Seconds for the engine; the campaign takes what it takes.")
    ] = 300.0,
    arch: Archs = None,
    profile: Profiles = None,
    stop_after: StopAfter = 0,
    seed: Annotated[int, typer.Option(help="Of the engine's first inputs and of its draws.")] = 0,
    jobs: Jobs = 1,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder for both. One that exists is gone on with. "
            "Default: campaigns/guided-SEED.",
        ),
    ] = None,
    known: Known = None,
    time_limit: TimeLimit = None,
    json: Json = False,
    faults: Faults = "",
) -> int:
    """Drive the JIT's compiler by coverage, then judge what reached something new.

    atheris makes programs out of bytes and keeps those that reach another edge of a core with
    coverage instrumentation; they, and what crashed or never ended, become the corpus of a
    campaign. Stopping it loses nothing: the same command goes on. Exits with 0 if nothing was
    found, with 1 if there are findings.
    """
    if platform.machine() != _HOST:
        raise SetupError(f"coverage-guided runs need an {_HOST} machine: atheris is for that only")
    archs = architectures(arch)
    folder = output or Path("campaigns") / f"guided-{seed}"
    profiles = prepare_profiles(profile or DEFAULT_PROFILES, archs, fault=faults)
    shown = _Shown()
    engine = Engine(folder / "engine", shown.tell, fault=faults)
    try:
        engine.run(seconds, seed)
    except KeyboardInterrupt:
        shown.say(engine.progress)
        typer.echo(f"interrupted; {folder} has the inputs, the same command goes on", err=True)
        return INTERRUPTED
    shown.say(engine.progress)
    settings = Settings(
        seed=seed,
        profiles=profiles,
        helpers=native_helpers(profile or DEFAULT_PROFILES, archs, fault=faults),
        limits=limits(time_limit, CAMPAIGN_SECONDS),
        programs=dict.fromkeys(archs, 0),
        stop_after=stop_after,
        jobs=jobs,
        known=registry(known),
    )
    return conduct(folder, settings, [*programs(engine.folder)], json=json)


class _Shown:
    """The engine's progress, a line now and then."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, soft_wrap=True, highlight=False)
        self._last = time.monotonic()

    def tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = now
            self.say(progress)

    def say(self, progress: Progress) -> None:
        self._console.print(
            f"engine: {progress.runs:,} programs, {progress.edges:,} edges of the core reached, "
            f"{progress.inputs:,} programs kept, {progress.caught} caught"
        )
