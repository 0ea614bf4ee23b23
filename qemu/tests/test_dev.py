"""``./dev`` on machines that lack something: one message, exit code 2, or the right installation.

The machine is a folder of small programs that stand for Debian's, and are all of PATH.
"""

import shutil
import subprocess

import pytest

from pyjit_qemu.paths import checkout

PACKAGES = (
    *("cmake", "g++", "g++-aarch64-linux-gnu", "gdb", "libasmjit-dev", "libpython3.11-dev"),
    *(
        "libpython3.11-testsuite",
        "ninja-build",
        "python3.11",
        "python3.11-dbg",
        "python3.11-venv",
        "qemu-user",
    ),
)
OF_TESTS = ("chromium-headless-shell", "clang")
"""The browser, and the compiler that instruments for coverage."""


class Machine:
    """A machine with chosen packages, and a log of what is asked of apt-get."""

    def __init__(self, folder):
        self.checkout = folder / "checkout"
        self.checkout.mkdir()
        shutil.copy(checkout() / "dev", self.checkout)
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.log = folder / "log"
        self.log.touch()
        for tool in ("cat", "dirname", "env", "rm", "sh", "true"):
            self.program(tool, f'exec {shutil.which(tool)} "$@"')

    def program(self, name, script):
        # Never a link: writing to one would overwrite the program of this machine.
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def has(self, *packages, user=1000):
        lines = "".join(f"printf 'installed:%s ' {name}\n" for name in packages)
        self.program("dpkg-query", lines + "printf 'config-files:gdb '\nexit 1")
        self.program("id", f"echo {user}")
        self.program("apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {self.log}; exit 100')

    def dev(self, *arguments):
        return subprocess.run(
            ["/bin/sh", str(self.checkout / "dev"), *arguments],
            env={"PATH": str(self.bin)},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_without_root_the_missing_packages_are_named(machine):
    machine.has(*(p for p in PACKAGES if p not in {"qemu-user", "libasmjit-dev"}), *OF_TESTS)
    answer = machine.dev("tests")
    assert answer.returncode == 2
    assert "sudo apt-get install libasmjit-dev qemu-user\n" in answer.stderr
    assert answer.stderr.count("\n") == 2, "one message"
    assert machine.log.read_text() == ""


def test_sudo_that_asks_for_a_password_is_not_used(machine):
    machine.has(*PACKAGES[1:], *OF_TESTS)
    machine.program("sudo", "exit 1")
    answer = machine.dev("tests")
    assert answer.returncode == 2
    assert "sudo apt-get install cmake\n" in answer.stderr


def test_root_installs_just_what_is_missing_and_reads_the_lists_only_if_that_fails(machine):
    machine.has(*PACKAGES[:-2], *OF_TESTS, user=0)
    answer = machine.dev("tests")
    assert answer.returncode == 2
    assert "could not install: python3.11-venv qemu-user" in answer.stderr
    calls = machine.log.read_text().splitlines()
    assert len(calls) == 2
    assert calls[0].startswith("noninteractive install")
    assert calls[0].endswith("--no-install-recommends python3.11-venv qemu-user")
    assert "update" in calls[1]


def test_sudo_without_a_password_installs(machine):
    machine.has(*PACKAGES[:-1])
    machine.program("sudo", 'shift; exec "$@"')
    machine.dev("tests")
    assert machine.log.read_text().startswith("noninteractive install")


@pytest.mark.parametrize(
    ("session", "wanted"),
    [
        ("tests", OF_TESTS),
        ("tests-x86_64", OF_TESTS),
        ("guided", ("clang",)),
        ("campaign", ()),
    ],
)
def test_what_few_sessions_need_is_for_them_only(machine, session, wanted):
    machine.has(*PACKAGES[1:])
    answer = machine.dev(session)
    named = answer.stderr.partition("apt-get install")[2].split()
    assert named == ["cmake", *wanted]


def test_another_system_is_told_what_is_needed(machine):
    answer = machine.dev("tests")
    assert answer.returncode == 2
    assert "Debian 12" in answer.stderr
    assert "qemu-user" in answer.stderr


def test_an_environment_that_cannot_be_made_is_one_message(machine):
    machine.has(*PACKAGES, *OF_TESTS)
    machine.program("rm", "exit 0")
    (machine.checkout / ".venv").write_text("in the way")
    answer = machine.dev("tests")
    assert answer.returncode == 2
    assert "the environment .venv could not be made" in answer.stderr
