"""What was measured, with what a reader must know of it: to JSON and back, as a table, as a chart.

Contract: no measuring. A file that `--json` wrote gives the same table and the same chart as the
run that wrote it; raises `SetupError` for any other file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from arms import Failure
from catalogue import Benchmark, SetupError
from chart import svg
from summary import Round, Row, costs, geometric_mean, markdown_table, means, text_table


class Results(NamedTuple):
    """A run of the tool."""

    rows: Sequence[Row]
    context: dict[str, Any]

    @property
    def emulated(self) -> bool:
        """Whether instructions were counted, and no time taken."""
        return bool(self.context["emulated"])

    def table(self, *, markdown: bool) -> str:
        """Return the table with means and costs."""
        return (markdown_table if markdown else text_table)(self.rows, emulated=self.emulated)

    def chart(self) -> str:
        """Return the chart with words that say what it shows."""
        ours = self.context["jit"] in {"", "pyjit_core"}
        name = "the JIT" if ours else self.context["jit"]
        version = ".".join(self.context["python"].split(".")[:2])
        title = f"Times as fast with {name} as stock CPython {version} (more is better)"
        note = f"{self.context['machine']}, {self.context['date']}; logarithmic scale"
        if self.emulated:
            title = "Executed instructions, interpreted / jitted (more is better)"
            note += "; under qemu-user; warm-up not included"
        elif any(row.benchmark.suite != "short" for row in self.rows):
            note += "; warm-up not included"
        return svg(self.rows, title, note)

    def to_json(self) -> str:
        """Return everything that was measured; times are seconds a call."""
        data = {
            "context": self.context,
            "benchmarks": [_row_data(row) for row in self.rows],
            "geometric_means": {title: mean for title, mean, _ in means(self.rows)},
            "costs": costs(self.rows),
        }
        return json.dumps(data, indent=1) + "\n"


def side_by_side(runs: Sequence[Results]) -> str:
    """Return a Markdown table of the ratios of several runs, with the means of what all have.

    Each column is one JIT against its own interpreter, so that the interpreters' ages do not count.
    """
    names = list(dict.fromkeys(row.benchmark.name for run in runs for row in run.rows))
    ratios = [
        {row.benchmark.name: row.ratio for row in run.rows if row.failure is None} for run in runs
    ]
    titles = (f"{run.context['jit']}, {run.context['python']}" for run in runs)
    out = [f"| Benchmark | {' | '.join(titles)} |", "|---|" + "--:|" * len(runs)]
    for name in names:
        cells = (f"{each[name]:.2f}" if name in each else "-" for each in ratios)
        out.append(f"| {name} | {' | '.join(cells)} |")
    common = [name for name in names if all(name in each for each in ratios)]
    measured = (f"**{geometric_mean([each[name] for name in common]):.2f}**" for each in ratios)
    out.append(f"| *geometric mean of these {len(common)}* | {' | '.join(measured)} |")
    return "\n".join(out)


def _row_data(row: Row) -> dict[str, Any]:
    return {
        "suite": row.benchmark.suite,
        "group": row.benchmark.group,
        "name": row.benchmark.name,
        "case": row.benchmark.case,
        "ratio": row.ratio if row.rounds else None,
        "ratios": row.ratios,
        "memory": row.memory,
        "remarks": row.remarks,
        "failure": row.failure._asdict() if row.failure else None,
        "rounds": [each._asdict() for each in row.rounds],
    }


def read_results(file: Path) -> Results:
    """Return what `Results.to_json` wrote into a file."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        rows = [_row(row) for row in data["benchmarks"]]
        return Results(rows, data["context"])
    except OSError as error:
        raise SetupError(f"cannot read {file}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SetupError(f"{file} is not what --json writes ({error!r})") from error


def _row(data: dict[str, Any]) -> Row:
    benchmark = Benchmark(data["suite"], data["group"], data["case"], Path())
    rounds = [Round(each["stock"], each["jitted"]) for each in data["rounds"]]
    failure = Failure(**data["failure"]) if data["failure"] else None
    return Row(benchmark, rounds, failure)
