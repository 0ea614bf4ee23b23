"""What the commands print: the numbers of a campaign, two observations side by side."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from pyjit_fuzz.model import Finding, Observation
from pyjit_fuzz.report import (
    Across,
    BucketNumbers,
    Row,
    Sample,
    Summary,
    compare,
    elide,
    observation_lines,
)

_MOST_KEYS = 10


def print_summary(
    summary: Summary, samples: list[Sample], page: Path, *, interrupted: bool
) -> None:
    """Print what a campaign did, for each architecture, and what it found."""
    console = Console(soft_wrap=True, highlight=False)
    if interrupted:
        console.print("interrupted; the same command goes on where it stopped")
    for arch in summary.archs:
        console.print(f"[bold]{arch.arch}[/]")
        for name, value in (
            ("programs run", f"{arch.programs:,}"),
            ("programs/s", f"{arch.rate:.1f}"),
            ("ended without an unplanned exception", f"{arch.valid_share:.1%}"),
            ("executed compiled code", f"{arch.compiled_share:.1%}"),
            ("made a guard fail", f"{arch.guards_share:.1%}"),
            ("divergences", f"{arch.different:,}"),
            *([("could not be run", f"{arch.lost:,}")] if arch.lost else []),
        ):
            console.print(f"  {name + ':':<38} {value}")
    _print_across(console, summary.across)
    reached = summary.feedback
    for profile in reached.profiles:
        console.print(f"[bold]JIT events of {profile.key}[/]")
        console.print(f"  {'happened:':<38} {profile.happened:,}")
        console.print(f"  {'have code, and never happened:':<38} {profile.idle:,}")
    if reached.kept:
        console.print(
            f"kept {reached.kept:,} programs that reached something new; bred {reached.bred:,} "
            f"from them, {reached.useful:,} of which did so again"
        )
    for name, number in summary.in_company.items():
        console.print(
            f"not a finding, seen behind other programs only: {escape(name)}, {number:,} times"
        )
    for bucket in summary.buckets:
        seen = ", ".join(f"{arch} {number:,} times" for arch, number in bucket.seen.items())
        console.print(
            f"[bold red]{bucket.severity}[/] {escape(bucket.name)}: {bucket.samples} samples, "
            f"{bucket.lines} lines; seen: {seen}{_regression(bucket)}"
        )
    for sample in samples:
        console.print(f"  {escape(str(sample.folder))}")
    console.print(f"report: {escape(str(page))}")


def _print_across(console: Console, across: Across) -> None:
    if not across.programs:
        return
    console.print(
        f"interpreters of several architectures: {across.programs:,} comparisons, "
        f"{len(across.different):,} programs answered differently"
    )
    for key in across.different[:_MOST_KEYS]:
        console.print(f"  {escape(key)}")


def _regression(bucket: BucketNumbers) -> str:
    return f"; a regression of {escape(bucket.regression)}" if bucket.regression else ""


def print_finding(finding: Finding, observations: tuple[Observation, Observation]) -> None:
    """Print a finding's program and two observations side by side."""
    console = Console(highlight=False)
    console.print(f"[bold]{escape(finding.bucket or finding.id)}[/], {finding.state.value}")
    console.print(escape(finding.verdict.explanation or finding.verdict.signature), soft_wrap=True)
    console.print(Syntax(finding.program.source, "python", theme="ansi_dark", line_numbers=True))
    table = Table(expand=True, show_lines=False)
    table.add_column(f"{finding.reference.key} (reference)", ratio=1, overflow="fold")
    table.add_column(finding.tested.key, ratio=1, overflow="fold")
    sides = [observation_lines(each, finding.verdict.oracle) for each in observations]
    for row in elide(compare(*sides)):
        table.add_row(*_cells(row))
    console.print(table)


def _cells(row: Row) -> tuple[Text, Text]:
    if row.elided:
        note = Text(f"… {row.elided} equal lines", style="dim")
        return note, note
    alone = row.different and not (row.left and row.right)
    left, right = (
        Text.assemble(*((text, style if marked or alone else "") for text, marked in side))
        for side, style in ((row.left, "bold red"), (row.right, "bold blue"))
    )
    return left, right
