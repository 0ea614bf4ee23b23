"""A station: a campaign's jobs on one Dask worker.

Contract
- It is a plugin of the worker, so that workers which join later have it as well. Each of the
  worker's threads does one order at a time, with a job (``campaign.job``) of its own; jobs are
  kept for the next order, because their executors take long to open.
- The JIT is tested in the build that the campaign was started with: the same folder, or one
  with the same hash built from the worker's own checkout. Anything else is refused.
- Jobs write into a scratch folder of the station's, which is gone when the station is (one that
  was killed, with the next). What they found is in the answers.
"""

from __future__ import annotations

import itertools
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from distributed import Worker, WorkerPlugin, get_worker

from pyjit_fuzz.campaign import Done, Store, Stored, StoreError, Working, read_finding
from pyjit_fuzz.campaign.crew import LocalJob
from pyjit_fuzz.campaign.protocol import Failed, Finish, FromJob, Start, Task
from pyjit_fuzz.campaign.setup import make_ready_again
from pyjit_fuzz.cluster.orders import Answer, Delivery, Order, decode_order, encode
from pyjit_fuzz.execute import Scratch, SetupError
from pyjit_fuzz.generate import GENERATOR
from pyjit_fuzz.model import Finding, Profile


class Station(WorkerPlugin):
    """The jobs of one campaign on one worker; sent there by the supervisor."""

    def __init__(self, name: str, start: bytes) -> None:
        """``start`` is the encoded ``Start`` of the campaign, ``name`` tells campaigns apart."""
        self.name = name
        self.generator = GENERATOR
        self.start = start

    def setup(self, worker: Worker) -> None:
        """Begin on a worker; nothing is opened before the first order."""
        self.address = str(worker.address)
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._idle: list[_StationJob] = []
        self._all: list[_StationJob] = []
        self._ready: Start | None = None
        self._scratch = Scratch()

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - Dask's signature
        """End the jobs, whatever they are doing."""
        for job in self._all:
            job.local.end()
        self._scratch.remove()

    def do(self, order: Order, tell: Callable[[str], None]) -> Answer:
        """Do an order in the calling thread; ``tell`` hears what takes long."""
        deliveries: list[Delivery] = []
        try:
            job = self._hire()
        except SetupError as error:
            return Answer((Delivery(Failed(f"on the worker {self.address}: {error}")),))
        try:
            for delivery in job.do(order):
                if isinstance(delivery.message, Working):
                    tell(delivery.message.text)
                else:
                    deliveries.append(delivery)
        except StoreError as error:
            self._dismiss(job)
            return Answer((Delivery(Failed(f"on the worker {self.address}: {error}")),))
        except (EOFError, OSError):
            return Answer(tuple(deliveries), died=f"{self._dismiss(job)} on {self.address}")
        if isinstance(deliveries[-1].message, Failed):
            self._dismiss(job)
        else:
            with self._lock:
                self._idle.append(job)
        return Answer(tuple(deliveries))

    def _hire(self) -> _StationJob:
        with self._lock:
            if self._idle:
                return self._idle.pop()
            if self._ready is None:
                self._ready = self._start_here()
            folder = self._scratch.path / str(next(self._numbers))
            job = _StationJob(msgspec.structs.replace(self._ready, campaign=str(folder)))
            self._all.append(job)
            return job

    def _dismiss(self, job: _StationJob) -> str:
        with self._lock:
            if job in self._all:
                self._all.remove(job)
        how = job.local.end()
        shutil.rmtree(job.store.root, ignore_errors=True)
        return how

    def _start_here(self) -> Start:
        """Return the first message to jobs of this machine; raises ``SetupError``."""
        if self.generator != GENERATOR:
            raise SetupError(
                f"its pyjit-fuzz draws programs with the generator {GENERATOR}, the campaign's "
                f"with {self.generator}; bring both to the same version"
            )
        start = msgspec.msgpack.decode(self.start, type=Start)
        settings = start.settings
        return msgspec.structs.replace(
            start,
            settings=msgspec.structs.replace(
                settings,
                profiles=tuple(map(_same_build, settings.profiles)),
                helpers=tuple(map(_same_build, settings.helpers)),
            ),
        )


class _StationJob:
    """A job and the folder that it writes to."""

    def __init__(self, start: Start) -> None:
        self.local = LocalJob(start)
        self.store = Store(Path(start.campaign))

    def do(self, order: Order) -> Iterator[Delivery]:
        """Do an order; yields what is reported, ``Done`` or ``Failed`` last.

        Raises ``EOFError`` or ``OSError`` when the job dies.
        """
        self.local.give(self._task_here(order))
        while True:
            message = self.local.receive()
            yield Delivery(message, _stored_by(message))
            if isinstance(message, Done | Failed):
                self.local.task = None
                shutil.rmtree(self.store.root, ignore_errors=True)
                return

    def _task_here(self, order: Order) -> Task:
        if isinstance(order.task, Finish) and order.finding is not None:
            folder = str(self.store.add(order.finding))
            return msgspec.structs.replace(order.task, folder=folder)
        return order.task


def perform(station: str, data: bytes, topic: str, number: int) -> bytes:
    """Do an encoded order at a station of the Dask worker that this runs on.

    What takes long is told under a topic, with the number of the order.
    """
    worker = get_worker()
    plugin = worker.plugins[station]
    assert isinstance(plugin, Station)
    answer = plugin.do(
        decode_order(data), lambda text: worker.log_event(topic, {"order": number, "text": text})
    )
    return encode(answer)


def _stored_by(message: FromJob) -> Finding | None:
    return read_finding(Path(message.folder)) if isinstance(message, Stored) else None


def _same_build(profile: Profile) -> Profile:
    """Return a profile with the very build of the JIT, built anew if need be."""
    here = make_ready_again(profile)
    theirs, ours = ([Path(each).name for each in it.python_path] for it in (profile, here))
    if theirs != ours:
        raise SetupError(
            f"its sources or compilers for {profile.arch} make another build of the JIT than the "
            f"campaign's ({', '.join(ours)} instead of {', '.join(theirs)}); bring its checkout "
            "to the same commit, and its packages to the same versions"
        )
    return here
