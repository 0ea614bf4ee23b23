"""Expressions of list types: vectors (long enough to be subscripted) and any lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.builder import paren, receiver
from pyjit_fuzz.generate.expressions import common, consumers, slices
from pyjit_fuzz.generate.expressions.sequences import comprehension
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import BOOL, INT, SMALL, STR, VECTOR_LENGTH, vector_of

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr, Production
    from pyjit_fuzz.generate.types import Type


def vector_leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable, mostly, or a display of at least ``VECTOR_LENGTH`` elements."""
    found = b.scope.find(t)
    if found and b.draw(4) < 3:
        return (found[-1 - b.draw(len(found))].name, 24, True)
    return display(b, t, 0)


def display(b: Builder, t: Type, depth: int) -> Expr:
    """``[x, y, z, ...]``."""
    element = t.args[0]
    count = VECTOR_LENGTH + b.draw(3)
    items = [b.text(element, depth) for _ in range(count)]
    return (f"[{', '.join(items)}]", count, True)


def ascending(b: Builder, t: Type, depth: int) -> Expr | None:
    """``list(range(n))``."""
    if t.args[0] not in (SMALL, INT):
        return None
    count = VECTOR_LENGTH + b.draw(8)
    return (f"list(range({b.draw(3)}, {count + 3}))", count + 3, True)


def vector_comprehension(b: Builder, t: Type, depth: int) -> Expr:
    """``[x for ...]`` without a condition."""
    values, clauses, count = comprehension(b, (t.args[0],), depth, least=VECTOR_LENGTH)
    return (f"[{values[0][0]} {clauses}]", max(count, VECTOR_LENGTH), True)


def transformed(b: Builder, t: Type, depth: int) -> Expr:
    """Make a new list of the same length."""
    value = b.sub(t, depth)
    text = value[0]
    kind = b.draw(7)
    if kind == 0:
        return (f"{receiver(value)}[:]", value[1], True)
    if kind == 1 and t.args[0] in (SMALL, INT, STR):
        reverse = b.pick(("", ", reverse=True", ", key=lambda k: (k,)", ", key=str"))
        return (f"sorted({text}{reverse})", value[1], True)
    if kind == 2:
        return (f"{receiver(value)}[::-1]", value[1], True)
    if kind == 3:
        return (f"list({text})", value[1], True)
    if kind == 4:
        return (f"[*{paren(value)}, {b.text(t.args[0], depth)}]", value[1] + 1, True)
    if kind == 5:
        return (f"list(reversed({text}))", value[1], True)
    return (f"{receiver(value)}.copy()", value[1], True)


def joined(b: Builder, t: Type, depth: int) -> Expr:
    """``x + y``, ``x * 2``."""
    left = b.sub(t, depth)
    if b.draw(3) == 2:
        return (f"{paren(left)} * 2", left[1] * 2, False)
    return (f"{paren(left)} + [{b.text(t.args[0], depth)}]", left[1] + 1, False)


def repeated(b: Builder, t: Type, depth: int) -> Expr:
    """``[x] * n``: all elements are one object."""
    count = VECTOR_LENGTH + b.draw(5)
    return (f"[{b.text(t.args[0], depth)}] * {count}", count, False)


def conditional(b: Builder, t: Type, depth: int) -> Expr:
    """``x if c else y``: the result is an alias of one of them."""
    left = b.operand(t, depth)
    right = b.operand(t, depth)
    return (f"{left} if {b.operand(BOOL, depth)} else {right}", 24, False)


def bound(b: Builder, t: Type, expression: Expr) -> Expr:
    """Cut a list that may be too long."""
    size = VECTOR_LENGTH + b.draw(8)
    return (f"{receiver(expression)}[:{size}]", size, True)


VECTORS: Table[Production] = Table(
    "vector",
    [
        (12, "", vector_leaf),
        (8, "", display),
        (3, "", ascending),
        (5, "comprehension", vector_comprehension),
        (4, "builtins", transformed),
        (3, "", joined),
        (2, "", repeated),
        (2, "conditional", conditional),
        (3, "", common.call),
        (2, "", common.attribute),
    ],
)


def leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable, mostly, or a short display."""
    found = b.scope.find(t)
    if found and b.draw(4) < 3:
        return (found[-1 - b.draw(len(found))].name, 24, True)
    items = [b.text(t.args[0], 0) for _ in range(b.draw(4))]
    return (f"[{', '.join(items)}]", len(items), True)


def any_vector(b: Builder, t: Type, depth: int) -> Expr:
    """Take a vector for a list."""
    return b.expr(vector_of(t.args[0]), depth)


def slicing(b: Builder, t: Type, depth: int) -> Expr:
    """Slice a list, with bounds that may be out of range."""
    value = receiver(b.sub(t, depth))
    return (f"{value}[{slices.bounds(b, depth)}]", 24, True)


def list_comprehension(b: Builder, t: Type, depth: int) -> Expr:
    """``[x for ... if ...]``."""
    values, clauses, count = comprehension(b, (t.args[0],), depth)
    return (f"[{values[0][0]} {clauses}]", count, True)


def split(b: Builder, t: Type, depth: int) -> Expr | None:
    """Take lists that str methods and builtins return."""
    element = t.args[0]
    if element is STR:
        text = receiver(b.sub(STR, depth))
        separator = b.pick(("", '","', '"a", 1', "None, 2", 'sep=" "'))
        return (f"{text}.split({separator})[:9]", 9, True)
    if element in (SMALL, INT):
        kind = b.draw(3)
        if kind == 0:
            return (f"list(map(int, {b.text(t, depth)}))", 24, True)
        if kind == 1:
            return (f"[*map(len, [{b.text(STR, depth)}, {b.text(STR, 0)}])]", 2, True)
        return (f"list(filter(None, {b.text(t, depth)}))", 24, True)
    return None


LISTS: Table[Production] = Table(
    "list",
    [
        (8, "", leaf),
        (8, "", any_vector),
        (7, "slice", slicing),
        (5, "comprehension", list_comprehension),
        (2, "builtins", split),
        (4, "generator-consumer", consumers.items),
        (2, "conditional", conditional),
        (2, "", common.call),
    ],
)
