"""``python -m pyjit_qemu doctor | sysroot | build``: the room's own command line.

Exit codes: 0 done, 2 the set-up is broken (the text says what to do).
"""

from __future__ import annotations

import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu import doctor as doctor_room
from pyjit_qemu.build import VARIANTS, build_core
from pyjit_qemu.paths import ARCHITECTURES
from pyjit_qemu.sysroot import ensure_sysroot

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.command()
def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False,
) -> None:
    """Say what this machine lacks and how to get it."""
    found = doctor_room.checks()
    if json:
        typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        Console().print(_table(found))
    raise typer.Exit(2 if doctor_room.broken(found) else 0)


@app.command()
def sysroot(
    rebuild: Annotated[bool, typer.Option(help="Make it anew even if it is whole.")] = False,
) -> None:
    """Download, check and unpack Debian's arm64 packages; print the folder."""
    typer.echo(ensure_sysroot(rebuild=rebuild))


@app.command()
def build(
    arch: Annotated[
        list[str] | None, typer.Option(help="Architecture; may be repeated. Default: all.")
    ] = None,
    variant: Annotated[str, typer.Option(help=f"Which build: {', '.join(VARIANTS)}.")] = "plain",
) -> None:
    """Build the core; print the folders to put on PYTHONPATH."""
    known = VARIANTS[variant].architectures if variant in VARIANTS else ARCHITECTURES
    for one in arch or known:
        typer.echo(build_core(one, variant=variant))


def main() -> None:
    """Run the command line; a broken set-up is a message and exit code 2, never a traceback."""
    try:
        app()
    except SetupError as error:
        typer.echo(f"pyjit-qemu: {error}", err=True)
        sys.exit(2)


def _table(found: list[doctor_room.Check]) -> Table:
    table = Table(box=None)
    for heading in ("", "what", "needed for", "found, or how to get it"):
        # Paths and commands are there to be copied: whole, on as many lines as it takes.
        table.add_column(heading, overflow="fold")
    for check in found:
        mark = "[green]ok[/]" if check.ok else "[red]MISSING[/]" if check.required else "later"
        text = check.found if check.ok else f"{check.problem}\n→ {check.remedy}"
        table.add_row(mark, check.name, check.needed_for, text)
    return table


if __name__ == "__main__":
    main()
