"""The supervisor: hands out programs to jobs, counts, and outlives them.

Contract
- One supervisor runs on a campaign folder at a time (an advisory lock).
- Findings go before programs. When the time is over, what was found is confirmed and no
  more; when enough was found, the rest is left as it is. The next sitting goes on with both.
- A job that dies is started again and what it had not done of its batch is tried once more,
  program by program; a program that takes down its job every time is noted as lost.
- Everything that must survive is on disk at any moment: findings in the store,
  counts in the database. ``kill -9`` of a job, a fork server or this process
  loses no finding; the next sitting goes on where this one stopped.
"""

from __future__ import annotations

import collections
import contextlib
import fcntl
import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TypeAlias

import msgspec

from pyjit_fuzz.campaign.crew import Gather, JobHandle, LocalCrew
from pyjit_fuzz.campaign.events import stored
from pyjit_fuzz.campaign.exchange import Exchange
from pyjit_fuzz.campaign.protocol import (
    Done,
    Event,
    Failed,
    Finish,
    Notice,
    Ran,
    RunPrograms,
    Start,
    Stored,
    Task,
    Working,
)
from pyjit_fuzz.campaign.settings import Settings
from pyjit_fuzz.campaign.sources import Sources, is_fresh, number_of
from pyjit_fuzz.campaign.state import State
from pyjit_fuzz.campaign.steering import Steering
from pyjit_fuzz.campaign.store import Store, read_finding
from pyjit_fuzz.model import FindingState, Program

OnEvent: TypeAlias = Callable[[str, Event], None]
"""Is told what happened and on which architecture."""

_TRIES = 2
_STILLBORN = 5
"""Jobs that die before they have begun, until it is clear that none will."""
_TICK = 0.5
_UNFINISHED = (FindingState.NEW, FindingState.CONFIRMED)
_SHOWN_AGAIN = frozenset(
    state.value for state in (FindingState.CONFIRMED, FindingState.FLAKY, FindingState.REDUCED)
)


class CampaignError(Exception):
    """The campaign cannot go on; the text says why and what to do."""


