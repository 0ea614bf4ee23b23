"""The command line of an interpreter of either architecture."""

import json
import subprocess

import pytest

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu.command import emulator_prefix, interpreter_command

SHOW = """
import json, platform, sys
import bz2, ctypes, decimal, lzma, sqlite3, ssl, zlib
print(json.dumps([platform.machine(), list(sys.version_info[:2]), sys.prefix]))
"""


def asked(arch):
    answer = subprocess.run(
        [*interpreter_command(arch), "-c", SHOW],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_the_native_interpreter_needs_no_prefix():
    assert emulator_prefix("x86_64") == ()
    assert asked("x86_64")[:2] == ["x86_64", [3, 11]]


def test_an_architecture_without_an_emulator_is_refused():
    with pytest.raises(SetupError, match="'s390x' cannot be run"):
        interpreter_command("s390x")


def test_a_missing_emulator_is_named_with_its_package(path_of):
    with path_of("apt-get"), pytest.raises(SetupError, match="apt-get install qemu-user"):
        interpreter_command("aarch64")


@pytest.mark.aarch64
def test_the_emulated_interpreter_runs_with_its_own_library():
    machine, version, prefix = asked("aarch64")
    assert machine == "aarch64"
    assert version == [3, 11]
    assert prefix.endswith("sysroot-aarch64/usr")
