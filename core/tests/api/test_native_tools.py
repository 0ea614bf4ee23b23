"""What perf and gdb are told of compiled code."""

import re
import shutil
import subprocess
import sys

import pytest

COMPILE = (
    "import os, pyjit_core\n"
    "def named_function(n):\n    return n + 1\n"
    "assert pyjit_core.compile(named_function)\n"
)
READ = "print(open(f'/tmp/perf-{os.getpid()}.map').read(), end='', flush=True)\n"
REMOVE = "os.remove(f'/tmp/perf-{os.getpid()}.map')\n"
LINE = re.compile(r"^([0-9a-f]+) ([0-9a-f]+) (\S.*)$")


def test_no_map_is_written_by_default(python):
    result = python("-c", COMPILE + "print(os.path.exists(f'/tmp/perf-{os.getpid()}.map'))")
    assert result.stdout == "False\n", result.stderr


def test_the_map_has_a_line_for_each_function(python):
    maps = "print(open('/proc/self/maps').read())\n"
    result = python("-c", COMPILE + READ + REMOVE + maps, PYJIT_PERF_MAP="1")
    lines = [LINE.match(line) for line in result.stdout.splitlines() if LINE.match(line)]
    (match,) = [line for line in lines if "named_function" in line[3]]
    start, size = int(match[1], 16), int(match[2], 16)
    assert size > 0
    areas = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) (....)", result.stdout, re.MULTILINE)
    (kind,) = [kind for low, high, kind in areas if int(low, 16) <= start < int(high, 16)]
    assert start + size <= max(int(high, 16) for low, high, _ in areas if int(low, 16) <= start)
    assert kind[2] == "x"
    assert kind[1] == "-"


def test_the_map_may_be_switched_on_later(python):
    switch = "pyjit_core.config.perf_map = True\ndef later(): pass\npyjit_core.compile(later)\n"
    names = [
        LINE.match(n)[3]
        for n in python("-c", COMPILE + switch + READ + REMOVE).stdout.split("\n")
        if n
    ]
    assert any("later" in name for name in names)
    assert not any("named_function" in name for name in names)


def test_a_name_cannot_break_the_lines(python):
    odd = (
        "def f(): pass\n"
        "f.__code__ = f.__code__.replace(co_qualname='one\\ntwo\\x00three', co_name='one\\ntwo')\n"
        "pyjit_core.compile(f)\n"
    )
    result = python("-c", COMPILE + odd + READ + REMOVE, PYJIT_PERF_MAP="1")
    assert all(LINE.match(line) for line in result.stdout.splitlines()), result.stdout
    assert "one?two" in result.stdout


def test_a_fork_has_a_map_of_its_own_with_the_parents_lines(python):
    program = COMPILE + (
        "import sys\n"
        "if os.fork() == 0:\n"
        "    def in_child(): pass\n"
        "    pyjit_core.compile(in_child)\n"
        f"    {READ}    {REMOVE}    os._exit(0)\n"
        "os.wait()\nprint('parent', flush=True)\n"
    )
    child, parent = python("-c", program + READ + REMOVE, PYJIT_PERF_MAP="1").stdout.split(
        "parent\n"
    )
    assert "named_function" in child
    assert "in_child" in child
    assert child.startswith(parent)
    assert "named_function" in parent
    assert "in_child" not in parent


def test_a_map_that_cannot_be_written_is_said_once_and_the_program_runs(tmp_path, python):
    program = (
        "import os\n"
        "os.symlink('/dev/null', f'/tmp/perf-{os.getpid()}.map')\n"  # another's trap
        f"{COMPILE}"
        "def second(): pass\n"
        "assert pyjit_core.compile(second) and named_function(1) == 2\n"
        f"{REMOVE}"
    )
    result = python("-c", program, PYJIT_PERF_MAP="1")
    assert result.returncode == 0
    assert re.fullmatch(
        r"pyjit: cannot write /tmp/perf-\d+\.map: .+; it stays incomplete\n", result.stderr
    )


DEBUGGED = """\
import gc, os, pyjit_core
namespace = {}
exec("def passing_function():\\n    return 1\\n", namespace)
assert pyjit_core.compile(namespace["passing_function"])
def inner_function(stop):
    stop()
    return 1
def outer_function(stop):
    return inner_function(stop) + 1
assert pyjit_core.compile(inner_function) and pyjit_core.compile(outer_function)
pyjit_core.enable()
namespace.clear()
gc.collect()
outer_function(os.abort)
"""


@pytest.fixture(scope="module")
def gdb():
    path = shutil.which("gdb")
    if path is None:
        pytest.skip("gdb is not installed (apt-get install gdb)")
    return path


@pytest.fixture
def debug(gdb, tmp_path, environment):
    """Run the program under gdb up to its abort, then a command of gdb; return its output."""

    def run(command, **extra):
        program = tmp_path / "program.py"
        program.write_text(DEBUGGED)
        setup = ["set pagination off", "set print frame-arguments none", "run", "echo \\nOUTPUT\\n"]
        result = subprocess.run(
            [gdb, "-q", "-nx", "-batch"]
            + [part for one in [*setup, command] for part in ("-ex", one)]
            + ["--args", sys.executable, str(program)],
            capture_output=True,
            text=True,
            check=False,
            env=environment(**extra),
            timeout=110,
        )
        assert "SIGABRT" in result.stdout, result.stdout + result.stderr
        return result.stdout.partition("OUTPUT\n")[2]

    return run


def functions(backtrace):
    return re.findall(r"^#\d+ +(?:0x[0-9a-f]+ in )?(.+?) \(", backtrace, re.MULTILINE)


def test_gdb_names_compiled_functions_and_unwinds_through_them(debug):
    output = debug("bt", PYJIT_GDB="1")
    names = functions(output)
    expected = ("abort", "inner_function", "outer_function", "PyEval_EvalCode", "Py_RunMain")
    places = [next((i for i, n in enumerate(names) if part in n), None) for part in expected]
    assert None not in places, output
    assert places == sorted(places), output


def test_gdb_forgets_what_is_freed(debug):
    def known(name):
        answer = debug(f"info functions {name}", PYJIT_GDB="1")
        return name in answer.partition("\n")[2]  # the first line repeats the question

    assert known("inner_function")
    assert not known("passing_function")


def test_gdb_is_told_nothing_by_default(debug):
    names = functions(debug("bt"))
    assert any("abort" in name for name in names)
    assert not any("inner_function" in name for name in names)
