"""Two texts side by side: equal lines opposite each other, differences marked in the line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec

Spans: TypeAlias = tuple[tuple[str, bool], ...]
"""Pieces of a line; ``True`` marks those that the other side does not have."""

_SIMILAR = 0.4
"""Lines less alike than this are marked as a whole."""
_CONTEXT = 3


class Row(msgspec.Struct, frozen=True):
    """One line of each side; an empty tuple where a side has none."""

    left: Spans
    right: Spans
    different: bool = False
    elided: int = 0
    """Number of equal lines that this row stands for."""


def compare(left: Sequence[str], right: Sequence[str]) -> list[Row]:
    """Lay two texts side by side."""
    matcher = difflib.SequenceMatcher(a=left, b=right, autojunk=False)
    rows: list[Row] = []
    for tag, left_start, left_end, right_start, right_end in matcher.get_opcodes():
        ours, theirs = left[left_start:left_end], right[right_start:right_end]
        if tag == "equal":
            rows += [Row(((line, False),), ((line, False),)) for line in ours]
            continue
        for number in range(max(len(ours), len(theirs))):
            rows.append(
                _changed(
                    ours[number] if number < len(ours) else None,
                    theirs[number] if number < len(theirs) else None,
                )
            )
    return rows


def elide(rows: Sequence[Row], context: int = _CONTEXT) -> list[Row]:
    """Replace long runs of equal lines by one row that says how many there were."""
    near = {
        index
        for number, row in enumerate(rows)
        if row.different
        for index in range(number - context, number + context + 1)
    }
    result: list[Row] = []
    for number, row in enumerate(rows):
        if number in near:
            result.append(row)
        elif result and result[-1].elided:
            result[-1] = Row((), (), elided=result[-1].elided + 1)
        else:
            result.append(Row((), (), elided=1))
    return result


def _changed(left: str | None, right: str | None) -> Row:
    if left is None or right is None:
        # There is nothing opposite that it could differ from: no marks.
        return Row(_unmarked(left), _unmarked(right), different=True)
    matcher = difflib.SequenceMatcher(a=left, b=right, autojunk=False)
    if matcher.ratio() < _SIMILAR:
        return Row(((left, True),), ((right, True),), different=True)
    blocks = matcher.get_opcodes()
    return Row(
        tuple(_pieces(left, [(tag != "equal", i, j) for tag, i, j, _, _ in blocks])),
        tuple(_pieces(right, [(tag != "equal", i, j) for tag, _, _, i, j in blocks])),
        different=True,
    )


def _pieces(line: str, blocks: Sequence[tuple[bool, int, int]]) -> Iterator[tuple[str, bool]]:
    for different, start, end in blocks:
        if start < end:
            yield line[start:end], different


def _unmarked(line: str | None) -> Spans:
    return () if line is None else ((line, False),)
