"""The bench's HTML page: self-contained, no scripts, readable on a phone, light or dark."""

from __future__ import annotations

import functools

import jinja2

from pyjit_fuzz.efficacy.score import WANTED, Score


def html_page(score: Score) -> str:
    """Return the page."""
    return _environment().get_template("efficacy.html").render(score=score, wanted=WANTED)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pyjit_fuzz.efficacy"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["share"] = _share
    environment.filters["seconds"] = _seconds
    return environment


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _seconds(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f} s" if value < 100 else f"{value / 60:.1f} min"
