"""What is said of what a step went by."""

import dis

import pytest

from pyjit_fuzz.campaign.premises import premises
from pyjit_fuzz.campaign.snapshots import Slot, Snapshot
from pyjit_fuzz.model import Harm, Premises, Step

NOTHING = Premises()


def frame(*slots, **fields):
    """Return a frame whose operands are these, as (type, value)."""
    named = (Slot(f"stack {i}", *slot, 1) for i, slot in enumerate(slots))
    return Snapshot("f", 2, 10, tuple(named), **fields)


def of(kind, *frames, outcomes=(), version="optimised", harm=Harm.VALUE, argument=None, text=""):
    opcode = kind.split(" ")[-1].split(".")[0]
    happened = [f"{opcode}.{each}" for each in outcomes]
    at = None
    if argument is not None:
        at = dis.Instruction(opcode, 0, argument, argument, text, 2, 1, False)
    return premises(Step("f", 2, version, kind), frames, happened, harm, at)


def test_nothing_is_known_without_a_frame():
    assert of("LOAD_ATTR.slot") == NOTHING


UNMET = frame(("A", ""), unmet="type", unmet_by_helper="keys")


@pytest.mark.parametrize(
    ("version", "outcomes", "guard", "by_helper"),
    [
        ("optimised", [], "type", False),
        ("optimised", ["aside", "freed"], "type", False),
        # It went to the helper, which answered out of its cache, or did not.
        ("optimised", ["helper", "hit"], "keys", True),
        ("optimised", ["helper", "miss"], "", False),
        ("optimised", ["exit"], "", False),
        ("generic", ["hit"], "keys", True),
        ("generic", [], "keys", True),  # and died
        ("generic", ["miss"], "", False),
    ],
)
def test_a_guard_is_missed_where_no_slow_path_was_taken(version, outcomes, guard, by_helper):
    found = of("LOAD_ATTR.slot", UNMET, version=version, outcomes=outcomes)
    assert (found.guard, found.by_helper) == (guard, by_helper)


@pytest.mark.parametrize(
    ("harm", "guard"), [(Harm.DEATH, "type"), (Harm.COUNTING, "type"), (Harm.OUTSIDE, "keys")]
)
def test_what_compiled_code_dies_of_it_has_not_left_to_a_helper(harm, guard):
    assert of("LOAD_ATTR.slot", UNMET, outcomes=["helper", "hit"], harm=harm).guard == guard


@pytest.mark.parametrize("harm", [Harm.LEAK, Harm.RELEASE])
def test_a_missed_guard_does_not_count_references_wrongly(harm):
    assert of("LOAD_ATTR.slot", UNMET, harm=harm).guard == ""


def test_what_is_as_it_should_be_is_no_missed_guard():
    assert of("LOAD_ATTR.slot", frame(("A", ""))) == NOTHING


INT, FLOAT, NONE = ("int", "1"), ("float", "1.0"), ("NoneType", "None")


@pytest.mark.parametrize(
    ("kind", "operands", "strange"),
    [
        ("BINARY_OP.add-ints", [INT, INT], False),
        ("BINARY_OP.add-ints", [INT, NONE], True),
        ("BINARY_OP.add-ints", [("bool", "True"), INT], True),
        ("BINARY_OP.add-ints", [NONE, INT, INT], False),
        ("COMPARE_OP.lt-floats", [FLOAT, INT], True),
        ("COMPARE_OP.lt-numbers", [FLOAT, INT], False),
        ("BINARY_OP.add-mixed", [FLOAT, FLOAT], False),
        ("BINARY_OP.add-mixed", [FLOAT, INT], True),
        ("BINARY_OP.multiply-wide", [INT, INT], False),
        ("BINARY_OP.add-strings", [("str", "''"), ("Text", "")], True),
        ("BINARY_OP.add-others", [NONE, NONE], False),
        ("BINARY_OP.add-unseen", [NONE, NONE], False),
        ("FOR_ITER.list", [("list_iterator", "")], False),
        ("FOR_ITER.list", [("tuple_iterator", "")], True),
        ("FOR_ITER.other", [("zip", "")], False),
        ("LOAD_ATTR.slot", [NONE], False),
    ],
)
def test_operands_are_strange_to_code_that_is_not_made_for_their_types(kind, operands, strange):
    assert of(kind, frame(*operands)).strange == strange
    assert not of(kind, frame(*operands), version="generic").strange


