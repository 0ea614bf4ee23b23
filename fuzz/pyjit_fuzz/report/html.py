"""The HTML page: self-contained, no scripts, readable on a phone, light or dark."""

from __future__ import annotations

import functools
import itertools

import jinja2
import msgspec
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from pyjit_fuzz.model import Program
from pyjit_fuzz.report.compare import Row, compare, elide
from pyjit_fuzz.report.data import BucketNumbers, Sample, Summary, replay_command
from pyjit_fuzz.report.text import observation_lines
from pyjit_fuzz.report.timeline import timeline
from pyjit_fuzz.triage import severity

_LIGHT, _DARK = "default", "github-dark"
_MOST_ROWS = 120


class _SampleView(msgspec.Struct, frozen=True):
    """One finding as the template shows it."""

    sample: Sample
    severity: str
    rows: list[Row]
    omitted: int
    source: Markup
    original: Markup | None
    replay: str


class _BucketView(msgspec.Struct, frozen=True):
    numbers: BucketNumbers
    samples: list[_SampleView]


def html_page(summary: Summary, samples: list[Sample]) -> str:
    """Return the page. ``samples`` are sorted so that those of a bucket are neighbours."""
    numbers = {bucket.name: bucket for bucket in summary.buckets}
    buckets = [
        _BucketView(numbers[name], [_view(sample) for sample in group])
        for name, group in itertools.groupby(samples, key=lambda each: each.finding.bucket)
    ]
    template = _environment().get_template("report.html")
    return template.render(
        summary=summary,
        buckets=buckets,
        timelines={arch.arch: timeline(summary.history, arch.arch) for arch in summary.archs},
        light=_style(_LIGHT),
        dark=_style(_DARK),
    )


def _view(sample: Sample) -> _SampleView:
    finding = sample.finding
    reference, tested = finding.observations
    oracle = finding.verdict.oracle
    rows = elide(compare(observation_lines(reference, oracle), observation_lines(tested, oracle)))
    original = finding.original if finding.original != finding.program else None
    return _SampleView(
        sample=sample,
        severity=severity(finding).value,
        rows=rows[:_MOST_ROWS],
        omitted=max(0, len(rows) - _MOST_ROWS),
        source=_highlighted(finding.program),
        original=None if original is None else _highlighted(original),
        replay=replay_command(sample),
    )


def _highlighted(program: Program) -> Markup:
    html = highlight(program.source, PythonLexer(stripnl=False), _formatter(_LIGHT))
    return Markup(html)  # noqa: S704 - the highlighter escapes


def _style(name: str) -> Markup:
    css = _formatter(name).get_style_defs(".source")  # type: ignore[no-untyped-call]
    return Markup(css)  # noqa: S704 - not foreign text


@functools.cache
def _formatter(style: str) -> HtmlFormatter[str]:
    return HtmlFormatter(style=style, cssclass="source", linenos="inline", wrapcode=True)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pyjit_fuzz.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    environment.filters["rate"] = lambda rate: f"{rate:.1f}" if rate >= 1 else f"{rate:.2g}"
    environment.filters["time"] = lambda time: time[:16].replace("T", " ")
    environment.filters["share"] = lambda share: f"{share:.1%}"
    return environment
