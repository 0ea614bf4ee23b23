"""Scratch folders of workers and stations, which do not outlive their owners.

Contract: a folder is locked as long as its owner lives, whatever ends that. What a killed owner has
left behind, the next one removes: on machines that fuzz for weeks, that adds up.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import shutil
import tempfile
import time
from pathlib import Path

PREFIX = "pyjit-fuzz-scratch-"
SETTLED = 60.0
"""Seconds after which a folder that is not locked is no longer about to be."""


class Scratch:
    """A folder of its own, in the system's place for temporary files."""

    def __init__(self) -> None:
        """Make it; the first time in a process, remove those that nobody owns any more."""
        _sweep_once()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


@functools.cache
def _sweep_once() -> None:
    sweep()


def sweep(settled: float = SETTLED) -> list[Path]:
    """Remove this user's folders without an owner; return which.

    Folders that changed in the last ``settled`` seconds are left alone.
    """
    swept = []
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            about = path.lstat()
            if about.st_uid != os.geteuid() or time.time() - about.st_ctime < settled:
                continue
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
                swept.append(path)
            finally:
                os.close(lock)
    return swept
