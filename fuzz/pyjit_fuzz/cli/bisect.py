"""``pyjit-fuzz bisect``: find the commit of the core with which a finding began to show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from pyjit_fuzz.bisect import Answer, Bisection, Judge, Policy, Repository, Step
from pyjit_fuzz.bisect import bisect as search
from pyjit_fuzz.campaign import read_finding
from pyjit_fuzz.cli.options import FOUND, FindingFolder, Json, TimeLimit, limits
from pyjit_qemu.paths import cache_folder, locked


def bisect(
    folder: FindingFolder,
    *,
    good: Annotated[str, typer.Option(metavar="REV", help="Commit with which it does not show.")],
    bad: Annotated[str, typer.Option(metavar="REV", help="Commit with which it shows.")] = "HEAD",
    repository: Annotated[
        Path, typer.Option(help="A git checkout of pyjit.", metavar="FOLDER")
    ] = Path(),
    repeats: Annotated[
        int, typer.Option(min=1, help="Runs of each commit; more for what shows now and then.")
    ] = 3,
    policy: Annotated[
        Policy, typer.Option(help="How many of the runs have to show it for a commit to be bad.")
    ] = Policy.ANY,
    time_limit: TimeLimit = None,
    json: Json = False,
) -> int:
    """Build the core of one commit after another, replay the finding with it, name the first bad.

    The checkout is left alone: commits are checked out in a scratch folder, and builds are
    kept, so an interrupted search is quick to have again. Commits that do not build are passed
    over. Exits with 1 if the first bad commit was found, with 0 if commits that cannot be tested
    hide it, which are printed then, and with 2 if there is nothing to search between the two.
    """
    finding = read_finding(folder)
    checkout = Repository(repository)
    scratch = cache_folder() / "bisect"
    judge = Judge(
        finding,
        limits=limits(time_limit),
        repeats=repeats,
        policy=policy,
        builds=scratch / "builds",
    )
    with locked(scratch / "lock"):
        found = search(checkout, scratch / "tree", judge, good=good, bad=bad, on_step=_print_step)
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(_data(found)), indent=2).decode())
    else:
        _print(found)
    return FOUND if found.first_bad else 0


def _print_step(step: Step) -> None:
    trial = step.trial
    detail = f"showed in {trial.shown} of {trial.runs} runs"
    if trial.answer is Answer.SKIP:
        detail = trial.reason.partition("\n")[0]
    commit = step.commit
    typer.echo(f"{commit.short} {trial.answer.value}: {detail} ({commit.subject})", err=True)


def _print(found: Bisection) -> None:
    if found.first_bad:
        commit = found.first_bad
        typer.echo(f"first bad commit: {commit.hash}")
        typer.echo(f"{commit.date} {commit.subject}")
        return
    typer.echo("the first bad commit is one of these, which cannot be told apart:")
    for commit in found.candidates:
        typer.echo(f"{commit.hash} {commit.date} {commit.subject}")


def _data(found: Bisection) -> dict[str, Any]:
    first = found.first_bad
    return {
        "first_bad": None if first is None else msgspec.to_builtins(first),
        **msgspec.to_builtins(found),
    }
