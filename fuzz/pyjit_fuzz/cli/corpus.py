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
    kept_programs,
    read_corpus_file,
    read_finding,
    store_program,
)
from pyjit_fuzz.cli.boundary import command
from pyjit_fuzz.cli.options import BROKEN, Json
from pyjit_fuzz.feedback import distil as distil_programs

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
def distil(
    campaigns: Annotated[list[Path], typer.Argument(help="Folders of campaigns.")],
    *,
    to: Annotated[Path, typer.Option(help="Folder for the programs; made if need be.")],
) -> int:
    """Write the programs that campaigns have kept, as few as reach everything that all do.

    Each is a corpus file, to begin other campaigns with. Those that are there already stay.
    """
    kept = {each.program.id: each for folder in campaigns for each in kept_programs(folder)}
    names = distil_programs(
        {name: each.features for name, each in kept.items()},
        {name: len(each.program.source) for name, each in kept.items()},
    )
    written = sum(store_program(to, kept[name].program) for name in names)
    typer.echo(f"{written} of {len(kept)} kept programs written to {to}")
    return 0


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
