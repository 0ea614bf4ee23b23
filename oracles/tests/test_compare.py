"""Where two values differ, told so that a person understands, and by mechanism."""

import pytest

from pyjit_fuzz.worker.canon import SEQUENCES, Canonicaliser
from pyjit_oracles import compare
from pyjit_oracles.compare import first_difference, has_unknown


class Point:
    def __init__(self, x):
        self.x = x


class Other:
    def __init__(self, x):
        self.x = x


def shared(twice):
    item = []
    return [item, item if twice else []]


CASES = [
    (1, 2, "int:value", "RESULT: 1 (int) against 2 (int)"),
    (1, 1.0, "int!=float", "RESULT: 1 (int) against 1.0 (float)"),
    (1, True, "int!=bool", "RESULT: 1 (int) against True (bool)"),
    (0.0, -0.0, "float:value", "RESULT: 0.0 (float) against -0.0 (float)"),
    (float("nan"), 0.5, "float:value", "RESULT: nan (float) against 0.5 (float)"),
    (None, 0, "None!=int", "RESULT: None against 0 (int)"),
    ("a'", "b", "str:value", "RESULT: \"a'\" (str) against 'b' (str)"),
    (b"a", "a", "bytes!=str", "RESULT: b'a' (bytes) against 'a' (str)"),
    ([0, {"x": 1}], [0, {"x": 1.0}], "int!=float", "RESULT[1]['x']: 1 (int) against 1.0 (float)"),
    ([1], (1,), "list!=tuple", "RESULT: list of 1 (object 0) against tuple of 1 (object 0)"),
    ([1], [1, 2], "list:length", "RESULT: list of 1 (object 0) against list of 2 (object 0)"),
    ({"a": 1}, {"b": 1}, "dict:keys", "RESULT: keys 'a' against keys 'b'"),
    (
        {"a": 1, "b": 2},
        {"b": 2, "a": 1},
        "dict:keys",
        "RESULT: keys 'a', 'b' against keys 'b', 'a'",
    ),
    ([Point(1)], [Point(2)], "int:value", "RESULT[0].x: 1 (int) against 2 (int)"),
    (shared(True), shared(False), "alias", None),
    (shared(False), shared(True), "alias", None),
    ([[3], 1], 5, "list!=int", None),
    ({1, 2}, {1, 3}, "int:value", "RESULT[1]: 2 (int) against 3 (int)"),
    ([0] * 40_000 + [1], [0] * 40_000 + [2], "limit:value", None),
]


@pytest.mark.parametrize(("left", "right", "mechanism", "explanation"), CASES)
def test_a_difference_is_found_and_told(left, right, mechanism, explanation):
    trees = Canonicaliser().tree(left), Canonicaliser().tree(right)
    found = first_difference(*trees, "RESULT")
    assert found.mechanism == mechanism
    if explanation is not None:
        assert found.explanation == explanation
    for tree in trees:
        assert first_difference(tree, tree, "RESULT") is None


def test_an_instance_of_another_class_differs():
    left, right = Canonicaliser().tree(Point(1)), Canonicaliser().tree(Other(1))
    found = first_difference(left, right, "RESULT")
    assert found.mechanism == "instance:content"
    assert "Point" in found.reference
    assert "Other" in found.tested


def test_a_value_that_is_not_there_differs_from_none():
    assert first_difference("None", None, "RESULT").mechanism == "None!=nothing"


def test_the_first_difference_in_order_of_visit_is_told():
    left = Canonicaliser().tree([[1, 2], [3, 4]])
    right = Canonicaliser().tree([[1, 9], [8, 4]])
    assert first_difference(left, right, "LOG").path == "LOG[0][1]"


def test_a_mechanism_does_not_depend_on_the_place():
    def mechanism(left, right):
        trees = Canonicaliser().tree(left), Canonicaliser().tree(right)
        return first_difference(*trees, "RESULT").mechanism

    assert mechanism(1, 1.5) == mechanism([[{"k": (5,)}]], [[{"k": (5.5,)}]])


def test_an_unknown_rest_is_found():
    assert has_unknown(Canonicaliser().tree([[i] for i in range(300_000)]))
    assert not has_unknown(Canonicaliser().tree([0] * 40_000))
    assert not has_unknown(["list", 0, "", ["str:limit:size:1:unknown"]])


def test_both_sides_agree_on_which_kinds_are_sequences():
    assert compare.SEQUENCES == SEQUENCES
