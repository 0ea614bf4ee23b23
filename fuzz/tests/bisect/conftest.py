"""A repository with the history of a small "JIT", and a finding of it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "fakes"))
from small_history import History


@pytest.fixture
def history(tmp_path):
    return History(tmp_path / "checkout")
