"""Broken set-ups: each gives one clear message."""

import platform
import sys
import textwrap
import types
from pathlib import Path

import msgspec
import pytest

from pyjit_fuzz.execute import (
    ExecutorPool,
    ForkServerExecutor,
    Limits,
    SetupError,
    check_same_python,
    load_profiles,
    open_executor,
    open_native,
    profile_names,
    profiles,
)
from pyjit_fuzz.model import Profile, Program

MACHINE = platform.machine()


def fake(tmp_path, body):
    """Make a program that takes the place of an interpreter."""
    path = tmp_path / "python-fake"
    path.write_text(f"#!{sys.executable}\n" + textwrap.dedent(body))
    path.chmod(0o755)
    return str(path)


def greeting(**fields):
    """Return a fake interpreter that says hello and no more."""
    hello = {
        "protocol": 4,
        "python": [3, 11, 2],
        "implementation": "cpython",
        "magic": "",
        "executable": "x",
        "arch": MACHINE,
        "pid": 1,
        **fields,
    }
    return f"""
        import json, os, struct, sys, time
        fd = int([a for a in sys.argv if a.startswith("--replies=")][0].split("=")[1])
        data = json.dumps({hello!r}).encode()
        os.write(fd, struct.pack(">4sII", b"PJF1", len(data), 0) + data)
        time.sleep(30)
        """


def refused(profile, match, **options):
    def attempt():
        if options:
            return ForkServerExecutor(profile, Limits(), **options)
        return open_executor(profile)

    with pytest.raises(SetupError, match=match) as caught:
        attempt()
    assert profile.key in str(caught.value)
    return str(caught.value)


def test_an_interpreter_that_is_missing(interp):
    gone = msgspec.structs.replace(interp, interpreter="/no/such/python3.11")
    told = refused(gone, "/no/such/python3.11 does not exist")
    assert "Set 'interpreter'" in told


