"""Measure how much faster the JIT makes programs: stock and jitted alternately, in fresh processes.

    python core/bench                         everything
    python core/bench calls loops attributes  some files of micro-benchmarks
    python core/bench richards nbody          some of pyperformance
    python core/bench --suite short           start-up and short programs, as whole processes
    python core/bench --arch aarch64 nbody    executed instructions under qemu-user
    python core/bench --null calls            stock against stock: what the noise is

Ratios are stock time / jitted time: 2.0 is twice as fast. Process start-up, imports and warm-up
are not in them; what warm-up costs is a column of its own. Times are processor time. These are
measurements, not tests: nothing here fails because it was slow.

Exit codes: 0 measured; 1 a benchmark failed or gave another result when jitted; 2 the set-up is
broken.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from arms import JITS, Arm, Failure, Plan, link_modules, make_arms
from catalogue import SOURCES, Benchmark, SetupError, select
from emulated import PLAN as EMULATED
from emulated import make_emulated_arms
from results import Results, read_results, side_by_side
from summary import Round, Row

FOUND, BROKEN, INTERRUPTED = 1, 2, 130
BESIDE = "with --read: the ratios of another file in a column of their own; more than once"
USUAL = Plan(rounds=5, samples=5, sample_seconds=0.05, warmup_seconds=1.5, timeout=120.0)
QUICK = Plan(rounds=1, samples=2, sample_seconds=0.02, warmup_seconds=0.5, timeout=120.0)


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
    add("--suite", choices=("all", *SOURCES), default="all")
    add("--arch", choices=("native", "aarch64"), default="native", help="aarch64: counted in qemu")
    add("--python", default="/usr/bin/python3.11", metavar="PATH", help="(default: %(default)s)")
    add("--jit", choices=JITS, default=JITS[0], help="(default: %(default)s)")
    add("--core", type=Path, metavar="DIR", help="the folder that holds the package pyjit_core")
    add("--env", action="append", default=[], metavar="NAME=VALUE", help="for the jitted arm only")
    add("--null", action="store_true", help="stock against stock (an A/A comparison)")
    add("--rounds", type=positive, metavar="N", help=f"processes an arm ({USUAL.rounds})")
    add("--samples", type=positive, metavar="N", help=f"samples a process ({USUAL.samples})")
    add("--sample-seconds", type=float, metavar="S", help=f"({USUAL.sample_seconds})")
    add("--warmup-seconds", type=float, metavar="S", help=f"({USUAL.warmup_seconds})")
    add("--timeout", type=float, metavar="S", help=f"a process ({USUAL.timeout:g})")
    add("--quick", action="store_true", help="one short round: does it run, roughly how fast")
    add("--json", type=Path, metavar="FILE", help="write all samples and the JIT's counters")
    add("--read", type=Path, metavar="FILE", help="show what --json wrote; measure nothing")
    add("--beside", type=Path, action="append", default=[], metavar="FILE", help=BESIDE)
    add("--chart", type=Path, metavar="FILE", help="write the ratios as a chart (SVG)")
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


def context(
    options: argparse.Namespace, plan: Plan, arms: tuple[Arm, Arm], rows: list[Row]
) -> dict[str, object]:
    """Return what a reader of the figures must know."""
    emulated = options.arch != "native"
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "emulated": emulated,
        "machine": options.arch if emulated else platform.machine(),
        "unit": "executed instructions, 1e-9 each" if emulated else "seconds of processor time",
        "system": platform.platform(),
        "interpreter": arms[0].command[-1],
        "python": next((each.rounds[0].stock["python"] for each in rows if each.rounds), ""),
        "jit": arms[1].jit,
        "arms": [arm.name for arm in arms],
        "environment": options.env,
        "plan": plan._asdict(),
    }


def chosen_plan(options: argparse.Namespace) -> Plan:
    """Return how long to measure: as usual, but for what the command line says."""
    usual = EMULATED if options.arch != "native" else QUICK if options.quick else USUAL
    given = {name: getattr(options, name, None) for name in Plan._fields}
    return usual._replace(**{name: value for name, value in given.items() if value is not None})


def choose(options: argparse.Namespace) -> list[Benchmark]:
    """Return the benchmarks to measure; raises `SetupError`."""
    chosen = select(options.suite, options.benchmarks)
    if options.arch == "native" and options.jit == "pyjit_core":
        return chosen
    found = [each for each in chosen if each.suite != "short"]
    if not found:
        raise SetupError("short programs are measured natively only, and with our own JIT")
    return found


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks; raises `SetupError`."""
    for file in (options.json, options.chart):
        if file is not None and not file.absolute().parent.is_dir():
            raise SetupError(f"cannot write {file}: there is no such folder")
    if options.beside and options.read is None:
        raise SetupError("--beside FILE goes with --read FILE; measure into two files first")
    if options.read is not None and options.beside:
        print(side_by_side([read_results(file) for file in (options.read, *options.beside)]))
        return 0
    if options.read is not None:
        return show(read_results(options.read), options)
    benchmarks = choose(options)
    if options.list:
        print("\n".join(f"{each.suite:<14} {each.name}" for each in benchmarks))
        return 0
    plan = chosen_plan(options)
    with tempfile.TemporaryDirectory(prefix="pyjit-bench-") as folder:
        scratch = Path(folder)
        link_modules(benchmarks, scratch)
        chosen = (options.core, options.env, scratch)
        if options.arch != "native":
            arms = make_emulated_arms(*chosen, null=options.null)
        else:
            arms = make_arms(options.python, *chosen, null=options.null, jit=options.jit)
        rows = measure_all(benchmarks, arms, plan, scratch)
    code = show(Results(rows, context(options, plan, arms, rows)), options)
    return INTERRUPTED if code != BROKEN and len(rows) < len(benchmarks) else code


def show(results: Results, options: argparse.Namespace) -> int:
    """Print the table and write the files that are asked for; return the exit code."""
    print(results.table(markdown=options.markdown))
    for file, text in ((options.json, results.to_json), (options.chart, results.chart)):
        if file is not None and not write(file, text()):
            return BROKEN
    return FOUND if any(row.remarks for row in results.rows) else 0


def write(file: Path, text: str) -> bool:
    """Write a file; say what is wrong if that fails."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        say(f"cannot write {file}: {error.strerror}")
        return False
    return True


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
