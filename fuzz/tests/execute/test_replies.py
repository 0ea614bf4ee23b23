"""What the host makes of an answer's bytes, whatever a child has put there."""

import json

import pytest

from pyjit_fuzz.execute.protocol import decode_reply, tree


def reply(report, code=b""):
    """Decode an answer with that report, that code and nothing else."""
    header = {
        "exit": 0,
        "signal": 0,
        "phase": "done",
        "timed_out": False,
        "seconds": 0.1,
        "place": 0,
        "output_full": False,
        "sizes": (len(report), 0, 0, 0, len(code)),
    }
    return decode_reply(json.dumps(header).encode(), report + code)


def of_log(log):
    return reply(b'{"status":"ok","result":["int:1"],"log":%s}' % log)


def test_the_same_tree_is_decoded_once():
    one, other = (of_log(b'["str:x",["int:2"]]').report for _ in range(2))
    assert tree(one.log) == ["str:x", ["int:2"]]
    assert tree(one.log) is tree(other.log)
    assert tree(one.result) == ["int:1"]


def test_code_is_handed_on_as_it_is():
    for code in (b"", b"c\0\xff"):
        assert reply(b'{"status":"ok"}', code).code == code


def test_a_long_tree_is_not_kept():
    text = json.dumps(["x" * (1 << 17)]).encode()
    one, other = (tree(of_log(text).report.log) for _ in range(2))
    assert one == other
    assert one is not other


def test_a_report_without_trees_has_none():
    report = reply(b'{"status":"invalid"}').report
    assert (tree(report.result), tree(report.log)) == (None, None)


@pytest.mark.parametrize(
    "log",
    [
        pytest.param(b'["\xff"]', id="no UTF-8"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="too deep"),
        pytest.param(b"[1,", id="cut short"),
        pytest.param(b"nobody", id="no JSON"),
    ],
)
def test_a_malformed_tree_is_no_report(log):
    assert of_log(log).report is None