@pytest.mark.parametrize(
    ("outcome", "slow"), [("exit", True), ("helper", True), ("raised", True), ("aside", False)]
)
def test_whether_a_slow_path_was_taken(outcome, slow):
    assert of("BINARY_OP.add-ints", frame(INT, INT), outcomes=[outcome]).slow == slow


@pytest.mark.parametrize(
    ("kind", "operands", "result", "unusual"),
    [
        ("BINARY_OP.add-ints", [3, 4], 7, ""),
        ("BINARY_OP.add-ints", [2**60, 4], 5, "large"),
        ("COMPARE_OP.lt-ints", [3, -(2**70)], None, "large"),
        ("BINARY_OP.add-ints", [2**60 - 1, 4], 5, ""),
        ("BINARY_OP.add-ints", [-(2**30), 4], 5, "wide-negative"),
        ("BINARY_OP.add-ints", [-(2**30) + 1, 4], 5, ""),
        ("BINARY_OP.multiply-wide", [2**32, 2**31], 2**63, "overflow"),
        ("BINARY_OP.lshift-ints", [1, 62], 2**62, "overflow"),
        ("BINARY_OP.lshift-ints", [1, 63], 2**63, "count"),
        ("BINARY_OP.rshift-ints", [2**80, 64], 2**16, "count"),
        ("BINARY_OP.floor-divide-ints", [1, -2], -1, ""),
    ],
)
def test_unusual_ints_are_named(kind, operands, result, unusual):
    before = frame(*(("int", str(each)) for each in operands))
    behind = frame(("bool", "True") if result is None else ("int", str(result)))
    assert of(kind, before, behind).unusual == unusual
    assert of(kind, before, behind, version="generic").unusual == ""


def test_ints_that_are_too_long_for_a_snapshot_are_large():
    before = frame(INT, ("int", "123... hash 5"))
    assert of("BINARY_OP.add-ints", before).unusual == "large"


def test_what_an_operation_of_other_types_makes_is_not_unusual():
    assert of("BINARY_OP.add-numbers", frame(FLOAT, ("int", str(2**70)))).unusual == ""


def test_a_slice_is_an_unusual_subscript():
    slices = frame(("list", "[]"), ("slice", ""))
    assert of("BINARY_SUBSCR.unseen", slices, version="generic").unusual == "slice"
    assert of("BINARY_SUBSCR.list", frame(("list", "[]"), INT)).unusual == ""


@pytest.mark.parametrize(
    ("index", "unusual"), [(0, ""), (2, ""), (3, "bound"), (-3, ""), (-4, "bound")]
)
def test_an_index_beyond_the_bounds_is_unusual(index, unusual):
    items = Slot("stack 0", "tuple", "(1, 2, 3)", 1, 3)
    before = Snapshot("f", 2, 10, (items, Slot("stack 1", "int", str(index), 5)))
    assert of("BINARY_SUBSCR.tuple", before).unusual == unusual
    assert of("STORE_SUBSCR.unseen", before, version="generic").unusual == unusual
    assert of("BINARY_SUBSCR.dict", frame(("dict", "{}"), ("int", str(index)))).unusual == ""


def test_classes_with_operators_of_their_own_are_unusual_to_the_helper():
    before = frame(("A", ""), INT)
    slow = {"version": "optimised", "outcomes": ["helper"]}
    for kind, more in (
        ("BINARY_OP.add-unseen", {"version": "generic"}),
        ("BINARY_OP.add-ints", slow),
    ):
        assert of(kind, before, **more).unusual == "objects"
        for text, unusual in (("+", "objects"), ("+=", "in-place-objects")):
            assert of(kind, before, argument=0, text=text, **more).unusual == unusual
        assert of(kind, frame(FLOAT, INT), argument=0, text="+=", **more).unusual == ""
    assert of("BINARY_OP.add-ints", before).unusual == "", "it has missed a guard"
    assert of("LOAD_ATTR.none", before, version="generic").unusual == ""


@pytest.mark.parametrize(
    ("types", "unusual"),
    [
        (["int", "float"], ""),
        (["str", "str"], ""),
        (["int", "str"], "objects"),
        (["NoneType", "int"], "objects"),
        (["list", "list"], "objects"),
        (["A", "B"], "objects"),
    ],
)
def test_all_but_numbers_and_strings_are_asked_how_they_compare(types, unusual):
    before = frame(*((each, "") for each in types))
    for text in ("<", "<="):
        found = of("COMPARE_OP.x-unseen", before, version="generic", argument=0, text=text)
        assert found.unusual == unusual


