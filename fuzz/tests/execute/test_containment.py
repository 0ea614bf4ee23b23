"""Programs stay in their box, and the fork server survives what they do."""

import os
import signal

import pytest

from pyjit_fuzz.execute import Limits, open_native
from pyjit_fuzz.model import Program, Status

GADGET = """
import sys
frame = sys._getframe()
found = {}
while frame:
    found.update(frame.f_globals)
    frame = frame.f_back
os, signal = found["os"], found["signal"]
"""
"""A way out of the closed set of modules: the worker's own frames."""


@pytest.mark.parametrize(
    "module",
    [
        "os",
        "subprocess",
        "socket",
        "ctypes",
        "signal",
        "shutil",
        "threading",
        "_thread",
        "posix",
        "pathlib",
        "tempfile",
        "mmap",
        "multiprocessing",
        "asyncio",
        "pyjit_fuzz",
        "pyjit_fuzz.worker.agent",
        "resource",
        "fcntl",
        "urllib.request",
        "importlib",
        "_posixsubprocess",
        "no_such_module",
    ],
)
def test_modules_outside_the_closed_set_are_refused(run, module):
    seen = run(f"import {module}")
    assert seen.status is Status.EXCEPTION
    assert seen.exception.type == "ModuleNotFoundError"
    assert run(f"import sys\nRESULT = {module!r} in sys.modules").result == "bool:False"


def test_modules_of_the_closed_set_can_be_used(run):
    seen = run(
        "import collections, re, json, decimal, dataclasses, enum, typing, random, pickle, copy\n"
        "import io, weakref, contextlib, traceback, warnings, datetime, statistics, inspect\n"
        "@dataclasses.dataclass\nclass A:\n    x: int = 1\n"
        "t = re.sub('a', lambda m: 'b', 'aa') + re.sub('(a)', r'\\1\\1', 'a')\n"
        "c = pickle.loads(pickle.dumps(A(2)))\n"
        "n = collections.namedtuple('N', 'x')(1)\n"
        "d = datetime.datetime.strptime('2020', '%Y').year\n"
        "f = weakref.finalize(A, print)\n"
        "RESULT = [t, c.x, copy.deepcopy(A()).x, json.dumps([1]), n.x, d, str(decimal.Decimal(1)),"
        " 'é'.encode('latin-1'), io.StringIO('x').read(), statistics.mean([1, 3])]"
    )
    assert seen.status is Status.OK, seen.exception
    assert len(seen.result[3]) == 10


def test_files_can_be_used_in_the_scratch_folder_only(run):
    inside = run("with open('f', 'w') as f: f.write('x')\nRESULT = open('f').read()")
    assert inside.result == "str:x"
    assert run("RESULT = open('f').read()").exception.type == "FileNotFoundError"
    outside = ["/etc/passwd", "/tmp/pyjit-escape", "../stderr", "../../x", "/proc/self/mem"]
    for path in outside:
        for mode in ("r", "w"):
            seen = run(f"open({path!r}, {mode!r})")
            assert seen.exception.type == "PermissionError", (path, mode)


@pytest.mark.parametrize(
    "action",
    [
        "os.fork()",
        "os.system('true')",
        "os.kill(os.getppid(), 9)",
        "os.kill(os.getpid(), 9)",
        "os.mkdir('/tmp/pyjit-escape')",
        "os.remove('/etc/passwd')",
        "os.open('/etc/passwd', 0)",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.listdir('/')",
    ],
)
def test_even_the_worker_s_own_modules_are_of_no_use(run, action):
    seen = run(GADGET + action)
    assert seen.status is Status.EXCEPTION
    assert seen.exception.type == "PermissionError", seen.exception
    assert "may" in str(seen.exception.args)


def test_the_pipes_of_the_protocol_are_closed_in_a_program(run):
    # It may write to whatever descriptor it finds: the answer is its own all the same.
    attack = (
        "for fd in range(3, 256):\n"
        "    for junk in (b'PJF1' + bytes(8), b'x' * 5000):\n"
        "        try:\n            os.write(fd, junk)\n        except OSError:\n            pass\n"
        "RESULT = 1"
    )
    seen = run(GADGET + attack)
    assert seen.status is Status.OK
    assert seen.result == "int:1"
    assert run("RESULT = 2").result == "int:2"


def test_a_program_holds_no_pipe(run):
    kinds = run(
        GADGET + "import re\nRESULT = []\nfor fd in range(256):\n"
        "    try:\n        mode = os.fstat(fd).st_mode\n    except OSError:\n        continue\n"
        "    RESULT.append(mode & 0o170000 == 0o010000)"
    )
    assert kinds.result[3]
    assert set(kinds.result[3]) == {"bool:False"}


def test_there_is_no_network(run, run_rogue):
    assert run("import socket").exception.type == "ModuleNotFoundError"
    # A module of its own choice is trusted: the test above is what holds it back.
    assert run_rogue("import socket\nRESULT = socket.AF_INET").status is Status.OK


def test_there_is_no_input(run):
    assert run("input()").exception.type == "EOFError"


def test_a_fork_bomb_gets_no_process(run_rogue):
    seen = run_rogue("import os\nwhile True:\n    os.fork()")
    assert seen.exception.type in {"BlockingIOError", "PermissionError"}


def test_a_thread_is_refused_too(run_rogue):
    seen = run_rogue("import os, _thread\n_thread.start_new_thread(print, ())")
    assert seen.status is Status.EXCEPTION


def test_a_hog_of_memory_is_a_limit(run, executor):
    # A machine that is short of memory itself may take seconds to hand it out.
    limits = executor.limits.times(10)
    growing = run("x = []\nwhile True:\n    x.append('x' * 10**6 + str(len(x)))", limits=limits)
    assert (growing.status, growing.limit) == (Status.LIMIT, "memory")
    assert growing.exception.type == "MemoryError"


