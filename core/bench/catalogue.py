"""What can be measured: our micro-benchmarks, pyperformance's pure-Python programs, short programs.

Contract: nothing is imported from a benchmark here; it runs only in the measured process. A micro
file's cases are read from its table `BENCHMARKS`, pyperformance's from `programs.py`, whole short
programs from `short.py`.
"""

from __future__ import annotations

import ast
import fnmatch
import importlib.util
from pathlib import Path
from typing import NamedTuple

from programs import PROGRAMS
from short import SHORT

MICRO = Path(__file__).resolve().parent / "micro"


class SetupError(Exception):
    """The set-up is broken; the text says what and what to do. Exit code 2."""


class Benchmark(NamedTuple):
    """One case of one file."""

    suite: str
    """A key of `SOURCES`."""
    group: str
    """The file's name, the benchmark's folder in pyperformance, or `short`."""
    case: str
    """The name within the file."""
    path: Path
    arguments: tuple[str, ...] = ()
    """The command line of pyperformance's script."""
    modules: tuple[str, ...] = ()
    """What the measured interpreter must find besides the standard library."""

    @property
    def name(self) -> str:
        """What the command line and the tables call it; pyperformance's are unique as they are."""
        return self.case if self.suite == "pyperformance" else f"{self.group}.{self.case}"


def micro() -> list[Benchmark]:
    """Return our own benchmarks, by file."""
    found = []
    for path in sorted(MICRO.glob("*.py")):
        found += [Benchmark("micro", path.stem, case, path) for case in _cases(path)]
    return found


def _cases(path: Path) -> list[str]:
    """Return the keys of the literal table `BENCHMARKS` of a file, without running it."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "BENCHMARKS"
            and isinstance(node.value, ast.Dict)
        ):
            keys = [key.value for key in node.value.keys if isinstance(key, ast.Constant)]
            return [key for key in keys if isinstance(key, str)]
    raise SetupError(f"{path} has no table BENCHMARKS of names and functions")


def pyperformance() -> list[Benchmark]:
    """Return pyperformance's benchmarks; raises `SetupError` if it is not installed here."""
    folder = pyperformance_folder()
    found = []
    for program in PROGRAMS:
        path = folder / f"bm_{program.folder}" / "run_benchmark.py"
        if not path.is_file():
            raise SetupError(
                f"the installed pyperformance has no benchmark {program.folder} ({path} is "
                "missing).\nInstall a version that has it (1.14 does), or leave it out."
            )
        for case in program.cases:
            more = (program.arguments, program.modules)
            found.append(Benchmark("pyperformance", program.folder, case, path, *more))
    return found


def pyperformance_folder() -> Path:
    """Return where the installed pyperformance has its benchmarks; raises `SetupError`."""
    spec = importlib.util.find_spec("pyperformance")
    if spec is None or not spec.submodule_search_locations:
        raise SetupError(
            "pyperformance is not installed for the Python that runs this tool.\n"
            "Install it (pip install pyperformance), or measure only ours: --suite micro"
        )
    return Path(next(iter(spec.submodule_search_locations))) / "data-files" / "benchmarks"


def short() -> list[Benchmark]:
    """Return the short programs."""
    return [
        Benchmark("short", "short", name, Path(), modules=program.modules)
        for name, program in SHORT.items()
    ]


SOURCES = {"micro": micro, "pyperformance": pyperformance, "short": short}


def select(suite: str, patterns: list[str]) -> list[Benchmark]:
    """Return the benchmarks of a suite (or `all`) whose group or name matches a pattern.

    Raises `SetupError` for a pattern that matches nothing.
    """
    chosen: list[Benchmark] = []
    known = [each for name in SOURCES if suite in {name, "all"} for each in SOURCES[name]()]
    if not patterns:
        return known
    for pattern in patterns:
        matching = [b for b in known if _matches(b, pattern)]
        if not matching:
            raise SetupError(f"no benchmark is called {pattern!r}; --list shows them all")
        chosen += [b for b in matching if b not in chosen]
    return chosen


def _matches(benchmark: Benchmark, pattern: str) -> bool:
    names = (benchmark.group, benchmark.case, benchmark.name, benchmark.suite)
    return any(fnmatch.fnmatchcase(name, pattern) for name in names)
