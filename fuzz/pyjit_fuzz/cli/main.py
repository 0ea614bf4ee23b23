"""Entry point: the commands under one name."""

from __future__ import annotations

from typing import Annotated

import typer

from pyjit_fuzz.cli.bisect import bisect
from pyjit_fuzz.cli.blame import blame
from pyjit_fuzz.cli.boundary import command
from pyjit_fuzz.cli.corpus import corpus
from pyjit_fuzz.cli.doctor import doctor
from pyjit_fuzz.cli.efficacy import efficacy
from pyjit_fuzz.cli.guided import guided
from pyjit_fuzz.cli.reduce import reduce
from pyjit_fuzz.cli.replay import replay
from pyjit_fuzz.cli.report import report
from pyjit_fuzz.cli.run import run
from pyjit_fuzz.cli.triage import triage

app = typer.Typer(
    name="pyjit-fuzz",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Find out where a Python JIT compiler does something else than the interpreter.",
    epilog="Exit codes: 0 nothing found, 1 findings, 2 the set-up is broken, 130 interrupted.",
)
for function in (*(run, guided, replay, reduce, blame, bisect, report, efficacy, triage, doctor),):
    app.command()(command(function))
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
    app(prog_name="pyjit-fuzz")


if __name__ == "__main__":
    main()
