"""What is made of two states behind one step: the interpreter's and compiled code's."""

import msgspec
import pytest

from pyjit_fuzz.campaign import snapshots
from pyjit_fuzz.campaign.snapshots import Death, Run, Slot, Snapshot, read_snapshots
from pyjit_fuzz.model import Harm, Step

STOP = Snapshot("f", 2, 10, ())


def behind(*slots, offset=4, alive=10, function="f"):
    """Return a frame behind the step, with slots as (type, value, references)."""
    named = (Slot(f"x{i}", *slot) for i, slot in enumerate(slots))
    return Snapshot(function, offset, alive, tuple(named))


def harm(interpreted, compiled, *, died=False, raised=False, kind="LOAD_FAST"):
    step = Step("f", 2, "generic", kind)
    less, more = Run(tuple(interpreted)), compiled
    if not isinstance(more, Run):
        more = Run(tuple(more))
    return snapshots.harm(step, less, more, died=died, raised=raised)


AT_4 = behind(("C", "", 3), ("int", "7", 5))


@pytest.mark.parametrize(
    ("interpreted", "compiled", "expected", "change"),
    [
        (AT_4, AT_4, None, ""),
        (AT_4, behind(("C", "", 3), ("int", "7", 9)), None, ""),
        (AT_4, behind(("C", "", 3), ("int", "8", 5)), Harm.VALUE, "x1: int 8, interpreted int 7"),
        (AT_4, behind(("", "", 0), ("int", "7", 5)), Harm.ABSENCE, "x0: nothing, interpreted C"),
        (behind(("", "", 0)), behind(("C", "", 1)), Harm.ABSENCE, "x0: C, interpreted nothing"),
        (AT_4, behind(("C", "", 3)), Harm.VALUE, "1 slots are in use, interpreted 2"),
        (AT_4, behind(("freed", "", 0), ("int", "7", 5)), Harm.RELEASE, "x0: freed, interpreted C"),
        (
            AT_4,
            behind(("C", "", 1), ("int", "7", 5)),
            Harm.RELEASE,
            "x0: C, once referred to, interpreted 3",
        ),
        (
            AT_4,
            behind(("C", "", 4), ("int", "7", 5)),
            Harm.LEAK,
            "x0: C, 4 times referred to, interpreted 3",
        ),
        (
            AT_4,
            msgspec.structs.replace(AT_4, alive=11),
            Harm.LEAK,
            "11 objects are alive, interpreted 10",
        ),
        # Nobody has counted wrongly.
        (
            AT_4,
            msgspec.structs.replace(AT_4, alive=9),
            Harm.ABSENCE,
            "9 objects are alive, interpreted 10",
        ),
        (
            AT_4,
            behind(offset=30),
            Harm.PATH,
            "goes on in f, offset 30, interpreted in f, offset 4",
        ),
        (
            AT_4,
            None,
            Harm.PATH,
            "goes on nowhere that is compiled, interpreted in f, offset 4",
        ),
        (
            None,
            AT_4,
            Harm.PATH,
            "goes on in f, offset 4, interpreted nowhere that is compiled",
        ),
        (None, None, None, ""),
    ],
)
def test_two_states(interpreted, compiled, expected, change):
    found, changes = harm(
        [STOP, *filter(None, [interpreted])], [*filter(None, [compiled])], died=False
    )
    assert found is expected
    assert changes == ((change,) if change else ())


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("STORE_FAST.int", Harm.ELSEWHERE),
        ("STORE_SUBSCR", Harm.ELSEWHERE),
        ("STORE_FASTER", Harm.VALUE),
        ("LOAD_FAST", Harm.VALUE),
    ],
)
def test_an_operand_that_a_step_leaves_alone_is_elsewhere(kind, expected):
    def frame(local, operand):
        slots = Slot("a", "int", local, 5), Slot("stack 0", "int", operand, 5)
        return Snapshot("f", 4, 10, slots)

    seen, _ = harm([STOP, frame("1", "2")], [frame("1", "3")], kind=kind)
    assert seen is expected
    seen, _ = harm([STOP, frame("1", "2")], [frame("0", "3")], kind=kind)
    assert seen is Harm.VALUE


def test_a_run_that_ends_in_the_step_dies_of_it():
    assert harm([STOP, AT_4], [], died=True) == (Harm.DEATH, ())
    wrong = behind(("C", "", 3), ("int", "8", 5))
    assert harm([STOP, AT_4], [wrong], died=True)[0] is Harm.VALUE


