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


def test_the_board_gives_back_what_was_posted_on_each_program():
    board = channel.Board()
    assert board.told() == {}
    board.begin(0, 0, 0)
    board.mark(channel.RUN)
    board.post(b"report", 7)
    assert board.told() == {0: (b"report", b"", b"", 0, 7)}
    board.add(b"more")
    board.begin(1, 9, 2)
    assert board.phase() == "start"
    board.mark(channel.RUN)
    board.post(b"another", 9)
    assert board.told() == {0: (b"report", b"more", b"", 0, 7), 1: (b"another", b"", b"", 9, 9)}
    assert board.phase() == "run"
    assert board.place() == 1
    assert board.starts() == (9, 2)
    board.reset()
    assert board.told() == {}


def test_a_damaged_report_is_left_out_and_the_next_is_not():
    board = channel.Board()
    board.begin(0, 0, 0)
    board.post(b"report", 7)
    board._memory[board._HEAD.size + board._RECORD.size] ^= 1
    board.begin(1, 7, 0)
    board.post(b"report", 8)
    assert board.told() == {1: (b"report", b"", b"", 7, 8)}
    board._memory[0] = 200
    assert board.phase() == "damaged"


def test_code_is_told_with_a_report_and_without_one():
    board = channel.Board()
    board.begin(0, 3, 0)
    board.give(b"code")
    assert board.told() == {0: (b"", b"", b"code", 0, 0)}
    board.post(b"report", 7)
    board.begin(1, 7, 0)
    board.give(bytes(channel.Board.SIZE // 2))  # too much to leave room for reports
    board.post(b"report", 8)
    assert board.told() == {0: (b"report", b"", b"code", 3, 7), 1: (b"report", b"", b"", 7, 8)}


def test_damaged_numbers_do_no_harm():
    board = channel.Board()
    board.post(b"report", 7)
    for at in range(board._HEAD.size + board._RECORD.size):
        damaged = channel.Board()
        damaged._memory[:100] = board._memory[:100]
        damaged._memory[at] = 255
        damaged.told()


def test_a_report_that_does_not_fit_is_refused():
    board = channel.Board()
    with pytest.raises(MemoryError):
        board.post(bytes(channel.Board.SIZE), 0)
    assert not board.nearly_full()
    board.post(bytes(channel.Board.SIZE // 2), 0)
    assert board.nearly_full()
