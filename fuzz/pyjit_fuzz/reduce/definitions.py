"""Passes over definitions: remove parameters, inline temporaries and functions."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from pyjit_fuzz.reduce.editor import Change, Editor, blocks, functions


def remove_parameters(editor: Editor) -> None:
    """Remove parameters together with the arguments of all calls by that name."""
    owners = _owners(editor.tree)
    for function in functions(editor.tree):
        owner = owners.get(function)
        for position in reversed(range(len(function.args.args))):
            editor.attempt(*_without_parameter(editor.tree, function, owner, position))
        for field in ("vararg", "kwarg"):
            if getattr(function.args, field) is not None:
                editor.attempt((function.args, field, None))
        for position in reversed(range(len(function.args.kwonlyargs))):
            editor.attempt(*_without_keyword_only(editor.tree, function, position))


def inline_temporaries(editor: Editor) -> None:
    """Put an assigned value where its name is read, if it is read once."""
    for owner, field in blocks(editor.tree):
        for statement in list(getattr(owner, field)):
            if (
                isinstance(statement, ast.Assign)
                and len(statement.targets) == 1
                and isinstance(statement.targets[0], ast.Name)
            ):
                _inline_temporary(editor, owner, field, statement)


def inline_functions(editor: Editor) -> None:
    """Put a function's body, or the value that it returns, where it is called."""
    for function in functions(editor.tree):
        _inline_body(editor, function)
        _inline_value(editor, function)


def _owners(tree: ast.AST) -> dict[ast.AST, ast.ClassDef]:
    return {
        item: node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for item in node.body
    }


def _calls(tree: ast.AST, names: Sequence[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if called in names:
                yield node


def _without_parameter(
    tree: ast.AST,
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    owner: ast.ClassDef | None,
    position: int,
) -> list[Change]:
    arguments = function.args
    name = arguments.args[position].arg
    changes: list[Change] = [(arguments, "args", _drop(arguments.args, position))]
    first_default = len(arguments.args) - len(arguments.defaults)
    if position >= first_default:
        defaults = _drop(arguments.defaults, position - first_default)
        changes.append((arguments, "defaults", defaults))
    # ``self`` is not among a call's arguments.
    passed = position - (owner is not None)
    names = [function.name]
    if owner is not None and function.name == "__init__":
        names.append(owner.name)
    for call in _calls(tree, names):
        if 0 <= passed < len(call.args):
            changes.append((call, "args", _drop(call.args, passed)))
        keywords = [keyword for keyword in call.keywords if keyword.arg != name]
        if len(keywords) < len(call.keywords):
            changes.append((call, "keywords", keywords))
    return changes


def _without_keyword_only(
    tree: ast.AST, function: ast.FunctionDef | ast.AsyncFunctionDef, position: int
) -> list[Change]:
    arguments = function.args
    name = arguments.kwonlyargs[position].arg
    changes: list[Change] = [
        (arguments, "kwonlyargs", _drop(arguments.kwonlyargs, position)),
        (arguments, "kw_defaults", _drop(arguments.kw_defaults, position)),
    ]
    for call in _calls(tree, [function.name]):
        keywords = [keyword for keyword in call.keywords if keyword.arg != name]
        if len(keywords) < len(call.keywords):
            changes.append((call, "keywords", keywords))
    return changes


def _drop(items: Sequence[object], position: int) -> list[object]:
    return [*items[:position], *items[position + 1 :]]


def _inline_temporary(editor: Editor, owner: ast.AST, field: str, statement: ast.Assign) -> None:
    target = statement.targets[0]
    if not isinstance(target, ast.Name):
        return
    uses = [n for n in ast.walk(editor.tree) if isinstance(n, ast.Name) and n.id == target.id]
    if len(uses) != 2:
        return
    rest = [item for item in getattr(owner, field) if item is not statement]
    use = next(n for n in uses if n is not target)
    for node, name, index in _places(editor.tree, use):
        value: object = statement.value
        if index is not None:
            items = list(getattr(node, name))
            items[index] = value
            value = items
        if (node, name) != (owner, field):
            editor.attempt((node, name, value), (owner, field, rest or [ast.Pass()]))


def _places(tree: ast.AST, wanted: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if value is wanted:
                yield node, field, None
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if item is wanted:
                        yield node, field, index


def _inline_body(editor: Editor, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Replace ``x = f()``, the only call, by the body of ``f``."""
    calls = list(_calls(editor.tree, [function.name]))
    if len(calls) != 1 or calls[0].args or calls[0].keywords:
        return
    body = [item for item in function.body if not isinstance(item, (ast.Global, ast.Nonlocal))]
    for owner, field in blocks(editor.tree):
        items = getattr(owner, field)
        for position, statement in enumerate(items):
            if getattr(statement, "value", None) is not calls[0]:
                continue
            inlined = _with_result(body, statement)
            new = [*items[:position], *inlined, *items[position + 1 :]]
            editor.attempt((owner, field, [item for item in new if item is not function]))
            return


def _with_result(body: list[ast.stmt], statement: ast.stmt) -> list[ast.stmt]:
    if not body or not isinstance(body[-1], ast.Return):
        return body
    last = copy.copy(statement)
    last.value = body[-1].value or ast.Constant(None)  # type: ignore[attr-defined]
    return [*body[:-1], last]


class _Substitution(ast.NodeTransformer):
    """Replaces names that are read by expressions."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and node.id in self._values:
            return copy.deepcopy(self._values[node.id])
        return node


def _inline_value(editor: Editor, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Replace calls of ``def f(a): return E`` by ``E`` with the arguments put in."""
    if len(function.body) != 1 or not isinstance(function.body[0], ast.Return):
        return
    value = function.body[0].value
    names = [parameter.arg for parameter in function.args.args]
    for call in list(_calls(editor.tree, [function.name])):
        if value is None or call.keywords or len(call.args) != len(names):
            continue
        if not isinstance(call.func, ast.Name):
            continue
        inlined = _Substitution(dict(zip(names, call.args, strict=True))).visit(
            copy.deepcopy(value)
        )
        for node, field, index in list(_places(editor.tree, call)):
            if index is None:
                editor.attempt((node, field, inlined))
            else:
                items = list(getattr(node, field))
                items[index] = inlined
                editor.attempt((node, field, items))
