"""Tests that need several rooms at once: the toolkit's own command line against the real JIT."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FAKES = ROOT / "fuzz" / "tests" / "fakes"
ARCHITECTURES = ["x86_64", pytest.param("aarch64", marks=pytest.mark.aarch64)]


@pytest.fixture
def command():
    """Return the start of a ``pyjit-fuzz`` command line."""
    return [sys.executable, "-m", "pyjit_fuzz.cli.main"]


@pytest.fixture
def environment():
    """Return an environment in which the wrong JITs are installed, too."""
    inherited = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join(filter(None, [str(FAKES), inherited]))
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "120"}


@pytest.fixture
def cli(command, environment, tmp_path):
    """Run ``pyjit-fuzz`` to its end in an empty folder."""

    def run(*arguments, timeout=300):
        return subprocess.run(
            [*command, *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    return run
