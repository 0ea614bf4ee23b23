"""``pyjit-fuzz efficacy``: how many seeded faults of the JIT are found, and how soon."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pyjit_fuzz.campaign import read_corpus
from pyjit_fuzz.campaign.setup import DEFAULT_PROFILES
from pyjit_fuzz.cli.options import (
    FOUND,
    INTERRUPTED,
    Archs,
    Json,
    TimeLimit,
    architectures,
    limits,
)
from pyjit_fuzz.cli.run import default_corpus
from pyjit_fuzz.efficacy import (
    Bench,
    BenchSettings,
    Fault,
    Score,
    fault_table,
    html_page,
    score,
)
from pyjit_fuzz.efficacy.score import ArchScore

SECONDS_A_PROGRAM = 0.5
"""Less than in a campaign: a fault that makes a loop endless costs this many times over."""
_WIDE = 240
"""Columns of a table that no terminal bounds."""


def efficacy(
    *,
    arch: Archs = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|PART", help="Only this fault, or those of this part."),
    ] = None,
    list_faults: Annotated[
        bool, typer.Option("--list", help="List the faults and do nothing else.")
    ] = False,
    seconds: Annotated[
        float, typer.Option(min=1, help="Processor seconds for each repetition of a fault.")
    ] = 40.0,
    control_seconds: Annotated[
        float, typer.Option(min=1, help="Processor seconds for each repetition without a fault.")
    ] = 120.0,
    repetitions: Annotated[
        int, typer.Option(min=1, help="Repetitions, each with programs of its own.")
    ] = 1,
    profile: Annotated[
        list[str] | None, typer.Option(help="JIT profile to test; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Names the programs.")] = 0,
    corpus: Annotated[
        list[Path] | None,
        typer.Option(help="Corpus file or folder to mix in and to mutate; may be repeated."),
    ] = None,
    no_corpus: Annotated[
        bool, typer.Option("--no-corpus", help="Generated programs only.")
    ] = False,
    mutants: Annotated[
        float, typer.Option(min=0, max=1, help="Part of the fresh programs that are mutants.")
    ] = 0.25,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="Folder of the bench; one that exists is gone on with."
        ),
    ] = Path("efficacy"),
    time_limit: TimeLimit = SECONDS_A_PROGRAM,
    json: Json = False,
) -> int:
    """Seed faults into the JIT, one at a time, and find out which of them are found.

    Stopping it (Ctrl-C, kill) loses nothing: the same command goes on. Exits with 1 if
    the control arm, which has no fault, shows a difference.
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    faults = chosen_faults(fault_table(), fault or ())
    if list_faults:
        _print_faults(faults)
        return 0
    files = [] if no_corpus else read_corpus(corpus or default_corpus())
    names = tuple(profile or DEFAULT_PROFILES[1:])
    settings = BenchSettings(
        faults=tuple(faults),
        archs=tuple(architectures(arch)),
        profiles=names,
        corpus=tuple(file.program for file in files),
        seed=seed,
        seconds=seconds,
        control_seconds=control_seconds,
        repetitions=repetitions,
        mutants=mutants,
        limits=limits(time_limit),
    )
    bench = Bench(settings, output, lambda text: console.print(escape(text)))
    interrupted = False
    try:
        bench.run()
    except KeyboardInterrupt:
        interrupted = True
    result = score(faults, bench.journal.attempts, len(names))
    (output / "efficacy.json").write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    (output / "index.html").write_text(html_page(result), encoding="utf-8")
    if json:
        typer.echo((output / "efficacy.json").read_text(encoding="utf-8"))
    else:
        _print_score(result)
        typer.echo(f"{output / 'index.html'}")
    if interrupted:
        return INTERRUPTED
    return FOUND if result.false_alarms else 0


def chosen_faults(faults: list[Fault], wanted: list[str] | tuple[()]) -> list[Fault]:
    """Return the faults with these names or of these parts; raises ``typer.BadParameter``."""
    known = {fault.name for fault in faults} | {fault.part for fault in faults}
    for name in wanted:
        if name not in known:
            raise typer.BadParameter(
                f"no fault and no part is called {name!r}; --list shows them", param_hint="--fault"
            )
    return [f for f in faults if not wanted or f.name in wanted or f.part in wanted]


def _print_faults(faults: list[Fault]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("fault", "part", "seen by", "what it does"):
        table.add_column(name)
    for fault in faults:
        table.add_row(fault.name, fault.part, " ".join(fault.oracles), escape(fault.what))
    console = Console()
    if not console.is_terminal:  # a line for each fault, for whoever reads it by line
        console = Console(width=_WIDE)
    console.print(table)


def _print_score(result: Score) -> None:
    for arch in result.archs:
        _print_arch(arch)


def _print_arch(arch: ArchScore) -> None:
    table = Table(title=arch.arch, box=None, pad_edge=False, title_justify="left")
    table.add_column("part")
    for name in ("faults", "reached", "triggered", "detected"):
        table.add_column(name, justify="right")
    for part in (*arch.parts, arch.total):
        counts = (part.faults, part.reached, part.triggered, part.detected)
        table.add_row(part.name, *map(str, counts))
    console = Console(soft_wrap=True, highlight=False)
    console.print(table)
    median = "-" if arch.median_seconds is None else f"{arch.median_seconds:.1f} s"
    console.print(
        f"median time to detection {median}; a repetition took {arch.seconds / 60:.1f} min "
        f"of processor time"
    )
    console.print(
        f"control arm: {arch.control_findings} differences in {arch.control_pairs:,} pairs"
    )
    for each in arch.faults:
        if each.reason:
            console.print(f"missed {each.fault.name}: {escape(each.reason)}")
