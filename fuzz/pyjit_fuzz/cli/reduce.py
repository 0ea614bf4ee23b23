"""``pyjit-fuzz reduce``: make a finding's program smaller."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer
from rich.console import Console

from pyjit_fuzz.campaign import Lanes, read_finding
from pyjit_fuzz.campaign.minimise import minimise
from pyjit_fuzz.campaign.setup import make_ready_again
from pyjit_fuzz.campaign.store import rewrite_finding
from pyjit_fuzz.cli.options import FOUND, FindingFolder, Json, TimeLimit, limits
from pyjit_fuzz.model import FindingState
from pyjit_fuzz.reduce import Budget, Progress, line_count


def reduce(
    folder: FindingFolder,
    *,
    seconds: Annotated[
        float, typer.Option(min=0, help="Seconds that it may take.")
    ] = Budget().seconds,
    trials: Annotated[int, typer.Option(min=0, help="Programs that it may try.")] = Budget().trials,
    time_limit: TimeLimit = None,
    json: Json = False,
) -> int:
    """Reduce the program of a finding as long as the same difference shows.

    The folder is rewritten in one step. Exits with 1 if the difference shows
    (with whatever program), with 0 if it does not show any more.
    """
    finding = read_finding(folder)
    finding = msgspec.structs.replace(
        finding,
        reference=make_ready_again(finding.reference),
        tested=make_ready_again(finding.tested),
    )
    arch = finding.tested.arch
    console = Console(stderr=True)
    lanes = Lanes((finding.reference, finding.tested), limits(time_limit))
    try:
        if not lanes[arch].shows(finding.program, finding.verdict):
            typer.echo("does not reproduce: there is nothing to reduce", err=True)
            return 0
        before = line_count(finding.program.source)
        with console.status("reducing") as status:

            def show(at: Progress) -> None:
                status.update(f"reducing: {at.lines} lines after {at.trials} trials")

            small = minimise(
                finding,
                lanes,
                budget=Budget(seconds=seconds, trials=trials),
                reruns=finding.reruns or 3,
                on_progress=show,
            )
    finally:
        lanes.close()
    rewrite_finding(folder, msgspec.structs.replace(small, state=FindingState.REDUCED))
    after = line_count(small.program.source)
    if json:
        answer = {"before": before, "after": after, "source": small.program.source}
        typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
    else:
        typer.echo(small.program.source)
        typer.echo(f"# {before} lines before, {after} after")
    return FOUND
