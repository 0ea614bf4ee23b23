"""The doctor names what is missing, and the package that has it."""

import json
import os
import stat
import subprocess
import sys

import pytest

from pyjit_qemu import doctor
from pyjit_qemu.doctor import Check, broken, checks


def doctor_with_path(path):
    """Run the doctor in a process whose PATH is ``path``."""
    return subprocess.run(
        [sys.executable, "-m", "pyjit_qemu", "doctor", "--json"],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def failed(answer):
    return {c["name"]: c for c in json.loads(answer.stdout) if c["required"] and not c["ok"]}


def test_this_machine_has_what_the_tests_need():
    assert broken(checks()) == []


def test_a_missing_cross_compiler_is_named_with_its_package(only_on_path):
    path = only_on_path(
        "g++", "objcopy", "cmake", "ninja", "qemu-aarch64", "apt-get", "dpkg-deb", "gdb"
    )
    answer = doctor_with_path(path)
    assert answer.returncode == 2
    missing = failed(answer)
    assert set(missing) == {"aarch64-linux-gnu-g++"}
    assert missing["aarch64-linux-gnu-g++"]["remedy"] == "apt-get install g++-aarch64-linux-gnu"


def test_an_empty_machine_gets_every_package_at_once(only_on_path):
    answer = doctor_with_path(only_on_path())
    assert answer.returncode == 2
    remedies = {check["remedy"].split()[-1] for check in failed(answer).values()}
    wanted = {"g++", "binutils", "cmake", "ninja-build", "g++-aarch64-linux-gnu", "qemu-user"}
    assert wanted <= remedies


def test_gdb_is_a_comfort_and_not_required(only_on_path):
    path = only_on_path(
        *("g++", "objcopy", "cmake", "ninja", "aarch64-linux-gnu-g++"),
        *("qemu-aarch64", "apt-get", "dpkg-deb"),
    )
    answer = doctor_with_path(path)
    assert answer.returncode == 0
    gdb = next(c for c in json.loads(answer.stdout) if c["name"] == "gdb")
    assert not gdb["ok"]


def test_an_interpreter_of_another_version_is_told_apart_from_a_missing_one(tmp_path):
    other = tmp_path / "python3.11"
    other.write_text("#!/bin/sh\necho CPython 3.12.1\n")
    other.chmod(other.stat().st_mode | stat.S_IXUSR)
    found = next(c for c in checks(interpreter=str(other)) if c.name == "interpreter")
    assert not found.ok
    assert "is CPython 3.12.1" in found.problem
    missing = next(c for c in checks(interpreter=str(tmp_path / "none")) if c.name == "interpreter")
    assert not missing.ok
    assert "is not there" in missing.problem


def test_the_table_shows_how_to_get_what_is_missing(monkeypatch, capsys):
    from pyjit_qemu import __main__ as command

    lacking = Check(
        "objcopy", "x86_64", ok=False, problem="not on PATH", remedy="apt-get install binutils"
    )
    monkeypatch.setattr(doctor, "checks", lambda: [lacking])
    monkeypatch.setattr(sys, "argv", ["pyjit_qemu", "doctor"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2
    assert "apt-get install binutils" in capsys.readouterr().out
