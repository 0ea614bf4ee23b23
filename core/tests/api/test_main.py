"""`python -m pyjit_core …` against `python …`: a table of programs that look around.

Standard output, standard error and status must be the same, byte for byte. Each program runs with
every function compiled at its first call and without; those that compute nothing are about start
and end of a program.
"""

import re
import subprocess
import sys
import zipfile

import pytest

EAGER = ["--threshold-calls=1", "--threshold-loops=1"]

LOOK_AROUND = """\
import sys, __main__
print(sys.argv, sys.path[0], __name__, __main__.__dict__ is globals())
print([(k, type(v).__name__) for k, v in list(globals().items())])
print(__main__.__spec__ and (__spec__.name, __spec__.origin), __package__)
print(type(__loader__).__name__, __loader__ if isinstance(__loader__, type) else "instance")
print(globals().get("__file__"), globals().get("__cached__"), __builtins__)
frame, depth = sys._getframe(), 0
while frame:
    print(frame.f_code.co_name, frame.f_lineno)
    frame = frame.f_back
"""

PROGRAMS = {
    "look around": LOOK_AROUND,
    "recursion limit": """\
def down(n=0):
    try:
        return down(n + 1)
    except RecursionError:
        return n
print(down())
""",
    "stack": "import traceback, inspect\ndef f():\n    traceback.print_stack()\n"
    "    print([frame.function for frame in inspect.stack()])\nf()\n",
    "exception": "def f(x):\n    return 1 / x\ndef g():\n    f(0)\ng()\n",
    "exception chain": """\
def f():
    try:
        {}["key"]
    except KeyError as error:
        raise ValueError("outer") from error
try:
    f()
finally:
    print("finally")
""",
    "exception context": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    undefined\n",
    "exception with notes": "e = ValueError('x')\ne.add_note('note')\nraise e\n",
    "exception group": "raise ExceptionGroup('g', [ValueError(1), TypeError(2)])\n",
    "exception in an import": "import email.nothing\n",
    "no message": "class E(Exception):\n    def __str__(self): 1/0\nraise E\n",
    "exit 0": "import sys; sys.exit()\n",
    "exit 3": "def f():\n    raise SystemExit(3)\nf()\n",
    "exit text": "import sys; sys.exit('some text')\n",
    "exit true": "import sys; sys.exit(True)\n",
    "exit object": "raise SystemExit([1, 2])\n",
    "exit large": "raise SystemExit((1 << 40) + 7)\n",
    "exit in a handler": "import sys\ntry:\n    1/0\nexcept ZeroDivisionError:\n    sys.exit(4)\n",
    "os._exit": "import os, sys\nprint('lost', flush=True)\nos._exit(5)\n",
    "keyboard interrupt": "print('before')\nraise KeyboardInterrupt\n",
    "interrupted": "import os, signal\ndef f():\n    os.kill(os.getpid(), signal.SIGINT)\n"
    "    while True: pass\nf()\n",
    "interrupt at exit": "import atexit\n@atexit.register\ndef f(): print('atexit')\n"
    "raise KeyboardInterrupt\n",
    "abort": "import os; os.abort()\n",
    "syntax error": "x = 1\nif x\n    pass\n",
    "indentation error": "def f():\npass\n",
    "encoding": "# -*- coding: latin-1 -*-\nprint(ascii('\\xe9'), 'é')\n",
    "atexit": "import atexit\nfor i in range(3): atexit.register(print, i)\nprint('end')\n",
    "atexit error": "import atexit\natexit.register(lambda: 1/0)\nraise ValueError\n",
    "atexit cleared": "import atexit\natexit._clear()\nprint(atexit._ncallbacks())\n",
    "thread": "import threading, time\ndef f():\n    time.sleep(.1); print('thread')\n"
    "threading.Thread(target=f).start()\nprint('main')\n",
    "thread error": "import threading\ndef f(): 1/0\n"
    "t = threading.Thread(target=f, name='t'); t.start(); t.join()\n",
    "finaliser": "class C:\n    def __del__(self): print('gone', __name__)\nc = C()\nd = [c]\n",
    "finaliser error": "class C:\n    def __del__(self): 1/0\nc = C()\ndel c\nprint('on')\n",
    "excepthook": "import sys\nsys.excepthook = lambda *a: print('hook', a[:2])\n1/0\n",
    "excepthook error": "import sys\ndef hook(*a): raise KeyError\nsys.excepthook = hook\n1/0\n",
    "last exception": "import sys, atexit\natexit.register(lambda: print(sys.last_value,\n"
    "    sys.last_traceback.tb_frame.f_code.co_name, sys.last_traceback.tb_lineno))\n1/0\n",
    "output closed": "import sys, os\nprint('x')\nos.close(1)\n",
    "main replaced": "import sys\nsys.modules['__main__'] = None\nprint('ok')\n",
    "main deleted": "import sys\ndel sys.modules['__main__']\nprint('ok')\n",
    "builtins ruined": "import builtins\nfor n in ('SystemExit', 'print', '__import__'):\n"
    "    delattr(builtins, n)\n1/0\n",
    "future": "from __future__ import annotations\ndef f(x: y): pass\nprint(f.__annotations__)\n",
    "annotations": "x: int = 1\nprint(__annotations__)\n",
    "read itself": "print(open(__file__).read())\n",
    "exit code of a child": "import subprocess, sys\n"
    "print(subprocess.run([sys.executable, '-c', 'raise SystemExit(7)']).returncode)\n",
    "input": "print(input())\nprint(input())\n",
    "warning": "import warnings\ndef f():\n    warnings.warn('careful', DeprecationWarning)\nf()\n",
    "tracing": """\
import sys
lines = []
def trace(frame, event, arg):
    if frame.f_code.co_filename == __file__: lines.append((event, frame.f_lineno))
    return trace
def f(x):
    y = x + 1
    return y
sys.settrace(trace)
f(1)
sys.settrace(None)
print(lines)
""",
    "left tracing": "import sys\nsys.settrace(lambda *a: None)\ndef f(): pass\nf()\nprint('end')\n",
    "pickle": """\
import pickle
class C:
    def __init__(self): self.x = 1
    def __eq__(self, other): return self.x == other.x
data = pickle.dumps(C())
print(pickle.loads(data) == C(), C.__module__, b"__main__" in data)
""",
    "multiprocessing": """\
import multiprocessing, sys
class Box:
    def __init__(self, x): self.x = x
def square(box): return Box(box.x ** 2)
if __name__ == "__main__":
    for method in ("fork", "spawn"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            print(method, [box.x for box in pool.map(square, map(Box, range(5)))])
""",
    "concurrent futures": """\
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
@dataclass
class P:
    x: int
def f(p): return P(p.x + 1)
if __name__ == "__main__":
    with ProcessPoolExecutor(1) as e: print(list(e.map(f, [P(1), P(2)])))
""",
    "asyncio": """\
import asyncio
async def f(n):
    await asyncio.sleep(0)
    return n
async def main(): print(await asyncio.gather(*map(f, range(4))))
asyncio.run(main())
""",
    "unittest main": """\
import unittest
class T(unittest.TestCase):
    def test(self): self.assertEqual(1, 2)
try:
    unittest.main()
except SystemExit as e:
    print(e.code)
""",
    "doctest": "def f():\n    '''\n    >>> f()\n    1\n    '''\n    return 2\n"
    "import doctest; print(doctest.testmod().failed)\n",
    "get_type_hints": "import typing\nclass C:\n    x: 'C'\nprint(typing.get_type_hints(C))\n",
    "loops": "def f(n):\n    s = 0\n    for i in range(n): s += i\n    return s\n"
    "print([f(n) for n in range(50)], sum(map(f, range(200))))\n",
}


