"""A crew of Dask workers: each order of the campaign is a task of the cluster.

Contract
- There are as many orders on their way as the cluster has threads, or fewer (``most``); workers
  may come and go. What a lost worker was at Dask gives to another one. If that happens again
  and again, the order counts as a job that died, and the supervisor tries its programs singly.
- Without a worker for ``PATIENCE`` seconds, or without the scheduler, the sitting ends with a
  ``CampaignError``; the campaign's folder has everything that was reported.
"""

from __future__ import annotations

import collections
import contextlib
import itertools
import logging
import queue
import socket
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Final

import msgspec
from distributed import Client, Future, KilledWorker
from distributed.comm.addressing import parse_address
from distributed.comm.registry import get_backend

from pyjit_fuzz.campaign import CampaignError, FromJob, Store, Working, read_finding
from pyjit_fuzz.campaign.crew import JobHandle, Tell
from pyjit_fuzz.campaign.events import stored
from pyjit_fuzz.campaign.protocol import Finish, Start, Task
from pyjit_fuzz.cluster.orders import Delivery, Order, decode_answer, encode
from pyjit_fuzz.cluster.station import Station, perform

PATIENCE: Final = 60.0
"""Seconds that a campaign waits for a scheduler, and for a first or another worker."""
_SECONDS_BETWEEN_LOOKS: Final = 2.0


