"""Passes over expressions: replace them by parts of themselves or by constants."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from types import EllipsisType
from typing import TypeAlias

from pyjit_fuzz.reduce.editor import Editor

Candidates: TypeAlias = Callable[[ast.AST], Iterator[ast.expr]]
"""Lists what could stand in an expression's place, best first."""

_Constant: TypeAlias = str | bytes | bool | int | float | complex | EllipsisType | None

_SIMPLE: tuple[_Constant, ...] = (0, 1, None, "", 1.0)
"""Constants worth trying in the place of any expression."""
_LISTS: tuple[tuple[tuple[type[ast.AST], ...], str], ...] = (
    ((ast.List, ast.Tuple, ast.Set), "elts"),
    ((ast.Call,), "args"),
    ((ast.JoinedStr, ast.BoolOp), "values"),
    ((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), "generators"),
    ((ast.comprehension,), "ifs"),
)
_PAIRED_LISTS: tuple[tuple[type[ast.AST], str, str], ...] = (
    (ast.Dict, "keys", "values"),
    (ast.Compare, "ops", "comparators"),
)
_PARTS_OF_TEXT = (ast.FormattedValue, ast.JoinedStr)
"""May stand only where they stand."""


def simplify_expressions(editor: Editor) -> None:
    """Put a constant or an operand in the place of each expression, outermost first."""
    _visit(editor, editor.tree, _simpler)


def shrink_constants(editor: Editor) -> None:
    """Make numbers (loop counts among them) and texts smaller."""
    _visit(editor, editor.tree, _smaller_constants)


def shrink_displays(editor: Editor) -> None:
    """Remove items of lists, tuples, sets, dicts, calls, comparisons and f-strings."""
    for node in ast.walk(editor.tree):
        for kinds, field in _LISTS:
            if isinstance(node, kinds):
                editor.shrink_list(node, field)
        for kind, first, second in _PAIRED_LISTS:
            if isinstance(node, kind):
                _shrink_pairs(editor, node, first, second)
        if isinstance(node, ast.Slice):
            for field in ("lower", "upper", "step"):
                editor.attempt((node, field, None))
        elif isinstance(node, ast.FormattedValue):
            editor.attempt((node, "format_spec", None), (node, "conversion", -1))


def _shrink_pairs(editor: Editor, node: ast.AST, first: str, second: str) -> None:
    position = len(getattr(node, first)) - 1
    while position >= 0:
        keys, values = getattr(node, first), getattr(node, second)
        editor.attempt(
            (node, first, keys[:position] + keys[position + 1 :]),
            (node, second, values[:position] + values[position + 1 :]),
        )
        position -= 1


def _visit(editor: Editor, node: ast.AST, candidates: Candidates) -> None:
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            for index in range(len(value)):
                _improve(editor, node, field, index, candidates)
        elif isinstance(value, ast.AST):
            _improve(editor, node, field, None, candidates)


def _improve(
    editor: Editor, node: ast.AST, field: str, index: int | None, candidates: Candidates
) -> None:
    value = _current(node, field, index)
    if isinstance(value, ast.expr) and _replaceable(value):
        while any(
            editor.attempt((node, field, _with(node, field, index, candidate)))
            for candidate in candidates(_current(node, field, index))
        ):
            pass
    if isinstance(value, ast.AST):
        _visit(editor, _current(node, field, index), candidates)


def _current(node: ast.AST, field: str, index: int | None) -> ast.AST:
    value = getattr(node, field)
    found: ast.AST = value if index is None else value[index]
    return found


def _with(node: ast.AST, field: str, index: int | None, value: ast.expr) -> object:
    if index is None:
        return value
    items = list(getattr(node, field))
    items[index] = value
    return items


def _replaceable(value: ast.expr) -> bool:
    context = getattr(value, "ctx", None)
    return not isinstance(value, _PARTS_OF_TEXT) and not isinstance(context, (ast.Store, ast.Del))


def _simpler(value: ast.AST) -> Iterator[ast.expr]:
    if not isinstance(value, ast.Constant):
        for constant in _SIMPLE:
            yield ast.Constant(constant)
    if isinstance(value, ast.IfExp):
        yield value.body
        yield value.orelse
    for child in ast.iter_child_nodes(value):
        if isinstance(child, ast.keyword):
            yield child.value
        elif isinstance(child, ast.comprehension):
            yield child.iter
        elif isinstance(child, ast.FormattedValue):
            yield child.value
        elif isinstance(child, ast.expr) and _replaceable(child):
            yield child


def _smaller_constants(value: ast.AST) -> Iterator[ast.expr]:
    if isinstance(value, ast.Constant):
        for constant in _smaller(value.value):
            yield ast.Constant(constant)


def _smaller(value: _Constant) -> Iterator[_Constant]:
    match value:
        case bool() | None:
            return
        case int():
            yield from (n for n in (0, 1, 2, value // 16, value // 2, value - 1) if n < value)
        case float():
            yield from (x for x in (0.0, 1.0) if x != value)
            if value == value and abs(value) < 1e15:  # noqa: PLR0124 - not a number
                yield float(int(value))
        case str() | bytes():
            yield value[:0]
            yield value[:1]
            yield value[: len(value) // 2]
