"""Each bad set-up gets one clear message, no traceback, and exit code 2."""

import os
import shutil
import sys
from pathlib import Path

import pytest

import pyjit_qemu
from pyjit_qemu.build import build_core
from pyjit_qemu.sysroot import ensure_sysroot


def message(done):
    """Return the one message of a run that ended with exit code 2."""
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr + done.stdout
    text = " ".join(done.stderr.split())
    assert text.count("pyjit-fuzz:") == 1
    return text


RUN = ("run", "--programs", "1", "-o", "out")


def test_a_profile_whose_interpreter_does_not_exist(cli, corpus):
    text = message(cli(*RUN, "--profile", "fake-missing"))
    assert "/no/such/python3.11" in text
    assert "fake-missing@x86_64" in text


@pytest.fixture
def other_profile(tmp_path):
    """Install a distribution with the profile ``other``, whose interpreter is a shell script."""

    def install(script):
        folder = tmp_path / "more"
        info = folder / "others-1.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1\n")
        (info / "entry_points.txt").write_text("[pyjit_fuzz.profiles]\nothers = others:profiles\n")
        (folder / "others.py").write_text(f"def profiles(): return {str(folder)!r}\n")
        interpreter = folder / "interpreter"
        interpreter.write_text(f"#!/bin/sh\n{script}\n")
        interpreter.chmod(0o755)
        (folder / "other.toml").write_text(f'interpreter = "{interpreter}"\n')
        return os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])

    return install


def test_an_interpreter_of_another_version(cli, corpus, other_profile):
    claims = "import sys; sys.version_info = (3, 12, 1, 'final', 0); sys.argv = sys.argv[1:]; "
    runs = "import runpy; runpy.run_path(sys.argv[0], run_name='__main__')"
    path = other_profile(f'exec {sys.executable} -c "{claims}{runs}" "$@"')
    text = message(cli(*RUN, "--profile", "other", PYTHONPATH=path))
    assert "other@x86_64" in text
    assert "is Python 3.12.1, but 3.11 is needed" in text


def test_a_worker_that_never_answers(cli, corpus, other_profile):
    path = other_profile("exec sleep 1000")
    text = message(cli(*RUN, "--profile", "other", PYTHONPATH=path))
    assert "other@x86_64" in text
    assert "never answered" in text


def test_what_is_no_interpreter(cli, corpus):
    text = message(cli(*RUN, "--profile", "fake-silent"))
    assert "fake-silent@x86_64" in text
    assert "Is it a Python interpreter?" in text


def test_an_unknown_profile(cli, corpus):
    text = message(cli(*RUN, "--profile", "no-such-profile"))
    assert "no-such-profile" in text
    assert "jit-eager" in text


@pytest.fixture
def without(tmp_path):
    """Make a PATH that has every program but one."""

    def make(tool):
        tools = tmp_path / "bin"
        tools.mkdir()
        for folder in ("/usr/bin", "/bin", "/usr/local/bin"):
            for program in Path(folder).iterdir():
                if program.name != tool and not (tools / program.name).exists():
                    (tools / program.name).symlink_to(program)
        return str(tools)

    return make


@pytest.mark.aarch64
def test_no_cross_compiler(cli, corpus, tmp_path, without):
    """A checkout whose core was never built: the compiler is missed when it is needed."""
    checkout = Path(pyjit_qemu.__file__).parents[2]
    sysroot = ensure_sysroot()
    copy = tmp_path / "checkout"
    (copy / ".cache").mkdir(parents=True)
    for name in ("fuzz", "oracles", "core"):
        (copy / name).symlink_to(checkout / name)
    shutil.copytree(checkout / "qemu", copy / "qemu")
    (copy / ".cache" / sysroot.name).symlink_to(sysroot)
    path = [str(copy / name) for name in ("qemu", "fuzz", "oracles")]
    text = message(
        cli(
            *RUN,
            "--arch",
            "aarch64",
            PATH=without("aarch64-linux-gnu-g++"),
            PYTHONPATH=os.pathsep.join([*path, os.environ.get("PYTHONPATH", "")]),
        )
    )
    assert "aarch64-linux-gnu-g++" in text
    assert "apt-get install" in text


@pytest.mark.aarch64
def test_no_emulator(cli, corpus, without):
    build_core("aarch64")
    text = message(cli(*RUN, "--arch", "aarch64", PATH=without("qemu-aarch64")))
    assert "qemu-aarch64" in text
    assert "apt-get install" in text


