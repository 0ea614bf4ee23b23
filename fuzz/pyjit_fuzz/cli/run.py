"""``pyjit-fuzz run``: run a campaign, or go on with one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pyjit_fuzz.campaign import (
    Settings,
    prepare_profiles,
    read_campaign,
    read_corpus,
    run_campaign,
)
from pyjit_fuzz.campaign.crew import Gather, LocalCrew
from pyjit_fuzz.campaign.settings import DEFAULT_BATCH
from pyjit_fuzz.campaign.setup import DEFAULT_PROFILES, native_helpers
from pyjit_fuzz.cli.options import (
    CAMPAIGN_SECONDS,
    FOUND,
    INTERRUPTED,
    REGISTRY,
    Archs,
    Faults,
    Json,
    Known,
    Profiles,
    StopAfter,
    TimeLimit,
    architectures,
    limits,
    program_bounds,
)
from pyjit_fuzz.cli.progress import Progress
from pyjit_fuzz.cli.report import write_report
from pyjit_fuzz.cli.show import print_summary
from pyjit_fuzz.cluster import on_cluster
from pyjit_fuzz.model import Program
from pyjit_fuzz.reduce import Budget
from pyjit_fuzz.report import json_text
from pyjit_fuzz.triage import KnownIssue, load_known

DEFAULT_PROGRAMS = 1000


def run(
    *,
    arch: Archs = None,
    profile: Profiles = None,
    programs: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N|ARCH=N",
            help="Generated programs of the whole campaign, for each architecture or for one. "
            f"Default: {DEFAULT_PROGRAMS}, or no bound if --seconds is given.",
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0, help="Stop this sitting after so many seconds.")
    ] = 0.0,
    stop_after: StopAfter = 0,
    seed: Annotated[int, typer.Option(help="Names the programs of the campaign.")] = 0,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            min=1,
            help="Batches at a time. Default: 1; with --cluster, one for each of its threads.",
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Run the programs on the workers of the Dask cluster whose scheduler this is, "
            "as tcp://HOST:PORT.",
        ),
    ] = None,
    storage: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Exchange findings, and programs that reached something new, with the campaigns "
            "of other machines through this storage: any URL that fsspec knows.",
        ),
    ] = None,
    batch: Annotated[
        int,
        typer.Option(
            min=1,
            help="Programs that share a process one after another, as long as none differs or "
            "dies. 1: each in a process of its own, which is several times slower.",
        ),
    ] = DEFAULT_BATCH,
    corpus: Annotated[
        list[Path] | None,
        typer.Option(help="Corpus file or folder to run first and to mutate; may be repeated."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder of the campaign. One that exists is gone on with. "
            "Default: campaigns/seed-SEED.",
        ),
    ] = None,
    known: Known = None,
    mutants: Annotated[
        float, typer.Option(min=0, max=1, help="Part of the programs made from the corpus.")
    ] = 0.25,
    feedback: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Part of the programs that may be bred from those which reached something new in "
            "the JIT; the better it pays, the nearer to it.",
        ),
    ] = 0.5,
    reduce_seconds: Annotated[
        float,
        typer.Option(
            min=0,
            help="Seconds that the reduction of one finding may take, and its blame likewise.",
        ),
    ] = Budget().seconds,
    time_limit: TimeLimit = None,
    json: Json = False,
    faults: Faults = "",
) -> int:
    """Generate programs, run them interpreted and jitted, and report what differs.

    Stopping it (Ctrl-C, kill) loses nothing: the same command goes on. Exits
    with 0 if the campaign has found nothing, with 1 if it has findings.
    """
    archs = architectures(arch)
    bounds = program_bounds(programs, archs)
    if not bounds and not seconds:
        bounds = dict.fromkeys(archs, DEFAULT_PROGRAMS)
    folder = output or Path("campaigns") / f"seed-{seed}"
    files = read_corpus(corpus or default_corpus())
    settings = Settings(
        seed=seed,
        profiles=prepare_profiles(profile or DEFAULT_PROFILES, archs, fault=faults, seed=seed),
        helpers=native_helpers(profile or DEFAULT_PROFILES, archs, fault=faults),
        limits=limits(time_limit, CAMPAIGN_SECONDS),
        programs=bounds,
        stop_after=stop_after,
        seconds=seconds,
        jobs=jobs or 1,
        batch=batch,
        mutants=mutants,
        feedback=feedback,
        reduction=Budget(seconds=reduce_seconds),
        known=registry(known),
    )
    crew = LocalCrew if cluster is None else on_cluster(cluster, jobs)
    programs_first = [file.program for file in files]
    return conduct(folder, settings, programs_first, json=json, gather=crew, storage=storage)


def conduct(
    folder: Path,
    settings: Settings,
    corpus: Sequence[Program],
    *,
    json: bool,
    gather: Gather = LocalCrew,
    storage: str | None = None,
) -> int:
    """Run a campaign with its progress shown, write its report; return the exit code."""
    interrupted = False
    with Progress(settings, len(corpus)) as progress:
        try:
            run_campaign(
                folder,
                settings,
                corpus,
                on_event=progress.tell,
                on_ready=progress.begin,
                gather=gather,
                storage=storage,
            )
        except KeyboardInterrupt:
            interrupted = True
    summary, samples = read_campaign(folder)
    page = write_report(summary, samples, folder / "report")
    if json:
        typer.echo(json_text(summary, samples))
    else:
        print_summary(summary, samples, page, interrupted=interrupted)
    if interrupted:
        return INTERRUPTED
    return FOUND if samples else 0


def registry(chosen: Path | None) -> tuple[KnownIssue, ...]:
    """Return the known issues of a file, or of the checkout's registry if there is one."""
    if chosen is None and not REGISTRY.is_file():
        return ()
    return load_known(chosen or REGISTRY)


def default_corpus() -> list[Path]:
    """Return the corpora of the checkout that the command is run in, if it is in one."""
    return [path for path in (Path("corpora/regress"), Path("corpora/seeds")) if path.is_dir()]
