"""Wrong JITs, installed as a third party's would be."""

import os
import sys
from pathlib import Path

import pytest

FAKES = str(Path(__file__).parents[1] / "fakes")
sys.path.insert(0, FAKES)


@pytest.fixture(autouse=True)
def _fakes(monkeypatch):
    """Put the wrong JITs on the path of the jobs that tests start."""
    inherited = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [FAKES, inherited])))
