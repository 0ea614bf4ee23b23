"""From samples to ratios and tables: pure functions.

Contract: a round is one process of each arm, the jitted one right after the stock one, so that
both meet the same weather. The ratio of a round is stock time / jitted time (2.0: twice as fast as
stock), each the best of its process's samples, because what disturbs a sample only adds to it; a
benchmark's ratio is the median over rounds, shown with the least and the greatest. Times are
seconds; of an emulated machine they are executed instructions, a nanosecond each.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from arms import Failure
from catalogue import Benchmark
from child import Answer


class Round(NamedTuple):
    """One process of each arm."""

    stock: Answer
    jitted: Answer

    @property
    def ratio(self) -> float:
        """Stock time / jitted time, steady state."""
        return steady(self.stock) / steady(self.jitted)


class Row(NamedTuple):
    """A measured benchmark."""

    benchmark: Benchmark
    rounds: list[Round]
    failure: Failure | None = None

    @property
    def ratios(self) -> list[float]:
        """One ratio a round."""
        return [each.ratio for each in self.rounds]

    @property
    def ratio(self) -> float:
        """The benchmark's ratio."""
        return statistics.median(self.ratios)

    @property
    def memory(self) -> float | None:
        """Peak resident memory, jitted / stock; None where it is not known."""
        known = [(each.stock["peak_kib"], each.jitted["peak_kib"]) for each in self.rounds]
        ratios = [jitted / stock for stock, jitted in known if stock and jitted]
        return statistics.median(ratios) if ratios else None

    @property
    def remarks(self) -> list[str]:
        """What a reader must know before believing the ratio."""
        if self.failure is not None:
            return [self.failure.reason]
        remarks = []
        if any(each.stock["result"] != each.jitted["result"] for each in self.rounds):
            remarks.append("RESULTS DIFFER")
        jitted = self.rounds[-1].jitted["jit"]
        if jitted and not jitted.get("entries", 1):
            remarks.append("no compiled code ran")
        return remarks


def steady(answer: Answer) -> float:
    """Return the seconds that a call takes after warm-up."""
    return min(answer["samples"])


def warmup_cost(answer: Answer) -> float:
    """Return the seconds lost before the steady state.

    That is what the first call, and the samples up to the first one that is no more than a tenth
    off, took longer than the same calls take afterwards.
    """
    usual = steady(answer)
    cost = answer["first"] - usual
    for seconds in answer["warmup"]:
        if seconds <= usual * 1.1:
            break
        cost += (seconds - usual) * answer["loops"]
    return max(0.0, cost)


def geometric_mean(ratios: Sequence[float]) -> float:
    """Return the mean of ratios; 1.0 of none."""
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else 1.0


def means(rows: Sequence[Row]) -> list[tuple[str, float, int]]:
    """Return (title, geometric mean, number of benchmarks) by group, by suite, and of all."""
    good = [row for row in rows if row.failure is None]
    found = []
    for title in _titles(row.benchmark.group for row in good if row.benchmark.suite == "micro"):
        ratios = [row.ratio for row in good if row.benchmark.group == title]
        if len(ratios) > 1:
            found.append((title, geometric_mean(ratios), len(ratios)))
    suites = _titles(row.benchmark.suite for row in good)
    for title in suites if len(suites) > 1 else []:
        ratios = [row.ratio for row in good if row.benchmark.suite == title]
        found.append((title, geometric_mean(ratios), len(ratios)))
    found.append(("all", geometric_mean([row.ratio for row in good]), len(good)))
    return found


