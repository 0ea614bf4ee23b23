"""``pyjit-fuzz blame``: say which parts of the JIT a finding needs."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from pyjit_fuzz.campaign import read_finding
from pyjit_fuzz.campaign.blame import DEFAULT_BUDGET
from pyjit_fuzz.campaign.blame import blame as find_blame
from pyjit_fuzz.campaign.setup import make_ready_again
from pyjit_fuzz.campaign.store import rewrite_finding
from pyjit_fuzz.cli.options import FOUND, FindingFolder, Json, TimeLimit, limits
from pyjit_fuzz.model import Blame
from pyjit_fuzz.reduce import Budget


def blame(
    folder: FindingFolder,
    *,
    seconds: Annotated[
        float, typer.Option(min=0, help="Seconds that it may take.")
    ] = DEFAULT_BUDGET.seconds,
    trials: Annotated[
        int, typer.Option(min=0, help="Variants of the profile that it may try.")
    ] = DEFAULT_BUDGET.trials,
    time_limit: TimeLimit = None,
    json: Json = False,
) -> int:
    """Switch off parts of the JIT as long as the same difference shows; name what is left.

    Those are functions, opcodes with their fast paths, caches and optimisations, and the
    profile's own options. The folder is rewritten in one step. Exits with 1 if the
    difference shows, with 0 if it does not show any more.
    """
    finding = read_finding(folder)
    finding = msgspec.structs.replace(
        finding,
        reference=make_ready_again(finding.reference),
        tested=make_ready_again(finding.tested),
        blame=None,
    )
    blamed = find_blame(finding, limits(time_limit), Budget(seconds=seconds, trials=trials))
    found = blamed.blame
    if found is None:
        typer.echo("there is nothing to blame: it does not reproduce, or its JIT has no switches")
        return 0
    rewrite_finding(folder, blamed)
    if json:
        answer = {**msgspec.to_builtins(found), "hint": blamed.hint, "bucket": blamed.bucket}
        typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
    else:
        _print(found, blamed.hint)
    return FOUND


def _print(found: Blame, hint: str) -> None:
    for name, values in (
        ("compiled functions", found.functions),
        ("fast paths of", found.opcodes),
        ("operators", found.operators),
        ("parts", found.parts),
        ("options", found.settings),
    ):
        typer.echo(f"needs {name}: {', '.join(values) or 'none'}")
    if found.step is not None:
        happened = f", where happened: {', '.join(found.outcomes)}" if found.outcomes else ""
        typer.echo(f"begins with: {found.step}{happened}")
        if said := str(found.premises):
            typer.echo(f"  went by: {said}")
        for change in found.changes:
            typer.echo(f"  and behind it: {change}")
    if found.alike:
        typer.echo(f"wrong as well, in its place: {', '.join(found.alike)}")
    typer.echo(f"gone without: {hint or 'no single part'}")
    short = ", where the budget was spent: there may be less to blame" if found.cut_short else ""
    typer.echo(f"tried {found.trials} variants of the profile{short}")
    if found.listing:
        typer.echo(f"\n{found.listing}")
