"""enable, compile, stats and their kin."""

import ast
import functools
import gc
import opcode
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pyjit_core

CORE = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _disabled_afterwards():
    yield
    pyjit_core.disable()


def make_adder():
    def add(a, b):
        return a + b

    return add


def fresh(source, name="f"):
    """A function with a code object that nothing has seen yet."""
    namespace = {}
    exec(compile(source, "<fresh>", "exec"), namespace)
    return namespace[name]


def refused():
    """A function that no compiler makes: its two ways to the end leave different stacks."""
    f = fresh("def f(a):\n    return a\n")
    lines = ("RESUME 0", "LOAD_FAST 0", "LOAD_FAST 0", "POP_JUMP_FORWARD_IF_FALSE 1")
    units = [line.split() for line in (*lines, "LOAD_FAST 0", "RETURN_VALUE 0")]
    code = bytes(part for name, value in units for part in (opcode.opmap[name], int(value)))
    f.__code__ = f.__code__.replace(co_code=code, co_stacksize=3)
    return f


def test_enable_and_disable():
    assert not pyjit_core.is_enabled()
    pyjit_core.enable()
    pyjit_core.enable()
    assert pyjit_core.is_enabled()
    pyjit_core.disable()
    pyjit_core.disable()
    assert not pyjit_core.is_enabled()


def test_compile_says_what_it_did():
    f = fresh("def f(a, b):\n    return a + b\n")
    assert not pyjit_core.is_compiled(f)
    before = pyjit_core.stats()
    assert pyjit_core.compile(f) is True
    assert pyjit_core.is_compiled(f) is True
    after = pyjit_core.stats()
    assert after["compiled"] == before["compiled"] + 1
    assert after["bytecodes_compiled"] > before["bytecodes_compiled"]
    assert after["code_bytes"] > before["code_bytes"]
    assert pyjit_core.compile(f) is True
    assert pyjit_core.stats()["compiled"] == after["compiled"]


def test_what_is_refused_is_counted_by_reason():
    f = refused()
    before = pyjit_core.stats()
    assert pyjit_core.compile(f) is False
    assert pyjit_core.is_compiled(f) is False
    after = pyjit_core.stats()
    assert after["refused_total"] == before["refused_total"] + 1
    assert sum(after["refused"].values()) == sum(before["refused"].values()) + 1
    assert all(isinstance(reason, str) and reason for reason in after["refused"])


class Class:
    def method(self):
        return 1

    @classmethod
    def class_method(cls):
        return 2

    @staticmethod
    def static_method():
        return 3


