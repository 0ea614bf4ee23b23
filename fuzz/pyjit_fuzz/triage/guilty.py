"""The guilty instruction of a finding: what tells its mechanism from those of other findings.

Symptoms do not: one wrong addition shows as an int, as the length of a list or as an exception,
and two faults show as the same wrong int. What has to be compiled for the difference to show
(``Blame``) does:

- the opcodes that need their fast paths, and of operators which one (``BINARY_OP.add``);
- where none does, because the fault is in code without a fast path: of the opcodes in the functions
  that have to be compiled, without what could be left to the interpreter, the one that Python
  programs have least often. A reduced program has little besides what it needs, and what it needs
  besides is ordinary.
"""

from __future__ import annotations

import dis
import functools
import re
import sys
from collections.abc import Collection, Iterator

from pyjit_fuzz.model import Blame, Finding, code_objects

_RAREST_FIRST = """
PRINT_EXPR DELETE_GLOBAL DELETE_DEREF UNARY_POSITIVE MATCH_CLASS MATCH_KEYS SET_ADD
PREP_RERAISE_STAR MATCH_MAPPING UNPACK_EX END_ASYNC_FOR GET_ANEXT GET_AITER CHECK_EG_MATCH
UNARY_INVERT IMPORT_STAR GET_YIELD_FROM_ITER MATCH_SEQUENCE SET_UPDATE ASYNC_GEN_WRAP
BEFORE_ASYNC_WITH GET_LEN DELETE_NAME UNARY_NOT LOAD_CLASSDEREF SETUP_ANNOTATIONS STORE_GLOBAL
DELETE_ATTR DELETE_SUBSCR LIST_TO_TUPLE BUILD_SET UNARY_NEGATIVE DICT_UPDATE DICT_MERGE
LOAD_ASSERTION_ERROR IS_OP GET_AWAITABLE SEND CALL_FUNCTION_EX BUILD_CONST_KEY_MAP DELETE_FAST
LIST_APPEND BUILD_STRING CONTAINS_OP YIELD_VALUE BUILD_SLICE LIST_EXTEND STORE_DEREF
CHECK_EXC_MATCH STORE_SUBSCR FORMAT_VALUE IMPORT_FROM BUILD_MAP UNPACK_SEQUENCE RAISE_VARARGS
IMPORT_NAME FOR_ITER BEFORE_WITH LOAD_BUILD_CLASS MAP_ADD COMPARE_OP STORE_ATTR BINARY_SUBSCR
LOAD_DEREF BUILD_LIST BUILD_TUPLE BINARY_OP LOAD_NAME MAKE_FUNCTION LOAD_ATTR LOAD_METHOD
LOAD_GLOBAL CALL
"""
"""By how often they are in the standard library of 3.11. What only moves operands or jumps is not
here, and neither is what another opcode brings along (RETURN_GENERATOR, WITH_EXCEPT_START…)."""
_RANK = {name: rank for rank, name in enumerate(re.findall(r"\w+", _RAREST_FIRST))}

_MOVABLE = frozenset(
    re.findall(
        r"\w+",
        """
        BINARY_OP COMPARE_OP UNARY_NEGATIVE UNARY_NOT UNARY_INVERT UNARY_POSITIVE BINARY_SUBSCR
        LOAD_ATTR LOAD_METHOD BUILD_LIST BUILD_TUPLE BUILD_SET BUILD_MAP BUILD_CONST_KEY_MAP
        BUILD_STRING BUILD_SLICE STORE_SUBSCR STORE_ATTR DELETE_SUBSCR DELETE_ATTR FORMAT_VALUE
        CONTAINS_OP IS_OP LIST_EXTEND LIST_TO_TUPLE SET_UPDATE DICT_UPDATE DICT_MERGE
        CALL_FUNCTION_EX
        """,
    )
)
"""What could have been left to the interpreter, and was not: it speaks against an instruction that
it stayed, which is nothing against a loop. (Calls and globals stay for what was moved.)"""

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
_LOADS = ("LOAD_GLOBAL", "LOAD_NAME")
_CACHES = frozenset({"inline-caches", "polymorphic-caches"})
_CACHED = ("LOAD_ATTR", "STORE_ATTR", "LOAD_METHOD", "LOAD_GLOBAL", "CALL")
"""Opcodes that have inline caches also where they have no fast path."""
WITH_OPERATORS = ("BINARY_OP", "COMPARE_OP")
_MOST_NAMED = 2
_MOST_ALIKE = 3


