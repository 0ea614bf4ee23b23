"""Scratch folders: owned by living processes only."""

from __future__ import annotations

import signal
import subprocess
import sys

from pyjit_fuzz.execute import scratch
from pyjit_fuzz.execute.scratch import Scratch, sweep

OWNER = """
import sys, time
from pyjit_fuzz.execute.scratch import Scratch
folder = Scratch().path
(folder / "deep").mkdir()
(folder / "deep" / "file").write_text("left behind")
print(folder, flush=True)
sys.stdin.read()
"""


def test_a_folder_is_there_until_it_is_removed(monkeypatch, tmp_path):
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    mine, other = Scratch(), Scratch()
    assert sorted(tmp_path.iterdir()) == sorted([mine.path, other.path])
    (mine.path / "file").touch()
    mine.remove()
    assert [*tmp_path.iterdir()] == [other.path]
    other.remove()


def test_what_a_killed_owner_has_left_is_swept_and_nothing_else(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        folder = owner.stdout.readline().strip()
        assert sweep(settled=0) == []  # its owner lives
        owner.send_signal(signal.SIGKILL)
    foreign = tmp_path / "pyjit-fuzz-other"
    foreign.mkdir()
    (tmp_path / f"{scratch.PREFIX}link").symlink_to(foreign)
    mine = Scratch()
    assert sweep() == []  # it might be one that is just being made
    assert [str(path) for path in sweep(settled=0)] == [folder]
    assert foreign.is_dir()
    assert mine.path.is_dir()
    mine.remove()
