"""Runs as JSON lines: each is there as soon as it is over, and nothing is ever rewritten.

The first line says what was run. A bed with other settings does not go on in the same folder,
because its runs could not be compared with what is there.
"""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec

from pyjit_fuzz.execute.errors import SetupError
from pyjit_testbed.model import Run

FILE = "runs.jsonl"


class Settings(msgspec.Struct, frozen=True):
    """What all runs of a folder have in common."""

    suite: str
    arch: str
    build: str
    """Hash of the core that was tested."""
    timeout: float


class Store:
    """The runs in ``folder``; safe with several threads of one process."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.settings = settings
        self.folder = folder
        self._lock = threading.Lock()
        self._runs: dict[tuple[str, str, int], Run] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / FILE
        if self._path.exists() and self._path.stat().st_size:
            self._load()
        else:
            self._append(msgspec.json.encode(settings))

    def get(self, unit: str, arm: str, attempt: int) -> Run | None:
        """Return that run, if it has been."""
        with self._lock:
            return self._runs.get((unit, arm, attempt))

    def add(self, run: Run) -> None:
        """Keep ``run``."""
        with self._lock:
            self._append(msgspec.json.encode(run))
            self._runs[run.unit, run.arm, run.attempt] = run

    def _load(self) -> None:
        text = self._path.read_bytes()
        *lines, torn = text.split(b"\n")
        try:
            found = msgspec.json.decode(lines[0], type=Settings)
            runs = [msgspec.json.decode(line, type=Run) for line in lines[1:]]
        except (IndexError, msgspec.DecodeError) as error:
            raise SetupError(
                f"{self._path} cannot be read: {error}. Delete it, or give another --results."
            ) from error
        if found != self.settings:
            raise SetupError(
                f"The results in {self.folder} are of other settings ({found} instead of "
                f"{self.settings}). Delete that folder, or give another --results."
            )
        if torn:
            # The process was killed while it wrote: that run is made again.
            with self._path.open("r+b") as handle:
                handle.truncate(len(text) - len(torn))
        self._runs = {(run.unit, run.arm, run.attempt): run for run in runs}

    def _append(self, line: bytes) -> None:
        with self._path.open("ab") as handle:
            handle.write(line + b"\n")
