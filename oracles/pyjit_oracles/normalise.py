"""All masking of what may differ between two runs of one program, and nothing else.

Contract: the worker has already numbered objects and sorted sets; what is left
are addresses inside of text, as the default ``repr`` writes them
(``<A object at 0x7f…>``). Each address is replaced by its number in order of
first appearance, so that two different addresses stay different and one
address stays itself. Numbers that merely look like an address are left alone.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from pyjit_fuzz.model import ExceptionInfo

_ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]{6,16}(?=[>,;\s)\]]|$)")
_TEXT_ATOMS = ("str:", "bytes:")


class _Mask:
    """Numbers addresses in order of first appearance within one field."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def text(self, text: str) -> str:
        """Replace each address in ``text``."""
        if " at 0x" not in text:
            return text
        return _ADDRESS.sub(self._number, text)

    def _number(self, match: re.Match[str]) -> str:
        return f"0x#{self._numbers.setdefault(match[0], len(self._numbers))}"

    def tree(self, node: Any) -> Any:
        """Replace addresses in the text atoms of a canonical tree."""
        if isinstance(node, str):
            return self.text(node) if node.startswith(_TEXT_ATOMS) else node
        if isinstance(node, list):
            return [self.tree(part) for part in node]
        return node

    def exception(self, info: ExceptionInfo | None) -> ExceptionInfo | None:
        """Replace addresses in the arguments of an exception and of its chain."""
        if info is None:
            return None
        return msgspec.structs.replace(
            info,
            args=self.tree(info.args),
            context=self.exception(info.context),
            cause=self.exception(info.cause),
        )


def text(value: str) -> str:
    """Return a text with its addresses numbered."""
    return _Mask().text(value)


def tree(node: Any) -> Any:
    """Return a canonical tree with the addresses in its texts numbered."""
    return _Mask().tree(node)


def exception(info: ExceptionInfo | None) -> ExceptionInfo | None:
    """Return an exception chain with the addresses in its arguments numbered."""
    return _Mask().exception(info)
