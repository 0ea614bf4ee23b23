"""The guilty instruction of a finding: what tells its mechanism from those of other findings.

Symptoms do not: one wrong addition shows as an int, as the length of a list or as an exception,
and two faults show as the same wrong int. The instruction with which a difference begins
(``Blame.step``) does, with what it was compiled for, and with what happened in it: ``add-ints``
of a BINARY_OP, a LOAD_METHOD whose guard has failed. Where other operators are wrong in its place,
it is what they have in common. Damage to memory, and what is not there, are told apart from wrong
values and wrong turns: a reference too few and a guard too few are two faults of one fast path.
"""

from __future__ import annotations

import dis
import functools
import re
import sys
from collections.abc import Iterator, Sequence

from pyjit_fuzz.model import Blame, Finding, Harm, Step, code_objects
from pyjit_oracles import crash, lifetime, slow

WITH_FAST_PATHS = (
    *("LOAD_ATTR", "STORE_ATTR", "LOAD_METHOD", "LOAD_GLOBAL", "CALL"),
    *("BINARY_SUBSCR", "STORE_SUBSCR", "BUILD_SLICE", "UNPACK_SEQUENCE", "FOR_ITER", "GET_ANEXT"),
    *("BINARY_OP", "COMPARE_OP", "UNARY_NEGATIVE", "STORE_FAST"),
)
"""Opcodes that have fast paths. The first five keep inline caches: of attributes, stores of
attributes, methods, globals, callees."""
WITH_OPERATORS = ("BINARY_OP", "COMPARE_OP")
MOVING = ("LOAD_FAST", "LOAD_CONST", "RETURN_VALUE", "YIELD_VALUE", "POP_TOP", "COPY", "SWAP")
"""Opcodes that only move values: optimised code borrows references for that, or leaves it out."""

_OPERATORS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "<<": "lshift",
    ">>": "rshift",
    "&": "and",
    "|": "or",
    "^": "xor",
    "@": "matmul",
    "<": "lt",
    "<=": "le",
    "==": "eq",
    "!=": "ne",
    ">": "gt",
    ">=": "ge",
}
_NAMES_OF_EVENTS = {
    "subtract": "sub",
    "multiply": "mul",
    "true-divide": "truediv",
    "floor-divide": "floordiv",
    "remainder": "mod",
    "power": "pow",
}
"""Operators by the names of events, as far as they have another name here."""
_TRUTH = re.compile(r"UNARY_NOT|(POP_JUMP_(FORWARD|BACKWARD)|JUMP)_IF_(TRUE|FALSE)(_OR_POP)?")
_UNKNOWN = ("", "none", "unseen", "object")
"""Kinds of what the compiler knew nothing of."""
_HAPPENED = ("exit", "raised", "helper", "miss", "hit", "aside")
"""Outcomes that tell mechanisms of one instruction apart; the first one that there is."""
_KEYWORDS = "KW_NAMES "
_TO_CALL = 6
"""Bytes from KW_NAMES, behind which is PRECALL, to CALL."""
_LOOKS_UP = {"LOAD_METHOD": "LOAD_ATTR"}
"""Opcodes whose caches are those of another one."""
_RESUMES = ("FOR_ITER", "SEND")
"""Opcodes that go on by what somebody else does: a wrong turn of theirs is no wrong value."""
_DROPS = ("STORE_FAST",)
"""Opcodes that drop a value, whatever they put into its place."""
_GOES_THROUGH = ("FOR_ITER", "UNPACK_SEQUENCE")
"""Opcodes that read the items of lists and tuples in one way."""
_SAME_CALLS = {"c-noargs": "c-plain", "c-one": "c-plain"}
"""C functions of two conventions that are called in one way."""
_INDEXED = ("list", "tuple")
"""What compiled code itself reads by index."""
OBJECTS, IN_PLACE, SUBCLASS = "objects", "in-place-objects", "subclass-objects"
"""Operands of an operator that classes of the program may define, and which they are asked for: the
first, or the second if that is of a subclass."""
_UNWINDING = "unwinding"
_SAME_PAIRS = {"wide": "ints", "mixed": "numbers"}
"""How wide ints are, their values say; which of two numbers is a float, their types."""
DIGITS = "digits"
"""An int that is stored where one of another length was."""
_OF_INTS, _COUNT, _SLICE, _BOUND = "-ints", "count", "slice", "bound"
_MEMORY, _LEAKS, _TURN = "memory", "leaks", "turn"
_OF_REFERENCES = (_MEMORY, _LEAKS)
_DAMAGE = {
    Harm.RAISE: "raises",
    Harm.DEATH: "dies",
    Harm.OUTSIDE: "dies-outside",
    Harm.LEAK: _LEAKS,
    Harm.RELEASE: _MEMORY,
    Harm.ABSENCE: "absent",
    Harm.ELSEWHERE: "operands",
}
_OTHERS_RAISE = ("CALL", *WITH_OPERATORS)
"""Opcodes that with wrong operands do one thing or another, and may raise or not."""
_DAMAGE_SEEN = {lifetime.NAME: _LEAKS, crash.NAME: _MEMORY}
"""Damage by the oracle, where the step does not show what harm it does."""
_CLASS = "type"
_MOST_ALIKE = 3
ENTRY = "entry"
"""What shows without any instruction of compiled code, or with the very first alone."""
NOT_OF_CODE = (
    *("abandoned_generators", "thrown", "unwound", "handled", "outlived_frames"),
    *("boxed_floats", "boxed_ints", "rebuilt_borrowed", "pending_calls"),
)
"""Counters of the JIT that tell what it does around instructions, the most special first."""


