"""A live syntax tree whose edits are applied, tried at the gate, and undone if refused.

Contract: between two attempts the tree is exactly the best program. A pass may
walk the tree while it edits, as long as it looks at a node's fields again
after an attempt that was accepted.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import msgspec

from pyjit_fuzz.model import Program
from pyjit_fuzz.reduce.gate import Gate

Change: TypeAlias = tuple[ast.AST, str, Any]
"""A node, the name of one of its fields, and the field's new value."""
TreePass: TypeAlias = Callable[["Editor"], None]

BLOCK_FIELDS = ("body", "orelse", "finalbody", "handlers", "cases")
"""Fields that hold lists of statements, handlers or cases."""
_REQUIRED_BLOCKS = ("body",)


class Editor:
    """The tree of the gate's best program."""

    def __init__(self, gate: Gate) -> None:
        """Parse the best program; raises ``SyntaxError`` if it does not parse."""
        self.gate = gate
        self.tree = ast.parse(gate.best.source)

    def lay_out(self) -> None:
        """Give the best program the layout that edits will have, so that sizes compare."""
        self.gate.reformat(self._program())

    def attempt(self, *changes: Change) -> bool:
        """Apply the changes together; keep them if the gate accepts the result."""
        before = [(node, field, getattr(node, field)) for node, field, _ in changes]
        for node, field, value in changes:
            setattr(node, field, value)
        accepted = False
        try:
            accepted = self._accepted()
        finally:
            if not accepted:
                for node, field, value in reversed(before):
                    setattr(node, field, value)
        return accepted

    def _accepted(self) -> bool:
        try:
            candidate = self._program()
        except (AttributeError, RecursionError, TypeError, ValueError):
            return False  # an impossible tree: not a candidate
        return self.gate.improve(candidate)

    def _program(self) -> Program:
        text = ast.unparse(ast.fix_missing_locations(self.tree)) + "\n"
        return msgspec.structs.replace(self.gate.best, source=text, choices=(), origin="reduced")

    def shrink_list(self, node: ast.AST, field: str) -> None:
        """Remove runs of a list field's items, long ones and late ones first."""
        size = len(getattr(node, field))
        while size >= 1:
            end = len(getattr(node, field))
            while end > 0:
                items = getattr(node, field)
                start = max(0, end - size)
                self.attempt((node, field, fill(node, field, items[:start] + items[end:])))
                end = start
            size //= 2


def fill(node: ast.AST, field: str, items: Sequence[Any]) -> list[Any]:
    """Put ``pass`` where a block may not be empty."""
    if items or field not in _REQUIRED_BLOCKS or isinstance(node, ast.Module):
        return list(items)
    return [ast.Pass()]


def blocks(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield every block below a node, outermost first, as it is when its turn comes."""
    for field in BLOCK_FIELDS:
        value = getattr(node, field, None)
        if isinstance(value, list):
            yield node, field
            for child in list(value):
                # A statement that was removed meanwhile needs no visit.
                if any(child is kept for kept in getattr(node, field)):
                    yield from blocks(child)


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function definition of a tree."""
    return [
        node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]


def owners(tree: ast.AST) -> dict[ast.AST, ast.ClassDef]:
    """Return the class that each method lies in."""
    return {
        item: node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for item in node.body
    }


def calls(tree: ast.AST, names: Sequence[str]) -> Iterator[ast.Call]:
    """Yield the calls of functions and methods by name, whatever it is bound to."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if called in names:
                yield node


def places(tree: ast.AST, wanted: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Yield where a node stands: its parent, the field, and the index in a list field."""
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if value is wanted:
                yield node, field, None
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if item is wanted:
                        yield node, field, index
