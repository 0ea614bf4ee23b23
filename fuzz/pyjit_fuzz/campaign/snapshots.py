"""What frames held where compiled code ended: the state behind one step, compiled and interpreted.

The JIT writes what its option ``snapshot_file`` says (``core/src/baseline/snapshot.h``): the frame
in which compiled code ended, then those that the interpreter went on with. With a limit of one step
less, the latter tell what the state behind that step should have been.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from pyjit_fuzz.model import Harm, Step

_UNCOUNTED = frozenset({"int", "float", "complex", "bool", "NoneType", "ellipsis"})
"""Types of which compiled code may have an object more, or refer to one more or less often."""
_FREED = "freed"
_DEATH = b'{"died"'
_FOR_EVER = 10**8
"""References to what compiled code never lets die: its constants."""
_CALLS_PYTHON = re.compile(r"(KW_NAMES )?CALL\.python")
_MOST_CHANGES = 6
_MOST_IN_A_STEP = 4
"""Instructions that the interpreter executes for one step, at most: KW_NAMES, PRECALL, CALL."""
_STORES = re.compile(r"^STORE_(FAST|DEREF|GLOBAL|NAME|ATTR|SUBSCR)\b")
"""Steps that leave no operand of their own."""
_CALLS = re.compile(r"(KW_NAMES )?CALL\b")
_TO_CALL = 6
"""Bytes from the first of these three to the last."""


class Slot(msgspec.Struct, frozen=True):
    """A variable or an entry of the operand stack."""

    name: str
    type: str
    """Empty: it holds nothing; ``freed``: an object that is none any more."""
    value: str
    """Empty: there is no text for it that needs nobody's code."""
    references: int
    length: int = -1
    """Of a list, a tuple or a text; -1 of all else."""
    subclass: bool = False
    """Its type is a subclass of that of the slot in front of it."""

    def __str__(self) -> str:
        """Say what it holds."""
        if not self.type:
            return "nothing"
        return f"{self.type} {self.value}".rstrip()


class Snapshot(msgspec.Struct, frozen=True):
    """A frame in front of an instruction."""

    function: str
    offset: int
    alive: int
    """Objects that the garbage collector knows, but frames."""
    slots: tuple[Slot, ...]
    unmet: str = ""
    """What optimised code relies on of what the instruction's inline cache says, and is not so."""
    unmet_by_helper: str = ""
    """The same, for the helper."""

    @property
    def place(self) -> tuple[str, int]:
        """Where it goes on."""
        return self.function, self.offset


class Death(msgspec.Struct, frozen=True):
    """How a process died."""

    died: str
    """Name of the signal."""
    address: str = ""
    """That was accessed; hexadecimal."""
    compiled: bool = False
    """Compiled code did it."""
    counting: bool = False
    """It counted a reference."""

    def __str__(self) -> str:
        """Say it."""
        where = "in compiled code" if self.compiled else "in what compiled code calls"
        doing = ", counting a reference" if self.counting else ""
        return f"dies of {self.died} {where}{doing}, at address {self.address}"

    @property
    def harm(self) -> Harm:
        """Name it."""
        if not self.compiled:
            return Harm.OUTSIDE
        return Harm.COUNTING if self.counting else Harm.DEATH


class Run(msgspec.Struct, frozen=True):
    """What a run has written."""

    frames: tuple[Snapshot, ...] = ()
    """That in which compiled code ended, then those that the interpreter went on with."""
    death: Death | None = None


