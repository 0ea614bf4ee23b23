"""Frames and the board."""

import os

import pytest

from pyjit_fuzz.worker import channel


def test_a_frame_comes_back_as_it_was_sent():
    reading, writing = os.pipe()
    channel.write_frame(writing, {"a": [1, "é"]}, b"\0body")
    assert channel.read_frame(reading) == ({"a": [1, "é"]}, b"\0body")
    os.close(writing)
    assert channel.read_frame(reading) is None
    os.close(reading)


@pytest.mark.parametrize(
    "sent",
    [
        b"garbage that is long enough",
        channel.PREFIX.pack(channel.MAGIC, 4, 0) + b"{}",
        channel.PREFIX.pack(channel.MAGIC, 1 << 31, 0),
        b"PJF1",
        channel.PREFIX.pack(channel.MAGIC, 2, 0) + b"[]",
    ],
)
def test_what_is_no_frame_is_refused(sent):
    reading, writing = os.pipe()
    os.write(writing, sent)
    os.close(writing)
    with pytest.raises(channel.BrokenFrameError):
        channel.read_frame(reading)
    os.close(reading)


def test_the_board_gives_back_what_was_posted():
    board = channel.Board()
    assert board.reports() == (b"", b"", None)
    board.mark(channel.RUN)
    board.post(b"report", 7)
    assert board.reports() == (b"report", b"", 7)
    board.add(b"more")
    assert board.reports() == (b"report", b"more", 7)
    assert board.phase() == "run"
    board.reset()
    assert board.reports() == (b"", b"", None)


def test_a_damaged_report_is_left_out():
    board = channel.Board()
    board.post(b"report", 7)
    board._memory[board._HEAD.size] ^= 1
    assert board.reports() == (b"", b"", None)
    board._memory[0] = 200
    assert board.phase() == "damaged"


def test_a_report_that_does_not_fit_is_refused():
    with pytest.raises(MemoryError):
        channel.Board().post(bytes(channel.Board.SIZE), 0)
