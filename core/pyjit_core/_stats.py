"""The statistics as a table for people."""

from __future__ import annotations

TYPE_CHECKING = False  # see _config.py
if TYPE_CHECKING:
    from pyjit_core._native import Stats


def table(stats: Stats) -> str:
    """Return the statistics as text: totals first, then the reasons for refusals."""
    rows = [
        (name, f"{value:.4g}" if isinstance(value, float) else str(value))
        for name, value in stats.items()
        if not isinstance(value, dict)
    ]
    width = max(len(name) for name, _ in rows)
    lines = ["pyjit statistics"]
    lines += [f"  {name:<{width}}  {text:>14}" for name, text in rows]
    if stats["refused"]:
        lines.append("left to the interpreter, by reason")
        counts = sorted(stats["refused"].items(), key=lambda item: (-item[1], item[0]))
        lines += [f"  {count:>6}  {reason}" for reason, count in counts]
    return "\n".join(lines)