def guilty(finding: Finding) -> str:
    """Return the name of the guilty instruction; empty if blame has found none.

    Whatever takes long begins with any instruction.
    """
    blame = finding.blame
    if blame is None or blame.step is None or finding.verdict.oracle == slow.NAME:
        return ""
    if not blame.step.kind:
        return "-".join((ENTRY, *blame.outcomes[:1])).replace("_", "-")
    text = blame.step.kind.removeprefix(_KEYWORDS)
    opcode, _, kind = text.partition(".")
    happened = _happened(finding, opcode)
    if missed := _missed(blame, opcode, kind):
        return missed
    if opcode in WITH_OPERATORS and blame.premises.unusual in (OBJECTS, IN_PLACE, SUBCLASS):
        name = f"{opcode}.{blame.premises.unusual}"
    elif opcode in WITH_OPERATORS:
        name = _operation(blame, operator_of(text), kind.rpartition("-")[2])
        happened = "" if name.endswith(_OF_INTS) and happened == "aside" else happened
        name = "-".join(filter(None, (name, blame.premises.unusual)))
    elif _is_of_any_kind(blame, opcode, happened):
        name = opcode
    else:
        unusual = blame.premises.unusual
        name = _named(blame, opcode, _SLICE if unusual == _SLICE else kind)
        name += f"-{DIGITS}" if unusual == DIGITS and not happened else ""  # it went in place
    damage = _damage(finding, opcode)
    if _is_handled_wrongly(blame):
        return "-".join(filter(None, (_UNWINDING, "raised", damage)))
    if text != blame.step.kind and damage not in _OF_REFERENCES:
        name += "-keywords"  # else it is one argument or another
    if (happened, damage) == ("raised", _LEAKS) and _unwinds(blame, opcode):
        name = _UNWINDING
    return "-".join(filter(None, (name, happened, damage)))


def _is_handled_wrongly(blame: Blame) -> bool:
    """Say whether it raises, as it should, and the handler finds something else than it should."""
    raised = any(each.endswith(".raised") for each in blame.outcomes)
    return raised and blame.harm in (Harm.VALUE, Harm.ABSENCE, Harm.RELEASE)


def _unwinds(blame: Blame, opcode: str) -> bool:
    """Say whether what leaks when a step raises is what it leaves on the stack."""
    return blame.premises.leaves or not opcode.startswith("CALL")


def _is_of_any_kind(blame: Blame, opcode: str, happened: str) -> bool:
    """Say whether what the instruction was compiled for says nothing of what is wrong."""
    drops = opcode in _DROPS and blame.harm in (Harm.COUNTING, Harm.DEATH)
    elsewhere = drops or blame.harm is Harm.ELSEWHERE
    return happened == "exit" or blame.premises.strange or elsewhere


def _missed(blame: Blame, opcode: str, kind: str) -> str:
    """Name a guard that the step has missed; what it did then is chance. Empty for none."""
    premises = blame.premises
    if premises.guard:
        by = "helper" if premises.by_helper else "guard"
        guard = premises.guard
        keys = opcode == "LOAD_GLOBAL" and guard == "keys"
        if keys and not premises.by_helper and not _went_aside(blame):
            guard = "version"  # which is looked at first, and the keys then
        if opcode == "CALL":
            opcode += "." + kind.partition("-")[0]
        return f"{_LOOKS_UP.get(opcode, opcode)}-{by}-{guard}"
    if premises.unusual == _BOUND:
        inline = _is_optimised(blame) and kind in _INDEXED
        by_code = inline and not premises.slow and blame.harm is not Harm.OUTSIDE
        return f"{opcode}-{'guard' if by_code else 'helper'}-{_BOUND}"
    if opcode in WITH_OPERATORS and premises.strange and not premises.slow:
        pair = kind.rpartition("-")[2]
        return f"operators-{_SAME_PAIRS.get(pair, pair)}-guard-type"
    return ""


def _went_aside(blame: Blame) -> bool:
    return any(each.endswith(".aside") for each in blame.outcomes)


