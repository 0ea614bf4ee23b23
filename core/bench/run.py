"""Measure how much faster the JIT makes programs: stock and jitted alternately, in fresh processes.

    python core/bench                         everything
    python core/bench calls loops attributes  some files of micro-benchmarks
    python core/bench richards nbody          some of pyperformance
    python core/bench --null calls            stock against stock: what the noise is

Ratios are stock time / jitted time: 2.0 is twice as fast. Process start-up, imports and warm-up
are not in them; what warm-up costs is a column of its own. Times are processor time. These are
measurements, not tests: nothing here fails because it was slow.

Exit codes: 0 measured; 1 a benchmark failed or gave another result when jitted; 2 the set-up is
broken.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from pathlib import Path

from arms import Arm, Failure, Plan, make_arms
from catalogue import Benchmark, SetupError, select
from summary import Round, Row, as_json, markdown_table, text_table

FOUND, BROKEN, INTERRUPTED = 1, 2, 130
QUICK = Plan(rounds=1, samples=2, sample_seconds=0.02, warmup_seconds=0.1, timeout=120.0)


def command_line() -> argparse.ArgumentParser:
    """Return the parser of our options."""
    parser = argparse.ArgumentParser(
        prog="python core/bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("benchmarks", nargs="*", metavar="NAME", help="files or cases; * and ? work (default: all)")
    add("--list", action="store_true", help="show the names and end")
    add("--suite", choices=("all", "micro", "pyperformance"), default="all")
    add("--python", default="/usr/bin/python3.11", metavar="PATH", help="(default: %(default)s)")
    add("--core", type=Path, metavar="DIR", help="the folder that holds the package pyjit_core")
    add("--env", action="append", default=[], metavar="NAME=VALUE", help="for the jitted arm only")
    add("--null", action="store_true", help="stock against stock (an A/A comparison)")
    add("--rounds", type=positive, default=5, metavar="N", help="processes an arm (%(default)s)")
    add("--samples", type=positive, default=5, metavar="N", help="samples a process (%(default)s)")
    add("--sample-seconds", type=float, default=0.05, metavar="S", help="(default: %(default)s)")
    add("--warmup-seconds", type=float, default=0.5, metavar="S", help="(default: %(default)s)")
    add("--timeout", type=float, default=120.0, metavar="S", help="a process (%(default)s)")
    add("--quick", action="store_true", help="one short round: does it run, roughly how fast")
    add("--json", type=Path, metavar="FILE", help="write all samples and the JIT's counters")
    add("--markdown", action="store_true", help="print the table as Markdown")
    return parser


def positive(text: str) -> int:
    """Read a number of at least one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


def measure(
    benchmark: Benchmark, arms: tuple[Arm, Arm], plan: Plan, loops: int, scratch: Path
) -> Round | Failure:
    """Run both arms once, one after the other; `loops` 0 lets the stock arm choose."""
    answers = []
    for arm in arms:
        answer = arm.run(benchmark, plan, loops, scratch)
        if isinstance(answer, Failure):
            return answer._replace(reason=f"{arm.name}: {answer.reason}")
        loops = answer["loops"]  # both arms do the same number of calls
        answers.append(answer)
    return Round(*answers)


def measure_all(
    benchmarks: list[Benchmark], arms: tuple[Arm, Arm], plan: Plan, scratch: Path
) -> list[Row]:
    """Measure what was chosen; after an interrupt, return what there is."""
    rows: list[Row] = []
    for number, benchmark in enumerate(benchmarks, 1):
        row = Row(benchmark, [])
        try:
            for _ in range(plan.rounds):
                loops = row.rounds[0].stock["loops"] if row.rounds else 0
                done = measure(benchmark, arms, plan, loops, scratch)
                if isinstance(done, Failure):
                    row = row._replace(failure=done)
                    break
                row.rounds.append(done)
        except KeyboardInterrupt:
            say("\ninterrupted; this is what was measured")
            return rows
        rows.append(row)
        shown = f"{row.ratio:.2f}" if row.failure is None else row.failure.reason
        say(f"[{number}/{len(benchmarks)}] {benchmark.name}: {shown}")
        if row.failure is not None and row.failure.details:
            say(row.failure.details)
    return rows


def say(text: str) -> None:
    """Tell what goes on; the results alone go to standard output."""
    print(text, file=sys.stderr, flush=True)


def context(options: argparse.Namespace, plan: Plan, arms: tuple[Arm, Arm]) -> dict[str, object]:
    """Return what a reader of the figures must know."""
    return {
        "machine": platform.machine(),
        "system": platform.platform(),
        "interpreter": options.python,
        "arms": [arm.name for arm in arms],
        "environment": options.env,
        "plan": plan._asdict(),
    }


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks; raises `SetupError`."""
    benchmarks = select(options.suite, options.benchmarks)
    if options.list:
        print("\n".join(f"{each.suite:<14} {each.name}" for each in benchmarks))
        return 0
    plan = QUICK if options.quick else Plan(*(getattr(options, name) for name in Plan._fields))
    if options.json is not None and not options.json.absolute().parent.is_dir():
        raise SetupError(f"cannot write {options.json}: there is no such folder")
    with tempfile.TemporaryDirectory(prefix="pyjit-bench-") as folder:
        scratch = Path(folder)
        arms = make_arms(options.python, options.core, options.env, scratch, null=options.null)
        rows = measure_all(benchmarks, arms, plan, scratch)
    if options.json is not None:
        try:
            text = json.dumps(as_json(rows, context(options, plan, arms)), indent=1)
            options.json.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            say(f"cannot write {options.json}: {error.strerror}")
            return BROKEN
    print(markdown_table(rows) if options.markdown else text_table(rows))
    if len(rows) < len(benchmarks):
        return INTERRUPTED
    return FOUND if any(row.remarks for row in rows) else 0


def main(arguments: list[str] | None = None) -> int:
    """Return the exit code."""
    options = command_line().parse_args(arguments)
    try:
        return run(options)
    except SetupError as error:
        say(f"error: {error}")
        return BROKEN


if __name__ == "__main__":
    raise SystemExit(main())