def _titles(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def costs(rows: Sequence[Row]) -> dict[str, float]:
    """Return what compiling costs, over all benchmarks, and the memory that the JIT takes."""
    jits = [row.rounds[-1].jitted["jit"] for row in rows if row.rounds]
    counted = [jit for jit in jits if jit.get("bytecodes_compiled")]
    found: dict[str, float] = {}
    if counted:
        instructions = sum(jit["bytecodes_compiled"] for jit in counted)
        nanoseconds = sum(jit["compile_nanoseconds"] for jit in counted)
        found["bytecodes_compiled"] = instructions
        found["compile_ns_per_bytecode"] = nanoseconds / instructions
        found["code_bytes_per_bytecode"] = sum(jit["code_bytes"] for jit in counted) / instructions
    ratios = [row.memory for row in rows if row.memory is not None]
    if ratios:
        found["peak_memory_ratio"] = geometric_mean(ratios)
        found["peak_memory_ratio_greatest"] = max(ratios)
    return found


def costs_text(rows: Sequence[Row], *, emulated: bool) -> list[str]:
    """Write the costs for people."""
    found = costs(rows)
    lines = []
    if "compile_ns_per_bytecode" in found:
        time = f"{found['compile_ns_per_bytecode']:.0f} ns and " if not emulated else ""
        lines.append(
            f"compiling: {time}{found['code_bytes_per_bytecode']:.0f} bytes of code for a bytecode "
            f"instruction (of {found['bytecodes_compiled']:,.0f})"
        )
    if "peak_memory_ratio" in found:
        lines.append(
            f"peak memory, jitted / stock: {found['peak_memory_ratio']:.2f} (geometric mean), "
            f"{found['peak_memory_ratio_greatest']:.2f} (greatest)"
        )
    return lines


def duration(seconds: float) -> str:
    """Write a time in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.0f} ns"


def instructions(seconds: float) -> str:
    """Write a number of instructions, counted as nanoseconds."""
    for unit, size in (("G", 1.0), ("M", 1e-3), ("k", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.0f}"


HEADER = (
    "benchmark",
    "stock",
    "jitted",
    "ratio",
    "min",
    "max",
    "warm-up stock",
    "jitted",
    "memory",
    "remarks",
)
NUMBERS = slice(1, 9)


def cells(row: Row, *, emulated: bool = False) -> list[str]:
    """Return the cells of a benchmark, in the order of `HEADER`."""
    if not row.rounds:
        return [row.benchmark.name, *["-"] * 8, "; ".join(row.remarks)]
    write = instructions if emulated else duration
    stock = statistics.median(steady(each.stock) for each in row.rounds)
    jitted = statistics.median(steady(each.jitted) for each in row.rounds)
    return [
        row.benchmark.name,
        write(stock),
        write(jitted),
        f"{row.ratio:.2f}",
        f"{min(row.ratios):.2f}",
        f"{max(row.ratios):.2f}",
        write(statistics.median(warmup_cost(each.stock) for each in row.rounds)),
        write(statistics.median(warmup_cost(each.jitted) for each in row.rounds)),
        "-" if row.memory is None else f"{row.memory:.2f}",
        "; ".join(row.remarks),
    ]


def text_table(rows: Sequence[Row], *, emulated: bool = False) -> str:
    """Return the table for a terminal."""
    lines = [list(HEADER), *(cells(row, emulated=emulated) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    out = []
    for line in lines:
        aligned = [line[0].ljust(widths[0])]
        pairs = zip(line[NUMBERS], widths[NUMBERS], strict=True)
        aligned += [cell.rjust(width) for cell, width in pairs]
        out.append("  ".join([*aligned, line[-1]]).rstrip())
    out.insert(1, "-" * len(out[0]))
    out.append("")
    for title, mean, count in means(rows):
        share = f" (jitted / stock: {1 / mean:.2f})" if emulated else ""
        out.append(f"geometric mean, {title} ({count}): {mean:.2f}{share}")
    return "\n".join([*out, *costs_text(rows, emulated=emulated)])


def markdown_table(rows: Sequence[Row], *, emulated: bool = False) -> str:
    """Return the table for a README."""
    out = ["| Benchmark | stock | jitted | times as fast (min to max) |", "|---|--:|--:|--:|"]
    if emulated:
        out = ["| Benchmark | stock | jitted | stock / jitted (min to max) |", out[1]]
    for row in rows:
        name, stock, jitted, ratio, low, high, *_, remarks = cells(row, emulated=emulated)
        note = f" ({remarks})" if remarks else ""
        out.append(f"| {name}{note} | {stock} | {jitted} | **{ratio}** ({low} to {high}) |")
    out += [f"| *geometric mean, {title}* | | | **{mean:.2f}** |" for title, mean, _ in means(rows)]
    return "\n".join([*out, "", *(f"{line}  " for line in costs_text(rows, emulated=emulated))])