def _damage(finding: Finding, opcode: str) -> str:
    harm = finding.blame.harm if finding.blame else None
    if harm is Harm.RAISE and opcode in _OTHERS_RAISE:
        harm = None
    if harm is Harm.COUNTING:
        # The value that the step has got is wrong: no object, this time. Or it had one, to drop.
        return _DAMAGE[Harm.DEATH] if opcode in _DROPS else ""
    if harm is Harm.PATH and opcode in _RESUMES:
        return _TURN
    of_step = _DAMAGE.get(harm, "") if harm else ""
    seen = _DAMAGE_SEEN.get(finding.verdict.oracle, "")
    if harm is None and not seen and _keeps_classes(finding):
        seen = _LEAKS
    if opcode in _DROPS and seen == _MEMORY:
        seen = ""  # a value dies of what it is, and what it is was told
    return of_step or seen


def operator_of(kind: str) -> str:
    """Return the operator of ``BINARY_OP.multiply-ints``, which is ``mul``; empty for others."""
    opcode, _, special = kind.partition(".")
    if opcode not in WITH_OPERATORS:
        return ""
    operator = special.rpartition("-")[0]
    return _NAMES_OF_EVENTS.get(operator, operator)


def _keeps_classes(finding: Finding) -> bool:
    """Say whether classes of the program outlive it, which something of theirs has to hold."""
    reference, tested = finding.observations
    return tested.survivors.get(_CLASS, 0) > reference.survivors.get(_CLASS, 0)


def _happened(finding: Finding, opcode: str) -> str:
    blame = finding.blame
    seen = {each.rpartition(".")[2] for each in (blame.outcomes if blame else ())}
    turns = (Harm.RAISE, Harm.PATH) if opcode in _OTHERS_RAISE else (Harm.RAISE,)
    raises = blame and (blame.alike or blame.harm in turns)
    if finding.verdict.oracle == "exception" or raises:
        seen.discard("raised")  # that is the difference, or a matter of the operands
    return next((each for each in _HAPPENED if each in seen), "")


def _named(blame: Blame, opcode: str, kind: str) -> str:
    """Name an instruction that stands for no operator."""
    if _TRUTH.fullmatch(opcode):
        return "truth" if kind in _UNKNOWN else f"truth.{kind}"
    if kind in _UNKNOWN:
        # What its cache holds is known to whoever looked into it.
        specials = {each.split(".")[1] for each in blame.outcomes if each.count(".") == 2}
        specials.difference_update(_UNKNOWN)
        kind = min(specials) if len(specials) == 1 else blame.premises.operand
        if _is_optimised(blame):
            kind = kind or ("fast" if opcode in (*WITH_FAST_PATHS, *MOVING) else "")
        else:
            opcode = _LOOKS_UP.get(opcode, opcode)  # the same helper looks it up
    elif opcode == "STORE_FAST" and not _is_optimised(blame):
        kind += "-generic"
    elif opcode in _GOES_THROUGH and kind in _INDEXED:
        kind = "items"
    elif opcode == "CALL":
        kind = _SAME_CALLS.get(kind, kind)
    return f"{opcode}.{kind}" if kind else opcode


def _is_optimised(blame: Blame) -> bool:
    return blame.step is not None and blame.step.version == "optimised"


def _operation(blame: Blame, operator: str, operands: str) -> str:
    """Name an operator and its operands; or several, if what is wrong is common to them."""
    assert blame.step is not None
    every = sorted({*blame.alike, operator})
    unusual = blame.premises.unusual
    if not blame.alike or unusual == _COUNT:
        name = f"{blame.step.kind.partition('.')[0]}.{'shift' if unusual == _COUNT else operator}"
    elif unusual or len(every) > _MOST_ALIKE:
        name = "operators"  # that read such operands
    else:
        name = ".".join(("operators", *every))
    known = _is_optimised(blame) and operands not in _UNKNOWN and not blame.premises.strange
    return f"{name}-{_SAME_PAIRS.get(operands, operands)}" if known else name


@functools.lru_cache(64)
def operators_in(source: str, functions: tuple[str, ...] = ()) -> dict[str, dict[str, set[int]]]:
    """Return the opcodes in functions of a program that stand for operators, with these.

    Each operator comes with the arguments of the opcode that mean it, which for ``+`` and ``+=``
    are two. No ``functions``: all of them.
    """
    found: dict[str, dict[str, set[int]]] = {}
    for each in _instructions(source, functions):
        if each.opname in WITH_OPERATORS:
            text = each.argrepr
            name = _OPERATORS.get(text) or _OPERATORS[text.removesuffix("=")]  # in place
            found.setdefault(each.opname, {}).setdefault(name, set()).add(each.arg or 0)
    return found


def instruction_of(source: str, step: Step) -> dis.Instruction | None:
    """Return the instruction of a step, the CALL itself of a call; ``None`` in library code."""
    opcode = step.kind.removeprefix(_KEYWORDS).partition(".")[0]
    near = (
        each
        for each in _instructions(source, (step.function,))
        if step.offset <= each.offset <= step.offset + _TO_CALL
    )
    return next((each for each in near if each.opname == opcode), None)


def _instructions(source: str, functions: Sequence[str]) -> Iterator[dis.Instruction]:
    if sys.version_info[:2] != (3, 11):  # another Python compiles it to other opcodes
        return
    for code in code_objects(source):
        if not functions or code.co_qualname in functions:
            yield from dis.get_instructions(code)