# unittest prints how long it took; objects print their addresses.
NOISE = re.compile(r"\b0x[0-9a-f]{6,}|Ran 1 test in [0-9.]+s")


@pytest.fixture
def same(python):
    """Assert that all ways to run a program agree; return (output, error output, status)."""

    def outcome(*arguments, stdin):
        result = python(*arguments, stdin=stdin)
        return NOISE.sub("…", result.stdout), NOISE.sub("…", result.stderr), result.returncode

    def run(*arguments, stdin="", options=()):
        expected = outcome(*options, *arguments, stdin=stdin)
        for settings in ([], EAGER):
            command = [*options, "-m", "pyjit_core", *settings]
            assert outcome(*command, *arguments, stdin=stdin) == expected
        return expected

    return run


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_script(name, tmp_path, same):
    encoding = "latin-1" if name == "encoding" else "utf-8"
    (tmp_path / "program.py").write_text(PROGRAMS[name], encoding)
    out, err, status = same("program.py", "first", "--second", "-c", stdin="one\ntwo\n")
    assert out or err or status or name == "exit 0", "the program shows nothing"


@pytest.mark.parametrize("name", ["look around", "exception", "exit 3", "keyboard interrupt"])
def test_a_command(name, same):
    same("-c", PROGRAMS[name], "first", "-m")


