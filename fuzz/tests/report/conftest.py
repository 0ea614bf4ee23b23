"""Puts the made-up campaign and the shape of SARIF beside the tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "fakes"))
