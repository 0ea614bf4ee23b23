"""Replace operators: the same operands take another way through the JIT.

Only by such as cost no more time or memory: nothing becomes a power, a product or a shift to the
left, and what ends a loop stays.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from pyjit_fuzz.generate import Choices
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate.base import ends_loops, finish, functions, nodes, parse

ARITHMETIC: Final = (
    ast.Add,
    ast.Sub,
    ast.BitAnd,
    ast.BitOr,
    ast.BitXor,
    ast.FloorDiv,
    ast.Mod,
    ast.Div,
    ast.RShift,
)
COMPARISONS: Final = (ast.Lt, ast.LtE, ast.Eq, ast.NotEq, ast.Gt, ast.GtE, ast.Is, ast.IsNot)
UNARY: Final = (ast.USub, ast.UAdd, ast.Invert, ast.Not)
_OPERATION = ast.BinOp | ast.AugAssign | ast.Compare | ast.UnaryOp


def mutate(program: Program, choices: Choices, corpus: Sequence[Program]) -> Program | None:
    """Replace one to three operators."""
    tree = parse(program)
    if tree is None:
        return None
    bounds = ends_loops(tree)
    places = [
        node
        for function in functions(tree)
        for node in nodes(function)
        if isinstance(node, _OPERATION) and id(node) not in bounds and not _on_text(node)
    ]
    if not places:
        return None
    for _ in range(choices.integer(1, 3)):
        _replace(choices.pick(places), choices)
    return finish(program, tree, "operators")


def _replace(node: _OPERATION, choices: Choices) -> None:
    match node:
        case ast.Compare():
            node.ops[choices.draw(len(node.ops))] = choices.pick(COMPARISONS)()
        case ast.UnaryOp():
            node.op = choices.pick(UNARY)()
        case _:
            node.op = choices.pick(ARITHMETIC)()


def _on_text(node: _OPERATION) -> bool:
    """Tell whether it formats or repeats a literal text, which nothing else does."""
    if not isinstance(node, ast.BinOp):
        return False
    return isinstance(node.left, ast.JoinedStr) or (
        isinstance(node.left, ast.Constant) and isinstance(node.left.value, (str, bytes))
    )
