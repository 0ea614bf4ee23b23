"""``pyjit-fuzz report``: HTML, JSON and JUnit XML of a campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pyjit_fuzz.campaign import StoreError, read_campaign
from pyjit_fuzz.cli.options import CampaignFolder, Json
from pyjit_fuzz.report import Sample, Summary, html_page, json_text, junit_text


def report(
    folder: CampaignFolder,
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for the report. Default: FOLDER/report."),
    ] = None,
    json: Json = False,
) -> int:
    """Write the report of a campaign, from its folder alone; it may still be running.

    Exits with 0 when the report was written, whatever it says.
    """
    summary, samples = read_campaign(folder)
    page = write_report(summary, samples, output or folder / "report")
    typer.echo(json_text(summary, samples) if json else str(page))
    return 0


def write_report(summary: Summary, samples: list[Sample], folder: Path) -> Path:
    """Write index.html, report.json and junit.xml; return the page. Raises ``StoreError``."""
    texts = {
        "report.json": json_text(summary, samples),
        "junit.xml": junit_text(summary, samples),
        "index.html": html_page(summary, samples),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise StoreError(f"cannot write the report to {folder}: {error.strerror}") from error
    return folder / "index.html"