@pytest.mark.parametrize("command", ["", "1 +", "print('é\\u20ac')", "raise SystemExit('x')"])
def test_odd_commands(command, same):
    same("-c", command)


@pytest.mark.parametrize("name", ["look around", "exception", "exit 3", "keyboard interrupt"])
def test_a_module(name, tmp_path, same):
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(PROGRAMS[name])
    (package / "module.py").write_text(PROGRAMS[name])
    for module in ("package", "package.module"):
        same("-m", module, "first", "-c")


@pytest.mark.parametrize("module", ["no_such", "email", "json.no_such", "json.decoder.x", ""])
def test_a_module_that_cannot_run(module, same):
    _, err, status = same("-m", module)
    assert status == 1
    assert err


def test_json_tool(same):
    out, _, status = same("-m", "json.tool", "--sort-keys", stdin='{"b": [1, 2], "a": 1.5}')
    assert status == 0
    assert out.split()[:3] == ["{", '"a":', "1.5,"]
    _, err, status = same("-m", "json.tool", stdin="{oops")
    assert status == 1
    assert err


def test_standard_input(same):
    same("-", "first", stdin=LOOK_AROUND)
    same("-", stdin="print(1)\n1/0\n")
    same("-", stdin="if x\n")


def test_folder_and_archive(tmp_path, same):
    folder = tmp_path / "folder"
    folder.mkdir()
    _, err, status = same("folder")
    assert status == 1
    assert "can't find '__main__'" in err
    (folder / "__main__.py").write_text(LOOK_AROUND + "import beside\n")
    (folder / "beside.py").write_text("print(__file__)\n")
    assert same("folder", "first")[2] == 0
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        for file in folder.glob("*.py"):
            archive.write(file, file.name)
    assert same("archive.zip", "first")[2] == 0
    assert same("folder", options=["-P"])[2] == 0


def test_a_file_that_is_not_there(same):
    _, err, status = same("no_such.py")
    assert status == 2
    assert "can't open file" in err


def test_paths_of_all_kinds(tmp_path, same):
    (tmp_path / "sub").mkdir()
    program = tmp_path / "sub" / "program.py"
    program.write_text(LOOK_AROUND)
    (tmp_path / "link.py").symlink_to(program)
    (tmp_path / "relative.py").symlink_to("sub/program.py")
    spaced = tmp_path / "with space é.py"
    spaced.write_text(LOOK_AROUND)
    paths = ["./sub/program.py", "sub/../sub/program.py", str(program), "link.py", "./relative.py"]
    for path in [*paths, spaced.name]:
        same(path)


def test_compiled_file(tmp_path, same):
    (tmp_path / "program.py").write_text(LOOK_AROUND)
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "-b", "program.py"], check=True, cwd=tmp_path
    )
    same("program.pyc")


@pytest.mark.parametrize(
    "options",
    [["-I"], ["-P"], ["-E"], ["-O"], ["-W", "error"], ["-X", "dev"], ["-b"], ["-u"], ["-B"]],
    ids=" ".join,
)
def test_options_of_the_interpreter(options, tmp_path, same, python):
    # Some options ignore PYTHONPATH; then only an installed package is found.
    if python(*options, "-c", "import pyjit_core").returncode:
        assert set(options) & {"-I", "-E"}
        pytest.skip("pyjit_core is not installed, and this option ignores PYTHONPATH")
    for name in ("look around", "warning"):
        (tmp_path / "program.py").write_text(PROGRAMS[name])
        same("program.py", options=options)


