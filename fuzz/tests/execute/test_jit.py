"""The JIT's profiles on this machine: compiled code runs, and the worker proves it."""

import platform

import msgspec
import pytest

from pyjit_fuzz.execute import Limits, load_profiles, open_executor
from pyjit_fuzz.model import Program, Status

SOURCE = """
LOG = []

def add(a, b):
    return a + b

def loop(n):
    total = 0
    for i in range(n):
        total = add(total, i)
    return total

def main():
    for _ in range(5):
        LOG.append(loop(100))
    return loop(10)

RESULT = main()
"""


@pytest.fixture(params=["jit", "jit-eager"])
def jit(request, core):
    profile = load_profiles([request.param], [platform.machine()])[0]
    with open_executor(
        msgspec.structs.replace(profile, python_path=(core,)), limits=Limits()
    ) as executor:
        yield executor


@pytest.mark.parametrize("fresh", [False, True])
def test_compiled_code_runs_and_agrees(jit, run, fresh):
    seen, reference = jit.run(Program(source=SOURCE), fresh=fresh), run(SOURCE)
    assert seen.status is Status.OK
    assert {"add", "loop"} <= set(seen.compiled)
    assert (seen.result, seen.log) == (reference.result, reference.log)
    assert seen.jit_stats["entries"] > 0


def test_the_build_is_named(jit):
    assert jit.profile.build_id
    assert jit.hello.jit["arch"] == platform.machine()


def test_one_run_says_nothing_of_another(jit):
    first = jit.run(Program(source=SOURCE))
    again = jit.run(Program(source=SOURCE))
    assert first.compiled == again.compiled
    assert first.jit_stats["entries"] == again.jit_stats["entries"]
    assert jit.run(Program(source="RESULT = 1")).compiled in ((), ("<module>",))


def test_a_program_cannot_reach_the_jit(jit):
    seen = jit.run(Program(source="import pyjit_core"))
    assert seen.exception.type == "ModuleNotFoundError"
