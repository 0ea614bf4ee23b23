"""The journal: what a child tells about each test, as JSON lines in a file.

    {"start": ID}                                         before a test
    {"test": ID, "outcome": OUTCOME, "detail": TEXT}      one or more for each test
    {"unit": OUTCOME, "detail": TEXT}                     at the very end

The file is opened anew for each line: tests close descriptors that they did not open, change the
folder, fork, and replace functions of ``os``; so the functions are kept here, and a forked child
writes nothing. A line is there when the call returns, whatever kills the process afterwards.
"""

from __future__ import annotations

import json
import os

OPTION = "--pyjit-journal"
IGNORE_OPTION = "--pyjit-ignore"
MOST_DETAIL = 6000
"""Characters of a traceback that are kept, from its end."""

_open, _write, _close, _getpid, _dumps = os.open, os.write, os.close, os.getpid, json.dumps
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT


class Journal:
    """Writes the journal of this process to ``path``."""

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)  # noqa: PTH100 -- pathlib is under test here
        self._pid = _getpid()
        self._seen: dict[str, int] = {}
        self._current: dict[str, str] = {}

    def start(self, test: str) -> None:
        """Note that ``test`` begins. An identifier that was there before gets a number."""
        count = self._seen[test] = self._seen.get(test, 0) + 1
        name = test if count == 1 else f"{test} #{count}"
        self._current[test] = name
        self._line({"start": name})

    def outcome(self, test: str, outcome: str, detail: str = "") -> None:
        """Note how ``test``, or a part of it, ended."""
        name = self._current.get(test, test)
        self._line({"test": name, "outcome": outcome, "detail": detail[-MOST_DETAIL:]})

    def unit(self, outcome: str, detail: str = "") -> None:
        """Note how the whole ended."""
        self._line({"unit": outcome, "detail": detail[-MOST_DETAIL:]})

    def _line(self, event: dict[str, str]) -> None:
        if _getpid() != self._pid:
            return
        descriptor = _open(self._path, _FLAGS, 0o644)
        try:
            _write(descriptor, (_dumps(event) + "\n").encode())
        finally:
            _close(descriptor)
