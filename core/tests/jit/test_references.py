"""Compiled code neither loses nor keeps references: programs under a debug interpreter."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

DEBUG = "python3.11-dbg"
CORE = Path(__file__).parents[2]
CHECKOUT = CORE.parent
FEATURES = (
    *("arithmetic", "attributes", "calls", "closures", "evaluation_order", "exceptions"),
    *("finally", "floats", "invalidation", "methods", "strings", "unpacking", "with"),
)
PROGRAMS = [
    *sorted((CHECKOUT / "corpora" / "regress").glob("*.py")),
    *(
        path
        for name in FEATURES
        for path in sorted((CHECKOUT / "corpora/seeds" / name).glob("*.py"))
    ),
]
SETTINGS = {"eager": {"PYJIT_FAIL_GUARDS": "0"}, "guards": {"PYJIT_FAIL_GUARDS": "3"}}


@pytest.fixture(scope="module")
def debug_package() -> Path:
    """Build the core for the debug interpreter; the folder for its PYTHONPATH."""
    if shutil.which(DEBUG) is None:
        pytest.skip(f"{DEBUG} is not installed: apt install {DEBUG}")
    tree = CHECKOUT / ".cache" / "core-debug-interpreter"
    tree.mkdir(parents=True, exist_ok=True)
    lock = tree / "lock"
    steps = (
        f"cmake -S {CORE} -B {tree}/build -G Ninja -DPython_EXECUTABLE={shutil.which(DEBUG)} "
        f"&& cmake --build {tree}/build && cmake --install {tree}/build --prefix {tree}/package"
    )
    # Test processes run in parallel; one builds and the others wait.
    done = subprocess.run(
        ["flock", lock, "sh", "-c", steps], capture_output=True, text=True, timeout=580, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return tree / "package"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("setting", SETTINGS)
def test_references_add_up_to_nothing(debug_package: Path, setting: str) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYJIT")}
    options = {
        "PYJIT_THRESHOLD_CALLS": "1",
        "PYJIT_THRESHOLD_LOOPS": "1",
        "PYJIT_RECOMPILE_AFTER": "2",
    }
    done = subprocess.run(
        [DEBUG, "-X", "faulthandler", Path(__file__).with_name("count_references.py"), *PROGRAMS],
        capture_output=True,
        text=True,
        check=False,
        env=clean
        | {"PYTHONHASHSEED": "0", "PYTHONPATH": str(debug_package)}
        | options
        | SETTINGS[setting],
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == len(PROGRAMS)
    # What is cached for a while comes and goes; what leaks never goes.
    leaks = {path: growth for path, growth in results if not any(x == 0 for x in growth)}
    assert leaks == {}, done.stderr
