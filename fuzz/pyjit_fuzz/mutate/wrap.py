"""Wrap an expression in a call, a display or a comprehension, or a statement in a loop.

The value stays the same; the stack, the temporaries and the frames around it do not.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from typing import Final

from pyjit_fuzz.generate import Choices
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate.base import expressions, finish, functions, nodes, parse, replace

WRAPPERS: Final = (
    "(HOLE,)[0]",
    "[HOLE][0]",
    "(lambda v: v)(HOLE)",
    "(HOLE if True else None)",
    "next(iter([HOLE]))",
    "{0: HOLE}[0]",
    "[v for v in [HOLE]][0]",
    "(lambda *vs, **ws: vs[0])(HOLE, k=1)",
    "[HOLE].pop()",
)
LOOPS: Final = (
    "for _ in range(2):\n    HOLE",
    "for _ in range(30):\n    HOLE",
    "while True:\n    HOLE\n    break",
    "try:\n    HOLE\nfinally:\n    pass",
    "if LOG is not None:\n    HOLE",
)


class _Fill(ast.NodeTransformer):
    """Puts a node where a template says HOLE."""

    def __init__(self, node: ast.expr | ast.stmt) -> None:
        self.node = node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.node if node.id == "HOLE" and isinstance(self.node, ast.expr) else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        hole = isinstance(node.value, ast.Name) and node.value.id == "HOLE"
        if hole and isinstance(self.node, ast.stmt):
            return self.node
        self.generic_visit(node)
        return node


def mutate(program: Program, choices: Choices, corpus: Sequence[Program]) -> Program | None:
    """Wrap one expression or one simple statement."""
    tree = parse(program)
    if tree is None:
        return None
    found = functions(tree)
    if not found:
        return None
    function = choices.pick(found)
    changed = (
        _wrap_statement(function, choices)
        if choices.chance(1, 4)
        else _wrap_expression(function, choices)
    )
    return finish(program, tree, "wrap") if changed else None


def _wrap_expression(function: ast.FunctionDef, choices: Choices) -> bool:
    places = [place for statement in function.body for place in expressions(statement)]
    if not places:
        return False
    place = choices.pick(places)
    template = ast.parse(choices.pick(WRAPPERS), mode="eval").body
    filled = _Fill(copy.deepcopy(place[3])).visit(template)
    replace(place, filled)
    return True


def _wrap_statement(function: ast.FunctionDef, choices: Choices) -> bool:
    blocks = [
        block
        for node in nodes(function)
        for field in ("body", "orelse", "finalbody")
        if isinstance(block := getattr(node, field, None), list) and block
    ]
    simple = [
        (block, index)
        for block in blocks
        for index, statement in enumerate(block)
        if isinstance(statement, (ast.Assign, ast.Expr, ast.AugAssign))
        and not isinstance(statement.value, (ast.Yield, ast.YieldFrom))
    ]
    if not simple:
        return False
    block, index = choices.pick(simple)
    template = ast.parse(choices.pick(LOOPS)).body[0]
    block[index] = _Fill(block[index]).visit(template)
    return True
