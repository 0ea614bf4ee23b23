"""What the first wrong step went by, and what was so: guards that it missed, unusual operands.

A snapshot in front of the step says what the instruction's inline cache relies on and is not so,
and what its operands are. Where compiled code should have taken a slow path, and nothing that it
counted says that it did, it has missed a guard; what it does then is chance.
"""

from __future__ import annotations

import builtins
import dis
import re
from collections.abc import Callable, Collection, Sequence

from pyjit_fuzz.campaign.snapshots import Slot, Snapshot
from pyjit_fuzz.model import Harm, Premises, Step
from pyjit_fuzz.triage import DIGITS, IN_PLACE, MOVING, OBJECTS, SUBCLASS, WITH_OPERATORS

_SLOW = frozenset({"exit", "helper", "hit", "miss"})
"""Outcomes that say that the fast path of a cache was left."""
_SLOW_WITHOUT_CACHE = frozenset({"exit", "helper", "raised"})
_IN_CODE = (Harm.DEATH, Harm.COUNTING)
_PAIRS = {
    "ints": frozenset({"int"}),
    "wide": frozenset({"int"}),
    "floats": frozenset({"float"}),
    "numbers": frozenset({"int", "float"}),
    "mixed": frozenset({"float"}),
    "strings": frozenset({"str"}),
}
"""Pairs of operands by the names of events, and the types that they have exactly, or in compiled
code (``mixed``: ints are left to the helper)."""
_ITERATORS = {
    "range": frozenset({"range_iterator"}),
    "list": frozenset({"list_iterator"}),
    "tuple": frozenset({"tuple_iterator"}),
    "generator": frozenset({"generator"}),
}
_NO_REFERENCES = (Harm.LEAK, Harm.RELEASE)
"""Harm that a missed guard does not do."""
_CALLS_TAKE: dict[str, Callable[[int], int]] = {
    "CALL": lambda argument: argument + 2,
    "CALL_FUNCTION_EX": lambda argument: 3 + (argument & 1),
}
"""How many operands calls take, by their argument; among the first two is what is called."""
_CALLEES = {
    "function": "python",
    "method": "python",
    "type": "class",
    "builtin_function_or_method": "c",
    "method_descriptor": "c",
}
_NUMBERS = ("int", "float")
_COMPARED = (frozenset({"int"}), frozenset({"float"}), frozenset(_NUMBERS), frozenset({"str"}))
"""Types of which no class is asked how they compare."""
_DIGIT_BITS = 30
_DIGIT, _TWO_DIGITS, _WORD, _MOST_SHIFTED = 2**_DIGIT_BITS, 2 ** (2 * _DIGIT_BITS), 2**62, 62
"""Ints of one digit and of two, which compiled code reads into a register; what such a register
holds; by how many bits it shifts."""
_HUGE = 2**200
"""Stands for ints that are too long for a snapshot."""


def premises(
    step: Step,
    frames: Sequence[Snapshot],
    outcomes: Collection[str],
    harm: Harm | None,
    instruction: dis.Instruction | None = None,
) -> Premises:
    """Return what is known of a step's premises.

    ``frames`` are the one in front of the step and those that the interpreter comes to behind it.
    ``outcomes`` are the step's, by the JIT's names of events, ``instruction`` is its bytecode.
    """
    if not frames:
        return Premises()
    before, opcode, special = frames[0], *_parts(step.kind)
    happened = {each.rpartition(".")[2] for each in outcomes}
    optimised = step.version == "optimised"
    strange = optimised and _are_strange(opcode, special, before.slots)
    slow = not _SLOW_WITHOUT_CACHE.isdisjoint(happened)
    by_code = optimised and not (strange and slow)
    unusual = _unusual(opcode, special, frames, by_code=by_code)
    if opcode == "STORE_FAST" and special == "int" and instruction is not None:
        unusual = _unusual_store(before.slots, instruction.argval)
    in_place = instruction is not None and instruction.argrepr.endswith("=")
    if unusual == OBJECTS and opcode == "BINARY_OP" and in_place:
        unusual = IN_PLACE
    # What compiled code dies of, it has not left to a helper: that was an earlier visit's.
    left = set() if harm in _IN_CODE else happened
    guard, by_helper = _guard(before, left, optimised=optimised)
    return Premises(
        guard=guard if harm not in _NO_REFERENCES else "",
        by_helper=by_helper,
        strange=strange,
        slow=slow,
        leaves=instruction is not None and _leaves(instruction, before.slots),
        operand=_operand(step, before.slots, instruction),
        unusual=unusual,
    )


