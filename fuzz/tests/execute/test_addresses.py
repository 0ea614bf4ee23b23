"""Addresses do not change from process to process, where the system can do that."""

import subprocess
import sys

import pytest

from pyjit_fuzz.execute.addresses import fixed_addresses

ADDRESSES = "RESULT = [id(object()), id(ADDRESSES := [None] * 100_000), id(int)]"
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
    assert len(started(4)) > 1, "and not behind it"


def test_a_program_has_the_same_addresses_in_every_fresh_process(run, can_fix):
    seen = {str(run(ADDRESSES, fresh=True).result) for _ in range(4)}
    assert (len(seen) == 1) == can_fix
