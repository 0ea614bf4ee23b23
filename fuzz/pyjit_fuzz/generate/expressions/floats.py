"""Expressions of type float, with nan, infinities, signed zero and denormals.

Only operations that give the same bits on every architecture: no cbrt, erf, exp2, and no
``copysign`` of what may be a nan (its sign differs). Arguments of functions with domains
are bounded so that nothing raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.builder import paren, receiver
from pyjit_fuzz.generate.expressions import common
from pyjit_fuzz.generate.expressions.ints import high
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import INT, SMALL, vector_of
from pyjit_fuzz.generate.values import FLOATS, SPECIAL_FLOATS

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr, Production
    from pyjit_fuzz.generate.types import Type


def leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable, mostly, or a literal."""
    found = b.scope.find(t)
    if found and b.draw(4) < 3:
        return (found[-1 - b.draw(len(found))].name, 0, True)
    if b.draw(4) == 3 and "float-special" in b.enabled:
        b.used.add("float-special")
        return SPECIAL_FLOATS[b.draw(len(SPECIAL_FLOATS))]
    return FLOATS[b.draw(len(FLOATS))]


def bound(b: Builder, t: Type, expression: Expr) -> Expr:
    """Leave it: floats have no measure."""
    return (paren(expression), 0, True)


def arithmetic(b: Builder, t: Type, depth: int) -> Expr:
    """``x + y``, ``x * y``, ``x - y``; one operand may be an int."""
    left = b.operand(t, depth)
    right = b.operand(b.pick((t, t, SMALL, INT)), depth)
    operator = "+*-"[b.draw(3)]
    if b.draw(4) == 3:
        left, right = right, left
    return (f"{left} {operator} {right}", 0, False)


def divide(b: Builder, t: Type, depth: int) -> Expr:
    """``x / y``, ``x // y``, ``x % y`` with a divisor that is not zero."""
    left = b.operand(b.pick((t, t, INT)), depth)
    operator = ("/", "//", "%")[b.draw(3)]
    kind = b.draw(4)
    if kind == 0:
        return (f"{left} {operator} {b.pick(('2.0', '0.5', '3.0', '(-7.0)'))}", 0, False)
    if kind == 1:
        return (f"{left} {operator} (abs({b.operand(t, depth)}) + 1.0)", 0, False)
    if kind == 2:
        return (f"{left} {operator} ({b.operand(t, depth)} or 1.5)", 0, False)
    divisor = f"(abs({b.operand(SMALL, depth)}) + {b.pick((1, 3, 7))})"
    if b.on("bit-operations") and b.draw(2):
        # With low bits it is no double, so that the quotient would be rounded twice.
        low = f"({b.operand(SMALL, depth)} & 4095)"
        return (f"({high(b, depth)} + {low}) / {divisor}", 0, False)
    return (f"{b.operand(INT, depth)} / {divisor}", 0, False)


def unary(b: Builder, t: Type, depth: int) -> Expr:
    """``-x``, ``+x``, ``abs(x)``."""
    kind = b.draw(4)
    if kind == 3:  # of a product that may be a zero of either sign
        return (f"-({b.operand(t, depth)} * {b.pick(('0.0', '-0.0', '0.5', '2.0'))})", 0, False)
    value = b.sub(t, depth)
    if kind == 2:
        return (f"abs({value[0]})", 0, True)
    return ("-+"[kind] + paren(value), 0, False)


def convert(b: Builder, t: Type, depth: int) -> Expr:
    """``float(x)`` of an int or of a string."""
    if b.draw(3) < 2:
        return (f"float({b.text(INT, depth)})", 0, True)
    texts = ("1.5", "-0.0", "1e-5", "inf", "nan", " 7 ", "1_0.5")
    return (f'float("{b.pick(texts)}")', 0, True)


def power(b: Builder, t: Type, depth: int) -> Expr:
    """``x ** y`` where neither an overflow nor a complex number can come."""
    base = b.operand(SMALL, depth)
    exponent = b.pick(("2", "0.5", "-1", "1.5", "-2.0"))
    return (f"(abs({base}) % 1000 + 0.5) ** {exponent}", 0, False)


def method(b: Builder, t: Type, depth: int) -> Expr:
    """Methods and builtins of float that cannot fail."""
    value = b.sub(t, depth)
    kind = b.draw(3)
    if kind == 0:
        return (f"{receiver(value)}.conjugate()", 0, True)
    if kind == 1:
        return (f"{receiver(value)}.real", 0, True)
    return (f"round({value[0]}, {b.draw(6)})", 0, True)


def library(b: Builder, t: Type, depth: int) -> Expr:
    """Functions of math with bounded arguments."""
    b.needs.add("import math")
    kind = b.draw(6)
    if kind == 0:
        return (f"math.sqrt(abs({b.text(t, depth)}))", 0, True)
    if kind == 1:
        return (f"math.{b.pick(('sin', 'cos'))}({b.operand(SMALL, depth)} % 1000)", 0, True)
    if kind == 2:
        return (f"math.exp({b.operand(SMALL, depth)} % 100)", 0, True)
    if kind == 3:
        return (f"math.log(abs({b.operand(INT, depth)}) + 1)", 0, True)
    if kind == 4:
        return (f"math.hypot({b.text(t, depth)}, {b.text(t, depth)})", 0, True)
    return (f"math.fabs({b.text(t, depth)})", 0, True)


def total(b: Builder, t: Type, depth: int) -> Expr:
    """``sum`` of a list of floats."""
    b.frame.charge(1)
    return (f"sum({b.text(vector_of(t), depth)}, 0.0)", 0, True)


def from_bool(b: Builder, t: Type, depth: int) -> Expr:
    """Mix a float with a comparison."""
    left = b.operand(t, depth)
    return (f"{left} * ({left} < {b.operand(t, depth)})", 0, False)


OWN = [
    (14, "", leaf),
    (16, "", arithmetic),
    (6, "division", divide),
    (6, "", unary),
    (4, "conversions", convert),
    (2, "power", power),
    (2, "builtins", method),
    (3, "library", library),
    (2, "list", total),
    (2, "conversions", from_bool),
]
TABLE: Table[Production] = Table("float", [*OWN, *common.ROWS])