class Supervisor:
    """One sitting of a campaign."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        corpus: Sequence[Program],
        on_event: OnEvent,
        gather: Gather = LocalCrew,
        storage: str | None = None,
    ) -> None:
        """Lock and open the campaign folder.

        ``storage`` is a URL where campaigns exchange what they found. Raises ``CampaignError``,
        ``StateError``, ``ExchangeError``.
        """
        self.folder = folder
        self._settings = settings
        self._on_event = on_event
        self._notices: collections.deque[str] = collections.deque()
        """What other threads want to be told."""
        self._store = Store(folder)
        sources = Sources(settings.seed, corpus, settings.mutants)
        with contextlib.ExitStack() as undo:
            self._lock = undo.enter_context(_lock(folder))
            self._exchange = None if storage is None else Exchange(storage, self._notices.append)
            self.state = undo.enter_context(contextlib.closing(State(folder)))
            self._store.tidy()
            self._adopt()
            self._steering = Steering(settings, sources, self.state)
            self._crew = gather(Start(settings, tuple(corpus), str(folder)), self._notices.append)
            undo.pop_all()
        self._seen = self.state.seen()
        self._queues = {
            arch: _keys(settings, sources, arch, self.state.done(arch)) for arch in settings.archs
        }
        self._findings = collections.deque(self._unfinished_findings(""))
        self._announced: set[str] = set()
        """Ids of the findings that jobs have told of."""
        self._handed_back: collections.deque[RunPrograms] = collections.deque()
        self._tries: collections.Counter[tuple[str, str]] = collections.Counter()
        self._jobs: list[JobHandle] = []
        self._stillborn = 0
        """Jobs that died before they had reported anything, one after another."""
        self._found: set[str] = set()
        self._used = dict.fromkeys(settings.archs, 0.0)

    def run(self) -> None:
        """Run until the budget is spent, nothing is left, or ``KeyboardInterrupt``."""
        started = last = time.monotonic()
        if self._exchange:
            self._exchange.offer(finding for _, finding in self._store.findings())
            self._exchange.offer(kept.program for kept in self._steering.pool)
            self._exchange.begin()
        while True:
            self._look_around()
            now = time.monotonic()
            self._count_seconds(now - last)
            last = now
            self._hand_out(self._settings.seconds_left(now - started))
            busy = [job for job in self._jobs if job.task is not None]
            if not busy:
                return
            for job in self._crew.with_news(busy, _TICK):
                self._listen(job)

    def close(self) -> None:
        """End the jobs and the database; what jobs had not reported runs again next time."""
        for job in self._jobs:
            job.end()
        self._jobs.clear()
        self._crew.close()
        self._store.tidy()
        self._adopt()
        if self._exchange:
            self._exchange.offer(finding for _, finding in self._store.findings())
            self._exchange.close()
        self._look_around()
        self.state.close()
        self._lock.close()

    def _look_around(self) -> None:
        """Take over what other campaigns have found, and pass on notices."""
        for item in self._exchange.news() if self._exchange else ():
            if isinstance(item, Program):
                self._steering.welcome(item)
            elif self._store.is_news(item):
                self._store.add(item)
                self.state.adopt([stored(item, self._store)])
        while self._notices:
            self._on_event(self._settings.archs[0], Notice(self._notices.popleft()))

    def _hand_out(self, seconds: float) -> None:
        idle = [job for job in self._jobs if job.task is None]
        while True:
            if len(self._jobs) - len(idle) >= self._crew.most():
                return
            task = self._next_task(seconds)
            if task is None:
                return
            if not idle:
                self._jobs.append(self._crew.hire())
                idle = self._jobs[-1:]
            job = idle.pop()
            try:
                job.give(task)
            except OSError:
                self._bury(job)

    def _next_task(self, seconds: float) -> Task | None:
        """Return what to do next, with so many seconds left."""
        enough = self._settings.findings_left(len(self._found))
        if enough <= 0:
            return None
        in_time = seconds > 0
        if finding := self._next_finding(reduce=in_time):
            return finding
        programs = self._next_programs() if in_time else None
        if programs is None:
            return None
        return msgspec.structs.replace(
            programs,
            kept=self._steering.named_in(programs.keys),
            seen=self._seen,
            seconds=seconds,
            enough=enough,
        )

    def _next_finding(self, *, reduce: bool) -> Finish | None:
        while self._findings:
            task = self._findings.popleft()
            if reduce:
                return task
            if read_finding(Path(task.folder)).state is FindingState.NEW:
                return msgspec.structs.replace(task, reduce=False)
        return None

    def _next_programs(self) -> RunPrograms | None:
        if self._handed_back:
            return self._handed_back.popleft()
        while self._queues:
            # The architecture that had the least time so far, so that the quick one does
            # not starve the emulated one nor the other way round.
            running = collections.Counter(job.task.arch for job in self._jobs if job.task)
            arch = min(self._queues, key=lambda name: (running[name], self._used[name]))
            if keys := self._steering.waiting(arch, self._settings.batch):
                return RunPrograms(arch=arch, keys=keys)
            keys = tuple(itertools.islice(self._queues[arch], self._settings.batch))
            if keys:
                return RunPrograms(arch=arch, keys=self._steering.steer(arch, keys))
            del self._queues[arch]
        return None

    def _listen(self, job: JobHandle) -> None:
        task = job.task
        if task is None:
            return
        try:
            message = job.receive()
        except (EOFError, OSError):
            self._bury(job)
            return
        job.told = True
        self._stillborn = 0
        match message:
            case Ran():
                job.ran = message.program_id
                job.left.discard(message.key)
                self._count(task.arch, message)
            case Stored():
                self._note(task, message)
            case Done():
                job.task = None
                if job.left and isinstance(task, RunPrograms):
                    keys = tuple(key for key in task.keys if key in job.left)
                    self._handed_back.append(RunPrograms(arch=task.arch, keys=keys))
            case Failed(text):
                raise CampaignError(text)
            case Working():
                pass
        self._on_event(task.arch, message)

    def _count(self, arch: str, message: Ran) -> None:
        """Count a program that ran, and learn from it."""
        kept = self._steering.note(arch, message)
        if kept and self._exchange:
            self._exchange.offer([kept])
        self.state.record(arch, message)
        for mechanism in message.mechanisms:
            self._seen[mechanism] = self._seen.get(mechanism, 0) + 1

    def _note(self, task: Task, message: Stored) -> None:
        """Remember a finding's state; a new one is to be finished."""
        self.state.record_finding(message)
        if self._exchange:
            self._exchange.offer([read_finding(Path(message.folder))])
        if message.state in _SHOWN_AGAIN:
            self._found.add(message.id)
        if isinstance(task, RunPrograms):
            self._announced.add(message.id)
            self._findings.append(Finish(arch=message.arch, folder=message.folder))

    def _bury(self, job: JobHandle) -> None:
        """Replace a job that died; its task is tried again."""
        how = job.end()
        self._jobs.remove(job)
        task = job.task
        if task is None:
            return
        if not job.told:
            self._try_with_another(task, how)
            return
        if isinstance(task, Finish):
            name = Path(task.folder).name
            again = self._count_try(task.arch, name)
            found = list(self._unfinished_findings(name)) if again else []
        else:
            name = next((key for key in task.keys if key in job.left), job.ran)
            again = self._try_again(task, job.left)
            # What ran counts already: only what it found and did not tell of is left to do.
            found = list(self._unfinished_findings(job.ran)) if job.ran else []
            found = [each for each in found if Path(each.folder).name not in self._announced]
        self._findings.extend(found)
        outlook = "it is tried again" if again or found else "it is given up"
        news = f"a job ended {how} while it was at {name}; {outlook}"
        self._on_event(task.arch, Notice(news))

    def _try_with_another(self, task: Task, how: str) -> None:
        """Hand back the task of a job that died before it began, which is not the task's fault."""
        self._stillborn += 1
        if self._stillborn >= _STILLBORN:
            raise CampaignError(
                f"{_STILLBORN} jobs in a row ended {how} before they had done anything. What was "
                "found is safe on disk; see to it that `python -m pyjit_fuzz.campaign.job` can be "
                "started (memory, processes, the installation), then run the same command again"
            )
        if isinstance(task, Finish):
            self._findings.appendleft(task)
        else:
            self._handed_back.append(task)

    def _try_again(self, task: RunPrograms, left: set[str]) -> bool:
        """Give what a dead job had not done another chance, each program by itself."""
        again = False
        for key in (key for key in task.keys if key in left):
            if self._count_try(task.arch, key):
                self._handed_back.append(RunPrograms(arch=task.arch, keys=(key,)))
                again = True
            else:
                self.state.record_lost(task.arch, key)
        return again

    def _count_try(self, arch: str, name: str) -> bool:
        """Note that it failed; tell whether to try it again."""
        self._tries[arch, name] += 1
        return self._tries[arch, name] < _TRIES

    def _unfinished_findings(self, name: str) -> Iterator[Finish]:
        tested = {profile.key for profile in self._settings.profiles}
        for path, finding in self._store.findings():
            if (
                finding.state in _UNFINISHED
                and finding.tested.key in tested
                and finding.id.startswith(name)
            ):
                yield Finish(arch=finding.tested.arch, folder=str(path))

    def _count_seconds(self, seconds: float) -> None:
        for arch in {job.task.arch for job in self._jobs if job.task}:
            self.state.add_seconds(arch, seconds)
        for job in self._jobs:
            if job.task:
                self._used[job.task.arch] += seconds
        self.state.commit(soon=True)

    def _adopt(self) -> None:
        self.state.adopt(stored(finding, self._store) for _, finding in self._store.findings())


def _keys(settings: Settings, sources: Sources, arch: str, done: set[str]) -> Iterator[str]:
    """Yield the keys of the programs that are still to run, corpus first."""
    numbers = {number_of(key) for key in done if is_fresh(key)}
    for key in sources.corpus_keys():
        if key not in done:
            yield key
    number = 0
    while number < settings.programs.get(arch, sys.maxsize):
        if number not in numbers:
            yield str(number)
        number += 1


def _lock(folder: Path) -> IO[str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise CampaignError(
            f"cannot write to the output folder {folder}: {error.strerror}"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise CampaignError(
            f"another pyjit-fuzz is running on {folder}; wait for it or choose another --output"
        ) from error
    return lock
