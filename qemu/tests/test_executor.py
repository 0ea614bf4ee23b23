"""An emulated interpreter is an executor like any other."""

import signal

import pytest

from pyjit_fuzz.execute import Limits, SetupError, open_native
from pyjit_fuzz.model import Profile, Program, Status
from pyjit_qemu.executor import open_qemu
from pyjit_qemu.paths import INTERPRETER

INTERP = Profile(name="interp", arch="aarch64", executor="qemu-aarch64")

PROGRAM = Program(
    source="""
import math

LOG = []

def main():
    LOG.append("started")
    total = 0
    for i in range(1000):
        total += i * i
    print("total", total)
    return [total, 2**100, -0.0, math.sqrt(2.0), {"a": (1, None)}, "\\u20ac"]

RESULT = main()
"""
)


def test_a_profile_of_another_architecture_is_refused():
    wrong = Profile(name="interp", arch="x86_64", executor="qemu-aarch64")
    with pytest.raises(SetupError, match=r"interp@x86_64.*emulates aarch64"):
        open_qemu(wrong, Limits())


@pytest.mark.aarch64
def test_both_architectures_observe_the_same():
    native = Profile(name="interp", arch="x86_64", interpreter=INTERPRETER)
    with open_native(native, Limits()) as here, open_qemu(INTERP, Limits()) as there:
        assert there.hello.arch == "aarch64"
        assert there.hello.python == here.hello.python
        ours, theirs = here.run(PROGRAM), there.run(PROGRAM)
        again = there.run(PROGRAM, fresh=True)
    assert theirs.status is Status.OK
    assert theirs.profile == "interp@aarch64"
    assert (theirs.result, theirs.output, theirs.log) == (ours.result, ours.output, ours.log)
    assert again.result == theirs.result


@pytest.mark.aarch64
def test_a_crash_is_told_with_its_signal_and_its_place():
    source = """
import ctypes

def fall():
    ctypes.string_at(0)

fall()
"""
    profile = Profile(
        name="interp",
        arch="aarch64",
        executor="qemu-aarch64",
        environment={"PYJIT_FUZZ_MODULES": "ctypes"},
    )
    with open_qemu(profile, Limits()) as executor:
        seen = executor.run(Program(source=source))
        after = executor.run(PROGRAM)
    assert seen.status is Status.CRASH
    assert seen.crash.signal == signal.SIGSEGV
    assert any(frame.startswith("fall:") for frame in seen.crash.python_backtrace)
    assert after.status is Status.OK


@pytest.mark.aarch64
def test_an_endless_loop_ends_at_the_limit():
    with open_qemu(INTERP, Limits(seconds=0.2)) as executor:
        seen = executor.run(Program(source="while True:\n    pass\n"))
        after = executor.run(PROGRAM)
    assert seen.status is Status.TIMEOUT
    assert after.status is Status.OK


@pytest.mark.aarch64
def test_an_interpreter_that_is_not_there_is_a_broken_setup():
    profile = Profile(
        name="other", arch="aarch64", executor="qemu-aarch64", interpreter="/no/such/python"
    )
    with pytest.raises(SetupError, match="/no/such/python"):
        open_qemu(profile, Limits())
