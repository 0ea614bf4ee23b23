"""Permute the positional arguments of a call: other types reach the callee's sites."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from pyjit_fuzz.generate import Choices
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate.base import finish, functions, nodes, parse

COUNTED: Final = frozenset({"range", "pow", "isinstance", "issubclass", "setattr", "grow1"})
"""Callees for which another order says nothing or makes a loop endless."""


def mutate(program: Program, choices: Choices, corpus: Sequence[Program]) -> Program | None:
    """Rotate the arguments of one call, or swap two of them."""
    tree = parse(program)
    if tree is None:
        return None
    calls = [
        node
        for function in functions(tree)
        for node in nodes(function)
        if isinstance(node, ast.Call) and _has_order(node)
    ]
    if not calls:
        return None
    call = choices.pick(calls)
    first = choices.draw(len(call.args) - 1)
    second = first + 1 + choices.draw(len(call.args) - first - 1)
    call.args[first], call.args[second] = call.args[second], call.args[first]
    return finish(program, tree, "arguments")


def _has_order(call: ast.Call) -> bool:
    if len(call.args) < 2 or any(isinstance(arg, ast.Starred) for arg in call.args):
        return False
    return not (isinstance(call.func, ast.Name) and call.func.id in COUNTED)
