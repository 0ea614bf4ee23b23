"""The report: one self-contained HTML page, and JSON beside it."""

from __future__ import annotations

from pathlib import Path

import jinja2
import msgspec

from pyjit_testbed.summary import Summary

PAGE, DATA = "report.html", "report.json"


def write(summary: Summary, folder: Path) -> Path:
    """Write both files into ``folder``; return the page."""
    (folder / DATA).write_bytes(as_json(summary))
    page = folder / PAGE
    page.write_text(html(summary), "utf-8")
    return page


def as_json(summary: Summary) -> bytes:
    """Return the summary as JSON for people and machines."""
    return msgspec.json.format(msgspec.json.encode(summary), indent=1) + b"\n"


def html(summary: Summary) -> str:
    """Return the page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pyjit_testbed"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    return environment.get_template("report.html").render(summary=summary)
