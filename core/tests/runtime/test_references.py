"""No helper loses or keeps a reference: the whole battery in a debug interpreter."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

DEBUG = "python3.11-dbg"
QUERY = (
    "import json, sysconfig as s; "
    "print(json.dumps([s.get_path('include'), s.get_config_var('EXT_SUFFIX')]))"
)


def test_references_are_balanced(build_helpers, folder):
    if shutil.which(DEBUG) is None:
        pytest.skip(f"{DEBUG} is not installed: apt install {DEBUG}")
    where = subprocess.run(
        [DEBUG, "-c", QUERY], capture_output=True, text=True, check=True, timeout=60
    )
    extension = build_helpers(*json.loads(where.stdout))
    run = subprocess.run(
        [DEBUG, "-X", "faulthandler", folder / "battery.py", extension, folder / "lockstep.py"],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert len(run.stdout.splitlines()) == 21
