"""``pyjit-fuzz bisect``: find the commit of the core with which findings began to show."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from pyjit_fuzz.bisect import CORE, Answer, BisectError, Bisection, Judge, Policy, Repository, Step
from pyjit_fuzz.bisect import bisect as search
from pyjit_fuzz.campaign import STATE_FILE, Store, read_finding
from pyjit_fuzz.campaign.store import rewrite_finding
from pyjit_fuzz.cli.options import FOUND, Json, TimeLimit, limits
from pyjit_fuzz.model import Finding, FindingState, Since
from pyjit_qemu.paths import cache_folder, locked


def bisect(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder of a finding, or of a campaign.", metavar="FOLDER"),
    ],
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

    The commit is kept with the finding, and reports have it. Of a campaign, the first finding of
    each bucket that showed again is taken. The checkout is left alone: commits are checked out
    in a scratch folder, and builds are kept, so an interrupted search is quick to have again.
    Commits that do not build are passed over. Exits with 1 if the first bad commit was found (of
    one finding of the campaign at least), with 0 if commits that cannot be tested hide it, which
    are printed then, and with 2 if there is nothing to search between the two.
    """
    checkout = Repository(repository)
    checkout.check_order(checkout.commit(good), checkout.commit(bad), CORE)
    scratch = cache_folder() / "bisect"
    campaign = _is_campaign(folder)
    folders = [*_first_of_buckets(folder)] if campaign else [(folder, read_finding(folder))]
    answers: list[dict[str, Any]] = []
    first_bad = False
    with locked(scratch / "lock"):
        for place, finding in folders:
            if campaign:
                typer.echo(f"{finding.bucket}:", err=json)
            judge = Judge(
                finding,
                limits=limits(time_limit),
                repeats=repeats,
                policy=policy,
                builds=scratch / "builds",
            )
            try:
                found = search(
                    checkout, scratch / "tree", judge, good=good, bad=bad, on_step=_print_step
                )
            except BisectError as error:
                if not campaign:
                    raise
                typer.echo(f"not searched: {error}", err=True)
                continue
            _keep(place, finding, found)
            first_bad = first_bad or found.first_bad is not None
            answers.append({**({"bucket": finding.bucket} if campaign else {}), **_data(found)})
            if not json:
                _print(found)
    if campaign and not folders:
        typer.echo("nothing to search: the campaign has no finding that showed again", err=True)
    if json:
        answer = answers if campaign else answers[0]
        typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
    return FOUND if first_bad else 0


def _is_campaign(folder: Path) -> bool:
    known = Store(folder).root.is_dir() or (folder / STATE_FILE).exists()
    return known and not (folder / "finding.json").exists()


def _first_of_buckets(campaign: Path) -> Iterator[tuple[Path, Finding]]:
    """Yield a finding of each bucket: one that shows every time, where there is one."""
    steady = (FindingState.REDUCED, FindingState.CONFIRMED)
    stored = sorted(Store(campaign).findings(), key=lambda each: each[1].bucket)
    for _, group in itertools.groupby(stored, key=lambda each: each[1].bucket):
        shown = [each for each in group if each[1].state is not FindingState.NOT_REPRODUCED]
        shown.sort(key=lambda each: each[1].state not in steady)
        yield from shown[:1]


def _keep(folder: Path, finding: Finding, found: Bisection) -> None:
    if commit := found.first_bad:
        since = Since(commit=commit.hash, date=commit.date, subject=commit.subject)
        rewrite_finding(folder, msgspec.structs.replace(finding, since=since))


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
