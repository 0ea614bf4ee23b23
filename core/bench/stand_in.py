"""A stand-in for `pyperf`: it hands one benchmark of a script to us instead of measuring it.

Contract: pyperformance's scripts do their set-up under `if __name__ == "__main__"` and hand a
function to `pyperf.Runner`. They are run as they are, with this module's `module()` in place of
pyperf and the command line that their benchmark wants. The one that is asked for becomes a function
that takes a number of loops and returns the seconds that they took, and is measured on the spot,
because some scripts clean up behind it. No process is started.

The clock is processor time, also for benchmarks that ask pyperf for one: what other programs do
on the machine then hardly counts. Under an emulator it is the count of executed instructions, with
a nanosecond for each. Standard library only: it runs in the measured interpreter.
"""

from __future__ import annotations

import argparse
import asyncio
import mmap
import sys
import types
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # at run time the interpreter may be as old as 3.8
    from collections.abc import Callable

    Clock = Callable[[], float]
    TimeLoops = Callable[[int], float]
    """Runs a benchmark that many times; returns seconds."""


def instruction_clock(path: Path) -> Clock:
    """Return a clock that reads the counter which instructions.c keeps in the file `path`."""
    with path.open("rb") as file:
        counter = memoryview(mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)).cast("Q")
    return lambda: counter[0] * 1e-9


def timed(clock: Clock, function: Callable[..., object], *args: object) -> TimeLoops:
    """Return a `TimeLoops` that calls `function(*args)` in a plain loop."""

    def time_loops(loops: int) -> float:
        start = clock()
        for _ in repeat(None, loops):
            function(*args)
        return clock() - start

    return time_loops


def timed_async(clock: Clock, function: Callable[..., Any], *args: object) -> TimeLoops:
    """Return a `TimeLoops` that awaits `function(*args)`, all loops in one event loop."""

    async def run(loops: int) -> float:
        start = clock()
        for _ in repeat(None, loops):
            await function(*args)
        return clock() - start

    return lambda loops: asyncio.run(run(loops))


class Stage:
    """Which case of a script is wanted, and what is done with it when the script names it."""

    def __init__(self, case: str, clock: Clock, measure: Callable[[TimeLoops], None]) -> None:
        """Take the name of the case, the clock, and the function that gets its `TimeLoops`."""
        self.case = case
        self.clock = clock
        self.measure = measure
        self.seen: list[str] = []

    def offer(self, name: str, make: Callable[[], TimeLoops]) -> None:
        """Measure the case if it is the one."""
        self.seen.append(name)
        if name == self.case:
            self.measure(make())


def runner_class(stage: Stage) -> type:
    """Return what stands for `pyperf.Runner`: the part of it that pure-Python benchmarks use."""

    class Runner:
        def __init__(self, **options: object) -> None:
            """Ignore all options; they are about processes and command lines."""
            del options
            self.argparser = argparse.ArgumentParser(add_help=False)
            self.metadata: dict[str, object] = {}
            self.args: argparse.Namespace | None = None

        def parse_args(self, args: list[str] | None = None) -> argparse.Namespace:
            """Return the benchmark's own options."""
            self.args = self.argparser.parse_args(args)
            return self.args

        def bench_func(self, name: str, function: Callable[..., Any], *a: Any, **_: Any) -> None:
            """Take a function; one loop is one call."""
            stage.offer(name, lambda: timed(stage.clock, function, *a))

        def bench_async_func(
            self, name: str, function: Callable[..., Any], *a: Any, **_: Any
        ) -> None:
            """Take a coroutine function; one loop is one of its coroutines, awaited."""
            stage.offer(name, lambda: timed_async(stage.clock, function, *a))

        def bench_time_func(
            self, name: str, function: Callable[..., float], *a: Any, **_: Any
        ) -> None:
            """Take a function of the number of loops that measures itself."""
            stage.offer(name, lambda: lambda loops: function(loops, *a))

    return Runner


def module(stage: Stage) -> types.ModuleType:
    """Return what `import pyperf` is to give."""
    stand_in = types.ModuleType("pyperf", __doc__)
    stand_in.Runner = runner_class(stage)  # type: ignore[attr-defined]
    stand_in.perf_counter = stage.clock  # type: ignore[attr-defined]
    stand_in.python_implementation = lambda: sys.implementation.name  # type: ignore[attr-defined]
    return stand_in


def run_script(path: Path, arguments: list[str], stage: Stage) -> None:
    """Run a benchmark script as `__main__`; raises LookupError if it does not name the case."""
    sys.modules["pyperf"] = module(stage)
    sys.argv = [str(path), *arguments]
    sys.path.insert(0, str(path.parent))
    script = types.ModuleType("__main__")
    script.__file__ = str(path)
    sys.modules["__main__"] = script  # kept there: its functions need their globals
    exec(compile(path.read_bytes(), str(path), "exec"), script.__dict__)  # noqa: S102 - its purpose
    if stage.case not in stage.seen:
        raise LookupError(f"the script names no benchmark {stage.case}, but: {stage.seen}")
