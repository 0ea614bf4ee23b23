"""Passes that put values and bodies where they are used, so that layers of a program go.

They copy what they insert; whether the result still means the same is for the
predicate to say.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import TypeAlias

from pyjit_fuzz.reduce.editor import (
    Change,
    Editor,
    blocks,
    calls,
    fill,
    functions,
    owners,
    places,
)

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def inline_temporaries(editor: Editor) -> None:
    """Put an assigned value where its name is read, if it is read once in its scope."""
    for scope in [editor.tree, *functions(editor.tree)]:
        for owner, field in blocks(scope):
            for statement in list(getattr(owner, field)):
                match statement:
                    case ast.Assign(targets=[ast.Name() as target]):
                        _inline_temporary(editor, scope, owner, field, statement, target)


def inline_functions(editor: Editor) -> None:
    """Put a function's body, or the value that it returns, where it is called."""
    classes = owners(editor.tree)
    for function in functions(editor.tree):
        _inline_body(editor, function, classes.get(function))
        _inline_value(editor, function, classes.get(function))


def _inline_temporary(
    editor: Editor,
    scope: ast.AST,
    owner: ast.AST,
    field: str,
    statement: ast.Assign,
    target: ast.Name,
) -> None:
    uses = list(_uses(scope, target.id))
    loads = [use for use in uses if isinstance(use.ctx, ast.Load)]
    if len(loads) != 1 or len(uses) != 2:
        return
    rest = [item for item in getattr(owner, field) if item is not statement]
    for node, name, index in list(places(scope, loads[0])):
        value = _put(node, name, index, statement.value)
        editor.attempt((node, name, value), (owner, field, fill(owner, field, rest)))


def _uses(scope: ast.AST, name: str) -> Iterator[ast.Name]:
    """Yield the uses of a variable of a scope; inner functions may have one of that name."""
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, ast.Name) and node.id == name:
            yield node
        own = isinstance(node, _FUNCTIONS) and any(
            (isinstance(inner, ast.Name) and inner.id == name and isinstance(inner.ctx, ast.Store))
            or (isinstance(inner, ast.arg) and inner.arg == name)
            for inner in ast.walk(node)
        )
        if not own:
            yield from _uses(node, name)


def _inline_body(editor: Editor, function: _Function, owner: ast.ClassDef | None) -> None:
    """Replace every ``x = f(a)`` by the body of ``f``, and remove ``f``."""
    wanted = {id(call): call for call in calls(editor.tree, [function.name])}
    if not wanted:
        return
    changes: list[Change] = []
    for block, field in blocks(editor.tree):
        items: list[ast.stmt] = []
        for statement in getattr(block, field):
            call = wanted.get(id(getattr(statement, "value", None)))
            values = None if call is None else _arguments(function, owner, call)
            if values is not None:
                del wanted[id(call)]
                items += _body(function, values, statement)
            elif statement is not function:
                items.append(statement)
        changes.append((block, field, fill(block, field, items)))
    if not wanted:
        editor.attempt(*changes)


def _inline_value(editor: Editor, function: _Function, owner: ast.ClassDef | None) -> None:
    """Replace calls of ``def f(a): return E`` by ``E`` with the arguments put in."""
    match function.body:
        case [ast.Return(value=ast.expr() as result)]:
            pass
        case _:
            return
    for call in list(calls(editor.tree, [function.name])):
        values = _arguments(function, owner, call)
        if values is not None:
            inlined = _Substitution(values).visit(copy.deepcopy(result))
            for node, field, index in list(places(editor.tree, call)):
                editor.attempt((node, field, _put(node, field, index, inlined)))


def _arguments(
    function: _Function, owner: ast.ClassDef | None, call: ast.Call
) -> dict[str, ast.expr] | None:
    """Return the values of a function's parameters in a call, if they are plain."""
    names = [parameter.arg for parameter in function.args.args]
    values = list(call.args)
    if owner is not None and isinstance(call.func, ast.Attribute):
        values.insert(0, call.func.value)
    if call.keywords or len(values) != len(names):
        return None
    return dict(zip(names, values, strict=True))


def _body(function: _Function, values: dict[str, ast.expr], statement: ast.stmt) -> list[ast.stmt]:
    substitution = _Substitution(values)
    body = [
        substitution.visit(copy.deepcopy(item))
        for item in function.body
        if not isinstance(item, (ast.Global, ast.Nonlocal))
    ]
    if body and isinstance(body[-1], ast.Return):
        last = copy.copy(statement)
        last.value = body[-1].value or ast.Constant(None)  # type: ignore[attr-defined]
        body[-1] = last
    return body


class _Substitution(ast.NodeTransformer):
    """Replaces names that are read by expressions."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and node.id in self._values:
            return copy.deepcopy(self._values[node.id])
        return node


def _put(node: ast.AST, field: str, index: int | None, value: ast.expr) -> object:
    """Return a field's new value with ``value`` in one place of it."""
    if index is None:
        return value
    items = list(getattr(node, field))
    items[index] = value
    return items
