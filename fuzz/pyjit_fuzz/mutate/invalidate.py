"""Insert statements that make a JIT drop what it assumed, and change nothing else.

What is bound again is bound to itself, what is added is never read: the results must stay.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from pyjit_fuzz.generate import Choices
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate.base import PRELUDE_NAMES, finish, functions, parse

OF_MODULE: Final = (
    'globals()["pyjit_mark"] = 1',
    'globals().setdefault("len", len)',
    'globals().pop("len", None)',
    'globals().setdefault("range", range)',
    "globals().update(pyjit_other=2.5)",
    "[globals().setdefault('pyjit_%d' % k, k) for k in range(40)]",
)
OF_FUNCTION: Final = (
    "NAME.__code__ = NAME.__code__.replace()",
    "NAME.__defaults__ = NAME.__defaults__",
    "NAME.__kwdefaults__ = NAME.__kwdefaults__",
    "NAME.pyjit_mark = 1",
    'globals()["NAME"] = NAME',
)
OF_CLASS: Final = (
    "NAME.pyjit_mark = 1",
    "NAME.pyjit_mark = None; del NAME.pyjit_mark",
    "NAME.__bases__ = NAME.__bases__",
    'setattr(NAME, "pyjit_method", lambda self: 0)',
    "NAME.__init__ = NAME.__init__",
)


def mutate(program: Program, choices: Choices, corpus: Sequence[Program]) -> Program | None:
    """Insert one to three invalidations at the start of blocks of functions."""
    tree = parse(program)
    if tree is None or not (found := functions(tree)):
        return None
    names = _module_names(tree)
    for _ in range(choices.integer(1, 3)):
        _insert(choices.pick(found), _statement(names, choices))
    return finish(program, tree, "invalidate")


def _module_names(tree: ast.Module) -> list[tuple[str, tuple[str, ...]]]:
    """Return the module's functions and classes with the statements that suit them."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name not in PRELUDE_NAMES:
            found.append((node.name, OF_FUNCTION))
        elif isinstance(node, ast.ClassDef) and not node.decorator_list:
            found.append((node.name, OF_CLASS))
    return found


def _statement(names: list[tuple[str, tuple[str, ...]]], choices: Choices) -> list[ast.stmt]:
    if not names or choices.chance(1, 3):
        return ast.parse(choices.pick(OF_MODULE)).body
    name, templates = choices.pick(names)
    return ast.parse(choices.pick(templates).replace("NAME", name)).body


def _insert(function: ast.FunctionDef, statements: list[ast.stmt]) -> None:
    """Insert after the function's ``global`` and ``nonlocal`` lines and its docstring."""
    at = 0
    for statement in function.body:
        if not isinstance(statement, (ast.Global, ast.Nonlocal)) and not (
            isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        ):
            break
        at += 1
    function.body[at:at] = statements
