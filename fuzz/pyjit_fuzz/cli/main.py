"""Entry point: the commands, and the one place where errors become messages."""

from __future__ import annotations

import sys
from typing import Annotated

import click
import typer
from rich.console import Console
from rich.markup import escape

from pyjit_fuzz.campaign import CampaignError, CorpusError, StateError, StoreError
from pyjit_fuzz.cli.corpus import corpus
from pyjit_fuzz.cli.doctor import doctor
from pyjit_fuzz.cli.options import BROKEN, INTERRUPTED
from pyjit_fuzz.cli.reduce import reduce
from pyjit_fuzz.cli.replay import replay
from pyjit_fuzz.cli.report import report
from pyjit_fuzz.cli.run import run
from pyjit_fuzz.execute import SetupError
from pyjit_fuzz.triage import KnownIssueError

EXPECTED = (
    SetupError,
    CampaignError,
    CorpusError,
    StateError,
    StoreError,
    KnownIssueError,
)
"""What can be wrong outside the toolkit; the text of each is a whole message."""

app = typer.Typer(
    name="pyjit-fuzz",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Find out where a Python JIT compiler does something else than the interpreter.",
    epilog="Exit codes: 0 nothing found, 1 findings, 2 the set-up is broken, 130 interrupted.",
)
for command in (run, replay, reduce, report, doctor):
    app.command()(command)
app.add_typer(corpus, name="corpus")


@app.callback()
def _version(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    if version:
        from importlib import metadata  # noqa: PLC0415 - needed for this option only

        typer.echo(f"pyjit-fuzz {metadata.version('pyjit-fuzz')}")
        raise typer.Exit


def main() -> None:
    """Run the command line and exit."""
    try:
        code = app(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = BROKEN
    except EXPECTED as error:
        Console(stderr=True, soft_wrap=True).print(f"[bold red]pyjit-fuzz:[/] {escape(str(error))}")
        code = BROKEN
    except (KeyboardInterrupt, click.Abort):
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
