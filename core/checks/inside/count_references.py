"""Runs programs again and again and prints by how much their references add up.

count_references.py jit|stock ROUNDS FILE... is for an interpreter that is built for debugging. It
prints, for each file, a line of JSON: the path, how the process ended, the growth of
sys.gettotalrefcount() in each of the last ROUNDS runs, whether that is a leak, and by how many KiB
the resident memory grows steadily in the second half of them.

Compiled code holds references of its own, and a new version of it holds more. So runs are warm-up
until the JIT has had nothing to compile for QUIET of them, and a window of ROUNDS runs in which
something grew proves nothing if something was compiled in it. What leaks grows in every window:
LEAKING of those without a compilation are enough to say so, or all WINDOWS, for a program that
makes new code each time. Where a window is long, a few functions get a new version in each: there
the growth of the very runs that compiled does not count. And inline caches that change from run to
run hold some references more or less at any moment, so what counts there is that references never
come back to where they were (`leaks`), not that the last run is as the first. A short window only
raises the suspicion: a long one decides.
"""

from __future__ import annotations

import array
import itertools
import json
import resource
import sys
import warnings
from collections.abc import Callable, Sequence
from types import CodeType

from play import in_child, load, play

QUIET, MOST, LEAKING, WINDOWS = 6, 60, 2, 12
MOST_WINDOW_RUNS = 240
"""Where a window is long, there are fewer of them."""
LONG_WINDOW = 200
PARTS = 5
"""Of the runs in which memory has to be steady; odd, for there is one in the middle."""


def warm_up(code: CodeType, compilations: Callable[[], int]) -> None:
    """Run the program until the JIT has nothing left to do."""
    quiet, done = 0, -1
    for _ in range(MOST):
        play(code)
        quiet = quiet + 1 if compilations() == done else 0
        done = compilations()
        if quiet >= QUIET:
            return


def growth(code: CodeType, rounds: int, compilations: Callable[[], int]) -> tuple[list[int], int]:
    """Return how much the references grew in each run, and the memory in the second half of them.

    In the first half allocators still settle, ours of machine code among them.
    """
    # Arrays, and the same steps in each round, so that counting changes no count.
    totals = array.array("q", bytes(8 * (rounds + 1)))
    memory = array.array("q", bytes(8 * (rounds + 1)))
    done = array.array("q", bytes(8 * (rounds + 1)))
    for i in range(rounds + 1):
        play(code)
        done[i] = compilations()
        totals[i] = sys.gettotalrefcount()
        memory[i] = resident()
    grown = [totals[i + 1] - totals[i] for i in range(rounds)]
    if rounds >= LONG_WINDOW:
        grown = [0 if done[i + 1] != done[i] else grown[i] for i in range(rounds)]
    return grown, steady(memory[rounds // 2 :])


def steady(memory: Sequence[int]) -> int:
    """Return by how much memory grows from the first to the last, but for a few jumps.

    A leak grows in every part. One more version of a function, or an allocator that asks for its
    next pages, makes one part grow.
    """
    marks = [memory[(len(memory) - 1) * part // PARTS] for part in range(PARTS + 1)]
    parts = sorted(after - before for before, after in itertools.pairwise(marks))
    return PARTS * parts[PARTS // 2]


def leaks(grown: list[int]) -> bool:
    """Tell whether references have risen, or fallen, for good. No growth is small enough."""
    if len(grown) < LONG_WINDOW:
        return sum(grown) != 0
    levels = list(itertools.accumulate(grown))
    quarter = len(levels) // 4
    first, last = levels[:quarter], levels[-quarter:]
    return min(last) > max(first) or max(last) < min(first)


def resident() -> int:
    """Return the resident memory of this process in KiB."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


def measure(path: str, jit: bool, rounds: int) -> None:
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
    for _ in range(max(LEAKING, min(WINDOWS, MOST_WINDOW_RUNS // rounds))):
        before = compilations()
        grown, memory = growth(code, rounds, compilations)
        proofs += compilations() == before
        if not leaks(grown) or proofs == LEAKING:
            break
    if (
        leaks(grown) and rounds < LONG_WINDOW
    ):  # which may be a cache that holds more now and less then
        grown, memory = growth(code, LONG_WINDOW, compilations)
    print(json.dumps([path, 0, grown, leaks(grown), memory]), flush=True)


def main() -> None:
    """Measure each program in a process of its own."""
    warnings.simplefilter("ignore")
    mode, rounds, *paths = sys.argv[1:]
    for path in paths:
        print(f"{path}:", file=sys.stderr, flush=True)
        status = in_child(measure, path, mode == "jit", int(rounds))
        if status != 0:
            print(json.dumps([path, status, [], False, 0]), flush=True)


main()
