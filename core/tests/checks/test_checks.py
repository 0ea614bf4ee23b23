"""What the sessions `debug` and `refusals` look at, in small, and that they would find something.

The session `sanitizers` has a build of its own, too long to make for each test run; it begins by
showing that a planted fault is reported.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pyjit_core

# The first of them builds the core, once for each of the variants.
pytestmark = pytest.mark.timeout(900)

CORE = Path(__file__).parents[2]
CORPORA = CORE.parent / "corpora"
DEBUG = "python3.11d"
FEATURES = {
    "eager": (
        *("arithmetic", "attributes", "calls", "closures", "coroutines", "dunders", "exceptions"),
        *("generators", "match", "unpacking", "with"),
    ),
    "guards": ("evaluation_order", "finally", "floats", "invalidation", "methods", "strings"),
}
"""Setting → features whose programs are tried in it, besides all of corpora/regress."""


def check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of core/checks."""
    return subprocess.run(
        [sys.executable, CORE / "checks", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=800,
    )


needs_debug_interpreter = pytest.mark.skipif(
    shutil.which(DEBUG) is None, reason=f"{DEBUG} is not installed: apt install python3.11-dbg"
)


@needs_debug_interpreter
@pytest.mark.parametrize("setting", FEATURES)
def test_references_add_up_to_nothing(setting: str) -> None:
    folders = [CORPORA / "regress", *(CORPORA / "seeds" / name for name in FEATURES[setting])]
    programs = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    done = check("references", "--setting", setting, *programs)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.aarch64
def test_references_add_up_to_nothing_on_the_other_architecture() -> None:
    programs = sorted((CORPORA / "seeds" / "exceptions").glob("*.py"))
    done = check("references", "--arch", "aarch64", "--setting", "eager", *programs)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_debug_interpreter
@pytest.mark.parametrize("arch", ["x86_64", pytest.param("aarch64", marks=pytest.mark.aarch64)])
@pytest.mark.parametrize("fault", ["leaked-reference", "over-released-reference"])
def test_references_that_do_not_add_up_are_found(fault: str, arch: str) -> None:
    program = CORE / "checks" / "inside" / "lists.py"
    done = check("references", "--arch", arch, "--setting", "eager", "--fault", fault, program)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"eager: {program}" in done.stdout


LEAKS_SELDOM = """
import ctypes, sys
sys.runs = getattr(sys, "runs", 0) + 1
if "pyjit_core" in sys.modules and sys.runs % 150 == 0:
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(None))
"""
"""Leaks a reference in every 150th run, under the JIT only."""


@needs_debug_interpreter
def test_a_long_window_finds_a_leak_however_seldom(tmp_path: Path) -> None:
    program = tmp_path / "seldom.py"
    program.write_text(LEAKS_SELDOM)
    done = check("references", "--setting", "eager", "--rounds", "1000", program)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "gains references" in done.stdout


@needs_debug_interpreter
def test_in_a_long_window_new_versions_of_code_are_no_leak() -> None:
    # Something is compiled again in each window of it, some hundred runs after the last time.
    program = CORPORA / "seeds" / "raise_from" / "cause_and_suppression.py"
    done = check("references", "--setting", "eager", "--rounds", "1000", program)
    assert done.returncode == 0, done.stdout + done.stderr


ASSERTS = """
import ctypes, sys
jitted = "pyjit_core" in sys.modules
getattr(ctypes.CDLL(None), "__assert_fail")(CONDITION, b"ceval.c", 7, b"f")
"""


@needs_debug_interpreter
@pytest.mark.parametrize(
    ("condition", "found"), [('b"a"', 0), ('b"a" if jitted else b"b"', 1)], ids=["same", "other"]
)
def test_an_assertion_that_fails_without_the_jit_too_is_no_finding(
    tmp_path: Path, condition: str, found: int
) -> None:
    program = tmp_path / "asserts.py"
    program.write_text(ASSERTS.replace("CONDITION", condition))
    done = check("references", "--setting", "eager", program)
    assert done.returncode == found, done.stdout + done.stderr
    assert ("ended with -6" in done.stdout) == bool(found)


GROWS = """
import ctypes, sys
if "pyjit_core" in sys.modules:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    ctypes.memset(libc.malloc(ctypes.c_size_t(8192)), 1, 8192)
"""
"""Takes 8 KiB in each run, under the JIT only, and no reference."""


@needs_debug_interpreter
def test_memory_that_grows_in_many_rounds_is_found(tmp_path: Path) -> None:
    program = tmp_path / "grows.py"
    program.write_text(GROWS)
    done = check("references", "--setting", "eager", "--rounds", "200", program)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "KiB of memory in 200 runs" in done.stdout
    steady = CORE / "checks" / "inside" / "lists.py"
    done = check("references", "--setting", "eager", "--rounds", "200", steady)
    assert done.returncode == 0, done.stdout + done.stderr


JUMPS = """
import sys
sys.runs = getattr(sys, "runs", 0) + 1
if "pyjit_core" in sys.modules and sys.runs == 170:
    sys.kept = bytearray(b"1" * 1_000_000)
"""
"""Takes a megabyte in one of the runs."""


@needs_debug_interpreter
def test_memory_that_is_taken_once_is_no_leak(tmp_path: Path) -> None:
    program = tmp_path / "jumps.py"
    program.write_text(JUMPS)
    done = check("references", "--setting", "eager", "--rounds", "200", program)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_refused() -> None:
    done = check("refusals", CORPORA / "seeds" / "match", CORPORA / "seeds" / "coroutines")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_refused_is_found_with_its_place(tmp_path: Path) -> None:
    program = tmp_path / "right.py"
    program.write_text("def f():\n    return 1\n", encoding="utf-8")
    (tmp_path / "wrong.py").write_text("def f(:", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, CORE / "checks" / "inside" / "compile_everything.py", "", tmp_path],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(pyjit_core.__file__).parents[1]), "PYJIT_CODE_MEMORY": "0"},
        timeout=60,
    )
    *refused, totals = [json.loads(line) for line in done.stdout.splitlines()]
    assert (totals["files"], totals["wrong_files"], totals["code_objects"]) == (2, 1, 2)
    place = ["installed", "code memory is full", str(program)]
    assert refused == [[*place, 1, "<module>"], [*place, 1, "f"]]
