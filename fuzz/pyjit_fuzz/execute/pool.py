"""Several jobs at once: each thread has an executor for every profile.

Contract: a thread waits in a pipe nearly all of its time, so that threads are
enough; executors are opened by the thread that uses them. Programs are taken
from the source as threads become free, never far ahead, so that a source
that learns from results stays fresh. Results come in the order of completion.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

from pyjit_fuzz.execute.limits import Limits
from pyjit_fuzz.execute.registry import Executor, check_same_python, open_executor
from pyjit_fuzz.model import Observation, Profile, Program

Opener = Callable[[Profile], Executor]
_Result = tuple[Program, list[Observation]] | BaseException


class ExecutorPool:
    """``jobs`` sets of executors, one executor a profile in each set."""

    def __init__(
        self,
        profiles: Sequence[Profile],
        *,
        jobs: int = 1,
        limits: Limits | None = None,
        opener: Opener | None = None,
    ) -> None:
        """Open the first set at once, so that a broken set-up shows before anything runs."""
        bounds = limits or Limits()
        self._opener = opener or (lambda profile: open_executor(profile, limits=bounds))
        self._profiles = list(profiles)
        self._jobs = max(jobs, 1)
        self._lock = threading.Lock()
        self._idle: list[list[Executor]] = []
        self._all: list[list[Executor]] = []
        first = self._open_set()
        self.profiles = [executor.profile for executor in first]
        """The profiles with their build ids."""
        self._idle.append(first)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every executor."""
        with self._lock:
            sets, self._all, self._idle = self._all, [], []
        for executors in sets:
            for executor in executors:
                executor.close()

    def observe(self, programs: Iterable[Program]) -> Iterator[tuple[Program, list[Observation]]]:
        """Run each program under every profile; yields as they finish.

        Observations stand in the order of the profiles. A ``SetupError`` of any
        thread is raised here and ends the others after their present program.
        """
        work = _Work(iter(programs), self._jobs)
        threads = [
            threading.Thread(target=self._serve, args=(work,), daemon=True)
            for _ in range(self._jobs)
        ]
        for thread in threads:
            thread.start()
        running = len(threads)
        try:
            while running:
                result = work.results.get()
                if result is None:
                    running -= 1
                elif isinstance(result, BaseException):
                    raise result
                else:
                    yield result
        finally:
            work.stop.set()
            while running:  # a thread may wait to hand over its last result
                running -= work.results.get() is None
            for thread in threads:
                thread.join()

    def _serve(self, work: _Work) -> None:
        """Run programs in this thread until there are no more; hands over ``None`` at its end."""
        try:
            executors = self._borrow()
            try:
                while (program := work.take()) is not None:
                    work.results.put((program, [each.run(program) for each in executors]))
            finally:
                self._give_back(executors)
        except BaseException as error:  # noqa: BLE001 -- raised again in the caller's thread
            work.results.put(error)
        work.results.put(None)

    def _borrow(self) -> list[Executor]:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._open_set()

    def _give_back(self, executors: list[Executor]) -> None:
        with self._lock:
            self._idle.append(executors)

    def _open_set(self) -> list[Executor]:
        opened: list[Executor] = []
        try:
            # One by one, so that those already open are closed when the next one fails.
            for profile in self._profiles:
                opened.append(self._opener(profile))  # noqa: PERF401
            check_same_python(opened)
        except BaseException:
            for executor in opened:
                executor.close()
            raise
        with self._lock:
            self._all.append(opened)
        return opened


class _Work:
    """What the threads of one ``observe`` share."""

    def __init__(self, source: Iterator[Program], jobs: int) -> None:
        self._source = source
        self._lock = threading.Lock()
        self.stop = threading.Event()
        self.results: queue.Queue[_Result | None] = queue.Queue(maxsize=2 * jobs)

    def take(self) -> Program | None:
        """Return the next program, ``None`` when there is none or the caller has had enough."""
        with self._lock:
            return None if self.stop.is_set() else next(self._source, None)
