"""``pyjit-fuzz corpus``: list, check and add corpus files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from pyjit_fuzz.campaign import (
    CorpusError,
    add_to_corpus,
    corpus_paths,
    read_corpus_file,
    read_finding,
)
from pyjit_fuzz.cli.boundary import command
from pyjit_fuzz.cli.options import BROKEN, Json

corpus = typer.Typer(help="List, check and add the programs of a corpus.", no_args_is_help=True)

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Files and folders. Default: corpora.", metavar="[PATH]..."),
]
_DEFAULT = Path("corpora")


@corpus.command("list")
@command
def list_(paths: Paths = None, *, json: Json = False) -> int:
    """List the programs: feature, lines, id, path."""
    files = [read_corpus_file(path) for path in corpus_paths(paths or [_DEFAULT])]
    if json:
        rows = [
            {
                "path": str(file.path),
                "id": file.program.id,
                "feature": file.path.parent.name,
                "lines": len(file.program.source.splitlines()),
                "interpreted_only": file.interpreted_only,
            }
            for file in files
        ]
        typer.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
    else:
        for file in files:
            lines = len(file.program.source.splitlines())
            typer.echo(f"{file.path.parent.name:<20} {lines:>4} {file.program.id} {file.path}")
    return 0


@corpus.command()
@command
def check(paths: Paths = None) -> int:
    """Check that every file is a program, with known directives, and none is there twice.

    Names every bad file; exits with 2 if there is one.
    """
    bad = 0
    first: dict[str, Path] = {}
    for path in corpus_paths(paths or [_DEFAULT]):
        try:
            same = first.setdefault(read_corpus_file(path).program.id, path)
            problem = "" if same == path else f"{path} is the same program as {same}"
        except CorpusError as error:
            problem = str(error)
        if problem:
            bad += 1
            typer.echo(problem, err=True)
    typer.echo(f"{len(first)} programs, {bad} bad files")
    return BROKEN if bad else 0


@corpus.command()
@command
def add(
    finding: Annotated[Path, typer.Argument(help="Folder of a finding.")],
    *,
    note: Annotated[str, typer.Option(help="One line: what was wrong, and where.")],
    to: Annotated[Path, typer.Option(help="Corpus folder.")] = Path("corpora/regress"),
    name: Annotated[str, typer.Option(help="File name. Default: the bucket's.")] = "",
) -> int:
    """Add the reduced program of a finding as a regression test."""
    found = read_finding(finding)
    typer.echo(str(add_to_corpus(to, name or found.bucket, found.program, note=note)))
    return 0
