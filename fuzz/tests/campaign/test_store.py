"""Findings are folders that are complete or absent, whatever kills the writer."""

import errno
import os
import signal
import subprocess
import sys
import textwrap

import msgspec
import pytest

from pyjit_fuzz.campaign import Store, StoreError, read_finding
from pyjit_fuzz.campaign.repro import literal, repro_text
from pyjit_fuzz.execute import COLLECT_EVERY
from pyjit_fuzz.model import (
    Finding,
    FindingState,
    Observation,
    Outcome,
    Profile,
    Program,
    Status,
    Verdict,
)


def a_finding(source="RESULT = 1\n", **fields):
    return Finding(
        program=Program(source),
        verdict=Verdict(
            oracle="result",
            outcome=Outcome.DIFFERENT,
            reference="interp@x86_64",
            tested="jit@x86_64",
            signature="result:int:value",
        ),
        reference=Profile(name="interp", arch="x86_64"),
        tested=Profile(name="jit", arch="x86_64", jit="pyjit_core", python_path=("/opt/a core",)),
        observations=(
            Observation(profile="interp@x86_64", status=Status.OK, result="int:1"),
            Observation(profile="jit@x86_64", status=Status.OK, result="int:2"),
        ),
        bucket="result-int-value",
        **fields,
    )


def test_what_is_added_can_be_read_again(tmp_path):
    finding = a_finding()
    folder = Store(tmp_path).add(finding)
    assert read_finding(folder) == finding
    assert (folder / "program.py").read_text() == "RESULT = 1\n"
    command = (folder / "command.txt").read_text()
    assert f"pyjit-fuzz replay {folder}" in command
    assert "PYTHONPATH='/opt/a core'" in command


def test_a_finding_that_changes_its_bucket_moves(tmp_path):
    store = Store(tmp_path)
    first = store.add(a_finding())
    reduced = a_finding("RESULT = 0\n", original=Program("RESULT = 1\n"), hint="inline-caches")
    reduced = msgspec.structs.replace(
        reduced, bucket="result-int-value-inline-caches", state=FindingState.REDUCED
    )
    second = store.add(reduced)
    assert first.name == second.name
    assert not first.exists()
    assert [finding for _, finding in store.findings()] == [reduced]
    assert (second / "original.py").read_text() == "RESULT = 1\n"


def test_a_finding_left_twice_by_a_kill_counts_once_in_its_later_state(tmp_path):
    store = Store(tmp_path)
    early = store.add(a_finding())
    copy = store.root / "elsewhere" / early.name
    copy.parent.mkdir()
    later = msgspec.structs.replace(a_finding(), state=FindingState.REDUCED)
    copy.mkdir()
    (copy / "finding.json").write_bytes(msgspec.json.encode(later))
    assert [finding.state for _, finding in store.findings()] == [FindingState.REDUCED]


@pytest.mark.parametrize("step", range(1, 21))
def test_kill_9_at_any_step_of_a_replacement_loses_nothing(tmp_path, step):
    """A child is killed at its n-th system call that changes the disk; then the store is tidied."""
    Store(tmp_path).add(a_finding())
    script = f"""
        import os, signal, sys
        from pyjit_fuzz.campaign import Store, read_finding
        from pathlib import Path
        steps = 0
        def hook(event, arguments):
            global steps
            changes = event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")
            if changes or (event == "open" and "wb" == arguments[1]):
                steps += 1
                if steps == {step}:
                    os.kill(os.getpid(), signal.SIGKILL)
        store = Store(Path({str(tmp_path)!r}))
        finding = read_finding(next(store.folders()))
        sys.addaudithook(hook)
        store.add(finding)
        """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, timeout=60)
    assert run.returncode in (-signal.SIGKILL, 0)
    store = Store(tmp_path)
    store.tidy()
    assert [finding for _, finding in store.findings()] == [a_finding()]
    assert [path.name for path in store.root.rglob("*") if path.name.startswith(".")] == []


def test_the_kills_of_the_test_above_reach_every_step(tmp_path):
    """A replacement takes at most the twenty steps at which the child is killed."""
    Store(tmp_path).add(a_finding())
    script = f"""
        import sys
        from pyjit_fuzz.campaign import Store, read_finding
        from pathlib import Path
        steps = 0
        def hook(event, arguments):
            global steps
            changes = event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")
            if changes or (event == "open" and "wb" == arguments[1]):
                steps += 1
        store = Store(Path({str(tmp_path)!r}))
        finding = read_finding(next(store.folders()))
        sys.addaudithook(hook)
        store.add(finding)
        print(steps)
        """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    text = subprocess.run(command, check=True, timeout=60, capture_output=True, text=True).stdout
    assert 8 <= int(text) <= 20