def guilty(finding: Finding) -> str:
    """Return the name of the guilty instruction; empty if there is no blame or it named none."""
    blame = finding.blame
    if blame is None or not (blame.opcodes or blame.functions):
        return ""
    left = _by_opcode(blame.instructions)
    seen = left or {
        name: {*which}
        for name, which in operators_in(finding.program.source, blame.functions).items()
    }
    if blame.alike:
        return _common(blame)
    if blame.opcodes:
        known = {**seen, **_by_opcode(blame.operators)}
        name = min(blame.opcodes, key=lambda name: (_RANK.get(name, -1), name))
        return _named(name, _kinds(name, blame) or known.get(name, ()))
    caching = _CACHES.intersection((*blame.parts, finding.hint))
    cached = [name for name in _CACHED if name in seen]
    movable = [name for name in left if could_move(name)]
    possible = (cached if caching else movable) or [name for name in seen if name in _RANK]
    rarest = min(possible, key=_RANK.__getitem__, default="")
    return _named(rarest, seen[rarest]) if rarest else ""


def _common(blame: Blame) -> str:
    """Name what several operators do wrong: they, if they are few, and for which operands."""
    named = blame.operators or [each for each in blame.instructions if "." in each]
    own = {each.partition(".")[2] for each in named}
    every = sorted({*blame.alike, *own})
    kinds = {each.rpartition("-")[2] for each in blame.kinds if "-" in each}
    name = ".".join(("operators", *every)) if len(every) <= _MOST_ALIKE else "operators"
    return "-".join((name, *sorted(kinds))) if len(kinds) <= _MOST_NAMED else name


def is_telling(instruction: str) -> bool:
    """Say whether an instruction (``BINARY_OP.add``) does more than to move operands or to jump."""
    return instruction.partition(".")[0] in _RANK


def could_move(instruction: str) -> bool:
    """Say whether the interpreter could have been left to do an instruction (``BINARY_OP.add``)."""
    return instruction.partition(".")[0] in _MOVABLE


def _kinds(opcode: str, blame: Blame) -> list[str]:
    """Return what that opcode was compiled for; nothing if that is too much to name."""
    found = [each.partition(".")[2] for each in blame.kinds if each.startswith(f"{opcode}.")]
    return found if len(found) <= _MOST_NAMED else []


def _by_opcode(names: Collection[str]) -> dict[str, set[str]]:
    """Return the operators in ``BINARY_OP.add`` and its like, by opcode."""
    found: dict[str, set[str]] = {}
    for each in names:
        opcode, *operators = each.split(".")
        found.setdefault(opcode, set()).update(operators)
    return found


def _named(opcode: str, operators: Collection[str]) -> str:
    if not 0 < len(operators) <= _MOST_NAMED:
        return opcode
    return ".".join((opcode, *sorted(operators)))


def arguments_in(source: str, functions: tuple[str, ...], opcode: str) -> set[int]:
    """Return with which arguments an opcode is in functions of a program."""
    return {each.arg or 0 for each in _instructions(source, functions) if each.opname == opcode}


@functools.lru_cache(64)
def operators_in(
    source: str, functions: tuple[str, ...] = (), *, without: str = " "
) -> dict[str, dict[str, set[int]]]:
    """Return the opcodes in functions of a program, with the operators that they stand for.

    Each operator comes with the arguments of the opcode that mean it, which for ``+`` and ``+=``
    are two. No ``functions``: all of them. Loads of names that begin with ``without`` are left out.
    """
    found: dict[str, dict[str, set[int]]] = {}
    for each in _instructions(source, functions):
        if each.opname in _LOADS and str(each.argval).startswith(without):
            continue
        operators = found.setdefault(each.opname, {})
        if each.opname in WITH_OPERATORS:
            text = each.argrepr
            name = _OPERATORS.get(text) or _OPERATORS[text.removesuffix("=")]  # in place
            operators.setdefault(name, set()).add(each.arg or 0)
    return found


def _instructions(source: str, functions: tuple[str, ...]) -> Iterator[dis.Instruction]:
    if sys.version_info[:2] != (3, 11):  # another Python compiles it to other opcodes
        return
    for code in code_objects(source):
        if not functions or code.co_qualname in functions:
            yield from dis.get_instructions(code)
