"""pyjit_core_autoload.pth: nothing without PYJIT, and never a program that does not start.

What it imports is the extension module, or where there is none the file of Python.
"""

import ast
import functools
import shutil
from pathlib import Path

import pytest

import pyjit_core

CORE = Path(__file__).parents[2]
PACKAGES = Path(pyjit_core.__file__).parents[1]
ADD_SITE = "import site; site.addsitedir('site')\n"  # reads .pth files as the start of Python does
SHOW = (
    "import sys\n"
    + ADD_SITE
    + "print('pyjit_core' in sys.modules and sys.modules['pyjit_core'].is_enabled())\n"
)

# For the tests below: what of the JIT is there, without importing it.
LOOK = (
    "import os, sys, time\n"
    "def look():\n"
    "    with open('/proc/self/maps') as maps: loaded = '/_native.' in maps.read()\n"
    "    threads = len(os.listdir('/proc/self/task'))\n"
    "    print(loaded, threads, 'pyjit_core' in sys.modules, flush=True)\n"
    "def one_more(number): return number + 1\n"
    "def work(seconds):\n"  # a pending call runs where a loop turns
    "    end = time.process_time() + seconds\n"
    "    while time.process_time() < end:\n"
    "        for number in range(100): one_more(number)\n"
)


def extension() -> Path:
    (path,) = PACKAGES.glob("pyjit_core_autoload.*.so")
    return path


def put_copy(site: Path) -> None:
    """Put the extension where no package is beside it, which a link would lead to."""
    (site / extension().name).unlink()
    shutil.copy(extension(), site)


@pytest.fixture(autouse=True, params=["extension", "python"])
def kind(request, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    for name in ("pyjit_core_autoload.pth", "pyjit_core_autoload.py"):
        shutil.copy(CORE / name, site / name)
    if request.param == "extension":
        (site / extension().name).symlink_to(extension())
    return request.param


@pytest.fixture
def python(python, tmp_path):
    packages = tmp_path / "packages"  # without what is beside pyjit_core
    packages.mkdir()
    (packages / "pyjit_core").symlink_to(PACKAGES / "pyjit_core")
    return functools.partial(python, PYTHONPATH=str(packages))


only_the_extension = pytest.mark.parametrize("kind", ["extension"], indirect=True)
only_python = pytest.mark.parametrize("kind", ["python"], indirect=True)


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


@only_python
def test_another_interpreter_is_one_line_and_the_program_runs(python):
    program = "import sys; sys.version_info = (3, 12, 1, 'final', 0)\n" + SHOW
    result = python("-S", "-c", program, PYJIT="1")
    assert result.stdout == "False\n"
    assert result.stderr.startswith("pyjit: not enabled: pyjit-core ")
    assert result.stderr.count("\n") == 1


def test_children_are_jitted_too(python):
    grandchild = ADD_SITE + "import pyjit_core; print(pyjit_core.is_enabled())"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {grandchild!r}])"
    assert python("-S", "-c", child, PYJIT="1").stdout == "True\n"


@only_the_extension
def test_a_program_that_is_over_soon_does_not_load_the_jit(python):
    result = python("-S", "-c", LOOK + ADD_SITE + "look()", PYJIT="1")
    assert (result.stdout, result.stderr) == ("False 2 False\n", "")


@only_the_extension
def test_after_a_while_it_is_enabled_without_a_trace_in_the_program(python):
    program = (
        LOOK
        + ADD_SITE
        + (
            "before = set(sys.modules)\n"
            "for _ in range(8): work(0.1)\n"
            "look()\n"
            "print(set(sys.modules) - before)\n"
            "import pyjit_core\n"
            "print(pyjit_core.is_enabled(), pyjit_core.stats()['compiled'] > 0)\n"
        )
    )
    result = python("-S", "-c", program, PYJIT="1")
    assert (result.stdout, result.stderr) == ("True 1 False\nset()\nTrue True\n", "")


