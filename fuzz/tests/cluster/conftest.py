"""A Dask cluster of two workers on this machine, started as a user would start it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

FAKES = str(Path(__file__).parents[1] / "fakes")
sys.path.insert(0, FAKES)


class Cluster:
    """Processes of a cluster and its address."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.processes = []
        self.scheduler = self._start(
            "scheduler", "--port", "0", "--host", "127.0.0.1", "--scheduler-file", str(self.file)
        )
        end = time.monotonic() + 30
        while not (self.file.is_file() and self.file.read_text()):
            assert time.monotonic() < end, "the scheduler did not start"
            time.sleep(0.05)
        self.address = json.loads(self.file.read_text())["address"]

    def add_worker(self):
        number = len(self.processes)
        return self._start(
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--local-directory",
            str(self.folder / f"worker-{number}"),
        )

    def jobs(self):
        """Return the processes of campaigns' jobs: children of the workers.

        What a job starts has the job's command line, too, until it has become what it is to be.
        """
        found = []
        for worker in self.processes[1:]:
            if worker.poll() is None:
                found += filter(_is_job, psutil.Process(worker.pid).children())
        return found

    def close(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, kind, *arguments):
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    f"distributed.cli.dask_{kind}",
                    "--no-dashboard",
                    *arguments,
                ],
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process


@pytest.fixture(autouse=True)
def _fakes(monkeypatch):
    """Put the wrong JITs on the path of local jobs, too."""
    inherited = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [FAKES, inherited])))


def _is_job(process):
    try:
        return "pyjit_fuzz.campaign.job" in process.cmdline()
    except psutil.Error:  # it has just ended
        return False


@pytest.fixture
def empty_cluster(_fakes, tmp_path):
    """A scheduler without workers."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster
    cluster.close()


@pytest.fixture
def cluster(empty_cluster):
    """A scheduler and two workers with one thread each."""
    for _ in range(2):
        empty_cluster.add_worker()
    return empty_cluster


@pytest.fixture
def unused_address():
    """An address that nobody listens at."""

    class Nobody:
        address = "tcp://127.0.0.1:1"

    return Nobody
