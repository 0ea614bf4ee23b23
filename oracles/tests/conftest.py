"""Observations for the tests: made by hand, or by running programs in this process's Python."""

import platform

import pytest

from pyjit_fuzz.execute import Limits, load_profiles, open_native
from pyjit_fuzz.model import Observation, Program, Status

PROGRAM = Program(source="RESULT = 1")


@pytest.fixture
def program():
    return PROGRAM


@pytest.fixture
def seen():
    """Return a function that makes an observation of the reference or of the tested side."""

    def make(side="reference", status=Status.OK, **fields):
        return Observation(profile=side, status=status, **fields)

    return make


@pytest.fixture
def judge(seen):
    """Return a function that runs one oracle over two sets of fields."""

    def ask(oracle, reference, tested):
        return oracle.judge(PROGRAM, seen("reference", **reference), seen("tested", **tested))

    return ask


@pytest.fixture(scope="session")
def run():
    """Run a source under the stock interpreter."""
    profile = load_profiles(["interp"], [platform.machine()])[0]
    # A limit of memory that is met long before that of time.
    with open_native(profile, Limits(memory_mib=256)) as executor:
        yield lambda source: executor.run(Program(source=source))
