"""Puts another operator in the place of one, in chosen functions."""

from __future__ import annotations

import ast
import dis
from collections.abc import Collection
from typing import TypeAlias

from pyjit_fuzz.model import code_objects
from pyjit_fuzz.triage import WITH_OPERATORS

OPERATORS: dict[str, type[ast.operator | ast.cmpop]] = {
    "add": ast.Add,
    "sub": ast.Sub,
    "mul": ast.Mult,
    "truediv": ast.Div,
    "floordiv": ast.FloorDiv,
    "mod": ast.Mod,
    "rshift": ast.RShift,
    "and": ast.BitAnd,
    "or": ast.BitOr,
    "xor": ast.BitXor,
    "lt": ast.Lt,
    "le": ast.LtE,
    "eq": ast.Eq,
    "ne": ast.NotEq,
    "gt": ast.Gt,
    "ge": ast.GtE,
}
"""What may be put in; ``<<``, ``**`` and ``@`` make numbers that nobody wants to wait for."""

_Place: TypeAlias = tuple[int | None, int | None, int | None, int | None]


def exchange(source: str, functions: Collection[str], old: str, new: str) -> str:
    """Return the program with the operator ``new`` for ``old`` (``add``, ``lt``) in functions.

    They are given by qualified name. It is the same text if there is nothing to exchange.
    """
    places = {
        _place(each.positions)
        for code in code_objects(source)
        if code.co_qualname in functions
        for each in dis.get_instructions(code)
        if each.opname in WITH_OPERATORS and each.positions is not None
    }
    tree = ast.parse(source)
    exchanger = _Exchanger(places, OPERATORS[old], OPERATORS[new]())
    changed = ast.unparse(ast.fix_missing_locations(exchanger.visit(tree))) + "\n"
    return changed if exchanger.done else source


def _place(at: ast.AST | dis.Positions) -> _Place:
    return (
        getattr(at, "lineno", None),
        getattr(at, "end_lineno", None),
        getattr(at, "col_offset", None),
        getattr(at, "end_col_offset", None),
    )


class _Exchanger(ast.NodeTransformer):
    def __init__(
        self,
        places: Collection[_Place],
        old: type[ast.operator | ast.cmpop],
        new: ast.operator | ast.cmpop,
    ) -> None:
        self._places = places
        self._old = old
        self._new = new
        self.done = 0

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if self._is_meant(node, node.op):
            return self._operation(self.visit(node.left), self.visit(node.right))
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        if len(node.ops) == 1 and self._is_meant(node, node.ops[0]):
            return self._operation(self.visit(node.left), self.visit(node.comparators[0]))
        return self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if isinstance(node.target, ast.Name) and self._is_meant(node, node.op):
            read = ast.Name(node.target.id, ast.Load())
            return ast.Assign([node.target], self._operation(read, self.visit(node.value)))
        return self.generic_visit(node)

    def _is_meant(self, node: ast.AST, operator: ast.AST) -> bool:
        return isinstance(operator, self._old) and _place(node) in self._places

    def _operation(self, left: ast.expr, right: ast.expr) -> ast.expr:
        self.done += 1
        if isinstance(self._new, ast.cmpop):
            return ast.Compare(left, [self._new], [right])
        return ast.BinOp(left, self._new, right)
