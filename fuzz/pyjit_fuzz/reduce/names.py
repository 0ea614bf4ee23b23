"""The pass that gives names of one letter, so that a person can read what is left."""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Iterable, Iterator

from pyjit_fuzz.reduce.editor import Change, Editor

_KEPT = frozenset({"RESULT", "LOG"}) | frozenset(dir(builtins)) | frozenset(keyword.kwlist)
_NAME_FIELDS = ("id", "arg", "name", "attr", "asname")
"""Fields of tree nodes that hold one name."""
_LETTERS = {
    "function": "fghpqrst",
    "class": "ABCDEFGH",
    "value": "abcdeijkmnuvwxyz",
}


def shorten_names(editor: Editor) -> None:
    """Rename everything at once; where that is refused, one name after another."""
    names = dict(_short_names(editor.tree))
    if names and not editor.attempt(*_renamed(editor.tree, names)):
        for old, new in names.items():
            editor.attempt(*_renamed(editor.tree, {old: new}))


def _short_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    taken = set(_all_names(tree)) | _KEPT
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    seen: set[str] = set()
    for name, kind in _defined(tree):
        if name in seen or name in _KEPT or name in imported or name.startswith("__"):
            continue
        seen.add(name)
        if len(name) == 1:
            continue
        short = next((c for c in _LETTERS[kind] if c not in taken), None)
        if short is not None:
            taken.add(short)
            yield name, short


def _defined(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name, "function"
            case ast.ClassDef():
                yield node.name, "class"
            case ast.arg():
                yield node.arg, "value"
            case ast.Name(ctx=ast.Store()):
                yield node.id, "value"
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, "value"
            case ast.ExceptHandler(name=str() as name):
                yield name, "value"


def _all_names(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        for field in _NAME_FIELDS:
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield value


def _renamed(tree: ast.AST, names: dict[str, str]) -> list[Change]:
    changes: list[Change] = []
    for node in ast.walk(tree):
        for field in _NAME_FIELDS:
            value = getattr(node, field, None)
            if isinstance(value, str) and value in names:
                changes.append((node, field, names[value]))
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            changes.append((node, "names", [names.get(name, name) for name in node.names]))
        # Texts that name an attribute: ``__slots__``, ``getattr``, ``setattr``.
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names:
            changes.append((node, "value", names[node.value]))
    return changes
