"""Several programs in one process: each shows what it shows alone."""

import os
import signal
import threading

import msgspec
import pytest

from pyjit_fuzz.execute import Limits
from pyjit_fuzz.model import Program, Status

PROBE = """
import sys, gc, math, collections, enum, decimal, abc, warnings, builtins, copyreg
from contextvars import ContextVar
depth = 0
def down():
    global depth
    depth += 1
    down()
try:
    down()
except RecursionError:
    pass
warnings.warn("careful")
print(sys.gettrace(), sys.getprofile(), gc.isenabled(), gc.get_threshold(), gc.get_debug())
RESULT = [
    depth, len([]), math.pi, sorted(vars(builtins)), sorted(vars(math)), sorted(sys.modules),
    sorted(vars(collections.Counter)), sorted(vars(enum.Enum)), str(decimal.getcontext()),
    decimal.DefaultContext.prec, collections.namedtuple.__defaults__, sys.getswitchinterval(),
    sys.argv, len(sys.path), len(warnings.filters), len(copyreg.dispatch_table), len(gc.callbacks),
    issubclass(int, collections.abc.Sequence), sys.get_asyncgen_hooks(), len(sys.meta_path),
    sys.stdout.encoding, sys.stdout.closed, "mine" in globals(), sys.get_int_max_str_digits(),
    math.floor(2.5), decimal.Decimal(1) / 3,
]
"""
HABITS = {
    "global": "mine = 1",
    "builtin": "import builtins\nbuiltins.len = None\nbuiltins.mine = 1\ndel builtins.sorted",
    "module": "import math\nmath.pi = 3\nmath.mine = 1\ndel math.floor",
    "modules": "import sys\nsys.modules['mine'] = sys\ndel sys.modules['math']",
    "trace": "import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)",
    "recursion": "import sys\nsys.setrecursionlimit(77)",
    "collector": "import gc\ngc.enable()\ngc.set_threshold(7)\ngc.set_debug(gc.DEBUG_SAVEALL)",
    "callback": "import gc\ngc.callbacks.append(lambda *a: None)",
    "class": "import collections\ncollections.Counter.mine = 1",
    "enum": "import enum\nenum.Enum.name = 3",
    "defaults": "import collections\ncollections.namedtuple.__defaults__ = ()",
    "code": "import enum\nenum.Flag.__or__.__code__ = (lambda self, other: 7).__code__",
    "context": "import decimal\ndecimal.getcontext().prec = 3",
    "template": "import decimal\ndecimal.DefaultContext.prec = 3",
    "switch": "import sys\nsys.setswitchinterval(0.5)",
    "argv": "import sys\nsys.argv.append('x')\nsys.path.append('x')\nsys.meta_path.clear()",
    "filters": "import warnings\nwarnings.simplefilter('ignore')",
    "warned": "import warnings\nwarnings.warn('careful')",
    "registry": "import collections.abc\ncollections.abc.Sequence.register(int)",
    "dispatch": "import copyreg\ncopyreg.pickle(type('T', (), {}), len)",
    "hooks": "import sys\nsys.set_asyncgen_hooks(len, len)",
    "stdout": "import sys\nsys.stdout.reconfigure(encoding='ascii')",
    "closed": "import sys\nsys.stdout.close()",
    "detached": "import sys\nsys.stdout.detach()",
    "replaced": "import sys, io\nsys.stdout = io.StringIO()",
    "digits": "import sys\nsys.set_int_max_str_digits(5000)",
    "late": "class A:\n    def __del__(self): print('late')\na = A()",
    "cycle": "class A:\n    def __del__(self): print('late')\na = A()\na.a = a",
    "raises": "raise KeyError(3)",
    "leaves": "raise SystemExit",
    "syntax": "def",
    "frames": "import sys\nsys._getframe(0).f_builtins['len'] = None",
    "unawaited": "async def f(): pass\nf()",
}
"""What a program may do to those that come after it in the same process."""


def shown(seen):
    """Return what is compared: all but the time and the place."""
    return msgspec.structs.replace(seen, duration=0.0, processor=0.0, place=0, survivors={})


@pytest.mark.parametrize("habit", HABITS)
def test_no_program_changes_what_the_next_one_shows(executor, run, habit):
    first, second = executor.run_batch([Program(HABITS[habit]), Program(PROBE)])
    assert shown(first) == shown(run(HABITS[habit]))
    assert shown(second) == shown(run(PROBE))
    assert second.result is not None