def _parts(kind: str) -> tuple[str, str]:
    """Return the opcode and what it was compiled for."""
    opcode, _, special = kind.rpartition(" ")[2].partition(".")
    return opcode, special


def _guard(before: Snapshot, happened: Collection[str], *, optimised: bool) -> tuple[str, bool]:
    """Return what the step relied on of its cache and was not so, and whether the helper did."""
    if optimised and _SLOW.isdisjoint(happened):
        return before.unmet, False
    answered = "hit" in happened or (not optimised and "miss" not in happened)
    return (before.unmet_by_helper, True) if answered else ("", False)


def _are_strange(opcode: str, special: str, slots: Sequence[Slot]) -> bool:
    """Say whether operands are of other types than the code was made for."""
    if opcode in WITH_OPERATORS:
        expected = _PAIRS.get(special.rpartition("-")[2])
        return expected is not None and any(each.type not in expected for each in slots[-2:])
    if opcode == "FOR_ITER":
        expected = _ITERATORS.get(special)
        return expected is not None and any(each.type not in expected for each in slots[-1:])
    return False


def _operand(step: Step, slots: Sequence[Slot], instruction: dis.Instruction | None) -> str:
    opcode, _ = _parts(step.kind)
    top = slots[-1] if slots else None
    if opcode in MOVING and top is not None:
        return "boxed" if top.type in _NUMBERS and top.references == 1 else ""
    if opcode == "CALL" and instruction is not None:
        called = next((each.type for each in slots[-(instruction.arg or 0) - 2 :] if each.type), "")
        return _CALLEES.get(called, "other")
    return ""


def _leaves(instruction: dis.Instruction, slots: Sequence[Slot]) -> bool:
    takes = _CALLS_TAKE.get(instruction.opname)
    stack = [each for each in slots if each.name.startswith("stack ")]
    if takes is None or len(stack) <= (taken := takes(instruction.arg or 0)):
        return False
    return all(each.type != "type" for each in stack[-taken:][:2])


def _unusual(opcode: str, special: str, frames: Sequence[Snapshot], *, by_code: bool) -> str:
    """Return the least usual thing about the operands."""
    operands = frames[0].slots[-2:]
    if opcode in ("BINARY_SUBSCR", "STORE_SUBSCR"):
        return _unusual_subscript(frames[0].slots[-2:])
    if opcode not in WITH_OPERATORS:
        return ""
    if not by_code:
        return _unusual_classes(opcode, operands)
    if {each.type for each in operands} != {"int"}:
        return ""
    values = [_int(each) for each in operands]
    if "shift" in special and values[-1] > _MOST_SHIFTED:
        return "count"
    if any(abs(each) >= _TWO_DIGITS for each in values):
        return "large"
    if any(each <= -_DIGIT for each in values):
        return "wide-negative"
    result = frames[1].slots[-1:] if len(frames) > 1 else ()
    return "overflow" if any(abs(_int(each)) >= _WORD for each in result) else ""


def _unusual_classes(opcode: str, operands: Sequence[Slot]) -> str:
    """Look at the classes of an operator's operands, which are asked for it.

    Whether one of them is asked first because it is a subclass, is ours of BINARY_OP only.
    """
    types = {each.type for each in operands}
    if opcode == "COMPARE_OP":
        return "" if types in _COMPARED else OBJECTS
    if all(hasattr(builtins, each) for each in types):
        return ""
    return SUBCLASS if operands[-1].subclass else OBJECTS


def _unusual_store(slots: Sequence[Slot], name: str) -> str:
    """Look at an int that is put in the place of one of more digits, or of fewer."""
    old = next((each for each in slots if each.name == name and each.type == "int"), slots[-1])
    return DIGITS if _digits(old) != _digits(slots[-1]) else ""


def _unusual_subscript(operands: Sequence[Slot]) -> str:
    """Look at a container and what it is subscripted with."""
    if len(operands) == 2 and operands[1].type == "int":
        length, index = operands[0].length, _int(operands[1])
        return "bound" if length >= 0 and not -length <= index < length else ""
    return "slice" if operands and operands[-1].type == "slice" else ""


def _digits(slot: Slot) -> int:
    return -(-abs(_int(slot)).bit_length() // _DIGIT_BITS)


def _int(slot: Slot) -> int:
    if slot.type != "int":
        return 0
    return int(slot.value) if re.fullmatch(r"-?\d+", slot.value) else _HUGE
