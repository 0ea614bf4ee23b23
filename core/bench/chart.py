"""A chart of ratios as SVG text: horizontal bars on a logarithmic scale, from the line of 1x.

Contract: a pure function from rows to text. No fonts, scripts or files from elsewhere; the colours
follow the reader's light or dark scheme, and the words are said by every bar's own text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from summary import Row, geometric_mean

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 860, 230, 70, 62, 34
BAR, STEP = 11, 17
GRID = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0)
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.title { font-size: 15px; font-weight: 600; }
.note, .scale { fill: #57606a; }
.scale { font-size: 11px; text-anchor: middle; }
.name { text-anchor: end; }
.back { fill: #ffffff; }
.grid { stroke: #d8dee4; }
.one { stroke: #24292f; stroke-width: 1.5; }
.mean { stroke: #8250df; stroke-width: 1.5; stroke-dasharray: 4 3; }
.faster { fill: #1a7f37; }
.slower { fill: #cf222e; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .note, .scale { fill: #9198a1; }
  .back { fill: #0d1117; }
  .grid { stroke: #30363d; }
  .one { stroke: #e6edf3; }
  .mean { stroke: #ab7df8; }
  .faster { fill: #3fb950; }
  .slower { fill: #f85149; }
}
"""


def svg(rows: Sequence[Row], title: str, note: str) -> str:
    """Return the chart of the benchmarks that were measured, the fastest first."""
    shown = sorted((row for row in rows if row.failure is None), key=lambda row: -row.ratio)
    ratios = [row.ratio for row in shown]
    low = min([0.9, *ratios]) / 1.05
    high = max([1.2, *ratios]) * 1.1
    bottom = TOP + STEP * len(shown)

    def x(ratio: float) -> float:
        share = math.log(ratio / low) / math.log(high / low)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    mean = geometric_mean(ratios)
    size = f'width="{WIDTH}" height="{bottom + BOTTOM}"'
    view = f'viewBox="0 0 {WIDTH} {bottom + BOTTOM}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} role="img">',
        f"<title>{escape(title)}; geometric mean {mean:.2f}</title>",
        f"<style>{STYLE}</style>",
        '<rect class="back" width="100%" height="100%" rx="6"/>',
        f'<text class="title" x="16" y="24">{escape(title)}</text>',
        f'<text class="note" x="16" y="43">{escape(note)}</text>',
    ]
    for value in GRID:
        if low < value < high:
            kind = "one" if value == 1.0 else "grid"
            parts.append(_line(kind, x(value), TOP - 4, bottom))
            parts.append(f'<text class="scale" x="{x(value)}" y="{bottom + 15}">{value:g}x</text>')
    for number, row in enumerate(shown):
        parts += _bar(row, TOP + number * STEP, x(1.0), x(row.ratio))
    if len(shown) > 1:
        parts.append(_line("mean", x(mean), TOP - 4, bottom))
        words = f"geometric mean of {len(shown)}: {mean:.2f}x (dashed)"
        parts.append(f'<text class="note" x="16" y="{bottom + 28}">{words}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _line(kind: str, x: float, top: float, bottom: float) -> str:
    return f'<line class="{kind}" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}"/>'


def _bar(row: Row, y: float, one: float, end: float) -> list[str]:
    """Return the name, the bar from 1x to the ratio, and the ratio in figures."""
    kind = "faster" if row.ratio >= 1.0 else "slower"
    left, width = min(one, end), max(abs(end - one), 0.5)
    middle = y + BAR - 1
    return [
        f'<text class="name" x="{LEFT - 10}" y="{middle}">{escape(row.benchmark.name)}</text>',
        f'<rect class="{kind}" x="{left}" y="{y}" width="{width:.1f}" height="{BAR}"/>',
        f'<text x="{max(one, end) + 5:.1f}" y="{middle}">{row.ratio:.2f}</text>',
    ]
