"""Statistics by opcode, and all of them as tables for people."""

from __future__ import annotations

from pyjit_core import _native

TYPE_CHECKING = False  # see _config.py
if TYPE_CHECKING:
    from typing import TypedDict

    from pyjit_core._native import Stats

    class OpcodeStats(TypedDict):
        """What became of one opcode in one of its forms."""

        opcode: str
        kind: str
        """What it was compiled for: `slot`, `add-ints`; empty where it has one form."""
        outcomes: dict[str, int]
        """Counts by outcome, as in the names of events: `optimised`, `exit`, `miss`."""
        hit_rate: float | None
        """Part (0..1) of the helper's visits that its inline cache answered; None: no visits."""


_SLOW = ("exit", "helper", "miss", "aside")
"""Outcomes that cost: a place with many of them is what to look at."""
_SHOWN = ("generic", "optimised", "exit", "helper", "aside", "hit", "miss")
_MOST_ROWS = 25


def opcode_stats() -> list[OpcodeStats]:
    """Return what was counted since `reset_events()`, by opcode and by what it was compiled for.

    Opcodes are counted while `config.count_events` is on, in code compiled meanwhile. Fast paths
    that did what they are made for are not: they are the same instructions as without counting.
    """
    names = _native.event_names()
    found: dict[tuple[str, str], dict[str, int]] = {}
    for index, count in _native.events().items():
        if count and "." in names[index]:  # the others are counters of the whole JIT
            opcode, *kind, outcome = names[index].split(".")
            found.setdefault((opcode, ".".join(kind)), {})[outcome] = count
    return [
        {
            "opcode": opcode,
            "kind": kind,
            "outcomes": outcomes,
            "hit_rate": _hit_rate(outcomes),
        }
        for (opcode, kind), outcomes in sorted(found.items())
    ]


def _hit_rate(outcomes: dict[str, int]) -> float | None:
    hits = outcomes.get("hit", 0)
    visits = hits + outcomes.get("miss", 0)
    return hits / visits if visits else None


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


def opcode_table(rows: list[OpcodeStats]) -> str:
    """Return statistics by opcode as text, those first whose slow ways were taken most often."""
    if not rows:
        return "by opcode: nothing was compiled while events were counted"
    ranked = sorted(rows, key=lambda row: -sum(row["outcomes"].get(each, 0) for each in _SLOW))
    shown = ranked[:_MOST_ROWS]
    names = [".".join(filter(None, (row["opcode"], row["kind"]))) for row in shown]
    width = max(map(len, ["by opcode", *names]))
    heads = [*_SHOWN, "hit rate"]
    lines = ["  ".join([f"{'by opcode':<{width}}", *(f"{head:>9}" for head in heads)])]
    for name, row in zip(names, shown, strict=True):
        rate = "" if row["hit_rate"] is None else f"{row['hit_rate']:.1%}"
        cells = [*(str(row["outcomes"].get(each, "")) for each in _SHOWN), rate]
        lines.append("  ".join([f"{name:<{width}}", *(f"{cell:>9}" for cell in cells)]))
    if len(ranked) > len(shown):
        lines.append(f"and {len(ranked) - len(shown)} more: pyjit_core.opcode_stats()")
    return "\n".join(lines)
