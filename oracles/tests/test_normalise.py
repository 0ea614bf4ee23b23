"""Masking hides addresses and what meets the recursion limit, and nothing else."""

import pytest

from pyjit_fuzz.model import ExceptionInfo, TraceEntry
from pyjit_oracles import normalise

SAME = [
    ("<A object at 0x7f0011223344>", "<A object at 0x55aabbccddee>"),
    ("<finalize object at 0x7f0011223344; dead>", "<finalize object at 0x55aabbccddee; dead>"),
    (
        "<function f at 0x7f0011223344>, <B at 0x7f0000000001>",
        "<function f at 0xaaaaaaaaaaaa>, <B at 0xbbbbbbbbbbbb>",
    ),
    (
        (
            "Exception ignored in: <function f at 0x7f0011223344>\n"
            "Exception ignored in: <function f at 0x7f0011223344>"
        ),
        (
            "Exception ignored in: <function f at 0x7f0011223344>\n"
            "Exception ignored in: <function f at 0x7f0011223355>"
        ),
    ),
    (
        (
            "Exception ignored in: <finalize object at 0x7f0011223344; dead>\n"
            "Exception ignored in: <finalize object at 0x7f0011223344; dead>"
        ),
        (
            "Exception ignored in: <finalize object at 0x7f0011223344; dead>\n"
            "Exception ignored in: <finalize object at 0x7f0011223355; dead>"
        ),
    ),
    (  # one of the two objects is dead, and its memory is the other's or is not
        "<A at 0x7f0011223344> <A at 0x7f0011223344>",
        "<A at 0x7f0011223344> <A at 0x7f0011223355>",
    ),
    ("no address", "no address"),
    ("a at 0x7f0011223344", "a at 0x7f0011223355"),
]

DIFFERENT = [
    ("0x7f0011223344", "0x7f0011223355"),
    ("at 1234567890", "at 1234567891"),
    ("<A object at 0x7f0011223344>", "<B object at 0x7f0011223344>"),
    ("look at 0x10", "look at 0x20"),
    ("at 0x7f0011223344zz", "at 0x7f0011223355zz"),
    ("1", "1.0"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_do_not_show(one, other):
    assert normalise.text(one) == normalise.text(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_everything_else_shows(one, other):
    assert normalise.text(one) != normalise.text(other)


def test_text_in_values_and_exceptions_is_masked():
    assert normalise.tree(["list", 0, "", ["str:<A at 0x7f0011223344>"]]) == [
        "list",
        0,
        "",
        ["str:<A at 0x#>"],
    ]
    inner = ExceptionInfo(type="E", args=["tuple", 0, "", ["str:<A at 0x7f0011223344>"]])
    outer = ExceptionInfo(type="F", args=None, cause=inner, context=inner)
    masked = normalise.exception(outer)
    assert masked.cause.args[3] == ["str:<A at 0x#>"]
    assert masked.context.args[3] == ["str:<A at 0x#>"]


def test_names_are_left_alone():
    node = ["instance", 0, "<A at 0x7f0011223344>", []]
    assert normalise.tree(node) == node


def too_deep(text: str, *lines: int, kind: str = "RecursionError") -> ExceptionInfo:
    trace = tuple(TraceEntry(function="f", line=line) for line in lines)
    return ExceptionInfo(type=kind, args=["tuple", 0, "", [f"str:{text}"]], trace=trace)


LIMIT = "maximum recursion depth exceeded"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (too_deep(LIMIT, 1, 4), too_deep(f"{LIMIT} in comparison", 1, 4)),
        (too_deep(LIMIT, 1, 4), too_deep(f"{LIMIT} in comparison", 1, 3)),
        # Another call of the frame above.
        (too_deep(f"{LIMIT} in comparison", 1, 5, 4), too_deep(f"{LIMIT} in comparison", 1, 6, 4)),
    ],
)
def test_which_operation_meets_the_recursion_limit_does_not_show(one, other):
    assert normalise.exception(one, other) == normalise.exception(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (too_deep(LIMIT, 1, 4), too_deep(LIMIT, 1, 4, 4)),  # the depth
        (too_deep(LIMIT, 1, 4), too_deep(LIMIT, 2, 4)),  # a frame that is not the innermost
        (too_deep(LIMIT, 1, 4), too_deep(f"{LIMIT} in comparison", 2, 4)),
        (too_deep(f"{LIMIT} in comparison", 1, 5, 4), too_deep(f"{LIMIT} in comparison", 2, 5, 4)),
        (too_deep(f"{LIMIT} in comparison", 4, 4), too_deep(f"{LIMIT} in comparison", 4, 4, 4)),
        (too_deep(LIMIT, 1, 4), too_deep("another text", 1, 4)),
        (too_deep("mine", 1, 4), too_deep("mine", 1, 3)),
        (too_deep(LIMIT, 4, kind="E"), too_deep(LIMIT, 3, kind="E")),
        (too_deep(LIMIT, 4, kind="E"), too_deep(f"{LIMIT} in comparison", 4, kind="E")),
    ],
)
def test_all_else_of_a_recursion_error_shows(one, other):
    assert normalise.exception(one, other) != normalise.exception(other, one)
