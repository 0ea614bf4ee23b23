"""The worker needs nothing but the standard library, and loads nothing of the toolkit."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from pyjit_fuzz import worker

FOLDER = Path(worker.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_syntax_is_that_of_python_3_8(path):
    ast.parse(path.read_text(), feature_version=(3, 8))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_imports_are_from_the_standard_library(path):
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module]
        for name in names:
            top = name.partition(".")[0]
            assert top in sys.stdlib_module_names or name.startswith("pyjit_fuzz.worker"), name


def test_the_rest_of_the_toolkit_cannot_be_seen_from_the_worker():
    script = f"""
import runpy, sys
sys.argv = [{str(FOLDER / "launch.py")!r}]
space = runpy.run_path(sys.argv[0])
space["_stand_alone"]()
import pyjit_fuzz.worker.agent
try:
    import pyjit_fuzz.model
except ImportError:
    print("alone", [name for name in sys.modules if "msgspec" in name])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "alone []\n", done.stderr
