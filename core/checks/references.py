"""Programs under an interpreter built for debugging: no assertion fails, no reference leaks.

Compiled code owns references to what it embeds, so they are counted when the JIT has nothing left
to compile (inside/count_references.py). What grows then is compared with the same interpreter
without the JIT: a program that leaks there is not ours to mend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from common import SETTINGS, Ran, run_inside, said_of

from pyjit_qemu.build import build_core
from pyjit_qemu.paths import DEBUG_INTERPRETER

SECONDS_EACH = 120
"""For a program, generously: some thirty runs of it by a slow interpreter on a busy machine."""


def check(files: Sequence[Path], settings: Sequence[str], fault: str) -> Iterator[str]:
    """Yield findings: programs whose references grow, and processes that ended badly."""
    package = build_core("x86_64", variant="debug")
    for setting in settings:
        ran = _count("jit", files, package, {**SETTINGS[setting], "fault": fault})
        yield from _unfinished(ran, files, setting)
        for path, status, grown in ran.rows:
            if status != 0:
                said = said_of(path, ran.log)
                yield f"{setting}: {path} ended with {status}\n{said}"
            elif sum(grown) != 0 and not _grows_in_stock(Path(path)):
                yield f"{setting}: {path} gains references in each run: {grown}"


def _count(
    mode: str, files: Sequence[Path], package: Path, options: Mapping[str, int | str]
) -> Ran:
    return run_inside(
        (DEBUG_INTERPRETER, "-X", "faulthandler"),
        "count_references.py",
        mode,
        *files,
        package=package,
        options=options,
        timeout=SECONDS_EACH * len(files),
    )


def _grows_in_stock(path: Path) -> bool:
    ran = _count("stock", [path], path.parent, {})
    return bool(ran.rows) and sum(ran.rows[0][2]) != 0


def _unfinished(ran: Ran, files: Sequence[Path], setting: str) -> Iterator[str]:
    if ran.status != 0 or len(ran.rows) != len(files):
        end = ran.log[-2000:]
        yield f"{setting}: ended with {ran.status} after {len(ran.rows)} programs\n{end}"