class ClusterCrew:
    """The workers of one cluster, as the supervisor sees them."""

    def __init__(self, address: str, most: int | None, start: Start, tell: Tell) -> None:
        """Connect to the scheduler and send the workers what they need.

        ``most`` bounds the orders at a time. Raises ``CampaignError``.
        """
        self._address = address
        self._most = most
        self._tell = tell
        self._store = Store(Path(start.campaign))
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._numbers = itertools.count()
        self._at_work: dict[int, ClusterJob] = {}
        self._threads = self._workers = 0
        self._looked = self._had_workers = time.monotonic()
        # A campaign that is gone on with takes the place of what its last sitting left there.
        self._name = f"pyjit-fuzz {Path(start.campaign).resolve()} on {socket.gethostname()}"
        _quieten_dask()
        self._client = self._connect()
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
            self._client.register_plugin(Station(self._name, msgspec.msgpack.encode(start)))
            self._client.subscribe_topic(self._name, self._hear)
            self.look()
        except CampaignError:
            self._client.close()
            raise
        except TimeoutError as error:
            self._client.close()
            raise CampaignError(
                f"no worker has joined the cluster at {address} within {PATIENCE:.0f} s; start "
                f"some, for example with `dask worker {address}`"
            ) from error
        except Exception as error:
            self._client.close()
            raise CampaignError(
                f"the workers of the cluster at {address} cannot work for this campaign: {error}. "
                "They need the same pyjit-fuzz, with its extra `cluster`"
            ) from error

    def most(self) -> int:
        """See ``Crew``; one even while no worker is there, for which it waits."""
        if time.monotonic() - self._looked >= _SECONDS_BETWEEN_LOOKS:
            self.look()
        threads = self._threads if self._most is None else min(self._threads, self._most)
        return max(1, threads)

    def hire(self) -> ClusterJob:
        """See ``Crew``: a place for one order at a time, with whichever worker is free."""
        return ClusterJob(self)

    def with_news(self, busy: Sequence[JobHandle], seconds: float) -> Iterable[JobHandle]:
        """See ``Crew``."""
        jobs = [job for job in busy if isinstance(job, ClusterJob)]
        if not any(job.has_news() for job in jobs):
            with contextlib.suppress(queue.Empty):
                self._bell.get(timeout=seconds)
        return [job for job in jobs if job.has_news()]

    def close(self) -> None:
        """See ``Crew``; ends what runs on the workers."""
        with contextlib.suppress(Exception):  # the cluster may be gone, and keeps nothing of ours
            self._client.unregister_worker_plugin(self._name)
        self._client.close()

    def send(self, job: ClusterJob, order: Order) -> Future[bytes]:
        """Hand an order to the cluster."""
        number = next(self._numbers)
        self._at_work[number] = job
        try:
            future = self._client.submit(
                perform, self._name, encode(order), self._name, number, pure=False
            )
        except Exception as error:
            raise self.gone(error) from error

        def ring(_: Future[bytes]) -> None:
            self._at_work.pop(number, None)
            self._bell.put(None)

        future.add_done_callback(ring)
        return future

    def file(self, delivery: Delivery) -> FromJob:
        """Store a finding that was delivered, before anybody hears of it."""
        if delivery.finding is not None:
            self._store.add(delivery.finding)
            return stored(delivery.finding, self._store)
        return delivery.message

    def gone(self, error: Exception) -> CampaignError:
        """Return what to raise when the scheduler does not answer."""
        return CampaignError(
            f"the Dask scheduler at {self._address} is gone ({error}). What was found is safe on "
            "disk; run the same command again, it goes on where it stopped"
        )

    def _connect(self) -> Client:
        try:
            # A client that fails at this would keep the process from ending.
            get_backend(parse_address(self._address)[0])
            return Client(self._address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise CampaignError(
                f"there is no Dask scheduler at {self._address}: {error}. Start one with "
                "`dask scheduler` and give the address that it prints, as tcp://HOST:PORT"
            ) from error

    def look(self) -> None:
        """See how many workers there are; raises ``CampaignError`` if that is hopeless."""
        self._looked = time.monotonic()
        try:
            threads = self._client.nthreads()
        except Exception as error:
            raise self.gone(error) from error
        if len(threads) != self._workers:
            self._tell(f"{len(threads)} workers in the cluster, before {self._workers}")
        self._workers, self._threads = len(threads), sum(threads.values())
        if self._threads:
            self._had_workers = self._looked
        elif self._looked - self._had_workers > PATIENCE:
            raise CampaignError(
                f"all workers have left the cluster at {self._address}. What was found is safe on "
                "disk; start workers and run the same command again, it goes on where it stopped"
            )

    def _hear(self, event: tuple[float, dict[str, object]]) -> None:
        """Pass on what a job is at; runs in Dask's own thread."""
        _, said = event
        if job := self._at_work.get(said["order"]):  # type: ignore[call-overload]
            job.hear(str(said["text"]))
            self._bell.put(None)


def _quieten_dask() -> None:
    """Keep Dask from writing into the progress: what goes wrong, the crew says itself."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


class ClusterJob(JobHandle):
    """A place in the cluster."""

    def __init__(self, crew: ClusterCrew) -> None:
        super().__init__()
        self._crew = crew
        self._future: Future[bytes] | None = None
        self._said: collections.deque[str] = collections.deque()
        self._delivered: collections.deque[Delivery] = collections.deque()
        self._how = ""
        """How the job at the other end died."""

    def has_news(self) -> bool:
        """Tell whether ``receive`` would not wait."""
        return bool(
            self._said
            or self._delivered
            or self._how
            or (self._future is not None and self._future.done())
        )

    def hear(self, text: str) -> None:
        """Note what the job is at."""
        self._said.append(text)

    def receive(self) -> FromJob:
        """See ``JobHandle``; waits for it."""
        if self._said:
            return Working(self._said.popleft())
        if self._future is not None:
            self._take(self._future)
        if not self._delivered:
            raise EOFError(self._how)
        return self._crew.file(self._delivered.popleft())

    def end(self) -> str:
        """See ``JobHandle``."""
        if self._future is not None:
            self._future.cancel()
        return self._how or "with its worker"

    def _send(self, task: Task) -> None:
        finding = read_finding(Path(task.folder)) if isinstance(task, Finish) else None
        self._future = self._crew.send(self, Order(task, finding))

    def _take(self, future: Future[bytes]) -> None:
        """Take in what an order has led to."""
        try:
            answer = decode_answer(future.result())
        except (KilledWorker, CancelledError) as error:
            self._crew.look()  # if the scheduler is gone, the programs are not to blame
            self._how = f"with its worker ({type(error).__name__})"
            return
        except OSError as error:
            raise self._crew.gone(error) from error
        except Exception as error:
            raise CampaignError(f"a worker of the cluster failed: {error!r}") from error
        finally:
            self._future = None
        self._delivered.extend(answer.deliveries)
        self._how = answer.died
