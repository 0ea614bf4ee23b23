"""Programs under an interpreter built for debugging: no assertion fails, no reference leaks.

Compiled code owns references to what it embeds, so they are counted when the JIT has nothing left
to compile (inside/count_references.py). What grows then is compared with the same interpreter
without the JIT: a program that leaks there is not ours to mend. With many rounds the resident
memory has to be steady as well.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from common import SETTINGS, Ran, run_inside, said_of

from pyjit_qemu.build import build_core
from pyjit_qemu.command import interpreter_command

SECONDS_EACH, SECONDS_A_ROUND = 120, 3
"""For a program, generously: runs of it by a slow interpreter on a busy machine."""
EMULATED = 10
"""How many times as long it may take under an emulator."""
ROUNDS = 20
STEADY_ROUNDS, STEADY_KIB = 200, 256
"""From so many rounds on memory may not grow by more than so many KiB in the second half."""


class Stock(NamedTuple):
    """How a program fares without the JIT."""

    asserted: str
    """The assertion that failed; empty if none did."""
    leaks: bool
    """References grow."""
    memory: int
    """KiB by which memory does."""


class Check:
    """The check on one architecture, with so many runs of each program."""

    def __init__(self, arch: str, rounds: int = ROUNDS) -> None:
        """Build the core and find the interpreter; raises SetupError."""
        self._package = build_core(arch, variant="debug")
        self._command = (*interpreter_command(arch, debug=True), "-X", "faulthandler")
        self._patience = 1 if arch == platform.machine() else EMULATED
        self._rounds = rounds

    def findings(self, files: Sequence[Path], settings: Sequence[str], fault: str) -> Iterator[str]:
        """Yield findings: programs whose references grow, and processes that ended badly."""
        for setting in settings:
            ran = self._count("jit", files, {**SETTINGS[setting], "fault": fault})
            yield from _unfinished(ran, files, setting)
            for path, status, grown, leaks, memory in ran.rows:
                if status != 0:
                    said = said_of(path, ran.log)
                    asserted = _asserted(said)
                    if asserted and self._in_stock(Path(path)).asserted == asserted:
                        continue  # the interpreter's own, and does not hold without the JIT either
                    yield f"{setting}: {path} ended with {status}\n{said}"
                elif leaks and not self._in_stock(Path(path)).leaks:
                    shown = f"{sum(grown)} in {len(grown)} runs: {grown[-20:]}"
                    yield f"{setting}: {path} gains references: {shown}"
                elif self._is_more(memory) and not self._is_more(self._in_stock(Path(path)).memory):
                    yield f"{setting}: {path} gains {memory} KiB of memory in {self._rounds} runs"

    def _is_more(self, memory: int) -> bool:
        return self._rounds >= STEADY_ROUNDS and memory > STEADY_KIB

    def _count(self, mode: str, files: Sequence[Path], options: Mapping[str, int | str]) -> Ran:
        return run_inside(
            self._command,
            "count_references.py",
            mode,
            str(self._rounds),
            *files,
            package=self._package,
            options=options,
            timeout=self._patience * (SECONDS_EACH + SECONDS_A_ROUND * self._rounds) * len(files),
        )

    def _in_stock(self, path: Path) -> Stock:
        """Return how a program fares without the JIT."""
        ran = self._count("stock", [path], {})
        if not ran.rows:
            return Stock("", leaks=False, memory=0)
        *_, leaks, memory = ran.rows[0]
        return Stock(_asserted(said_of(str(path), ran.log)), leaks=leaks, memory=memory)


def _asserted(said: str) -> str:
    """Return the text of the assertion that ended a process, with its place in the source."""
    found = re.search(r"\S+: .*: Assertion `.*' failed", said)
    return found[0].partition(": ")[2] if found else ""


def _unfinished(ran: Ran, files: Sequence[Path], setting: str) -> Iterator[str]:
    if ran.status != 0 or len(ran.rows) != len(files):
        end = ran.log[-2000:]
        yield f"{setting}: ended with {ran.status} after {len(ran.rows)} programs\n{end}"
