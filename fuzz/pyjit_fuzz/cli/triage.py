"""``pyjit-fuzz triage``: how well findings of seeded faults are reduced, blamed and sorted."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pyjit_fuzz.campaign import read_corpus
from pyjit_fuzz.campaign.setup import DEFAULT_PROFILES
from pyjit_fuzz.cli.efficacy import SECONDS_A_PROGRAM, chosen_faults
from pyjit_fuzz.cli.options import BROKEN, INTERRUPTED, Json, TimeLimit, limits
from pyjit_fuzz.cli.run import default_corpus
from pyjit_fuzz.efficacy import Quality, TriageSettings, fault_table, quality, run_triage


def triage(
    *,
    arch: Annotated[str, typer.Option(help="Architecture to run on.")] = platform.machine(),
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|PART", help="Only this fault, or those of this part."),
    ] = None,
    samples: Annotated[int, typer.Option(min=1, help="Findings of each fault.")] = 3,
    seconds: Annotated[
        float, typer.Option(min=1, help="Wall seconds for a fault, after which no more is begun.")
    ] = 120.0,
    reduce_seconds: Annotated[
        float,
        typer.Option(
            min=0, help="Seconds that a finding's reduction may take, and its blame likewise."
        ),
    ] = 60.0,
    profile: Annotated[
        list[str] | None, typer.Option(help="JIT profile to test; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Names the programs.")] = 0,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="Folder of the bench; one that exists is gone on with."
        ),
    ] = Path("triage"),
    time_limit: TimeLimit = SECONDS_A_PROGRAM,
    json: Json = False,
) -> int:
    """Seed faults into the JIT, one at a time, and measure what campaigns make of them.

    How short the programs are in the end, whether they reproduce, whether the guilty part is named,
    and whether one fault is one bucket. Stopping it (Ctrl-C) loses the fault that it was at.
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    faults = chosen_faults(fault_table(), fault or ())
    settings = TriageSettings(
        arch=arch,
        profiles=tuple(profile or DEFAULT_PROFILES[1:]),
        corpus=tuple(file.program for file in read_corpus(default_corpus())),
        samples=samples,
        seconds=seconds,
        reduction=reduce_seconds,
        seed=seed,
        limits=limits(time_limit),
    )
    try:
        found = run_triage(settings, faults, output, lambda text: console.print(escape(text)))
    except KeyboardInterrupt:
        return INTERRUPTED
    figures = quality(found)
    if figures is None:
        console.print("nothing was found, so nothing can be said")
        return BROKEN
    if json:
        answer = {"quality": figures, "findings": found}
        typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
    else:
        _print(figures)
    return 0


def _print(figures: Quality) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value in (
        ("faults found", f"{figures.faults}"),
        ("findings", f"{figures.findings}"),
        ("show in every fresh process", f"{figures.reproducing:.1%}"),
        ("lines, median", f"{figures.median_lines}"),
        ("lines of nine in ten", f"at most {figures.ninth_decile_lines}"),
        ("reduction and blame of nine in ten", f"at most {figures.longest_seconds:.0f} s"),
        ("guilty part named", f"{figures.named:.1%}"),
        ("buckets: precision", f"{figures.precision:.1%}"),
        ("buckets: recall", f"{figures.recall:.1%}"),
    ):
        table.add_row(name, value)
    Console(soft_wrap=True, highlight=False).print(table)
