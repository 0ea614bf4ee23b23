"""Passes over definitions: remove parameters together with the arguments of calls."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pyjit_fuzz.reduce.editor import Change, Editor, calls, functions, owners


def remove_parameters(editor: Editor) -> None:
    """Remove parameters together with the arguments of all calls by that name."""
    classes = owners(editor.tree)
    for function in functions(editor.tree):
        owner = classes.get(function)
        for position in reversed(range(len(function.args.args))):
            editor.attempt(*_without_parameter(editor.tree, function, owner, position))
        for field in ("vararg", "kwarg"):
            if getattr(function.args, field) is not None:
                editor.attempt((function.args, field, None))
        for position in reversed(range(len(function.args.kwonlyargs))):
            editor.attempt(*_without_keyword_only(editor.tree, function, position))


def shrink_lambdas(editor: Editor) -> None:
    """Remove parameters of lambdas, whose calls cannot be found by name."""
    for node in ast.walk(editor.tree):
        if isinstance(node, ast.Lambda):
            arguments = node.args
            editor.shrink_list(arguments, "defaults")
            editor.shrink_list(arguments, "args")
            for field in ("vararg", "kwarg"):
                if getattr(arguments, field) is not None:
                    editor.attempt((arguments, field, None))


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
    for call in calls(tree, names):
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
    for call in calls(tree, [function.name]):
        keywords = [keyword for keyword in call.keywords if keyword.arg != name]
        if len(keywords) < len(call.keywords):
            changes.append((call, "keywords", keywords))
    return changes


def _drop(items: Sequence[object], position: int) -> list[object]:
    return [*items[:position], *items[position + 1 :]]