def test_programs_that_do_nothing_to_each_other_share_a_process(executor):
    sources = ["print('a')\nRESULT = 1", PROBE, "RESULT = x", "print('d')"]
    seen = executor.run_batch([Program(source) for source in sources])
    assert [each.place for each in seen] == [0, 1, 2, 3]
    assert [each.output for each in seen][::3] == ["a\n", "d\n"]
    assert seen[2].exception.type == "NameError"


def test_a_process_that_was_changed_is_left(executor):
    seen = executor.run_batch([Program(HABITS["class"]), Program("RESULT = 1")])
    assert [each.place for each in seen] == [0, 0]


def test_a_death_is_told_of_the_program_that_died(rogue):
    dies = "print('dies')\nimport os\nos.kill(os.getpid(), 11)"
    sources = ["RESULT = 1", "RESULT = 2", dies, "print('lives')\nRESULT = 4", dies]
    seen = rogue.run_batch([Program(source) for source in sources])
    statuses = [each.status for each in seen]
    assert statuses == [Status.OK, Status.OK, Status.CRASH, Status.OK, Status.CRASH]
    assert seen[2].crash.signal_name == "SIGSEGV"
    assert seen[2].crash.python_backtrace == ("<module>:3",)
    assert seen[2].output == "dies\n"
    assert [each.place for each in seen] == [0, 1, 2, 0, 1]


@pytest.mark.parametrize("hangs", ["while True: pass", "import time\ntime.sleep(1000)"])
def test_a_program_that_hangs_ends_alone(rogue, hangs):
    sources = ["RESULT = 1", hangs, "RESULT = 3"]
    seen = rogue.run_batch([Program(source) for source in sources], limits=Limits(seconds=0.3))
    assert [each.status for each in seen] == [Status.OK, Status.TIMEOUT, Status.OK]
    assert seen[2].result == "int:3"


def test_each_program_has_the_whole_time_and_the_whole_output(executor):
    works = "import sys\nx = 0\nwhile x < 2_000_000: x += 1\nprint('x' * 9000)"
    seen = executor.run_batch([Program(works)] * 8, limits=Limits(seconds=1.0, output_bytes=10_000))
    assert [each.status for each in seen] == [Status.OK] * 8
    assert {len(each.output) for each in seen} == {9001}


def test_programs_of_a_server_that_is_lost_run_all_the_same(rogue):
    before = rogue.pid
    killer = threading.Timer(0.3, os.kill, (before, signal.SIGKILL))
    killer.start()
    slow = "import time\ntime.sleep(1)\nRESULT = 2"
    seen = rogue.run_batch([Program("RESULT = 1"), Program(slow), Program("RESULT = 3")])
    killer.join()
    assert [each.result for each in seen] == ["int:1", "int:2", "int:3"]
    assert rogue.pid != before


def test_code_made_here_shows_what_source_shows(executor, run):
    source = (
        "import sys\n"
        "def f(a, *, b={1, 2}): return a in {'x', 'y'} or (1.5, b, f.__doc__, 10 ** 30)\n"
        "class C:\n    '''doc'''\n    def g(self): raise ValueError(self.__doc__)\n"
        "RESULT = [f(1), f.__code__.co_filename, f.__code__.co_consts[0] is None]\n"
        "print('ä', 1 is 1)\n"
        "C().g()"
    )
    for text in (source, source.replace(" is 1", " == 1")):
        (seen,) = executor.run_batch([Program(text)])
        assert shown(seen) == shown(run(text))
    assert "SyntaxWarning" in run(source).output


def test_memory_is_counted_anew_for_each_program(executor):
    hungry = "x = bytearray(300 << 20)\nRESULT = len(x)"
    seen = executor.run_batch([Program(hungry)] * 4)
    assert [each.status for each in seen] == [Status.OK] * 4
    greedy = executor.run_batch([Program("RESULT = 1"), Program("x = bytearray(1 << 30)")])
    assert greedy[0].status is Status.OK
    assert greedy[1].status in (Status.LIMIT, Status.EXCEPTION)


def test_ids_of_processes_show_that_a_batch_is_one(rogue):
    source = "import os\nRESULT = os.getpid()"
    seen = rogue.run_batch([Program(source), Program(source + "\n")])
    assert seen[0].result == seen[1].result
    assert int(seen[0].result.removeprefix("int:")) not in (os.getpid(), rogue.pid)