def test_a_step_that_raises_where_the_interpreter_goes_on():
    goes_on = "interpreted in f, offset 4"
    for compiled in ([], [behind(offset=30)]):
        found, (change,) = harm([STOP, AT_4], compiled, raised=True)
        assert found is Harm.RAISE
        assert change.endswith(goes_on)
        assert harm([STOP, AT_4], compiled)[0] is Harm.PATH
    callee = behind(offset=0, function="g")
    assert harm([STOP, AT_4], [callee], raised=True)[0] is Harm.PATH, "it was raised later"
    assert harm([STOP, callee], [], raised=True)[0] is Harm.PATH, "a finaliser, or the caller"
    assert harm([STOP], [AT_4], raised=True)[0] is Harm.PATH
    assert harm([STOP], [], raised=True) == (None, ())


@pytest.mark.parametrize(
    ("kind", "within"), [("CALL.unseen", (6,)), ("KW_NAMES CALL.python", (4, 8))]
)
def test_the_interpreter_is_in_a_call_for_several_instructions(kind, within):
    inside = [behind(offset=offset) for offset in within]
    assert harm([STOP, *inside], [], kind=kind, raised=True) == (None, ()), "both of them raise"
    assert harm([STOP, *inside], []) != (None, ())
    found, (change,) = harm([STOP, *inside, behind(offset=18)], [], kind=kind, raised=True)
    assert found is Harm.RAISE
    assert change == "goes on nowhere that is compiled, interpreted in f, offset 18"
    callee = behind(offset=4, function="g")
    assert harm([STOP, *inside, callee], [], kind=kind)[0] is Harm.PATH


@pytest.mark.parametrize(
    ("death", "expected", "text"),
    [
        (
            Death("SIGSEGV", "0x0", compiled=True, counting=True),
            Harm.COUNTING,
            "dies of SIGSEGV in compiled code, counting a reference, at address 0x0",
        ),
        (
            Death("SIGBUS", "0x10", compiled=True),
            Harm.DEATH,
            "dies of SIGBUS in compiled code, at address 0x10",
        ),
        (
            Death("SIGFPE", "0x7f00"),
            Harm.OUTSIDE,
            "dies of SIGFPE in what compiled code calls, at address 0x7f00",
        ),
    ],
)
def test_how_a_step_dies(death, expected, text):
    assert harm([STOP, AT_4], Run(death=death), died=True) == (expected, (text,))
    assert harm([STOP, AT_4], Run((AT_4,), death), died=True) == (None, ()), "not of this step"


def test_the_interpreter_may_come_to_the_place_later():
    elsewhere = behind(("int", "0", 1), offset=90, function="g")
    assert harm([STOP, elsewhere, AT_4], [AT_4]) == (None, ())
    before = [behind(offset=offset) for offset in (20, 22, 24, 26)]
    assert harm([STOP, *before[1:], AT_4], [AT_4]) == (None, ())
    assert harm([STOP, *before, AT_4], [AT_4])[0] is Harm.PATH, "in another turn"


def test_what_a_caller_in_c_holds_is_no_harm():
    there = behind(function="g")
    more = msgspec.structs.replace(there, alive=12)
    assert harm([STOP, there], [more]) == (None, ())
    here, there = (behind(("C", "", count), function="g") for count in (3, 2))
    assert harm([STOP, here], [there]) == (None, ())
    assert harm([STOP, here], [there], kind="CALL.class") == (None, ())
    for kind in ("CALL.python", "CALL.python-defaults", "KW_NAMES CALL.python"):
        assert harm([STOP, here], [there], kind=kind)[0] is Harm.RELEASE
    assert harm([STOP, behind(function="g")], [more], kind="CALL.python") == (None, ())


def test_what_compiled_code_keeps_for_ever_is_not_counted():
    here, there = (behind(("str", "'a'", 10**9 + count)) for count in (3, 2))
    assert harm([STOP, here], [there]) == (None, ())


def test_without_a_state_nothing_is_said():
    assert harm([], [AT_4]) == (None, ())


def test_a_file_is_read_up_to_where_it_was_cut_short(tmp_path):
    file = tmp_path / "snapshots"
    assert read_snapshots(file) == Run()
    file.write_bytes(msgspec.json.encode(AT_4) + b"\n" + bytes(100))
    assert read_snapshots(file) == Run((AT_4,))
    for cut in (b'{"function":"f","off', b'{"function":"\xff', b'{"died":"SIG'):
        file.write_bytes(msgspec.json.encode(AT_4) + b"\n" + cut + bytes(100))
        assert read_snapshots(file) == Run((AT_4,))


def test_a_file_ends_with_how_the_process_died(tmp_path):
    file = tmp_path / "snapshots"
    death = Death("SIGSEGV", "0x8", compiled=True)
    file.write_bytes(msgspec.json.encode(death) + b"\n" + bytes(100))
    assert read_snapshots(file) == Run((), death)
    file.write_bytes(b"\n".join(map(msgspec.json.encode, (AT_4, AT_4, death))) + b"\n" + bytes(9))
    assert read_snapshots(file) == Run((AT_4, AT_4), death)
