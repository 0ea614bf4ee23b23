"""Interpreters in processes of their own: options, autoload and __main__ need fresh ones."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import pyjit_core

PACKAGE_FOLDER = Path(pyjit_core.__file__).parents[1]

Python = Callable[..., subprocess.CompletedProcess[str]]


def make_environment(**extra: str) -> dict[str, str]:
    """Return this process's environment without options of the JIT, and with it importable."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYJIT")}
    path = [str(PACKAGE_FOLDER), *filter(None, [clean.get("PYTHONPATH")])]
    return clean | {"PYTHONPATH": os.pathsep.join(path)} | extra


@pytest.fixture
def environment() -> Callable[..., dict[str, str]]:
    """Make the environment of a process; keywords are further variables."""
    return make_environment


@pytest.fixture
def python(tmp_path: Path) -> Python:
    """Run `python *arguments` in the test's folder; keywords are environment variables."""

    def run(*arguments: str, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=make_environment(**extra),
            timeout=60,
        )

    return run
