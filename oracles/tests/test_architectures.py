"""The answer that architectures have to agree on: all that a program shows, and nothing else."""

import pytest

from pyjit_fuzz.model import ExceptionInfo, Status
from pyjit_oracles import answer

ERROR = ExceptionInfo(type="KeyError", args=["tuple", 0, "", ["str:a"]])


@pytest.mark.parametrize(
    "fields",
    [
        {"result": "int:2"},
        {"log": ["list", 0, "", []]},
        {"output": "said"},
        {"status": Status.EXCEPTION, "exception": ERROR},
    ],
)
def test_whatever_a_program_shows_is_part_of_its_answer(seen, fields):
    plain = {"result": "int:1"}
    assert answer(seen(**plain)) != answer(seen(**{**plain, **fields}))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"duration": 1.0, "survivors": {"A": 1}}, {"duration": 2.0, "processor": 1.0}),
        (
            {"result": "str:<A object at 0x7fca0c619bd0>"},
            {"result": "str:<A object at 0x5501889210>"},
        ),
        ({"output": "<A object at 0x7fca0c619bd0>\n"}, {"output": "<A object at 0x5501889210>\n"}),
    ],
)
def test_what_depends_on_the_machine_is_not(seen, first, second):
    assert answer(seen("interp@x86_64", **first)) == answer(seen("interp@aarch64", **second)) != ""


@pytest.mark.parametrize("status", [Status.CRASH, Status.TIMEOUT, Status.LIMIT, Status.INVALID])
def test_what_has_not_come_to_its_end_has_no_answer(seen, status):
    assert answer(seen(status=status)) == ""
