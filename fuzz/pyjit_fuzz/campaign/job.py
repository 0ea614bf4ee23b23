"""A job: one process that takes programs along the road, a batch at a time.

    python -m pyjit_fuzz.campaign.job DESCRIPTOR

Contract
- A job holds no state that matters: findings are on disk before the supervisor
  hears of the program, and a program whose ``Done`` never arrives is run again.
- It leads a session of its own, so that Ctrl-C reaches the supervisor only,
  and ends as soon as the supervisor is gone.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from pyjit_fuzz.campaign.lane import Lanes
from pyjit_fuzz.campaign.loop import Road
from pyjit_fuzz.campaign.protocol import (
    Done,
    Failed,
    Finish,
    FromJob,
    Start,
    Task,
    Working,
    receive_in_job,
    send,
)
from pyjit_fuzz.campaign.sources import Sources
from pyjit_fuzz.campaign.store import Store, StoreError, read_finding
from pyjit_fuzz.execute import SetupError

_SECONDS_BETWEEN_NEWS = 0.5
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""A program is built and observed in some thousands of objects, few of which are in cycles."""


class Job:
    """The state of a job's process."""

    def __init__(self, connection: Connection, start: Start) -> None:
        """Open no executor yet; a lane is opened by the first task that needs it."""
        settings = start.settings
        self._connection = connection
        self._sources = Sources(settings.seed, start.corpus, settings.mutants)
        self._lanes = Lanes((*settings.profiles, *settings.helpers), settings.limits)
        self._road = Road(settings, self._lanes, Store(Path(start.campaign)), self._working)
        self._last_news = 0.0

    def do(self, task: Task) -> None:
        """Do one task, reporting as it goes."""
        for message in self._messages(task):
            send(self._connection, message)
        send(self._connection, Done())

    def close(self) -> None:
        """End the executors."""
        self._lanes.close()

    def _messages(self, task: Task) -> Iterator[FromJob]:
        if isinstance(task, Finish):
            return self._road.finish(read_finding(Path(task.folder)), reduce=task.reduce)
        self._sources.know(task.kept)
        candidates = {key: self._sources.candidates(key) for key in task.keys}
        return self._road.travel(candidates, task)

    def _working(self, text: str) -> None:
        # Also how a job in the middle of a long reduction learns that nobody waits for it.
        now = time.monotonic()
        if now - self._last_news >= _SECONDS_BETWEEN_NEWS:
            self._last_news = now
            send(self._connection, Working(text))


def serve(connection: Connection) -> None:
    """Do tasks until the supervisor closes the connection."""
    start = receive_in_job(connection)
    if not isinstance(start, Start):
        raise TypeError(f"the first message to a job is a Start, not {start!r}")
    with contextlib.closing(Job(connection, start)) as job:
        gc.freeze()
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        try:
            while True:
                task = receive_in_job(connection)
                if isinstance(task, Task):
                    job.do(task)
        except (SetupError, StoreError) as error:
            send(connection, Failed(str(error)))


def _end(number: int, _frame: object) -> None:
    """Leave through the ``finally`` blocks, so that the executors are closed."""
    raise SystemExit(128 + number)


def main() -> None:
    """Run a job on the connection whose descriptor is the first argument."""
    os.setsid()
    signal.signal(signal.SIGTERM, _end)
    # When the supervisor is gone, there is nobody to report to, and nothing to lose.
    gone = contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError)
    with Connection(int(sys.argv[1])) as connection, gone:
        serve(connection)


if __name__ == "__main__":
    main()