def test_an_interpreter_found_on_the_path(interp, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    named = msgspec.structs.replace(interp, interpreter=Path(sys.executable).name)
    with open_native(named, Limits()) as executor:
        assert executor.hello.python == sys.version_info[:3]


def test_an_interpreter_that_cannot_be_executed(interp, tmp_path):
    path = tmp_path / "python"
    path.write_text("not a program")
    refused(msgspec.structs.replace(interp, interpreter=str(path)), "cannot start .*python")


def test_a_program_that_is_no_interpreter(interp):
    refused(msgspec.structs.replace(interp, interpreter="/bin/true"), "Is it a Python interpreter")


def test_what_an_interpreter_said_before_it_died_is_told(interp, tmp_path):
    path = fake(tmp_path, "raise SystemExit('the licence has expired')")
    refused(msgspec.structs.replace(interp, interpreter=path), "the licence has expired")


def test_a_worker_that_never_answers(interp, tmp_path):
    path = fake(tmp_path, "import time; time.sleep(60)")
    refused(interp, "never answered within 0.5 seconds", command=[path], hello_seconds=0.5)


def test_a_worker_that_sends_garbage(interp, tmp_path):
    body = """
        import os, sys
        fd = int([a for a in sys.argv if a.startswith("--replies=")][0].split("=")[1])
        os.write(fd, b"Hello, I am an interpreter, honestly")
        """
    refused(interp, "no answer", command=[fake(tmp_path, body)])


@pytest.mark.parametrize("version", [[3, 8, 19], [3, 12, 1], [2, 7, 18]])
def test_an_interpreter_of_another_version(interp, tmp_path, version):
    shown = ".".join(map(str, version))
    path = fake(tmp_path, greeting(python=version))
    told = refused(interp, f"is Python {shown}, but 3.11 is needed", command=[path])
    assert path in told


def test_an_interpreter_of_another_architecture(interp, tmp_path):
    path = fake(tmp_path, greeting(arch="riscv64"))
    refused(interp, "is an riscv64 interpreter", command=[path])


def test_a_worker_of_another_protocol(interp, tmp_path):
    refused(interp, "speaks protocol 9", command=[fake(tmp_path, greeting(protocol=9))])


def test_a_hello_that_makes_no_sense(interp, tmp_path):
    refused(interp, "not a hello", command=[fake(tmp_path, greeting(python="three"))])


def test_a_jit_that_cannot_be_imported(interp):
    told = refused(
        msgspec.structs.replace(interp, jit="no_such_jit", python_path=("/no/such/core",)),
        "cannot import the JIT no_such_jit",
    )
    assert "/no/such/core" in told
    assert "python_path" in told


def test_a_jit_that_refuses_this_interpreter_is_quoted(interp, tmp_path):
    (tmp_path / "strange_jit.py").write_text("raise ImportError('needs CPython 3.99')")
    profile = msgspec.structs.replace(interp, jit="strange_jit", python_path=(str(tmp_path),))
    refused(profile, "needs CPython 3.99")


def test_a_native_profile_of_another_architecture(interp):
    other = next(arch for arch in profiles.ARCHITECTURES if arch != MACHINE)
    refused(msgspec.structs.replace(interp, arch=other), f"this machine is {MACHINE}")


def test_an_executor_that_is_not_installed(interp):
    told = refused(msgspec.structs.replace(interp, executor="warp"), "no executor named warp")
    assert "native" in told


def test_versions_that_differ_in_the_last_digit_are_not_compared(interp):
    def made(name, version):
        return types.SimpleNamespace(
            profile=msgspec.structs.replace(interp, name=name),
            hello=types.SimpleNamespace(python=version, executable=f"/{name}"),
        )

    one, other = made("interp", (3, 11, 2)), made("jit", (3, 11, 7))
    check_same_python([one, one])
    with pytest.raises(SetupError, match=r"interp@.*3\.11\.2.*jit@.*3\.11\.7"):
        check_same_python([one, other])


def test_our_profiles():
    assert {"interp", "jit", "jit-eager"} <= set(profile_names())
    found = load_profiles(["interp", "jit-eager"], ["x86_64", "aarch64"])
    assert [profile.key for profile in found] == [
        "interp@x86_64",
        "jit-eager@x86_64",
        "interp@aarch64",
        "jit-eager@aarch64",
    ]
    for profile in found:
        own = profile.arch == MACHINE
        assert profile.executor == ("native" if own else f"qemu-{profile.arch}")
    assert found[0].jit == ""
    assert found[1].environment["PYJIT_THRESHOLD_CALLS"] == "1"


@pytest.mark.parametrize(
    ("names", "archs", "match"),
    [
        (["nosuch"], ["x86_64"], "no profile nosuch; known are .*interp, jit"),
        (["interp"], ["vax"], "no architecture vax"),
    ],
)
def test_names_that_are_not_known(names, archs, match):
    with pytest.raises(SetupError, match=match):
        load_profiles(names, archs)


@pytest.mark.parametrize("text", ["jit = ", "speed = 3", "jit = 3", "arch = 'x86_64'"])
def test_a_file_that_is_no_profile(tmp_path, monkeypatch, text):
    (tmp_path / "odd.toml").write_text(text)
    monkeypatch.setattr(profiles, "_OURS", tmp_path)
    with pytest.raises(SetupError, match=r"odd\.toml cannot be read"):
        load_profiles(["odd"], ["x86_64"])


def test_an_architecture_may_override(tmp_path, monkeypatch):
    (tmp_path / "own.toml").write_text(
        "jit = 'a'\n[environment]\nX = '1'\n[arch.aarch64]\njit = 'b'\nexecutor = 'board'\n"
    )
    monkeypatch.setattr(profiles, "_OURS", tmp_path)
    native, other = load_profiles(["own"], ["x86_64", "aarch64"])
    assert (native.jit, other.jit, other.executor) == ("a", "b", "board")
    assert other.environment == {"X": "1"}


def test_the_environment_of_the_host_does_not_leak_in(interp, monkeypatch):
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    monkeypatch.setenv("PYJIT_THRESHOLD_CALLS", "77")
    with open_native(interp, Limits()) as executor:
        seen = executor.run(Program(source="import sys\nRESULT = sys.flags.optimize"))
    assert seen.result == "int:0"


def test_a_pool_tells_of_a_broken_set_up_before_anything_runs(interp):
    broken = msgspec.structs.replace(interp, name="odd", interpreter="/no/such/python")
    with pytest.raises(SetupError, match="/no/such/python"):
        ExecutorPool([interp, broken], jobs=2)


def test_a_pool_runs_each_program_under_each_profile(interp):
    again = msgspec.structs.replace(interp, name="again")
    programs = [Program(source=f"RESULT = {number}") for number in range(40)]
    with ExecutorPool([interp, again], jobs=2) as pool:
        seen = {program.source: observations for program, observations in pool.observe(programs)}
        assert [profile.name for profile in pool.profiles] == ["interp", "again"]
        first = next(pool.observe(iter(programs)))
    assert len(seen) == 40
    for source, observations in seen.items():
        assert [o.profile for o in observations] == [f"interp@{MACHINE}", f"again@{MACHINE}"]
        assert {o.result for o in observations} == {f"int:{source.rpartition(' ')[2]}"}
    assert first[0] in programs


def test_an_error_of_a_thread_reaches_the_caller(interp):
    def source():
        yield Program(source="pass")
        raise SetupError("the corpus is gone")

    with ExecutorPool([interp], jobs=2) as pool, pytest.raises(SetupError, match="corpus is gone"):
        list(pool.observe(source()))


def test_profile_fields_that_do_not_exist_are_refused():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "x", "arch": "y", "colour": "z"}, Profile)
