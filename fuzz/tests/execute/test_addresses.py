"""Addresses do not change from process to process, where the system can do that."""

import platform
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from pyjit_fuzz.execute import Limits, load_profiles, open_executor
from pyjit_fuzz.execute.addresses import fixed_addresses
from pyjit_fuzz.model import Program

ADDRESSES = "RESULT = [id(object()), id(ADDRESSES := [None] * 100_000), id(int)]"
SETTING = Path("/proc/sys/kernel/randomize_va_space")
AT_RANDOM = not SETTING.exists() or SETTING.read_text() != "0\n"
"""A whole system may have no addresses at random."""
WHERE = "print(id(object()), id(print))"


def started(times):
    """Return what so many processes of this thread say of their addresses."""
    return {
        subprocess.run(
            [sys.executable, "-c", WHERE], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(times)
    }


@pytest.fixture
def can_fix():
    with fixed_addresses() as fixed:
        return fixed


def test_processes_are_alike_while_it_lasts(can_fix):
    with fixed_addresses():
        assert (len(started(4)) == 1) == can_fix
    assert (len(started(4)) > 1) == AT_RANDOM, "and not behind it"


def of_fresh_runs(run):
    return {str(run(ADDRESSES, fresh=True).result) for _ in range(4)}


def test_a_jit_has_the_same_addresses_in_every_fresh_process(core, can_fix):
    profile = load_profiles(["jit"], [platform.machine()])[0]
    profile = msgspec.structs.replace(profile, python_path=(core,))
    with open_executor(profile, limits=Limits()) as jit:
        seen = of_fresh_runs(lambda text, *, fresh: jit.run(Program(text), fresh=fresh))
    assert (len(seen) == 1) == can_fix


def test_a_reference_shows_that_a_program_tells_of_addresses(run):
    assert (len(of_fresh_runs(run)) > 1) == AT_RANDOM