def test_a_full_disk_is_told_and_earlier_findings_are_safe(tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.add(a_finding())

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=r"No space left on device.*safe on disk"):
        store.add(a_finding("RESULT = 2\n"))
    monkeypatch.undo()
    store.tidy()
    assert [finding for _, finding in store.findings()] == [a_finding()]


def test_what_is_not_a_finding_is_named(tmp_path):
    with pytest.raises(StoreError, match="is not the folder of a finding"):
        read_finding(tmp_path)
    (tmp_path / "finding.json").write_text("{}")
    with pytest.raises(StoreError, match="damaged or of another version"):
        read_finding(tmp_path)


@pytest.mark.parametrize(
    "source",
    [
        "RESULT = 1\n",
        "RESULT = '\\n'\n",
        "RESULT = '''a'''\n",
        "RESULT = 'é' '\\\\'\n",
        "\n\nRESULT = 1",
        "RESULT = 'a'",
        "x = 1 + \\\n 2\n",
        "RESULT = '\u202e'\n",
    ],
)
def test_the_embedded_program_is_the_program(source):
    assert eval(literal(source)) == source
    namespace = {"__name__": "repro"}
    exec(compile(repro_text(a_finding(source)), "repro.py", "exec"), namespace)
    assert namespace["PROGRAM"] == source


JIT = """
import builtins, os
def enable():
    if os.environ["PYJIT_FAULT"] == "wrong-sum":
        builtins.sum = lambda values: -1
    if os.environ["PYJIT_FAULT"] == "crash":
        os.abort()
def disable():
    pass
"""
SUMS = """
class Pair:
    __slots__ = ("left", "right")
def main():
    pair = Pair()
    pair.left = [sum([1, 2])]
    pair.right = pair.left
    print("said")
    if pair.left[0] < 0:
        raise ValueError("below zero")
    return pair, {1: 2.5}
LOG = ["begun"]
RESULT = main()
"""


@pytest.mark.parametrize(
    ("fault", "status", "shown"),
    [
        ("none", 0, ["no difference", "said", "float 2.5", "LOG = list"]),
        ("wrong-sum", 1, ["-RESULT = tuple", "+exception: ValueError", "+  in main, line 10"]),
        ("crash", 1, ["+died of SIGABRT"]),
    ],
)
def test_repro_runs_without_the_toolkit(tmp_path, fault, status, shown):
    run = run_repro(tmp_path, SUMS, {"PYJIT_FAULT": fault})
    assert run.returncode == status, run.stdout + run.stderr
    for text in shown:
        assert text in run.stdout


def run_repro(folder, source, environment):
    """Run a finding's script in an interpreter that has a JIT and no toolkit."""
    finding = a_finding(source)
    profile = msgspec.structs.replace(finding.tested, jit="little_jit", environment=environment)
    script = folder / "repro.py"
    script.write_text(repro_text(msgspec.structs.replace(finding, tested=profile)))
    (folder / "little_jit.py").write_text(JIT)
    return subprocess.run(
        [sys.executable, "-S", str(script)],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"]},
    )


@pytest.mark.parametrize(("every", "status"), [("0", 0), ("1", 1)])
def test_repro_collects_garbage_under_the_jit_as_the_finding_did(tmp_path, every, status):
    source = """
class A:
    def __del__(self):
        LOG.append(self.n)
LOG = []
for n in range(9):
    a = A()
    a.n, a.itself = n, a
RESULT = len(LOG)
"""
    run = run_repro(tmp_path, source, {"PYJIT_FAULT": "none", COLLECT_EVERY: every})
    assert run.returncode == status, run.stdout + run.stderr


def test_repro_says_when_the_jit_is_not_there(tmp_path):
    script = tmp_path / "repro.py"
    profile = Profile(name="jit", arch="x86_64", jit="no_such_jit")
    script.write_text(repro_text(msgspec.structs.replace(a_finding(), tested=profile)))
    command = [sys.executable, "-S", str(script)]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert run.returncode == 2
    assert "no_such_jit is not installed" in run.stderr
