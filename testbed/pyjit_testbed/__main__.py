"""``python -m pyjit_testbed cpython | packages``: the room's command line.

Exit codes: 0 equal, 1 differences, 2 the set-up is broken, 130 interrupted (the same command goes
on where it was).
"""

from __future__ import annotations

import platform
import resource
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu.build import build_core
from pyjit_testbed import cpython as cpython_suite
from pyjit_testbed import environments, known, report
from pyjit_testbed import packages as packages_suite
from pyjit_testbed.bed import Bed
from pyjit_testbed.child import is_jitted
from pyjit_testbed.model import STOCK, Arm, Difference, Run, Unit
from pyjit_testbed.store import Settings, Store
from pyjit_testbed.summary import Summary, summarise

DIFFERENT, BROKEN, INTERRUPTED = 1, 2, 130
PROFILES = ["jit", "jit-eager"]
_SLOWDOWN = 10
"""Seconds of an emulated interpreter for one of a native one, on a test suite."""

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

Profiles = Annotated[list[str] | None, typer.Option("--profile", help="Default: jit, jit-eager.")]
Jobs = Annotated[int, typer.Option(min=1, help="Units at a time.")]
Results = Annotated[Path | None, typer.Option(help="Folder of the results. Default: in .cache.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
Timeout = Annotated[float, typer.Option(min=1, help="Seconds that a unit may take in one arm.")]


@app.command()
def cpython(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Modules (patterns). Default: all; emulated: language."),
    ] = None,
    profile: Profiles = None,
    arch: Annotated[str, typer.Option(help="x86_64 or aarch64.")] = "x86_64",
    language: Annotated[
        bool, typer.Option("--language", help="The part about language and runtime only.")
    ] = False,
    use: Annotated[
        str, typer.Option(help="The suite's optional resources, as its own --use: cpu,decimal.")
    ] = "",
    jobs: Jobs = 1,
    results: Results = None,
    json: AsJson = False,
    timeout: Timeout = 600,
) -> None:
    """Run CPython's own regression suite, module by module."""
    folder = environments.test_folder()
    python, build = environments.make_cpython(arch)
    extra = environments.emulated_library(arch)
    if extra:
        timeout *= _SLOWDOWN
    patterns = list(names or [])
    if language or (extra and not patterns):
        patterns += [name for topic in cpython_suite.language().values() for name in topic]
    units = cpython_suite.units(python, cpython_suite.chosen(folder, patterns), use)
    arms = [
        Arm(arm.name, {**arm.environment, **extra})
        for arm in environments.arms(profile or PROFILES, arch)
    ]
    suite = "CPython's regression suite" + (f" with {use}" if use else "")
    settings = Settings(suite, arch, build, timeout)
    place = results or environments.bed_folder() / "results" / f"cpython-{arch}-{build}"
    _run(units, arms, Store(place, settings), jobs=jobs, json=json)


@app.command()
def packages(
    names: Annotated[
        list[str] | None, typer.Argument(help="Packages of the table (patterns). Default: all.")
    ] = None,
    profile: Profiles = None,
    jobs: Jobs = 1,
    results: Results = None,
    json: AsJson = False,
    timeout: Timeout = 1200,
) -> None:
    """Run the own test suites of well-known packages, natively."""
    arch = platform.machine()
    core = build_core(arch)
    units = [
        packages_suite.prepare(name, package, core)
        for name, package in packages_suite.chosen(list(names or [])).items()
    ]
    settings = Settings("Suites of packages", arch, core.name, timeout)
    place = results or environments.bed_folder() / "results" / f"packages-{arch}-{core.name}"
    arms = environments.arms(profile or PROFILES, arch)
    _run(units, arms, Store(place, settings), jobs=jobs, json=json, all_must_run=True)


def _run(
    units: list[Unit],
    arms: list[Arm],
    store: Store,
    *,
    jobs: int,
    json: bool,
    all_must_run: bool = False,
) -> None:
    """Run the bed, report, and end with the exit code.

    Raises:
        SetupError: nothing of a unit passes stock although ``all_must_run``.
    """
    # Crashes are expected; their memory is not.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    _check(units[0].command[:1], arms)
    # A shell that starts this in the background has it ignore Ctrl-C, which children inherit.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    rows = known.load()
    console = Console(stderr=True, soft_wrap=True, highlight=False)

    def progress(done: int, count: int, _: str, runs: list[Run], found: list[Difference]) -> None:
        console.print(_line(done, count, runs, found))

    interrupted = False
    try:
        Bed(arms, store, timeout=store.settings.timeout).run(units, jobs=jobs, progress=progress)
    except KeyboardInterrupt:
        interrupted = True
    summary = summarise(store, [unit.name for unit in units], [arm.name for arm in arms], rows)
    page = report.write(summary, store.folder)
    if json:
        typer.echo(report.as_json(summary).decode(), nl=False)
    _show(summary, page, console)
    if interrupted:
        raise typer.Exit(INTERRUPTED)
    if all_must_run and summary.idle:
        names = ", ".join(each.unit for each in summary.idle)
        raise SetupError(f"No test passes with the stock interpreter in: {names}. See {page}.")
    raise typer.Exit(DIFFERENT if summary.differences else 0)


def _check(python: tuple[str, ...], arms: list[Arm]) -> None:
    """Look whether the JIT is on where it should be: equal results would say nothing otherwise."""
    for arm in arms:
        if is_jitted(python, arm) != (arm.name != STOCK):
            raise SetupError(
                f"In the arm {arm.name} the JIT is {'off' if arm.name != STOCK else 'on'} in "
                f"{python[0]}. Delete {environments.bed_folder()}; it is made again."
            )


def _line(done: int, count: int, runs: list[Run], found: list[Difference]) -> str:
    """Return what is shown of a unit that is over."""
    stock = runs[0]
    times = ", ".join(f"{run.arm} {run.seconds:.1f} s" for run in runs)
    tests = len(stock.passed) + len(stock.others)
    verdict = f"[red]{len(found)} differ[/]" if found else "equal"
    return escape(f"[{done}/{count}] {stock.unit}: {tests} tests ({times}) ") + verdict


def _show(summary: Summary, page: Path, console: Console) -> None:
    for numbers in summary.arms:
        console.print(
            f"{numbers.arm}: {numbers.units} of {summary.units_wanted} units, "
            f"{numbers.tests:,} tests, {numbers.passed:,} passed, {numbers.skipped:,} skipped, "
            f"{numbers.not_passed:,} not passed"
        )
    for difference in summary.differences:
        what = difference.test or f"{difference.unit} as a whole"
        console.print(f"[red]{difference.kind}[/] in {difference.arm}: {escape(what)}")
    console.print(
        f"{len(summary.differences)} differences, {len(summary.explained)} explained by "
        f"docs/contract.md, {len(summary.unsteady)} that did not happen again"
    )
    console.print(f"Report: {page}")


def main() -> None:
    """Run the command line; a broken set-up is a message and exit code 2, never a traceback."""
    try:
        app()
    except SetupError as error:
        typer.echo(f"pyjit-testbed: {error}", err=True)
        sys.exit(BROKEN)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