@only_the_extension
def test_what_is_called_from_a_loop_that_was_running_before_is_compiled(python):
    # The interpreter has inlined such calls.
    program = (
        LOOK
        + ADD_SITE
        + "work(0.6)\nimport pyjit_core\n"
        + "print(pyjit_core.is_compiled(one_more), pyjit_core.is_compiled(work))\n"
    )
    assert python("-S", "-c", program, PYJIT="1").stdout == "True False\n"


@only_the_extension
def test_importing_the_package_enables_it_at_once(python):
    program = ADD_SITE + (
        "import pyjit_core, pyjit_core_autoload\n"
        "print(pyjit_core.is_enabled())\n"
        "pyjit_core.disable()\n"
        "pyjit_core_autoload.now()\n"
        "print(pyjit_core.is_enabled())\n"
    )
    assert python("-S", "-c", program, PYJIT="1").stdout == "True\nFalse\n"


@only_the_extension
def test_who_disables_it_early_keeps_it_disabled(python):
    program = (
        LOOK
        + ADD_SITE
        + (
            "import pyjit_core; pyjit_core.disable()\n"
            "for _ in range(4): work(0.1)\n"
            "print(pyjit_core.is_enabled(), pyjit_core.stats()['compiled'])\n"
        )
    )
    assert python("-S", "-c", program, PYJIT="1").stdout == "False 0\n"


@only_the_extension
def test_a_forked_child_waits_too(python):
    program = (
        LOOK
        + ADD_SITE
        + (
            "child = os.fork()\n"
            "if child: os.waitpid(child, 0)\n"
            "look()\n"
            "for _ in range(4): work(0.1)\n"
            "look()\n"
        )
    )
    result = python("-S", "-c", program, PYJIT="1")
    assert result.stdout == 2 * "False 2 False\nTrue 1 False\n"
    assert result.stderr == ""


@only_the_extension
def test_signals_reach_the_program_while_it_waits(python):
    program = (
        LOOK
        + ADD_SITE
        + (
            "import signal\n"
            "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n"
            "os.kill(os.getpid(), signal.SIGUSR1)\n"
            "print(signal.sigwait([signal.SIGUSR1]) == signal.SIGUSR1)\n"
        )
    )
    assert python("-S", "-c", program, PYJIT="1").stdout == "True\n"


@only_the_extension
def test_beside_no_package_it_does_not_wait(tmp_path, python):
    put_copy(tmp_path / "site")
    assert python("-S", "-c", SHOW, PYJIT="1").stdout == "True\n"


@only_the_extension
def test_a_problem_that_shows_late_is_one_line_and_the_program_goes_on(tmp_path, python):
    put_copy(tmp_path / "site")
    broken = (
        tmp_path
        / "site"
        / "pyjit_core"
        / extension().name.replace("pyjit_core_autoload", "_native")
    )
    broken.parent.mkdir()
    broken.write_text("this is no library")
    program = LOOK + ADD_SITE + "for _ in range(4): work(0.1)\nlook()\n"
    result = python("-S", "-c", program, PYJIT="1")
    assert result.returncode == 0
    assert result.stdout == "False 1 False\n"
    assert result.stderr.startswith("pyjit: not enabled: ")
    assert broken.name in result.stderr
    assert result.stderr.count("\n") == 1


@only_the_extension
def test_an_interpreter_may_end_at_any_moment_of_it(python):
    program = (
        LOOK
        + ADD_SITE
        + "import random; work(max(0, 0.15 - time.process_time() + random.uniform(-0.006, 0.006)))"
    )
    for _ in range(20):
        result = python("-S", "-c", program, PYJIT="1")
        assert (result.returncode, result.stderr) == (0, "")


def test_the_pth_file_is_one_import_line():
    # Each line is executed at every start of every interpreter of the environment.
    (line,) = (CORE / "pyjit_core_autoload.pth").read_text().splitlines()
    assert line.startswith("import ")
    imported = [n for n in ast.walk(ast.parse(line)) if isinstance(n, ast.Import)]
    assert [alias.name for node in imported for alias in node.names] == ["os"]
