"""What can be measured: our micro-benchmarks and pyperformance's pure-Python programs.

Contract: nothing is imported from a benchmark here; it runs only in the measured process. A micro
file's cases are read from its table `BENCHMARKS`; pyperformance's are the table below, and their
files are those of the installed package (nothing of it is copied into this repository).
"""

from __future__ import annotations

import ast
import fnmatch
import importlib.util
from pathlib import Path
from typing import NamedTuple

MICRO = Path(__file__).resolve().parent / "micro"


class SetupError(Exception):
    """The set-up is broken; the text says what and what to do. Exit code 2."""


class Benchmark(NamedTuple):
    """One case of one file."""

    suite: str
    """`micro` or `pyperformance`."""
    group: str
    """The file's name, or the benchmark's in pyperformance."""
    case: str
    """The name within the file."""
    path: Path

    @property
    def name(self) -> str:
        """What the command line and the tables call it."""
        return self.group if self.group == self.case else f"{self.group}.{self.case}"


# Folder `bm_<key>` -> the names that its script gives to pyperf's runner.
PYPERFORMANCE: dict[str, tuple[str, ...]] = {
    "richards": ("richards",),
    "richards_super": ("richards_super",),
    "nbody": ("nbody",),
    "spectral_norm": ("spectral_norm",),
    "deltablue": ("deltablue",),
    "hexiom": ("hexiom",),
    "raytrace": ("raytrace",),
    "chaos": ("chaos",),
    "float": ("float",),
    "fannkuch": ("fannkuch",),
    "nqueens": ("nqueens",),
    "pidigits": ("pidigits",),
    "go": ("go",),
    "scimark": (
        "scimark_fft",
        "scimark_lu",
        "scimark_monte_carlo",
        "scimark_sor",
        "scimark_sparse_mat_mult",
    ),
    "unpack_sequence": ("unpack_sequence",),
    "barnes_hut": ("quadtree_nbody",),
    "comprehensions": ("comprehensions",),
    "deepcopy": ("deepcopy", "deepcopy_reduce", "deepcopy_memo"),
    "generators": ("generators",),
    "logging": ("logging_format", "logging_silent", "logging_simple"),
    "meteor_contest": ("meteor_contest",),
    "pyflate": ("pyflate",),
    "regex_compile": ("regex_compile",),
}


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
    spec = importlib.util.find_spec("pyperformance")
    if spec is None or not spec.submodule_search_locations:
        raise SetupError(
            "pyperformance is not installed for the Python that runs this tool.\n"
            "Install it (pip install pyperformance), or measure only ours: --suite micro"
        )
    folder = Path(next(iter(spec.submodule_search_locations))) / "data-files" / "benchmarks"
    found = []
    for group, cases in PYPERFORMANCE.items():
        path = folder / f"bm_{group}" / "run_benchmark.py"
        if not path.is_file():
            raise SetupError(
                f"the installed pyperformance has no benchmark {group} ({path} is missing).\n"
                "Install a version that has it (1.14 does), or leave it out."
            )
        found += [Benchmark("pyperformance", group, case, path) for case in cases]
    return found


def select(suite: str, patterns: list[str]) -> list[Benchmark]:
    """Return the benchmarks of a suite (or `all`) whose group or name matches a pattern.

    Raises `SetupError` for a pattern that matches nothing.
    """
    known = [*(micro() if suite != "pyperformance" else [])]
    if suite != "micro":
        known += pyperformance()
    if not patterns:
        return known
    chosen: list[Benchmark] = []
    for pattern in patterns:
        matching = [b for b in known if _matches(b, pattern)]
        if not matching:
            raise SetupError(f"no benchmark is called {pattern!r}; --list shows them all")
        chosen += [b for b in matching if b not in chosen]
    return chosen


def _matches(benchmark: Benchmark, pattern: str) -> bool:
    names = (benchmark.group, benchmark.case, benchmark.name, benchmark.suite)
    return any(fnmatch.fnmatchcase(name, pattern) for name in names)
