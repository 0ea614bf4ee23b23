"""Executors for the tests of the room: one fork server a module, on this interpreter."""

import platform

import msgspec
import pytest

from pyjit_fuzz.execute import Limits, load_profiles, open_native
from pyjit_fuzz.execute.native import EXTRA_MODULES
from pyjit_fuzz.model import Program
from pyjit_qemu.build import build_core

LIMITS = Limits(seconds=1.0, memory_mib=512, output_bytes=10_000)


@pytest.fixture(scope="session")
def interp():
    return load_profiles(["interp"], [platform.machine()])[0]


@pytest.fixture(scope="module")
def executor(interp):
    with open_native(interp, LIMITS) as opened:
        yield opened


@pytest.fixture(scope="session")
def unlocked(interp):
    """A profile whose programs may import what is otherwise refused, in order to misbehave."""
    modules = "os,ctypes,signal,time,socket,subprocess,mmap"
    return msgspec.structs.replace(interp, environment={EXTRA_MODULES: modules})


@pytest.fixture(scope="module")
def rogue(unlocked):
    with open_native(unlocked, LIMITS) as opened:
        yield opened


@pytest.fixture(scope="module")
def run(executor):
    return lambda source, **options: executor.run(Program(source=source), **options)


@pytest.fixture(scope="module")
def run_rogue(rogue):
    return lambda source, **options: rogue.run(Program(source=source), **options)


@pytest.fixture(scope="session")
def core():
    """The folder of a JIT built for this machine; a failure, never a skip, without one."""
    return str(build_core(platform.machine()))
