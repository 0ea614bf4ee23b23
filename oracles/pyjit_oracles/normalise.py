"""All masking of what may differ between two runs of one program, and nothing else.

Contract: the worker has already numbered objects and sorted sets; what is left
are addresses inside of text, as the default ``repr`` writes them
(``<A object at 0x7f…>``). Each address is replaced by its number in order of
first appearance, so that two different addresses stay different and one
address stays itself; but for those of what dies while it is told ("Exception
ignored in"), whose memory anything may reuse. Numbers that merely look like an
address are left alone.

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
_IGNORED = re.compile(r"^(Exception ignored in: .* at )0x[0-9a-f]{6,16}(?=[>;])", re.MULTILINE)
_TEXT_ATOMS = ("str:", "bytes:")
_TOO_DEEP = "str:maximum recursion depth exceeded"
_COMPARISON = " in comparison"


class _Mask:
    """Numbers addresses in order of first appearance within one field."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def text(self, text: str) -> str:
        """Replace each address in ``text``."""
        if " at 0x" not in text:
            return text
        return _ADDRESS.sub(self._number, _IGNORED.sub(r"\g<1>0x#", text))

    def _number(self, match: re.Match[str]) -> str:
        return f"0x#{self._numbers.setdefault(match[0], len(self._numbers))}"

    def tree(self, node: Any) -> Any:
        """Replace addresses in the text atoms of a canonical tree."""
        if isinstance(node, str):
            return self.text(node) if node.startswith(_TEXT_ATOMS) else node
        if isinstance(node, list):
            return [self.tree(part) for part in node]
        return node

    def exception(
        self, info: ExceptionInfo | None, beside: ExceptionInfo | None
    ) -> ExceptionInfo | None:
        """Replace addresses in the arguments of an exception and of its chain."""
        if info is None:
            return None
        info = _at_the_limit(info, beside)
        return msgspec.structs.replace(
            info,
            args=self.tree(info.args),
            own={name: self.tree(value) for name, value in info.own.items()},
            context=self.exception(info.context, beside.context if beside else None),
            cause=self.exception(info.cause, beside.cause if beside else None),
        )


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
    """Return a text with its addresses numbered."""
    return _Mask().text(value)


def tree(node: Any) -> Any:
    """Return a canonical tree with the addresses in its texts numbered."""
    return _Mask().tree(node)


def exception(
    info: ExceptionInfo | None, beside: ExceptionInfo | None = None
) -> ExceptionInfo | None:
    """Return an exception chain with the addresses in its arguments numbered.

    ``beside`` is what it is compared with.
    """
    return _Mask().exception(info, beside)
