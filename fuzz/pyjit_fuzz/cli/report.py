"""``pyjit-fuzz report``: what a campaign found, as a page, for machines, for an issue tracker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pyjit_fuzz.campaign import StoreError, read_campaign
from pyjit_fuzz.cli.options import CampaignFolder, Json
from pyjit_fuzz.report import FORMATS, ISSUES, PAGE, Sample, Summary, json_text


def report(
    folder: CampaignFolder,
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for the report. Default: FOLDER/report."),
    ] = None,
    format_: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            help=f"What to write: {', '.join(FORMATS)} (for an issue tracker, one file a bucket); "
            "may be repeated. Default: all of them.",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Write the report of a campaign, from its folder alone; it may still be running.

    Exits with 0 when the report was written, whatever it says.
    """
    for name in format_ or ():
        if name not in FORMATS:
            raise typer.BadParameter(
                f"unknown format {name!r}; known are {', '.join(FORMATS)}", param_hint="--format"
            )
    summary, samples = read_campaign(folder)
    place = output or folder / "report"
    write_report(summary, samples, place, format_ or [*FORMATS])
    page = place / PAGE if not format_ or "html" in format_ else place
    typer.echo(json_text(summary, samples) if json else str(page))
    return 0


def write_report(
    summary: Summary, samples: list[Sample], folder: Path, formats: Sequence[str] = (*FORMATS,)
) -> Path:
    """Write a report and return the place of its page. Raises ``StoreError``.

    Texts for the issue tracker that an earlier report left there are replaced: a
    bucket may have got another name since.
    """
    texts = {
        name: text for chosen in formats for name, text in FORMATS[chosen](summary, samples).items()
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if "markdown" in formats:
            for stale in folder.glob(f"{ISSUES}/*.md"):
                stale.unlink()
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise StoreError(f"cannot write the report to {folder}: {error.strerror}") from error
    return folder / PAGE
