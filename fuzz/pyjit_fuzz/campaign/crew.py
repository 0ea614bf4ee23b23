"""Crews: the jobs that do a campaign's tasks, and where they run.

Contract
- The supervisor sees a job as a ``JobHandle``: it gives it one task at a time and receives
  what the job reports, until ``Done`` or ``Failed``. A job that dies says so in ``receive``.
- A crew hires jobs and tells which of them have news. ``LocalCrew`` has processes of this
  machine; ``pyjit_fuzz.cluster`` has a crew of Dask workers.
- Nothing that matters is in a crew: what a lost job had not reported is done again.
"""

from __future__ import annotations

import abc
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from multiprocessing.connection import Pipe, wait
from typing import Protocol, TypeAlias

from pyjit_fuzz.campaign.protocol import (
    FromJob,
    RunPrograms,
    Start,
    Task,
    receive_from_job,
    send,
)

_GRACE = 3.0
"""Seconds that jobs get to end by themselves."""


class JobHandle(abc.ABC):
    """A job and what it is doing."""

    def __init__(self) -> None:
        self.task: Task | None = None
        self.left: set[str] = set()
        """Keys of the task's programs that have not run yet."""
        self.ran = ""
        """Id of the task's last program that ran and counts."""
        self.told = False
        """Whether it has reported anything at all, which it does before it runs a program."""

    def give(self, task: Task) -> None:
        """Hand out a task; raises ``OSError`` when the job is gone."""
        keys = task.keys if isinstance(task, RunPrograms) else ()
        self.task, self.left, self.ran = task, set(keys), ""
        self._send(task)

    @abc.abstractmethod
    def receive(self) -> FromJob:
        """Return the next thing that it reports; raises ``EOFError``, ``OSError`` when it died."""

    @abc.abstractmethod
    def end(self) -> str:
        """End it, whatever it is doing; return how it ended, for people."""

    @abc.abstractmethod
    def _send(self, task: Task) -> None: ...


class Crew(Protocol):
    """The jobs of a sitting."""

    def most(self) -> int:
        """Return how many jobs there may be now."""

    def hire(self) -> JobHandle:
        """Return a new job."""

    def with_news(self, busy: Sequence[JobHandle], seconds: float) -> Iterable[JobHandle]:
        """Return those that can be received from, waiting so long for the first one."""

    def close(self) -> None:
        """Let go of what the jobs had in common; they have been ended."""


Tell: TypeAlias = Callable[[str], None]
"""Is told what a person should know, from any thread."""
Gather: TypeAlias = Callable[[Start, Tell], Crew]
"""Makes a crew of jobs that begin with this message."""


class LocalJob(JobHandle):
    """A process of this machine."""

    def __init__(self, start: Start) -> None:
        super().__init__()
        self._start: Start | None = start
        self.connection, theirs = Pipe()
        with theirs:
            descriptor = theirs.fileno()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pyjit_fuzz.campaign.job", str(descriptor)],
                pass_fds=(descriptor,),
                stdin=subprocess.DEVNULL,
            )

    def receive(self) -> FromJob:
        """See ``JobHandle``; waits for it."""
        return receive_from_job(self.connection)

    def end(self) -> str:
        """See ``JobHandle``."""
        self.connection.close()
        if self.task is not None:
            self.process.terminate()  # it closes its executors and ends
        try:
            self.process.wait(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return f"with status {self.process.returncode}"

    def _send(self, task: Task) -> None:
        if self._start is not None:  # here, and not at once, because it may be dead by now
            send(self.connection, self._start)
            self._start = None
        send(self.connection, task)


class LocalCrew:
    """So many processes of this machine."""

    def __init__(self, start: Start, _tell: Tell) -> None:
        self._start = start

    def most(self) -> int:
        """See ``Crew``."""
        return self._start.settings.jobs

    def hire(self) -> JobHandle:
        """See ``Crew``."""
        return LocalJob(self._start)

    def with_news(self, busy: Sequence[JobHandle], seconds: float) -> Iterable[JobHandle]:
        """See ``Crew``."""
        jobs = {job.connection: job for job in busy if isinstance(job, LocalJob)}
        return [jobs[each] for each in wait(list(jobs), timeout=seconds)]  # type: ignore[index]

    def close(self) -> None:
        """See ``Crew``."""
