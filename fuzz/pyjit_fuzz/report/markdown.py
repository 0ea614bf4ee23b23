"""Markdown for an issue tracker: one text a bucket, complete without the campaign's folder.

The first line is the title, ``# <bucket>``; a tracker that has an open issue of
that title has this one. Programs and observations are foreign text: they are
put into code blocks whose fences they cannot close, so nothing of them is
read as markup, as a link, or as somebody's name.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from pyjit_fuzz.model import Finding
from pyjit_fuzz.report.data import BucketNumbers, Sample, Summary, replay_command
from pyjit_fuzz.report.difference import diff_lines

_MOST_LINES = 400
"""Lines of one block; trackers refuse texts of more than some 64,000 characters."""
_LONGEST_BLOCK = 16_000
_TICKS = re.compile("`+")


def issue_texts(summary: Summary, samples: Sequence[Sample]) -> dict[str, str]:
    """Return the texts by name of the bucket. ``samples`` of a bucket are neighbours."""
    numbers = {bucket.name: bucket for bucket in summary.buckets}
    return {
        name: _issue(summary, numbers[name], [*group])
        for name, group in itertools.groupby(samples, key=lambda each: each.finding.bucket)
    }


def _issue(summary: Summary, numbers: BucketNumbers, samples: list[Sample]) -> str:
    sample = samples[0]
    finding = sample.finding
    parts = [
        f"# {numbers.name}",
        _block(finding.verdict.explanation or finding.verdict.signature),
        _table(_facts(summary, numbers, finding)),
        "## Program, reduced" if finding.original else "## Program",
        _block(finding.program.source, "python"),
        "## What it showed",
        f"`-`: {_code(finding.reference.key)}, the reference; `+`: {_code(finding.tested.key)}.",
        _block("\n".join(diff_lines(finding)), "diff"),
        "## Show it again",
        _block(replay_command(sample), "sh"),
        "The same folder has `repro.py`, which needs no toolkit.",
    ]
    if finding.blame is not None and finding.blame.listing:
        functions = ", ".join(map(_code, finding.blame.functions))
        parts += [
            f"## Machine code of {functions}" if functions else "## Machine code",
            _block(finding.blame.listing),
        ]
    if len(samples) > 1:
        parts += ["## More samples", *(_block(replay_command(each), "sh") for each in samples[1:])]
    return "\n\n".join(parts) + "\n"


def _facts(summary: Summary, numbers: BucketNumbers, finding: Finding) -> Iterator[tuple[str, str]]:
    seen = ", ".join(f"{arch} {count} times" for arch, count in numbers.seen.items())
    yield "severity", numbers.severity
    if numbers.regression:
        yield "regression", f"the issue {_code(numbers.regression)} was fixed"
    yield "mechanism", _code(numbers.mechanism)
    yield "seen", seen or f"{numbers.samples} times"
    yield "first seen", numbers.first_seen
    yield "last seen", numbers.last_seen
    yield "began with", _code(str(finding.since)) if finding.since else ""
    yield "state", finding.state.value + _reruns(finding)
    yield "reference", _code(finding.reference.key)
    yield "tested", _code(finding.tested.key)
    yield "options", _listed(f"{k}={v}" for k, v in sorted(finding.tested.environment.items()))
    yield "build of the JIT", _code(finding.tested.build_id)
    yield "toolkit", f"pyjit-fuzz {summary.toolkit}, generator {_code(summary.generator)}"
    yield "seed", str(summary.seed)
    if finding.hint:
        yield "gone without", _code(finding.hint)
    if finding.blame is not None:
        yield "needs functions", _listed(finding.blame.functions)
        yield "begins with", _code(str(finding.blame.step)) if finding.blame.step else ""
        yield "where happened", _listed(finding.blame.outcomes)
        yield "went by", str(finding.blame.premises)
        yield "and behind it", _listed(finding.blame.changes)
        yield "needs fast paths of", _listed(finding.blame.opcodes)
        yield "of the operators", _listed(finding.blame.operators)
        yield "wrong as well", _listed(finding.blame.alike)
        yield "needs parts", _listed(finding.blame.parts)
        yield "needs options", _listed(finding.blame.settings)
        yield "blame", "cut short by the budget" if finding.blame.cut_short else ""


def _reruns(finding: Finding) -> str:
    if not finding.reruns:
        return ""
    return f", showed in {finding.reproduced} of {finding.reruns} fresh runs"


def _table(rows: Iterator[tuple[str, str]]) -> str:
    lines = [f"| {name} | {text} |" for name, text in rows if text]
    return "\n".join(["| | |", "|---|---|", *lines])


def _listed(names: Sequence[str] | Iterator[str]) -> str:
    return ", ".join(map(_code, names))


def _code(text: str) -> str:
    """Return a code span that may stand in a table; nothing for no text."""
    if not text:
        return ""
    return f"`{text}`".replace("|", "\\|") if "`" not in text else text.replace("`", "'")


def _block(text: str, language: str = "") -> str:
    """Return a code block, cut off where it is too long for a tracker."""
    lines = text.strip("\n")[:_LONGEST_BLOCK].splitlines()
    kept = lines[:_MOST_LINES]
    if len("\n".join(kept)) < len(text.strip("\n")):
        kept.append("… cut off here; finding.json has all of it")
    longest = max((len(ticks) for line in kept for ticks in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{language}", *kept, fence])
