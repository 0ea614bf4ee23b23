"""Replace constants by values at the borders of the representations.

Only where a large number costs no time or memory: operands of ``+ - & | ^``, of comparisons
outside loop conditions, and elements of displays; not trip counts, shifts or repetitions.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from pyjit_fuzz.generate import Choices
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate.base import ends_loops, expressions, finish, functions, parse, replace

BORDERS: Final = (
    0,
    1,
    -1,
    256,
    -6,
    1 << 30,
    (1 << 30) - 1,
    -(1 << 30),
    1 << 60,
    (1 << 63) - 1,
    -(1 << 63),
    1 << 64,
    1 << 100,
    True,
    2.5,
    -0.0,
    1e300,
    5e-324,
)
HARMLESS: Final = (ast.Add, ast.Sub, ast.BitAnd, ast.BitOr, ast.BitXor)


def mutate(program: Program, choices: Choices, corpus: Sequence[Program]) -> Program | None:
    """Replace one to three constants."""
    tree = parse(program)
    if tree is None:
        return None
    bounds = ends_loops(tree)
    places = [
        (parent, field, index, node)
        for function in functions(tree)
        for parent, field, index, node in expressions(function)
        if isinstance(node, ast.Constant)
        and _is_number(node.value)
        and id(parent) not in bounds
        and _harmless(parent)
    ]
    if not places:
        return None
    for _ in range(choices.integer(1, 3)):
        replace(choices.pick(places), ast.Constant(choices.pick(BORDERS)))
    return finish(program, tree, "constants")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _harmless(parent: ast.AST) -> bool:
    if isinstance(parent, ast.BinOp):
        return isinstance(parent.op, HARMLESS)
    if isinstance(parent, ast.Compare):
        # ``len(xs) < 12`` is what keeps a list from growing for ever.
        return not isinstance(parent.left, ast.Call)
    return isinstance(parent, (ast.List, ast.Tuple))
