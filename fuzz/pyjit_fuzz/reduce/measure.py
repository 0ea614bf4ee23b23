"""How big a program is: the order in which reduction goes down.

The order is total on source texts and has no infinite descent, so a pass that
accepts only smaller programs ends.
"""

from __future__ import annotations

import ast
import warnings
from typing import TypeAlias

Measure: TypeAlias = tuple[int, int, int, str]
"""Statements, tree nodes, characters, text; smaller is better."""


def measure(source: str) -> Measure | None:
    """Return the size of a module's text, or ``None`` when it does not compile."""
    try:
        with warnings.catch_warnings():
            # A candidate may well be silly (``0()``): that is for the predicate to judge.
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            compile(source, "<candidate>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    statements = nodes = 0
    for node in ast.walk(tree):
        nodes += 1
        statements += isinstance(node, (ast.stmt, ast.ExceptHandler))
    return statements, nodes, len(source), source


def line_count(source: str) -> int:
    """Count the lines of a text that are not blank."""
    return sum(1 for line in source.splitlines() if line.strip())