def test_the_program_runs_compiled(python, tmp_path):
    (tmp_path / "program.py").write_text(
        "import pyjit_core\n"
        "def f(n):\n    return n + 1\n"
        "for i in range(10): f(i)\n"
        "assert pyjit_core.is_enabled() and pyjit_core.is_compiled(f)\n"
        "print((__file__, 'f') in pyjit_core.executed())\n"
    )
    result = python("-m", "pyjit_core", "--threshold-calls=2", "--compile-share=0", "program.py")
    assert result.stdout == "True\n", result.stderr


def test_statistics_are_printed_once_and_last(python, tmp_path):
    (tmp_path / "program.py").write_text(
        "import os, sys, atexit\n"
        "def f(n):\n    return n + 1\n"
        "for i in range(10): f(i)\n"
        "def g():\n    yield from ()\n    yield 1\n"
        "atexit.register(lambda: print('atexit', file=sys.stderr))\n"
        "if os.fork() == 0: sys.exit()\n"
        "os.wait()\n"
        "sys.exit(3)\n"
    )
    result = python(
        "-m", "pyjit_core", "--threshold-calls=2", "--compile-share=0", "--stats", "program.py"
    )
    assert result.returncode == 3
    assert result.stderr.count("pyjit statistics") == 1
    table = result.stderr[result.stderr.index("pyjit statistics") :]
    assert "atexit" not in table
    assert int(re.search(r"^  compiled +(\d+)$", table, re.MULTILINE)[1]) >= 1
    assert re.search(r"^  ns_per_bytecode +[0-9.e+]+$", table, re.MULTILINE)


def test_statistics_are_by_opcode_where_events_are_counted(python, tmp_path):
    (tmp_path / "program.py").write_text(
        "def f(n):\n    return n + 1\n"
        "def go(value):\n    for i in range(60): f(value)\n"
        "for value in (1, 2, 3, 0.5): go(value)\n"
    )
    options = ("--threshold-calls=2", "--compile-share=0", "--stats")
    plain = python("-m", "pyjit_core", *options, "program.py")
    assert "by opcode" not in plain.stderr
    counted = python("-m", "pyjit_core", *options, "--count-events", "program.py")
    heads, *rows = counted.stderr[counted.stderr.index("by opcode") :].splitlines()
    assert heads.split()[2:5] == ["generic", "optimised", "exit"]
    (exits,) = (row.split()[2] for row in rows if row.startswith("BINARY_OP.add-ints"))
    assert int(exits) > 0
    nothing = python("-m", "pyjit_core", "--stats", "--count-events", "-c", "pass")
    assert "by opcode: nothing was compiled while events were counted" in nothing.stderr


def test_the_table_by_opcode_has_the_slowest_first_and_an_end():
    from pyjit_core._stats import opcode_table

    rows = [
        {"opcode": f"A{number}", "kind": "b", "outcomes": {"exit": number}, "hit_rate": None}
        for number in range(30)
    ]
    rows.append({"opcode": "C", "kind": "", "outcomes": {"hit": 3, "miss": 1}, "hit_rate": 0.75})
    _, first, *others, last = opcode_table(rows).splitlines()
    assert first.split() == ["A29.b", "29"]
    assert len(others) == 24
    assert last == "and 6 more: pyjit_core.opcode_stats()"
    assert opcode_table(rows[-1:]).splitlines()[1].split() == ["C", "3", "1", "75.0%"]


def test_statistics_name_the_reasons_of_refusals():
    from pyjit_core._stats import table

    stats = {"compiled": 3, "compile_seconds": 0.25, "refused": {"a": 1, "c": 7, "b": 7}}
    lines = table(stats).splitlines()
    assert [line.split() for line in lines] == [
        ["pyjit", "statistics"],
        ["compiled", "3"],
        ["compile_seconds", "0.25"],
        ["left", "to", "the", "interpreter,", "by", "reason"],
        ["7", "b"],
        ["7", "c"],
        ["1", "a"],
    ]
    assert "by reason" not in table({"compiled": 3, "refused": {}})


def test_the_native_runner_refuses_nonsense():
    from pyjit_core import _native

    with pytest.raises(ValueError, match="cannot run a 'nonsense'"):
        _native.run_main("nonsense", "")
    with pytest.raises(TypeError):
        _native.run_main("script", 3)