def test_an_absurd_request_for_memory_is_an_exception_like_any_other(run):
    seen = run("x = [0] * 10**12")
    assert seen.status is Status.EXCEPTION
    assert seen.exception.type == "MemoryError"


def test_a_flood_of_output_is_a_limit(run):
    seen = run("print('x' * 20_000)")
    assert (seen.status, seen.limit) == (Status.LIMIT, "output")
    assert len(seen.output) == 10_000
    endless = run("while True:\n    try:\n        print('x' * 10**6)\n    except Exception: pass")
    assert (endless.status, endless.limit) == (Status.LIMIT, "files")
    assert run("print('y')").output == "y\n"


def test_an_endless_loop_is_a_time_out_and_says_where(run):
    seen = run("print('begun')\ndef spin():\n    while True: pass\nspin()")
    assert seen.status is Status.TIMEOUT
    assert seen.crash.last_point == "run spin:3"
    assert seen.crash.python_backtrace == ("spin:3", "<module>:4")
    assert seen.output == "begun\n"
    assert seen.duration == 1.0


def test_a_loop_that_no_exception_can_leave_is_a_time_out(run):
    seen = run("while True:\n    try:\n        while True: pass\n    except BaseException: pass")
    assert seen.status is Status.TIMEOUT


def test_a_program_that_waits_is_a_time_out(run_rogue):
    limits = Limits(seconds=0.1)
    assert run_rogue("import time\ntime.sleep(60)", limits=limits).status is Status.TIMEOUT
    stubborn = "import os, signal, time\nsignal.signal(signal.SIGPROF, signal.SIG_IGN)\n"
    assert run_rogue(stubborn + "time.sleep(60)", limits=limits).status is Status.TIMEOUT


CRASHES = [
    ("import os\ndef f():\n    os.kill(os.getpid(), 11)\nf()", "SIGSEGV", "run f:4"),
    ("import os\nos.abort()", "SIGABRT", "run <module>:3"),
    ("import os\nos.kill(os.getpid(), 9)", "SIGKILL", "run"),
    ("import os\nos._exit(0)", "", "run"),
    ("import ctypes\nctypes.string_at(1)", "SIGSEGV", "run <module>:3"),
    (
        "import os\nclass A:\n    def __del__(self, abort=os.abort): abort()\na = A()\n",
        "SIGABRT",
        "teardown __del__:4",
    ),
]


@pytest.mark.parametrize(("source", "name", "point"), CRASHES)
def test_a_child_that_dies_is_a_crash_with_its_place(rogue, run_rogue, source, name, point):
    server = rogue.pid
    seen = run_rogue(source.replace("\n", "\nprint('before')\n", 1))
    assert seen.status is Status.CRASH
    assert seen.crash.signal_name == name
    assert seen.crash.signal == (getattr(signal, name) if name else 0)
    assert seen.crash.last_point == point
    assert seen.output == "before\n"
    assert rogue.pid == server, "the fork server survived"


def test_a_native_backtrace_names_the_function_at_fault(run_rogue):
    # A function that the interpreter exports: its name is there without debugging symbols.
    source = "import ctypes\nctypes.pythonapi.Py_IncRef(ctypes.c_void_p(8))"
    seen = run_rogue(source, backtrace=True)
    frames = seen.crash.native_backtrace
    assert "Py_IncRef" in frames[:2]
    assert "ffi_call" in frames
    assert "builtin_exec_impl" not in seen.crash.native_backtrace
    assert run_rogue("RESULT = 1", backtrace=True).crash is None


def test_memory_of_the_report_that_was_overwritten_is_no_report(run_rogue):
    seen = run_rogue(
        "import ctypes, gc, mmap\n"
        "import sys\nframe = sys._getframe()\n"
        "while 'run' not in frame.f_locals: frame = frame.f_back\n"
        "memory = frame.f_locals['run'].board._memory\n"
        "memory[:64] = b'\\xff' * 64\n"
        "import os\nos._exit(0)"
    )
    assert seen.status is Status.CRASH
    assert seen.result is None


def test_a_killed_fork_server_is_started_again_and_the_run_repeated(interp):
    with open_native(interp, Limits()) as executor:
        first = executor.pid
        os.kill(first, signal.SIGKILL)
        assert executor.run(Program(source="RESULT = 1")).result == "int:1"
        assert executor.pid != first
        assert executor.respawns == 1


def test_a_stopped_fork_server_is_started_again(interp, monkeypatch):
    monkeypatch.setattr("pyjit_fuzz.execute.server._GRACE", 0.3)
    with open_native(interp, Limits(seconds=0.1)) as executor:
        os.kill(executor.pid, signal.SIGSTOP)
        assert executor.run(Program(source="RESULT = 1")).result == "int:1"
        assert executor.respawns == 1


def test_a_program_that_takes_the_server_down_twice_is_a_crash(unlocked, monkeypatch):
    # As another user it cannot; without that it can, and is told apart from bad luck.
    with open_native(unlocked, Limits()) as executor:
        original = type(executor)._warm_worker

        def doomed(self):
            worker = original(self)
            os.kill(worker.pid, signal.SIGKILL)
            return worker

        monkeypatch.setattr(type(executor), "_warm_worker", doomed)
        seen = executor.run(Program(source="pass"))
    assert seen.status is Status.CRASH
    assert seen.crash.last_point == "fork server lost twice"


def test_a_child_killed_from_outside_is_a_crash_of_that_run_only(rogue, run_rogue):
    seen = run_rogue("import os, signal\nos.killpg(0, signal.SIGKILL)")
    assert seen.crash.signal_name == "SIGKILL"
    assert run_rogue("RESULT = 1").result == "int:1"