def read_snapshots(file: Path) -> Run:
    """Return what a run has written, up to what its death has cut short; nothing without a file."""
    frames: list[Snapshot] = []
    death = None
    with contextlib.suppress(FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        for line in file.read_bytes().split(b"\0", 1)[0].splitlines():
            if line.startswith(_DEATH):
                death = msgspec.json.decode(line, type=Death)
            else:
                frames.append(msgspec.json.decode(line, type=Snapshot))
    return Run(tuple(frames), death)


def harm(
    step: Step, less: Run, more: Run, *, died: bool, raised: bool = False
) -> tuple[Harm | None, tuple[str, ...]]:
    """Return what a compiled step has done wrong, and how its state differs, a line each.

    ``less`` is a run with one step less, which tells what the interpreter makes of the step,
    ``more`` one whose last step it is; ``died`` says that its process did, ``raised`` that the step
    did. No harm: it does not show in the frame that comes next, or nothing is known of it.
    """
    interpreted, compiled = less.frames, more.frames
    expected = interpreted[1:]
    if _CALLS.match(step.kind):
        expected = tuple(each for each in expected if not _is_within_call(interpreted[0], each))
    if died and not compiled:
        return (more.death.harm, (str(more.death),)) if more.death else (Harm.DEATH, ())
    if not interpreted or not (expected or compiled):
        return None, ()
    behind = compiled[0] if compiled else None
    same = _same_place(expected, behind) if behind else None
    if behind is None or same is None:
        change = f"goes on {_where(compiled)}, interpreted {_where(expected)}"
        function = interpreted[0].function
        stays = bool(expected) and expected[0].function == function
        leaves = raised and (behind is None or behind.function == function)
        return Harm.RAISE if leaves and stays else Harm.PATH, (change,)
    if values := tuple(_values(same, behind)):
        return _of_values(step, same, behind), values[:_MOST_CHANGES]
    here = behind.function == interpreted[0].function
    if here or _CALLS_PYTHON.match(step.kind):
        return _of_references(same, behind, here=here)
    return None, ()  # what C functions hold while they call somebody is another matter


def _of_references(
    expected: Snapshot, seen: Snapshot, *, here: bool
) -> tuple[Harm | None, tuple[str, ...]]:
    """Compare counts of references, and how many objects are alive if it is ``here``."""
    counts = [
        (one, other.references)
        for one, other in zip(expected.slots, seen.slots, strict=True)
        if one.references != other.references and _counts(one)
    ]
    lines = [
        f"{one.name}: {one}, {_times(count)} referred to, interpreted {one.references}"
        for one, count in counts[:_MOST_CHANGES]
    ]
    more = [count - one.references for one, count in counts]
    if here and seen.alive != expected.alive:
        lines.append(f"{seen.alive} objects are alive, interpreted {expected.alive}")
        more.append(seen.alive - expected.alive)
    if not more:
        return None, ()
    too_few = Harm.RELEASE if counts else Harm.ABSENCE  # of what nobody has counted wrongly
    return Harm.LEAK if more[0] > 0 else too_few, tuple(lines)


def _same_place(expected: Sequence[Snapshot], behind: Snapshot) -> Snapshot | None:
    """Return where the interpreter comes to the same instruction by the same step.

    It has a few instructions more, where one step stands for several; that of a later turn or call
    is another matter.
    """
    near = [each for each in expected if each.function == behind.function][:_MOST_IN_A_STEP]
    return next((each for each in near if each.place == behind.place), None)


def _of_values(step: Step, expected: Snapshot, seen: Snapshot) -> Harm:
    if any(each.type == _FREED for each in seen.slots):
        return Harm.RELEASE
    pairs = [*zip(expected.slots, seen.slots, strict=False)]
    changed = [one for one, other in pairs if (one.type, one.value) != (other.type, other.value)]
    same_size = len(expected.slots) == len(seen.slots)
    if same_size and _STORES.search(step.kind) and all(map(_is_operand, changed)):
        return Harm.ELSEWHERE
    absent = any(bool(one.type) != bool(other.type) for one, other in pairs)
    return Harm.ABSENCE if absent else Harm.VALUE


def _is_operand(slot: Slot) -> bool:
    return slot.name.startswith("stack ")


def _values(expected: Snapshot, seen: Snapshot) -> Iterator[str]:
    if len(expected.slots) != len(seen.slots):
        yield f"{len(seen.slots)} slots are in use, interpreted {len(expected.slots)}"
    for one, other in zip(expected.slots, seen.slots, strict=False):
        if (one.type, one.value) != (other.type, other.value):
            yield f"{one.name}: {other}, interpreted {one}"


def _is_within_call(first: Snapshot, frame: Snapshot) -> bool:
    """Say whether the interpreter is at another instruction of the call that it was in front of."""
    if frame.function != first.function:
        return False
    return first.offset < frame.offset <= first.offset + _TO_CALL


def _where(follows: Sequence[Snapshot]) -> str:
    if not follows:
        return "nowhere that is compiled"
    return f"in {follows[0].function}, offset {follows[0].offset}"


def _counts(slot: Slot) -> bool:
    return slot.type not in _UNCOUNTED and slot.references < _FOR_EVER


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
