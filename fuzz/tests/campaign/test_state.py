"""The database counts programs once, survives kills, and follows the store."""

import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from pyjit_fuzz.campaign.protocol import ProfileRun, Ran, Stored
from pyjit_fuzz.campaign.state import State, StateError


def ran(**fields):
    run = {"build_id": "", "status": "ok", "seconds": 0.5}
    runs = (
        ProfileRun(profile="interp@x86_64", compiled=False, different=False, **run),
        ProfileRun(
            profile="jit@x86_64",
            compiled=fields.pop("compiled", True),
            different=fields.pop("different", False),
            guard_failed=fields.pop("guard_failed", False),
            **run,
        ),
    )
    fields = {"valid": True, "planned": False, **fields}
    fields = {"program_id": "1", **fields}
    return Ran(origin="generated", runs=runs, **fields)


@pytest.fixture
def state(tmp_path):
    state = State(tmp_path)
    yield state
    state.close()


def test_counts_and_keys_survive_closing(tmp_path):
    state = State(tmp_path)
    state.record("x86_64", ran(key="0"))
    state.record("x86_64", ran(key="1", different=True, mechanisms=("result:int:value",)))
    state.set_setting("started", "now")
    state.close()
    state = State(tmp_path)
    assert state.done("x86_64") == {"0", "1"}
    assert state.done("aarch64") == set()
    assert state.seen() == {"result:int:value": 1}
    assert state.counters("x86_64")["different"] == 1
    assert state.setting("started") == "now"
    state.close()


def test_failed_guards_and_planned_exceptions_are_counted_once_a_program(state):
    state.record("x86_64", ran(key="0", guard_failed=True))
    state.record("x86_64", ran(key="1", planned=True))
    state.record("x86_64", ran(key="2", valid=False))
    counts = state.counters("x86_64")
    assert (counts["programs"], counts["valid"]) == (3, 2)
    assert (counts["guards"], counts["planned"]) == (1, 1)


def test_answers_of_several_architectures_are_compared(state):
    for number, (here, there) in enumerate([("a", "a"), ("a", "b"), ("", "b"), ("c", "c")]):
        fields = {"key": str(number), "program_id": f"p{number}"}
        state.record("x86_64", ran(answer=here, **fields))
        state.record("aarch64", ran(answer=there, **fields))
    state.record("x86_64", ran(key="9", program_id="p9", answer="a"))
    assert state.compared() == (3, ["1"])


def test_what_never_ran_compiled_code_has_not_passed(state):
    state.record("x86_64", ran(key="0", compiled=False))
    state.record("x86_64", ran(key="1"))
    state.record("x86_64", ran(key="2", different=True))
    counts = state.counters("jit@x86_64")
    assert (counts["programs"], counts["compiled"], counts["passed"]) == (3, 2, 1)
    assert state.counters("x86_64")["compiled"] == 2
    outcomes = dict(state.rows("SELECT key, outcome FROM programs"))
    assert outcomes == {"0": "not-compiled", "1": "same", "2": "same"}


def test_when_a_mechanism_was_seen_and_what_each_minute_did(state, monkeypatch):
    clock = iter(
        [
            (59.0, "2026-01-01T00:00:59"),
            (61.0, "2026-01-01T00:01:01"),
            (62.0, "2026-01-01T00:01:02"),
        ]
    )
    for key in ("0", "1", "2"):
        seconds, text = next(clock)
        monkeypatch.setattr("time.time", lambda now=seconds: now)
        monkeypatch.setattr("pyjit_fuzz.campaign.state.utc_now", lambda now=text: now)
        state.record("x86_64", ran(key=key, mechanisms=() if key == "2" else ("m",)))
    assert state.rows("SELECT * FROM sightings") == [
        ("m", "2026-01-01T00:00:59", "2026-01-01T00:01:01")
    ]
    assert state.rows("SELECT * FROM history ORDER BY minute") == [
        ("x86_64", 0, 1, 1),
        ("x86_64", 1, 2, 1),
    ]


def test_a_finding_has_one_row_in_its_latest_state(state):
    row = {"mechanism": "m", "arch": "x86_64", "profile": "jit@x86_64", "folder": "f"}
    state.record_finding(Stored(id="a", bucket="b", state="new", lines=40, **row))
    state.record_finding(Stored(id="a", bucket="c", state="reduced", lines=4, **row))
    assert state.rows("SELECT bucket, state, lines FROM findings") == [("c", "reduced", 4)]
    assert state.rows("SELECT * FROM buckets") == [("c", 1, 4)]


def test_kill_9_leaves_whole_programs(tmp_path):
    script = f"""
        import os, signal, sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from test_state import ran
        from pyjit_fuzz.campaign.state import State
        from pathlib import Path
        state = State(Path({str(tmp_path)!r}))
        for number in range(50):
            state.record("x86_64", ran(key=str(number), mechanisms=("m",)))
            if number == 39:
                state.commit()
        os.kill(os.getpid(), signal.SIGKILL)
        """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, timeout=60)
    assert run.returncode == -signal.SIGKILL
    state = State(tmp_path)
    done = len(state.done("x86_64"))
    assert 40 <= done <= 50
    assert state.counters("x86_64")["programs"] == done
    assert state.seen() == {"m": done}
    state.close()


def test_a_full_database_is_told(state):
    state._db.execute("PRAGMA max_page_count = 12")

    def fill():
        for number in range(5000):
            state.record("x86_64", ran(key=str(number) * 50))
            state.commit()

    with pytest.raises(StateError, match=r"full.*goes on where it stopped"):
        fill()


def test_what_is_no_database_is_told(tmp_path):
    (tmp_path / "campaign.sqlite").write_text("no database " * 100)
    with pytest.raises(StateError, match=r"cannot open the campaign database .*campaign\.sqlite"):
        State(tmp_path)


def test_the_database_is_in_wal_mode(state):
    with sqlite3.connect(state.path) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()
