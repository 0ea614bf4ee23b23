"""All masking of what may differ between two runs of one program, and nothing else.

Contract: the worker has already numbered objects and sorted sets; what is left
are addresses inside of text, as the default ``repr`` writes them
(``<A object at 0x7f…>``). They are masked altogether: whether two of them are equal
depends on which memory was free when an object was made, as soon as one of the two
objects is dead. Which living objects are the same shows in the values themselves.
Numbers that merely look like an address are left alone.

Which operation of the innermost frame meets the recursion limit depends on what
the interpreter has specialised by then (docs/contract.md), so that frame's
position and the words behind "maximum recursion depth exceeded" are masked, in a
RecursionError only. Where it is a comparison in both runs, it may be another call of the
frame above that came too deep, so its position is masked as well. How deep the recursion was
is not.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from pyjit_fuzz.model import ExceptionInfo

_ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]{6,16}(?=[>,;\s)\]]|$)")
_TEXT_ATOMS = ("str:", "bytes:")
_TOO_DEEP = "str:maximum recursion depth exceeded"
_COMPARISON = " in comparison"


def _at_the_limit(info: ExceptionInfo, beside: ExceptionInfo | None) -> ExceptionInfo:
    """Mask which operation of the innermost frame, or call of it, met the recursion limit."""
    operation = _too_deep(info)
    if operation is None:
        return info
    masked = 2 if operation == _COMPARISON == _too_deep(beside) else 1
    trace = (
        *info.trace[:-masked],
        *(
            msgspec.structs.replace(each, line=0, column=0, end_line=0, end_column=0)
            for each in info.trace[-masked:]
        ),
    )
    return msgspec.structs.replace(info, args=[*info.args[:-1], [_TOO_DEEP]], trace=trace)


def _too_deep(info: ExceptionInfo | None) -> str | None:
    """Return the interpreter's words on what met the recursion limit; ``None`` if nothing did."""
    if info is None or info.type != "RecursionError":
        return None
    # The canonical form of a tuple ends with the list of its elements.
    parts = info.args[-1] if isinstance(info.args, list) and info.args else None
    if not isinstance(parts, list) or len(parts) != 1 or not isinstance(parts[0], str):
        return None
    return parts[0].removeprefix(_TOO_DEEP) if parts[0].startswith(_TOO_DEEP) else None


def text(value: str) -> str:
    """Return a text with its addresses masked."""
    return _ADDRESS.sub("0x#", value) if " at 0x" in value else value


def tree(node: Any) -> Any:
    """Return a canonical tree with the addresses in its texts masked."""
    if isinstance(node, str):
        return text(node) if node.startswith(_TEXT_ATOMS) else node
    if isinstance(node, list):
        return [tree(part) for part in node]
    return node


def exception(
    info: ExceptionInfo | None, beside: ExceptionInfo | None = None
) -> ExceptionInfo | None:
    """Return an exception chain with the addresses in its arguments masked.

    ``beside`` is what it is compared with.
    """
    if info is None:
        return None
    info = _at_the_limit(info, beside)
    return msgspec.structs.replace(
        info,
        args=tree(info.args),
        own={name: tree(value) for name, value in info.own.items()},
        context=exception(info.context, beside.context if beside else None),
        cause=exception(info.cause, beside.cause if beside else None),
    )
