"""Programs under an interpreter built for debugging: no assertion fails, no reference leaks.

Compiled code owns references to what it embeds, so they are counted when the JIT has nothing left
to compile (inside/count_references.py). What grows then is compared with the same interpreter
without the JIT: a program that leaks there is not ours to mend. With many rounds the resident
memory has to be steady as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from common import SETTINGS, Ran, run_inside, said_of

from pyjit_qemu.build import build_core
from pyjit_qemu.paths import DEBUG_INTERPRETER

SECONDS_EACH, SECONDS_A_ROUND = 120, 3
"""For a program, generously: runs of it by a slow interpreter on a busy machine."""
ROUNDS = 20
STEADY_ROUNDS, STEADY_KIB = 200, 512
"""From so many rounds on memory may not grow by more than so many KiB; the first tenth of the
rounds, in which allocators still settle, does not count."""


def check(
    files: Sequence[Path], settings: Sequence[str], fault: str, rounds: int = ROUNDS
) -> Iterator[str]:
    """Yield findings: programs whose references grow, and processes that ended badly."""
    package = build_core("x86_64", variant="debug")
    for setting in settings:
        ran = _count("jit", rounds, files, package, {**SETTINGS[setting], "fault": fault})
        yield from _unfinished(ran, files, setting)
        for path, status, grown, memory in ran.rows:
            if status != 0:
                said = said_of(path, ran.log)
                yield f"{setting}: {path} ended with {status}\n{said}"
            elif sum(grown) != 0 and not _in_stock(Path(path), rounds)[0]:
                shown = f"{sum(grown)} in {rounds} runs: {grown[-20:]}"
                yield f"{setting}: {path} gains references: {shown}"
            elif (
                rounds >= STEADY_ROUNDS
                and memory > STEADY_KIB
                and _in_stock(Path(path), rounds)[1] <= STEADY_KIB
            ):
                yield f"{setting}: {path} gains {memory} KiB of memory in {rounds} runs"


def _count(
    mode: str, rounds: int, files: Sequence[Path], package: Path, options: Mapping[str, int | str]
) -> Ran:
    return run_inside(
        (DEBUG_INTERPRETER, "-X", "faulthandler"),
        "count_references.py",
        mode,
        str(rounds),
        *files,
        package=package,
        options=options,
        timeout=(SECONDS_EACH + SECONDS_A_ROUND * rounds) * len(files),
    )


def _in_stock(path: Path, rounds: int) -> tuple[bool, int]:
    """Tell whether references grow without the JIT, and return by how much memory does."""
    ran = _count("stock", rounds, [path], path.parent, {})
    return (sum(ran.rows[0][2]) != 0, ran.rows[0][3]) if ran.rows else (False, 0)


def _unfinished(ran: Ran, files: Sequence[Path], setting: str) -> Iterator[str]:
    if ran.status != 0 or len(ran.rows) != len(files):
        end = ran.log[-2000:]
        yield f"{setting}: ended with {ran.status} after {len(ran.rows)} programs\n{end}"
