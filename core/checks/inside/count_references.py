"""Runs programs again and again and prints by how much their references add up.

count_references.py jit|stock FILE... is for an interpreter that is built for debugging. It prints,
for each file, a line of JSON: the path, how the process ended, and the growth of
sys.gettotalrefcount() in each of the last RUNS runs.

Compiled code holds references of its own, and a new version of it holds more. So runs are warm-up
until the JIT has had nothing to compile for QUIET of them, and a window of RUNS runs in which
something grew proves nothing if something was compiled in it. What leaks grows in every window:
LEAKING of those without a compilation are enough to say so, or all WINDOWS, for a program that
makes new code each time.
"""

from __future__ import annotations

import array
import json
import sys
import warnings
from collections.abc import Callable
from types import CodeType

from play import in_child, load, play

QUIET, MOST, RUNS, LEAKING, WINDOWS = 6, 60, 20, 2, 12


def warm_up(code: CodeType, compilations: Callable[[], int]) -> None:
    """Run the program until the JIT has nothing left to do."""
    quiet, done = 0, -1
    for _ in range(MOST):
        play(code)
        quiet = quiet + 1 if compilations() == done else 0
        done = compilations()
        if quiet >= QUIET:
            return


def growth(code: CodeType) -> list[int]:
    """Return how much the references grew in each run."""
    totals = array.array("q", bytes(8 * (RUNS + 1)))  # makes no objects while it counts
    for i in range(RUNS + 1):
        play(code)
        totals[i] = sys.gettotalrefcount()
    return [totals[i + 1] - totals[i] for i in range(RUNS)]


def measure(path: str, jit: bool) -> None:
    """Print the line of one program."""
    code = load(path)
    compilations: Callable[[], int] = int
    if jit:
        import pyjit_core  # noqa: PLC0415 -- the stock interpreter runs without it

        def compilations() -> int:
            stats = pyjit_core.stats()
            return stats["compiled"] + stats["recompiles"]

        pyjit_core.enable()
    warm_up(code, compilations)
    proofs = 0
    for _ in range(WINDOWS):
        before = compilations()
        grown = growth(code)
        proofs += compilations() == before
        if sum(grown) == 0 or proofs == LEAKING:
            break
    print(json.dumps([path, 0, grown]), flush=True)


def main() -> None:
    """Measure each program in a process of its own."""
    warnings.simplefilter("ignore")
    mode, *paths = sys.argv[1:]
    for path in paths:
        print(f"{path}:", file=sys.stderr, flush=True)
        status = in_child(measure, path, mode == "jit")
        if status != 0:
            print(json.dumps([path, status, []]), flush=True)


main()
