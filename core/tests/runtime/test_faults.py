"""Planted faults: each does its damage when chosen, and none of it otherwise."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest


@pytest.fixture
def plant(faulty):
    yield faulty.set_fault
    faulty.set_fault("none")


class Loud:
    def __init__(self, log, name):
        self.log, self.name = log, name

    def __lt__(self, other):
        self.log.append(f"{self.name} <")
        return NotImplemented

    def __gt__(self, other):
        self.log.append(f"{self.name} >")
        return NotImplemented


def compared(faulty):
    log = []
    with pytest.raises(TypeError):
        faulty.compare(None, Loud(log, "left"), Loud(log, "right"), 0)
    return log


def test_swapped_evaluation_order(faulty, plant):
    assert compared(faulty) == ["left <", "right >"]
    plant("swapped-evaluation-order")
    assert compared(faulty) == ["right >", "left <"]


def test_lost_exception(faulty, plant):
    with pytest.raises(IndexError):
        faulty.binary_subscr(None, [], 0)
    plant("lost-exception")
    assert faulty.binary_subscr(None, [], 0) is None
    assert faulty.binary_subscr(None, [1], 0) == 1


def test_over_released_reference(faulty, plant):
    kept = object()
    before = sys.getrefcount(kept)
    faulty.build_list((kept, None))
    assert sys.getrefcount(kept) == before
    plant("over-released-reference")
    faulty.build_list((kept,))
    assert sys.getrefcount(kept) == before
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))  # the one that is going to be missing
    faulty.build_list((kept, None))
    assert sys.getrefcount(kept) == before


def test_crash(faulty, plant):
    program = (
        "import importlib.util, sys\n"
        "spec = importlib.util.spec_from_file_location('_helpers', sys.argv[1])\n"
        "h = importlib.util.module_from_spec(spec); spec.loader.exec_module(h)\n"
        "h.set_fault(sys.argv[2])\n"
        "print(h.binary_subscr(None, (1, 2), slice(1)), flush=True)\n"
    )
    for fault, code in (("none", 0), ("crash", -11)):
        run = subprocess.run(
            [sys.executable, "-c", program, faulty.__file__, fault],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == code
        assert run.stdout == ("(1,)\n" if code == 0 else "")
