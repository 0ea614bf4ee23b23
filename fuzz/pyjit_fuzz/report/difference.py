"""Both observations of a finding as the lines of one diff, for formats that are plain text."""

from __future__ import annotations

from pyjit_fuzz.model import Finding
from pyjit_fuzz.report.compare import Spans, compare, elide
from pyjit_fuzz.report.text import observation_lines


def diff_lines(finding: Finding) -> list[str]:
    """Return the diff: ``-`` is the reference, ``+`` the tested profile, two blanks both."""
    oracle = finding.verdict.oracle
    sides = [observation_lines(each, oracle) for each in finding.observations]
    lines: list[str] = []
    for row in elide(compare(*sides)):
        if row.elided:
            lines.append(f"  … {row.elided} equal lines")
        elif row.different:
            lines += [
                f"{sign} {_text(side)}"
                for sign, side in (("-", row.left), ("+", row.right))
                if side
            ]
        else:
            lines.append(f"  {_text(row.left)}")
    return lines


def _text(spans: Spans) -> str:
    return "".join(text for text, _ in spans)
