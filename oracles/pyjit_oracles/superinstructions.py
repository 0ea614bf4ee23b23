"""Pairs of instructions that the interpreter, once it is warm, runs as one.

When the second of a pair finds its local variable unbound, the interpreter gives the first one's
position; compiled code gives the right one (docs/contract.md).
"""

from __future__ import annotations

import dis
import itertools
import sys

import msgspec

from pyjit_fuzz.model import ExceptionInfo, Program, TraceEntry, code_objects

_FIRST = frozenset({"LOAD_FAST", "LOAD_CONST", "STORE_FAST"})


def placed(
    program: Program, expected: ExceptionInfo | None, found: ExceptionInfo | None
) -> ExceptionInfo | None:
    """Return ``found`` with the position that ``expected`` has, where a pair explains it."""
    if expected is None or found is None:
        return found
    if expected.type == found.type == "UnboundLocalError" and expected.trace and found.trace:
        before, after = expected.trace[-1], found.trace[-1]
        if before != after and _is_pair(program.source, before, after):
            found = msgspec.structs.replace(found, trace=(*found.trace[:-1], before))
    return msgspec.structs.replace(
        found,
        context=placed(program, expected.context, found.context),
        cause=placed(program, expected.cause, found.cause),
    )


def _is_pair(source: str, first: TraceEntry, second: TraceEntry) -> bool:
    """Say whether these are two neighbours in a function, the second of which loads a local."""
    if first.function != second.function or sys.version_info[:2] != (3, 11):
        return False
    return any(
        each.opname in _FIRST
        and following.opname == "LOAD_FAST"
        and (_place(each), _place(following)) == (_entry(first), _entry(second))
        for code in code_objects(source)
        if code.co_qualname == first.function
        for each, following in itertools.pairwise(dis.get_instructions(code))
    )


def _place(instruction: dis.Instruction) -> tuple[int | None, ...]:
    where = instruction.positions or dis.Positions()
    return where.lineno, where.col_offset, where.end_lineno, where.end_col_offset


def _entry(entry: TraceEntry) -> tuple[int | None, ...]:
    return entry.line, entry.column, entry.end_line, entry.end_column
