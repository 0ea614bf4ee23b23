"""Fixtures: a batch of programs, and an interpreter that runs them in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyjit_fuzz.generate import RandomChoices, generate

RUNNER = Path(__file__).with_name("program_runner.py")


class Runner:
    """A process that runs programs one after the other, under limits."""

    def __init__(self, hash_seed: int) -> None:
        environment = dict(os.environ, PYTHONHASHSEED=str(hash_seed))
        self.process = subprocess.Popen(
            [sys.executable, str(RUNNER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )

    def run(self, source, *, trace=False):
        self.process.stdin.write(json.dumps({"source": source, "trace": trace}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the interpreter died"
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(20)


@pytest.fixture(scope="session")
def batch():
    """Programs of 400 seeds."""
    return [generate(RandomChoices(seed), seed=seed) for seed in range(400)]


@pytest.fixture(scope="session")
def runner():
    instance = Runner(hash_seed=0)
    yield instance
    instance.close()


@pytest.fixture(scope="session")
def other_runner():
    instance = Runner(hash_seed=4711)
    yield instance
    instance.close()
