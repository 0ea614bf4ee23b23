"""Whole processes, interpreted and jitted: what a fuzzer of single programs does not reach.

Each file in scenarios/ is run by the stock interpreter and then by the JIT under several settings;
output and exit status must be the same.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path

import pytest

import pyjit_core

HERE = Path(__file__).parent
SCENARIOS = sorted((HERE / "scenarios").glob("*.py"))
PACKAGE_FOLDER = Path(pyjit_core.__file__).parents[1]
SETTINGS = {
    "eager": {"recompile_after": 2},
    "guards": {"recompile_after": 2, "fail_guards": 3},
    "uncached": {"recompile_after": 5, "inline_caches": 0},
    "generic": {"recompile_after": 2**31 - 1},
    "cramped": {"recompile_after": 2, "code_memory": 192},
    "counted": {"recompile_after": 2, "fail_guards": 5, "count_events": 1},
}
EMULATED = (
    *("code_changes", "forks", "large_functions", "live_temporaries", "opcodes_by_hand"),
    "suspended_frames",
    "tracing_mid_frame",
)


def environment(folder: Path, settings: dict[str, int]) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYJIT")}
    options = {"threshold_calls": 1, "threshold_loops": 1} | settings
    return clean | {
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(folder),
        **{f"PYJIT_{name.upper()}": str(value) for name, value in options.items()},
    }


def run(command: tuple[str, ...], *arguments: str, folder: Path, **settings: int):
    return subprocess.run(
        [*command, "-X", "faulthandler", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment(folder, settings),
        timeout=110,
    )


def scenario(name: str) -> tuple[str, str]:
    return str(HERE / "run_scenario.py"), str(HERE / "scenarios" / f"{name}.py")


@functools.cache
def interpreted(name: str) -> tuple[int, str]:
    done = run((sys.executable,), *scenario(name), "interpreted", folder=PACKAGE_FOLDER)
    assert done.returncode == 0, done.stderr
    assert done.stdout, "a scenario that prints nothing shows nothing"
    return done.returncode, done.stdout


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_as_interpreted(path: Path, setting: str) -> None:
    name = path.stem
    done = run(
        (sys.executable,), *scenario(name), "jitted", folder=PACKAGE_FOLDER, **SETTINGS[setting]
    )
    assert (done.returncode, done.stdout) == interpreted(name), done.stderr


@pytest.mark.aarch64
@pytest.mark.parametrize("name", EMULATED)
def test_as_interpreted_on_the_other_architecture(name: str) -> None:
    from pyjit_qemu.build import build_core
    from pyjit_qemu.command import interpreter_command

    folder = build_core("aarch64")
    command = tuple(str(part) for part in interpreter_command("aarch64"))
    done = run(command, *scenario(name), "jitted", folder=folder, recompile_after=2, fail_guards=7)
    assert (done.returncode, done.stdout) == interpreted(name), done.stderr


RAISED_LIMIT = """
import sys, threading

def plain(n):
    return 0 if n == 0 else 1 + plain(n - 1)

def star(n):
    return 0 if n == 0 else 1 + star(*(n - 1,))

def through_c(n):
    return 0 if n == 0 else 1 + max(map(through_c, (n - 1,)))

class Chain:
    def __init__(self, n):
        self.next = Chain(n - 1) if n else None

def attempt(function, n):
    try:
        function(n)
    except RecursionError as error:
        print(function.__name__, str(error).rpartition(": ")[2])

CASES = plain, star, through_c, Chain
for function in CASES:
    for _ in range(40):
        function(5)
sys.setrecursionlimit(10**6)
for function in CASES:
    attempt(function, 300_000)
threading.stack_size(256 * 1024)
for function in CASES:
    thread = threading.Thread(target=attempt, args=(function, 50_000))
    thread.start()
    thread.join()
"""


@pytest.mark.parametrize("threshold", [1, 10**6], ids=["compiled", "interpreted"])
def test_native_stack_that_runs_out_is_an_exception(threshold: int, tmp_path: Path) -> None:
    """Whatever the recursion limit: also for code that only the hook makes recursive in C."""
    path = tmp_path / "deep.py"
    path.write_text(RAISED_LIMIT, encoding="utf-8")
    done = run(
        (sys.executable,),
        str(HERE / "run_scenario.py"),
        str(path),
        "jitted",
        folder=PACKAGE_FOLDER,
        threshold_calls=threshold,
        threshold_loops=threshold,
        recompile_after=2,
    )
    names = ("plain", "star", "through_c", "Chain")
    expected = [f"{name} the native stack is used up" for name in names * 2]
    assert (done.returncode, done.stdout.splitlines()) == (0, expected), done.stderr
