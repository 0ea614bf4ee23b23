"""pyjit_core_autoload.pth: nothing without PYJIT, and never a program that does not start."""

import ast
import shutil
from pathlib import Path

import pytest

CORE = Path(__file__).parents[2]
SHOW = (
    "import sys\n"
    "import site; site.addsitedir('site')\n"  # reads .pth files as the start of Python does
    "print('pyjit_core' in sys.modules and sys.modules['pyjit_core'].is_enabled())\n"
)


@pytest.fixture(autouse=True)
def _site(tmp_path):
    (tmp_path / "site").mkdir()
    for name in ("pyjit_core_autoload.pth", "pyjit_core_autoload.py"):
        shutil.copy(CORE / name, tmp_path / "site" / name)


@pytest.mark.parametrize("value", [None, "", "0"])
def test_nothing_is_imported_without_pyjit(value, python):
    program = "import sys; before = set(sys.modules)\n" + SHOW.replace("import sys\n", "")
    program += "print([m for m in set(sys.modules) - before if 'pyjit' in m])"
    result = python("-S", "-c", program, **({} if value is None else {"PYJIT": value}))
    assert (result.stdout, result.stderr) == ("False\n[]\n", "")


def test_pyjit_1_enables_it(python):
    result = python("-S", "-c", SHOW, PYJIT="1", PYJIT_THRESHOLD_CALLS="9")
    assert (result.stdout, result.stderr) == ("True\n", "")


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"PYJIT": "yes"}, "PYJIT='yes': expected 0 or 1"),
        ({"PYJIT": "1", "PYJIT_LOG": "2"}, "PYJIT_LOG='2': expected 0 or 1"),
    ],
)
def test_a_problem_is_one_line_and_the_program_runs(variables, message, python):
    result = python("-S", "-c", SHOW, **variables)
    assert result.returncode == 0
    assert result.stdout == "False\n"
    assert result.stderr == f"pyjit: not enabled: {message}\n"


def test_another_interpreter_is_one_line_and_the_program_runs(python):
    program = "import sys; sys.version_info = (3, 12, 1, 'final', 0)\n" + SHOW
    result = python("-S", "-c", program, PYJIT="1")
    assert result.stdout == "False\n"
    assert result.stderr.startswith("pyjit: not enabled: pyjit-core ")
    assert result.stderr.count("\n") == 1


def test_children_are_jitted_too(python):
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {SHOW!r}])"
    assert python("-S", "-c", child, PYJIT="1").stdout == "True\n"


def test_the_pth_file_is_one_import_line():
    # Each line is executed at every start of every interpreter of the environment.
    (line,) = (CORE / "pyjit_core_autoload.pth").read_text().splitlines()
    assert line.startswith("import ")
    imported = [n for n in ast.walk(ast.parse(line)) if isinstance(n, ast.Import)]
    assert [alias.name for node in imported for alias in node.names] == ["os"]