@pytest.mark.parametrize(
    "thing",
    [
        make_adder().__code__,
        make_adder(),
        Class.method,
        Class().method,
        Class.class_method,
        Class.__dict__["class_method"],
        Class.static_method,
        Class.__dict__["static_method"],
        lambda: 0,
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_everything_with_code_behind_it_is_accepted(thing):
    assert pyjit_core.compile(thing) is True
    assert pyjit_core.is_compiled(thing) is True


def test_a_wrapper_is_compiled_not_what_it_wraps():
    inner = fresh("def f():\n    return 1\n")
    outer = fresh("def f():\n    return 2\n")
    functools.update_wrapper(outer, inner)
    assert pyjit_core.compile(outer)
    assert not pyjit_core.is_compiled(inner)


@pytest.mark.parametrize("function", [pyjit_core.compile, pyjit_core.is_compiled])
@pytest.mark.parametrize("thing", [len, 1, None, int, functools.partial(make_adder())])
def test_other_things_are_a_type_error(function, thing):
    with pytest.raises(TypeError, match="expected a Python function, method or code object, not"):
        function(thing)


def test_an_error_of_an_attribute_is_not_swallowed():
    class Odd:
        @property
        def __func__(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pyjit_core.compile(Odd())


def test_a_chain_without_end_is_a_type_error():
    class Loop:
        @property
        def __func__(self):
            return self

    with pytest.raises(TypeError, match="not 'Loop'"):
        pyjit_core.compile(Loop())


def counters():
    text = (CORE / "src/runtime/counters.def").read_text()
    return re.findall(r"^(?:COUNTER|AMOUNT)\((\w+),", text, re.MULTILINE)


def test_stats_have_every_counter_and_what_is_derived():
    stats = pyjit_core.stats()
    assert len(counters()) >= 10
    for name in counters():
        assert type(stats[name]) is int, name
        assert stats[name] >= 0
    assert set(stats) == set(counters()) | {
        "refused",
        "compile_seconds",
        "code_memory_bytes",
        "data_bytes",
        "ns_per_bytecode",
        "bytes_per_bytecode",
    }


def test_the_derived_figures_follow_from_the_counters():
    pyjit_core.compile(fresh("def f(a):\n    return [a, a]\n"))
    s = pyjit_core.stats()
    assert s["ns_per_bytecode"] == s["compile_nanoseconds"] / s["bytecodes_compiled"] > 0
    assert s["bytes_per_bytecode"] == s["code_bytes"] / s["bytecodes_compiled"] > 0
    assert s["compile_seconds"] == pytest.approx(s["compile_nanoseconds"] * 1e-9)
    assert s["code_memory_bytes"] > 0
    assert s["data_bytes"] > 0


def test_before_anything_is_compiled_the_ratios_are_zero(python):
    result = python(
        "-c", "import pyjit_core as p; s = p.stats(); print(s['ns_per_bytecode'], s['refused'])"
    )
    assert result.stdout == "0.0 {}\n"


def test_code_memory_is_given_back_with_the_code_object():
    pyjit_core.compile(fresh("def f():\n    return 1\n"))  # shared stubs are there from here on
    gc.collect()
    before = pyjit_core.stats()["code_memory_bytes"]
    functions = [fresh(f"def f(a):\n    return [a, {i}]\n") for i in range(20)]
    assert all(map(pyjit_core.compile, functions))
    assert pyjit_core.stats()["code_memory_bytes"] > before
    del functions
    gc.collect()
    assert pyjit_core.stats()["code_memory_bytes"] <= before


def test_executed_says_what_ran_compiled_and_nothing_else():
    ran, idle = make_adder(), fresh("def f():\n    return 1\n")
    pyjit_core.compile(ran)
    pyjit_core.compile(idle)
    pyjit_core.enable()
    pyjit_core.reset_executed()
    assert ran(1, 2) == 3
    pairs = pyjit_core.executed()
    assert (__file__, "make_adder.<locals>.add") in pairs
    assert ("<fresh>", "f") not in pairs
    pyjit_core.reset_executed()
    assert (__file__, "make_adder.<locals>.add") not in pyjit_core.executed()


def test_while_disabled_nothing_is_executed():
    f = fresh("def f():\n    return 1\n")
    pyjit_core.compile(f)
    pyjit_core.reset_executed()
    assert f() == 1
    assert ("<fresh>", "f") not in pyjit_core.executed()


@pytest.mark.parametrize("arch", ["x86_64", "aarch64", None])
def test_disassemble_lists_instructions(arch):
    lines = pyjit_core.disassemble(make_adder(), arch).splitlines()
    assert len(lines) > 10
    native = pyjit_core.build_info()["arch"]
    mnemonics = {"x86_64": r"^\s*(mov|push|ret)\b", "aarch64": r"^\s*(ldr|stp|ret)\b"}
    assert any(re.search(mnemonics[arch or native], line) for line in lines)


def test_disassemble_takes_keywords_and_refuses_nonsense():
    assert pyjit_core.disassemble(code=make_adder(), arch="aarch64")
    with pytest.raises(ValueError, match="arch='mips': expected 'x86_64' or 'aarch64'"):
        pyjit_core.disassemble(make_adder(), "mips")
    with pytest.raises(TypeError, match="expected a Python function"):
        pyjit_core.disassemble(3)
    with pytest.raises(TypeError):
        pyjit_core.disassemble()


def test_disassemble_says_why_there_is_nothing():
    f = refused()
    pyjit_core.compile(f)
    with pytest.raises(ValueError, match=r"f cannot be compiled: \w"):
        pyjit_core.disassemble(f)


def test_the_limit_of_code_memory_holds_at_once():
    before = pyjit_core.config.code_memory
    pyjit_core.config.code_memory = 0
    try:
        f = fresh("def f():\n    return 1\n")
        assert pyjit_core.compile(f) is False
    finally:
        pyjit_core.config.code_memory = before
    assert pyjit_core.compile(fresh("def f():\n    return 1\n")) is True


def test_disassemble_does_not_compile():
    f = fresh("def f():\n    return 1\n")
    pyjit_core.disassemble(f)
    assert not pyjit_core.is_compiled(f)


def test_build_info_is_of_this_build():
    build = pyjit_core.build_info()
    assert build["version"] == pyjit_core.__version__
    assert re.fullmatch(r"[0-9a-f]{16}", build["build_id"])
    assert build["arch"] in {"x86_64", "aarch64"}
    assert build["python"] == ".".join(map(str, sys.version_info[:3]))
    assert build["python_headers"].startswith("3.11.")
    assert build["faults"] is bool(build["fault_names"])


def stub_classes():
    tree = ast.parse((CORE / "pyjit_core/_native.pyi").read_text())
    return tree, {n.name: n for n in tree.body if isinstance(n, ast.ClassDef)}


@pytest.mark.parametrize(
    ("name", "function"), [("Stats", pyjit_core.stats), ("BuildInfo", pyjit_core.build_info)]
)
def test_the_stub_knows_every_key(name, function):
    _, classes = stub_classes()
    assert [node.target.id for node in classes[name].body] == list(function())


def test_the_stub_knows_every_function():
    from pyjit_core import _native

    tree, _ = stub_classes()
    declared = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert declared == {name for name in vars(_native) if not name.startswith("__")}
    for name in declared:
        assert getattr(_native, name).__doc__, name
        assert getattr(_native, name).__text_signature__, name


def test_everything_that_is_exported_is_there():
    for name in pyjit_core.__all__:
        assert hasattr(pyjit_core, name), name


@pytest.mark.parametrize(
    ("version", "implementation", "message"),
    [
        ((3, 12, 1, "final", 0), "cpython", "this is CPython 3.12.1"),
        ((3, 10, 0, "final", 0), "cpython", "this is CPython 3.10.0"),
        ((3, 11, 9, "final", 0), "pypy", "this is PyPy 3.11.9"),
    ],
)
def test_another_interpreter_is_refused_before_the_native_module(
    version, implementation, message, python
):
    program = (
        f"import sys; sys.version_info = {version}; sys.implementation.name = {implementation!r}\n"
        "try:\n    import pyjit_core\n"
        "except ImportError as error:\n    print(error, 'pyjit_core._native' in sys.modules)"
    )
    result = python("-c", program)
    expected = f"pyjit-core {pyjit_core.__version__} supports CPython 3.11; {message} False\n"
    assert result.stdout == expected, result.stderr


def test_another_interpreter_gets_one_line_from_the_command(tmp_path, python):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 12, 1)")
    path = f"{tmp_path}:{Path(pyjit_core.__file__).parents[1]}"
    result = python("-m", "pyjit_core", "-c", "print(1)", PYTHONPATH=path)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"python -m pyjit_core: pyjit-core {pyjit_core.__version__} supports CPython 3.11; "
        "this is CPython 3.12.1\n"
    )


def test_a_subinterpreter_is_refused(python):
    result = python(
        "-c",
        "import pyjit_core, _xxsubinterpreters as s\n"
        "i = s.create()\n"
        "try:\n    s.run_string(i, 'import pyjit_core')\n"
        "except s.RunFailedError as error:\n    print(error)\n",
    )
    assert "works in the main interpreter only" in result.stdout, result.stderr
    assert result.returncode == 0


def test_importing_again_keeps_what_was_set(python):
    result = python(
        "-c",
        "import sys, pyjit_core\n"
        "pyjit_core.config.threshold_calls = 7\n"
        "for name in [n for n in sys.modules if 'pyjit_core' in n]: del sys.modules[name]\n"
        "import pyjit_core; print(pyjit_core.config.threshold_calls)",
    )
    assert result.stdout == "7\n", result.stderr


def test_importing_does_not_pull_the_standard_library_in(python):
    result = python(
        "-c",
        "import sys; before = set(sys.modules); import pyjit_core\n"
        "print(sorted(set(sys.modules) - before))",
    )
    # The opcode table of the interpreter is compared with ours.
    expected = ["__future__", "_opcode", "opcode"]
    expected += ["pyjit_core", "pyjit_core._config", "pyjit_core._native"]
    assert set(ast.literal_eval(result.stdout)) <= set(expected)


def test_it_survives_the_end_of_the_interpreter(python):
    result = python(
        "-c",
        "import pyjit_core, atexit\n"
        "pyjit_core.config.threshold_calls = 1\n"
        "pyjit_core.enable()\n"
        "class C:\n    def __del__(self): print('gone', pyjit_core is not None)\n"
        "def f():\n    return [C() for _ in range(3)]\n"
        "keep = f(); keep.append(keep)\n"
        "atexit.register(f)\n",
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("gone") == 6


def test_forks_inherit_the_jit(python):
    result = python(
        "-c",
        "import os, pyjit_core\n"
        "pyjit_core.config.threshold_calls = 1\n"
        "pyjit_core.enable()\n"
        "def f(n): return n + 1\n"
        "f(1); f(1)\n"
        "pid = os.fork()\n"
        "assert f(2) == 3 and pyjit_core.is_enabled() and pyjit_core.is_compiled(f)\n"
        "if pid: print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n",
    )
    assert result.stdout == "0\n", result.stderr


def test_the_type_information_is_complete(tmp_path, environment):
    # A user's program, checked strictly against the installed package.
    program = tmp_path / "user.py"
    program.write_text(
        "import pyjit_core\n"
        "def f(n: int) -> int:\n    return n\n"
        "ok: bool = pyjit_core.compile(f)\n"
        "seconds: float = pyjit_core.stats()['compile_seconds']\n"
        "names: list[tuple[str, str]] = pyjit_core.executed()\n"
        "text: str = pyjit_core.disassemble(f, 'aarch64')\n"
        "pyjit_core.config.log = True\n"
    )
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(program)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
