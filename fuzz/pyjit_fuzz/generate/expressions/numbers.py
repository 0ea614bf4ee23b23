"""Expressions of type NUM: a number whose class is known only at run time.

Only what every number can do, instances of the program's own numeric class included; such
code is what types are changed under.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.builder import paren
from pyjit_fuzz.generate.expressions import common, floats, ints
from pyjit_fuzz.generate.expressions.sequences import comprehension
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import BOOL, INT, NUM, SMALL
from pyjit_fuzz.generate.values import MODULI

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr, Production
    from pyjit_fuzz.generate.types import Type


def leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a NUM variable where there is one."""
    found = b.scope.by_type.get(NUM)
    if found and b.draw(5) < 4:
        var = found[-1 - b.draw(len(found))]
        return (var.name, var.measure, True)
    if b.draw(3) == 2 and "float" in b.enabled:
        return floats.leaf(b, t, 0)
    return ints.leaf(b, SMALL, 0)


def bound(b: Builder, t: Type, expression: Expr) -> Expr:
    """Reduce: ``%`` is the one operation that bounds every kind of number."""
    return (f"{paren(expression)} % {b.pick(MODULI)}", 62, False)


def arithmetic(b: Builder, t: Type, depth: int) -> Expr:
    """``x + y``, ``x - y``, ``x * y``."""
    left = b.sub(t, depth)
    right = b.sub(t, depth)
    operator = "+-*+"[b.draw(4)]
    size = left[1] + right[1] if operator == "*" else max(left[1], right[1]) + 1
    return (f"{paren(left)} {operator} {paren(right)}", size, False)


def with_constant(b: Builder, t: Type, depth: int) -> Expr:
    """``x + 1`` and its like: the sites that a compiler specialises on a constant."""
    value = b.sub(t, depth)
    operator = "+-*"[b.draw(3)]
    constant = b.pick(("1", "2", "3", "0", "0.5", "True", "1073741824"))
    if b.draw(3) == 2:
        return (f"{constant} {operator} {paren(value)}", value[1] + 31, False)
    return (f"{paren(value)} {operator} {constant}", value[1] + 31, False)


def divide(b: Builder, t: Type, depth: int) -> Expr:
    """``x / y``, ``x // y``, ``x % y`` with a divisor that is not zero."""
    left = b.sub(t, depth)
    right = b.sub(t, depth)
    operator = ("/", "//", "%")[b.draw(3)]
    return (f"{paren(left)} {operator} (abs({right[0]}) + 1)", max(left[1], right[1]) + 1, False)


def unary(b: Builder, t: Type, depth: int) -> Expr:
    """``-x``, ``+x``, ``abs(x)``."""
    value = b.sub(t, depth)
    kind = b.draw(3)
    if kind == 2:
        return (f"abs({value[0]})", value[1], True)
    return ("-+"[kind] + paren(value), value[1], False)


def choose(b: Builder, t: Type, depth: int) -> Expr:
    """Choose by a comparison of numbers."""
    left = b.sub(t, depth)
    right = b.sub(t, depth)
    operator = b.pick(("<", ">", "==", "!=", "<=", ">="))
    test = f"{paren(left)} {operator} {paren(right)}"
    return (f"{paren(left)} if {test} else {paren(right)}", max(left[1], right[1]), False)


def total(b: Builder, t: Type, depth: int) -> Expr:
    """``sum`` over a comprehension."""
    values, clauses, count = comprehension(b, (t,), depth)
    return (f"sum([{values[0][0]} {clauses}])", values[0][1] + count.bit_length(), True)


def from_test(b: Builder, t: Type, depth: int) -> Expr:
    """Take a bool for a number."""
    return (f"{b.operand(BOOL, depth)} + {b.operand(INT, 0)}", 72, False)


OWN = [
    (16, "", leaf),
    (16, "", arithmetic),
    (8, "", with_constant),
    (4, "division", divide),
    (3, "", unary),
    (3, "conditional", choose),
    (2, "comprehension", total),
    (1, "conversions", from_test),
]
TABLE: Table[Production] = Table("num", [*OWN, *common.ROWS])
