"""Fixtures: a batch of programs, and an interpreter that runs them in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from pyjit_fuzz.generate import RandomChoices, generate
from pyjit_fuzz.generate.builder import Builder
from pyjit_fuzz.generate.features import FEATURES
from pyjit_fuzz.generate.prelude import prelude
from pyjit_fuzz.generate.program import LANGUAGE

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


@pytest.fixture
def execute():
    """Run what a builder wrote, behind the prelude; returns the namespace."""

    def run(b):
        source = "\n".join((prelude(b.needs), *b.lines))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            code = compile(source, "program.py", "exec", dont_inherit=True)
        namespace = {"__name__": "program"}
        exec(code, namespace)
        return namespace

    return run


@pytest.fixture
def build():
    """Make a builder with every feature on, or with those that are given."""

    def make(seed, features=FEATURES):
        return Builder(RandomChoices(seed), LANGUAGE, frozenset(features))

    return make