@pytest.mark.parametrize("tool", ["aarch64-linux-gnu-g++", "qemu-aarch64"])
def test_doctor_names_what_is_missing(cli, without, tool):
    done = cli("doctor", PATH=without(tool))
    assert done.returncode == 2
    assert f"MISSING  {tool} (for aarch64)" in done.stdout
    assert "apt-get install" in done.stdout


def test_a_corpus_file_that_is_no_python(cli, tmp_path):
    (tmp_path / "bad.py").write_text("def f(:\n")
    text = message(cli(*RUN, "--corpus", "bad.py"))
    assert "bad.py, line 1 is not a Python program" in text


def test_a_corpus_file_that_cannot_be_read(cli, tmp_path):
    (tmp_path / "gone.py").symlink_to("/no/such/file.py")
    assert "there is no corpus file or folder gone.py" in message(cli(*RUN, "--corpus", "gone.py"))
    text = message(cli(*RUN, "--corpus", "."))
    assert "cannot read the corpus file gone.py" in text


def test_an_output_folder_that_cannot_be_written(cli, corpus, tmp_path):
    (tmp_path / "file").write_text("")
    text = message(cli("run", "--profile", "fake-right", "--programs", "1", "-o", "file/out"))
    assert "cannot write to the output folder file/out" in text


def test_an_output_folder_without_permission(cli, corpus):
    text = message(cli("run", "--profile", "fake-right", "--programs", "1", "-o", "/proc/out"))
    assert "cannot write to the output folder /proc/out" in text


def test_an_interpreter_that_fails_in_the_middle(cli, corpus):
    text = message(cli("run", "--profile", "fake-give-up", "--programs", "20", "-o", "out"))
    assert "cannot be started any more" in text


def test_what_is_no_finding_and_no_campaign(cli, tmp_path):
    assert "is not the folder of a finding" in message(cli("replay", tmp_path))
    assert "is not the folder of a finding" in message(cli("reduce", tmp_path))
    assert "is not the folder of a campaign" in message(cli("report", tmp_path))


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--arch", "riscv64"),
        ("run", "--programs", "many"),
        ("run", "--programs", "aarch64=3", "--arch", "x86_64"),
        ("run", "--no-such-option"),
        ("no-such-command",),
    ],
)
def test_a_wrong_command_line(cli, arguments):
    done = cli(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Usage" in done.stderr


def test_a_bad_list_of_known_issues(cli, corpus, tmp_path):
    (tmp_path / "known.toml").write_text("issue = 3\n")
    text = message(cli(*RUN, "--profile", "fake-right", "--known", "known.toml"))
    assert "known.toml is not a list of known issues" in text


def test_corpus_check_names_every_bad_file(cli, corpus):
    (corpus / "one.py").write_text("(\n")
    (corpus / "two.py").write_text((corpus / "adds.py").read_text())
    done = cli("corpus", "check")
    assert done.returncode == 2
    assert "one.py, line 1 is not a Python program" in done.stderr
    assert "two.py is the same program as" in done.stderr
    assert "1 programs, 2 bad files" in done.stdout


def test_a_cluster_that_is_not_there(cli, corpus):
    text = message(cli(*RUN, "--cluster", "nosuch://127.0.0.1:1"))
    assert "no Dask scheduler at nosuch://127.0.0.1:1" in text
    assert "`dask scheduler`" in text


def test_a_storage_that_cannot_be_used(cli, corpus):
    text = message(cli(*RUN, "--storage", "nosuch://place"))
    assert "cannot use the storage nosuch://place" in text
    assert "file:///mnt/fuzz" in text


@pytest.mark.parametrize(
    ("option", "package", "extra"),
    [
        (("--cluster", "tcp://127.0.0.1:1"), "distributed", "cluster"),
        (("--storage", "file:///tmp/share"), "fsspec", "storage"),
    ],
)
def test_an_extra_that_is_not_installed(cli, corpus, tmp_path, option, package, extra):
    absent = tmp_path / "absent"
    absent.mkdir()
    (absent / f"{package}.py").write_text(
        f"raise ModuleNotFoundError('No module named {package}', name={package!r})\n"
    )
    path = os.pathsep.join([str(absent), os.environ.get("PYTHONPATH", "")])
    text = message(cli(*RUN, *option, PYTHONPATH=path))
    assert f"pip install 'pyjit-fuzz[{extra}]'" in text
