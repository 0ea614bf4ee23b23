"""A tiny suite on which two arms differ: what the bed is tried on.

The arms are one interpreter with different variables, so that every kind of difference can be had.
"""

import sys
from pathlib import Path

import pytest

from pyjit_testbed.model import STOCK, Arm, Unit

ROOM = Path(__file__).parents[1]
INTERPRETER = "/usr/bin/python3.11"

SUITE = """
import os, signal, sys, time, unittest

JITTED = os.environ["ARM"] == "jit"
FOLDER = os.environ["FOLDER"]


def first_time(name):
    path = os.path.join(FOLDER, name)
    if os.path.exists(path):
        return False
    open(path, "w").close()
    return True


class Tests(unittest.TestCase):
    def test_a_same(self):
        pass

    def test_b_fails_in_both(self):
        self.fail()

    def test_c_only_stock_fails(self):
        self.assertTrue(JITTED)
"""
BODIES = {
    "differs": "self.assertFalse(JITTED, 'jitted')",
    "flaky": "self.assertFalse(JITTED and first_time('flaky'))",
    "skipped": "if JITTED: self.skipTest('jitted')",
    "part": "with self.subTest(object()): self.assertFalse(JITTED)",
    "raises": "if JITTED: raise KeyError",
    "crashes": "if JITTED: os.kill(os.getpid(), signal.SIGSEGV)",
    "crashes_once": "if JITTED and first_time('once'): os.kill(os.getpid(), signal.SIGSEGV)",
    "exits": "if JITTED: os._exit(0)",
    "hangs": "if JITTED: time.sleep(1000)",
    "forks": "pid = os.fork()\n        if not pid: self.fail()\n        os.waitpid(pid, 0)",
}


@pytest.fixture
def arms(tmp_path):
    """Return the stock arm and a ``jit`` one."""
    shared = {"FOLDER": str(tmp_path), "PYTHONPATH": str(ROOM)}
    return [Arm(STOCK, {"ARM": "stock", **shared}), Arm("jit", {"ARM": "jit", **shared})]


@pytest.fixture
def unit(tmp_path):
    """Make a unit of tests of the kinds asked for, and one behind them."""

    def make(*kinds, name="test_tiny"):
        folder = tmp_path / "suite"
        folder.mkdir(exist_ok=True)
        text = SUITE
        for kind in (*kinds, None):
            title, body = (f"d_{kind}", BODIES[kind]) if kind else ("e_last", "pass")
            text += f"\n    def test_{title}(self):\n        {body}\n"
        (folder / f"{name}.py").write_text(text)
        start = (INTERPRETER, "-m", "pyjit_testbed.inside.unittest_run")
        return Unit(name, (*start, f"--testdir={folder}", name), len(start))

    return make


@pytest.fixture
def suite_of_pytest(tmp_path):
    """Make a unit that pytest runs."""

    def make(text):
        folder = tmp_path / "pytest"
        folder.mkdir()
        (folder / "test_tiny.py").write_text(f"import os, signal, pytest\n{text}")
        (folder / "pytest.ini").write_text("[pytest]\n")
        plugin = ("-p", "pyjit_testbed.inside.pytest_plugin", "-p", "no:cacheprovider")
        start = (sys.executable, "-m", "pytest", *plugin)
        return Unit("tiny", (*start, "test_tiny.py"), len(start), str(folder))

    return make
