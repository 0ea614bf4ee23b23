"""Guided by coverage: the engine reaches the core's compiler, a campaign judges what it found."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pyjit_fuzz.execute import SetupError
from pyjit_fuzz.generate import BytesChoices, generate
from pyjit_fuzz.guided import Engine, Kind, engine, programs
from pyjit_fuzz.guided.inputs import CAUGHT, KEPT

pytestmark = pytest.mark.timeout(400)


def guided(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pyjit_fuzz.cli.main", "guided", "-o", str(folder), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=380,
        cwd=folder.parent,
    )


def test_the_engine_keeps_programs_that_reach_more_of_the_core(tmp_path: Path) -> None:
    told = []
    guided_by = Engine(tmp_path, told.append)
    first = guided_by.run(25, 1)
    assert first.caught == 0
    assert first.edges > 2000  # of the core; the engine sees nothing else
    assert first.inputs > 100
    assert told[0].edges < first.edges
    found = [*programs(tmp_path)]
    assert len(found) > 100
    assert {program.origin for program in found} == {"guided:new"}
    assert all(program.choices for program in found)
    # Another run goes on with what is there.
    again = Engine(tmp_path, told.append).run(15, 2)
    assert len([*programs(tmp_path)]) >= len(found)
    assert again.edges > 0.9 * first.edges


def test_what_crashes_is_caught_and_becomes_a_finding(tmp_path: Path) -> None:
    done = guided(
        tmp_path / "out", "--seconds", "8", "--faults", "crash", "--stop-after", "1", "--json"
    )
    assert done.returncode == 1, done.stderr
    buckets = json.loads(done.stdout)["buckets"]
    assert [bucket["severity"] for bucket in buckets] == ["critical"]
    caught = [*(tmp_path / "out" / "engine" / CAUGHT).glob("crash-*")]
    assert caught
    kept = {path.read_bytes() for path in (tmp_path / "out" / "engine" / KEPT).iterdir()}
    assert not kept.intersection(path.read_bytes() for path in caught)
    assert "SEGV" in (tmp_path / "out" / "engine" / "engine.log").read_text()


def test_ctrl_c_ends_the_engine_and_keeps_its_inputs(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    command = [sys.executable, "-m", "pyjit_fuzz.cli.main", "guided", "-o", str(folder)]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    kept = folder / "engine" / KEPT
    deadline = time.monotonic() + 100
    while not kept.is_dir() or len([*kept.iterdir()]) < 70:  # it begins with 64
        assert time.monotonic() < deadline
        assert running.poll() is None
        time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "interrupted" in said
    assert len([*kept.iterdir()]) >= 70
    alive = (each.info["cmdline"] or [] for each in psutil.process_iter(["cmdline"]))
    assert not [each for each in alive if str(kept) in each]


def test_inputs_become_programs_what_was_caught_first(tmp_path: Path) -> None:
    for part, name, data in (
        (KEPT, "0a", b"\x01" * 300),
        (KEPT, "0b", b"\x01" * 300 + b"\x00" * 4000),  # zeros are what comes after the end anyway
        (CAUGHT, "timeout-0c", b"\x02" * 300),
        (CAUGHT, "oom-0d", b"\x03" * 300),
    ):
        (tmp_path / part).mkdir(exist_ok=True)
        (tmp_path / part / name).write_bytes(data)
    found = [*programs(tmp_path)]
    assert [program.origin for program in found] == ["guided:oom", "guided:timeout", "guided:new"]
    assert found[2].source == generate(BytesChoices(b"\x01" * 300)).source
    assert Kind.of(Path("crash-1")) is Kind.CRASH


def test_an_engine_that_cannot_work_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SetupError, match="need the package atheris"):
        Engine(tmp_path, print)
    monkeypatch.undo()
    broken = Engine(tmp_path, print, fault="no-such-fault")
    with pytest.raises(SetupError, match=r"ended early; it said:(?s:.*)no-such-fault"):
        broken.run(20, 1)
