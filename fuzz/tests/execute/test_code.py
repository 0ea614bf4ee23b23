"""Who compiles a program of a batch, and what the others are sent."""

import platform
import sys

import msgspec
import pytest

from pyjit_fuzz.execute import Limits, code, load_profiles, native, open_native
from pyjit_fuzz.execute.native import ForkServerExecutor
from pyjit_fuzz.execute.server import WorkerProcess
from pyjit_fuzz.model import Program, Status

FUNCTION = "def f(a):\n    return a + {0}\nRESULT = f(1)\nprint(f.__doc__)\n"
WARNED = FUNCTION.format(2) + "print(1 is 1)\n"


@pytest.fixture
def sent(monkeypatch):
    """The kinds of texts that workers are sent, in order."""
    kinds = []
    ask = WorkerProcess.ask

    def noted(worker, request, texts, seconds):
        kinds.extend(text.kind for text in texts)
        return ask(worker, request, texts, seconds)

    monkeypatch.setattr(WorkerProcess, "ask", noted)
    return kinds


@pytest.fixture
def unknown(monkeypatch):
    """No executor of this process has run anything yet."""
    monkeypatch.setattr(native, "_CODES", code.CodeStore())


@pytest.fixture(scope="module")
def eager(core):
    profile = load_profiles(["jit-eager"], [platform.machine()])[0]
    with open_native(msgspec.structs.replace(profile, python_path=(core,)), Limits()) as opened:
        yield opened


@pytest.fixture
def uncompiled(monkeypatch):
    """Let this process compile nothing."""

    def refuse(source):
        raise AssertionError(f"compiled here: {source}")

    monkeypatch.setattr(code, "compiled", refuse)


@pytest.mark.usefixtures("unknown", "uncompiled")
def test_the_stock_interpreter_compiles_for_all(executor, eager, sent):
    leaves = "def g():\n    raise SystemExit\ng()\n"
    programs = [Program(FUNCTION.format(2)), Program(leaves), Program("def"), Program(WARNED)]
    reference, tested = (each.run_batch(programs) for each in (executor, eager))
    assert sent == ["source"] * 4 + ["code", "code", "source", "source"]
    assert [each.result for each in tested] == ["int:3", None, None, "int:3"]
    assert [bool(each.compiled) for each in tested] == [True, True, False, True]
    for one, other in zip(reference, tested, strict=True):
        assert (one.status, one.output, one.exception) == (
            other.status,
            other.output,
            other.exception,
        )
    assert "SyntaxWarning" in tested[3].output


@pytest.mark.usefixtures("unknown")
def test_what_no_stock_interpreter_has_run_is_compiled_here(eager, sent):
    seen = eager.run_batch([Program(FUNCTION.format(3)), Program(WARNED), Program("def")])
    assert sent == ["code", "source", "source"]
    assert [each.result for each in seen] == ["int:4", "int:3", None]


DEEP = Program("f = " + "lambda: " * 1000 + "0\nRESULT = f()()()(1)")
"""It can be compiled, and is nested too deeply for ``marshal``."""


@pytest.mark.usefixtures("unknown")
def test_code_that_cannot_be_sent_is_compiled_everywhere(interp, executor, eager, sent):
    emulated = ForkServerExecutor(interp, Limits(), command=[sys.executable], slowdown=2.0)
    with emulated:
        for each in (emulated, executor, eager):
            (seen,) = each.run_batch([DEEP])
            assert seen.exception.type == "TypeError"
    assert sent == ["source"] * 3


@pytest.mark.usefixtures("unknown")
def test_an_emulated_interpreter_is_sent_code(interp, eager, sent):
    emulated = ForkServerExecutor(interp, Limits(), command=[sys.executable], slowdown=2.0)
    with emulated:
        programs = [Program(FUNCTION.format(4)), Program(WARNED)]
        for each in (emulated, eager):
            assert [seen.result for seen in each.run_batch(programs)] == ["int:5", "int:3"]
    assert sent == ["code", "source"] * 2


@pytest.mark.usefixtures("unknown", "uncompiled")
def test_what_a_program_dies_of_has_been_compiled(rogue, eager, sent):
    dies = Program("import os\nprint(1)\nos.kill(os.getpid(), 11)")
    (seen,) = rogue.run_batch([dies])
    assert (seen.status, seen.output) == (Status.CRASH, "1\n")
    (seen,) = eager.run_batch([dies])
    assert seen.exception.type == "ModuleNotFoundError"
    assert sent == ["source", "code"]


def test_a_program_alone_is_compiled_where_it_runs(executor, eager, sent):
    program = Program(FUNCTION.format(5))
    for each in (executor, eager):
        assert each.run_batch([program])[0].result == each.run(program).result
    assert sent == ["source", "source", "code", "source"]


def test_code_is_for_one_release_and_kept_for_a_while(executor):
    store = code.CodeStore()
    hello = executor.hello
    other = msgspec.structs.replace(hello, magic="00000000")
    program = Program("RESULT = 0")
    store.keep(program, hello, b"code")
    assert (store.get(program, hello), store.get(program, other)) == (b"code", None)
    for number in range(code._KEPT - 1):
        store.keep(Program(f"RESULT = {number + 1}"), hello, b"other")
    assert store.get(program, hello) == b"code"
    store.keep(program, hello, b"again")
    store.keep(Program("RESULT = -1"), hello, b"")
    assert store.get(program, hello) == b"again"
    assert store.get(Program("RESULT = 1"), hello) is None
    assert store.get(Program("RESULT = -1"), hello) == b""
