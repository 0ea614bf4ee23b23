"""The command line as a process of its own, with the wrong JITs installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FAKES = str(Path(__file__).parents[1] / "fakes")


@pytest.fixture
def cli(tmp_path):
    """Run ``pyjit-fuzz`` in an empty folder and return the finished process."""
    inherited = os.environ.get("PYTHONPATH", "")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [FAKES, inherited])),
        "COLUMNS": "120",
    }

    def run(*arguments, **added):
        return subprocess.run(
            [sys.executable, "-m", "pyjit_fuzz.cli.main", *map(str, arguments)],
            cwd=tmp_path,
            env={**environment, **added},
            check=False,
            capture_output=True,
            text=True,
            timeout=100,
        )

    return run


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpora" / "seeds" / "adds"
    folder.mkdir(parents=True)
    (folder / "adds.py").write_text(
        "def main():\n    total = 1\n    for number in range(3):\n"
        "        total = total + number\n    return total\nRESULT = main()\n"
    )
    return folder