@pytest.mark.parametrize(("opcode", "first"), [("BINARY_OP", True), ("COMPARE_OP", False)])
def test_an_operand_of_a_subclass_is_asked_first(opcode, first):
    for text in ("+", "+="):
        for subclass in (False, True):
            slots = Slot("stack 0", "A", "", 1), Slot("stack 1", "B", "", 1, subclass=subclass)
            before = Snapshot("f", 2, 10, slots)
            found = of(f"{opcode}.x-unseen", before, version="generic", argument=0, text=text)
            assert (found.unusual == "subclass-objects") == (first and subclass)


@pytest.mark.parametrize(
    ("old", "new", "unusual"),
    [
        (("int", "3"), 7, ""),
        (("int", "3"), 2**30, "digits"),
        (("int", str(2**30)), -(2**60) + 1, ""),
        (("int", str(-(2**60))), 2**60 - 1, "digits"),
        (("int", "0"), 1, "digits"),
        (("float", "0.5"), 2**30, ""),
        (("", ""), 2**30, ""),
    ],
)
def test_an_int_that_takes_the_place_of_a_shorter_one_is_unusual(old, new, unusual):
    before = Snapshot("f", 2, 10, (Slot("a", *old, 1), Slot("stack 0", "int", str(new), 1)))
    store = dis.Instruction("STORE_FAST", 125, 0, "a", "a", 2, 1, False)
    for kind, expected in (("STORE_FAST.int", unusual), ("STORE_FAST.object", "")):
        found = premises(Step("f", 2, "optimised", kind), [before], [], Harm.VALUE, store)
        assert found.unusual == expected


NULL, FUNCTION, CLASS = ("", ""), ("function", "f"), ("type", "C")


@pytest.mark.parametrize(
    ("opcode", "argument", "operands", "leaves"),
    [
        ("CALL", 1, [NULL, FUNCTION, INT], False),
        ("CALL", 1, [INT, NULL, FUNCTION, INT], True),
        ("CALL", 1, [CLASS, FUNCTION, CLASS, INT], False),
        # What is left of a class whose __init__ raises is the instance.
        ("CALL", 1, [INT, NULL, CLASS, INT], False),
        ("CALL", 1, [CLASS, NULL, FUNCTION, CLASS], True),
        ("CALL_FUNCTION_EX", 1, [NULL, FUNCTION, INT, INT], False),
        ("CALL_FUNCTION_EX", 0, [INT, NULL, FUNCTION, INT], True),
        ("LOAD_GLOBAL", 0, [INT, INT], False),
    ],
)
def test_what_calls_leave_on_the_stack_is_known(opcode, argument, operands, leaves):
    assert of(opcode, frame(*operands), argument=argument).leaves == leaves


@pytest.mark.parametrize(
    ("operands", "callee"),
    [
        ([INT, NULL, FUNCTION, INT], "python"),
        ([NULL, CLASS, INT], "class"),
        ([FUNCTION, CLASS, INT], "python"),
        ([NULL, ("builtin_function_or_method", ""), INT], "c"),
        ([("method_descriptor", ""), INT, INT], "c"),
        ([NULL, ("Callable", ""), INT], "other"),
    ],
)
def test_what_is_called_is_known_by_its_operand(operands, callee):
    assert of("CALL.unseen", frame(*operands), argument=1).operand == callee
    assert of("CALL.unseen", frame(*operands)).operand == "", "its place is not known"


@pytest.mark.parametrize(
    ("kind", "references", "operand"), [("int", 1, "boxed"), ("int", 2, ""), ("str", 1, "")]
)
def test_a_number_that_nobody_else_has_was_boxed_for_the_step(kind, references, operand):
    before = Snapshot("f", 2, 10, (Slot("stack 0", kind, "7", references),))
    assert of("RETURN_VALUE", before).operand == operand
    assert of("STORE_NAME", before).operand == ""


def test_premises_are_said_to_people():
    assert str(NOTHING) == ""
    said = str(Premises(guard="type", by_helper=True, strange=True, unusual="large"))
    assert said == (
        "not as in its inline cache: type (its helper relies on that); "
        "operands of other types than the code was made for; unusual: large"
    )
