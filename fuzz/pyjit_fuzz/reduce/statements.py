"""Passes over statements: remove them, unwrap what holds others, drop clauses."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from pyjit_fuzz.reduce.editor import Editor, blocks


def remove_statements(editor: Editor) -> None:
    """Remove statements, functions, classes and handlers, outermost blocks first."""
    for node, field in blocks(editor.tree):
        editor.shrink_list(node, field)


def unwrap_blocks(editor: Editor) -> None:
    """Replace an ``if``, a loop, a ``try`` or a ``with`` by what it holds."""
    for node, field in blocks(editor.tree):
        position = 0
        while position < len(getattr(node, field)):
            items = getattr(node, field)
            for content in contents(items[position]):
                if editor.attempt(
                    (node, field, items[:position] + content + items[position + 1 :])
                ):
                    break
            else:
                position += 1


def contents(statement: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield what could stand in a compound statement's place, simplest first."""
    match statement:
        case ast.If():
            yield statement.body
            if statement.orelse:
                yield statement.orelse
        case ast.While():
            yield _without_jumps(statement.body)
        case ast.For() | ast.AsyncFor():
            body = _without_jumps(statement.body)
            yield body
            yield [ast.Assign(targets=[statement.target], value=ast.Constant(0)), *body]
        case ast.With() | ast.AsyncWith():
            yield statement.body
            yield [*_bound_items(statement.items), *statement.body]
        case ast.Try() | ast.TryStar():
            yield statement.body
            yield [*statement.body, *statement.orelse, *statement.finalbody]
            for handler in statement.handlers:
                yield handler.body
        case ast.Match():
            for case in statement.cases:
                yield case.body


def drop_clauses(editor: Editor) -> None:
    """Drop what a statement can do without: decorators, bases, annotations, messages."""
    for node in ast.walk(editor.tree):
        for field in ("decorator_list", "bases", "keywords", "items", "names", "targets"):
            if len(getattr(node, field, ())) > 0:
                editor.shrink_list(node, field)
        for field in ("returns", "annotation", "cause", "msg", "type_comment", "guard"):
            if getattr(node, field, None) is not None:
                editor.attempt((node, field, None))
        if isinstance(node, (ast.AnnAssign, ast.AugAssign)) and node.value is not None:
            _plain_assignment(editor, node, node.value)
        if isinstance(node, ast.ExceptHandler):
            editor.attempt((node, "name", None))
            editor.attempt((node, "name", None), (node, "type", None))
        if isinstance(node, ast.Return) and node.value is not None:
            editor.attempt((node, "value", None))


def _plain_assignment(editor: Editor, node: ast.AnnAssign | ast.AugAssign, value: ast.expr) -> None:
    plain = ast.Assign(targets=[node.target], value=value)
    for owner, field in blocks(editor.tree):
        items = getattr(owner, field)
        if any(item is node for item in items):
            editor.attempt((owner, field, [plain if item is node else item for item in items]))
            return


class _JumpRemover(ast.NodeTransformer):
    """Drops ``break`` and ``continue`` that belong to the loop being unwrapped."""

    def visit_Break(self, node: ast.Break) -> ast.Pass:  # noqa: ARG002 - ast's names
        return ast.Pass()

    def visit_Continue(self, node: ast.Continue) -> ast.Pass:  # noqa: ARG002
        return ast.Pass()

    def visit_For(self, node: ast.For) -> ast.For:
        return node

    def visit_While(self, node: ast.While) -> ast.While:
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return node


def _without_jumps(body: list[ast.stmt]) -> list[ast.stmt]:
    remover = _JumpRemover()
    # Copied, because a refused attempt must leave the loop as it was.
    return [remover.visit(copy.deepcopy(statement)) for statement in body]


def _bound_items(items: list[ast.withitem]) -> list[ast.stmt]:
    return [
        ast.Assign(targets=[item.optional_vars], value=item.context_expr)
        for item in items
        if item.optional_vars is not None
    ]
