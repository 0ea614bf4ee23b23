"""A stand-in for `pyperf`: it takes note of a benchmark instead of running it.

Contract: pyperformance's scripts do their set-up under `if __name__ == "__main__"` and hand a
function to `pyperf.Runner`. They are run as they are, with this module's `module()` in place of
pyperf; afterwards `Runner.cases` has, for each name, a function that takes a number of loops and
returns the seconds that they took. No process is started and no command line is read.

The clock is processor time, also for benchmarks that ask pyperf for one: what other programs do
on the machine then hardly counts. Standard library only: it runs in the measured interpreter.
"""

from __future__ import annotations

import argparse
import sys
import types
from collections.abc import Callable
from itertools import repeat
from pathlib import Path
from time import process_time
from typing import Any

TimeLoops = Callable[[int], float]
"""Runs a benchmark that many times; returns seconds."""


def timed(function: Callable[..., object], *args: object) -> TimeLoops:
    """Return a `TimeLoops` that calls `function(*args)` in a plain loop."""

    def time_loops(loops: int) -> float:
        start = process_time()
        for _ in repeat(None, loops):
            function(*args)
        return process_time() - start

    return time_loops


class Runner:
    """The part of `pyperf.Runner` that pure-Python benchmarks use."""

    cases: dict[str, TimeLoops] = {}  # noqa: RUF012 - one table for the process, on purpose

    def __init__(self, **options: object) -> None:
        """Ignore all options; they are about processes and command lines."""
        del options
        self.argparser = argparse.ArgumentParser(add_help=False)
        self.metadata: dict[str, object] = {}
        self.args: argparse.Namespace | None = None

    def parse_args(self, args: object = None) -> argparse.Namespace:
        """Return the benchmark's own options at their defaults."""
        del args
        self.args = self.argparser.parse_args([])
        return self.args

    def bench_func(self, name: str, function: Callable[..., object], *args: Any, **_: Any) -> None:
        """Note a function; one loop is one call."""
        self.cases[name] = timed(function, *args)

    def bench_time_func(self, name: str, function: Callable[..., float], *a: Any, **_: Any) -> None:
        """Note a function that takes the number of loops and measures itself."""
        self.cases[name] = lambda loops: function(loops, *a)


def module() -> types.ModuleType:
    """Return what `import pyperf` is to give."""
    stand_in = types.ModuleType("pyperf", __doc__)
    stand_in.Runner = Runner  # type: ignore[attr-defined]
    stand_in.perf_counter = process_time  # type: ignore[attr-defined]
    return stand_in


def run_script(path: Path) -> dict[str, TimeLoops]:
    """Run a benchmark script as `__main__` and return the cases that it named."""
    sys.modules["pyperf"] = module()
    sys.argv = [str(path)]
    sys.path.insert(0, str(path.parent))
    script = types.ModuleType("__main__")
    script.__file__ = str(path)
    sys.modules["__main__"] = script  # kept there: its functions need their globals
    exec(compile(path.read_bytes(), str(path), "exec"), script.__dict__)  # noqa: S102 - its purpose
    return Runner.cases
