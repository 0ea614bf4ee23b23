"""Expressions of type int, of three sizes: small, machine word, several digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.builder import paren, receiver
from pyjit_fuzz.generate.expressions import common, consumers, sequences, slices
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import BIG, BOOL, FLOAT, INTS, SMALL, STR, vector_of
from pyjit_fuzz.generate.values import (
    BIG_INTS,
    EDGE_INTS,
    MODULI,
    MODULUS_BITS,
    SMALL_INTS,
    SMALLISH,
)

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr, Production
    from pyjit_fuzz.generate.types import Type


def constant(b: Builder, t: Type) -> Expr:
    """Return a literal; the borders of the representations are frequent."""
    kind = b.draw(6)
    if kind < 4 or (kind == 4 and t is SMALL):
        return SMALL_INTS[b.draw(len(SMALL_INTS))]
    if t is SMALL:
        return SMALLISH[b.draw(len(SMALLISH))]
    if t is BIG or (kind == 5 and "big-int" in b.enabled and b.draw(4) == 3):
        value = BIG_INTS[b.draw(len(BIG_INTS))]
        if value[1] <= t.limit:
            b.used.add("big-int")
            return value
    return EDGE_INTS[b.draw(len(EDGE_INTS))]


def leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable, mostly, or a literal."""
    found = b.scope.find(t)
    if found and b.draw(4) < 3:
        var = found[-1 - b.draw(len(found))]
        return (var.name, var.measure, True)
    return constant(b, t)


def bound(b: Builder, t: Type, expression: Expr) -> Expr:
    """Bring a number that is too large back to the type's limit."""
    text = paren(expression)
    if t is BIG:
        return (f"{text} % (1 << 399)", 399, False)
    largest = 1 if t is SMALL else len(MODULI) - 1
    choice = b.draw(largest + 1)
    if b.draw(3) < 2:
        return (f"{text} % {MODULI[choice]}", MODULUS_BITS[choice], False)
    bits = (8, 16, 30, 31, 63)[choice]
    return (f"{text} & {(1 << bits) - 1}", bits, False)


def add(b: Builder, t: Type, depth: int) -> Expr:
    """``x + y``, ``x - y``."""
    left = b.sub(t, depth)
    right = b.sub(t, depth)
    operator = "+-+"[b.draw(3)]
    return (f"{paren(left)} {operator} {paren(right)}", max(left[1], right[1]) + 1, False)


def multiply(b: Builder, t: Type, depth: int) -> Expr:
    """``x * y``."""
    left = b.sub(t, depth)
    right = b.sub(t, depth)
    return (f"{paren(left)} * {paren(right)}", left[1] + right[1], False)


def bitwise(b: Builder, t: Type, depth: int) -> Expr:
    """``x & y``, ``x | y``, ``x ^ y``."""
    left = b.sub(t, depth)
    right = b.sub(t, depth)
    operator = "&|^"[b.draw(3)]
    return (f"{paren(left)} {operator} {paren(right)}", max(left[1], right[1]) + 1, False)


def shift(b: Builder, t: Type, depth: int) -> Expr:
    """Shift by a literal or by a masked number."""
    left = b.sub(t, depth)
    kind = b.draw(4)
    if kind == 0:
        return (f"{paren(left)} >> {b.draw(70)}", left[1], False)
    if kind == 1:
        by = b.draw(66)
        return (f"{paren(left)} << {by}", left[1] + by, False)
    by_text = b.operand(SMALL, depth)
    if kind == 2:
        return (f"{paren(left)} >> ({by_text} & 31)", left[1], False)
    return (f"{paren(left)} << ({by_text} & 31)", left[1] + 31, False)


def divide(b: Builder, t: Type, depth: int) -> Expr:
    """``x // y``, ``x % y`` with a divisor that is not zero."""
    left = b.sub(t, depth)
    operator = "%" if b.draw(2) == 0 else "//"
    kind = b.draw(3)
    if kind == 0:
        value = SMALL_INTS[b.draw(len(SMALL_INTS))]
        divisor = "3" if value[0] == "0" else paren(value)
        return (f"{paren(left)} {operator} {divisor}", max(left[1], 9), False)
    right = b.sub(t, depth)
    safe = f"({paren(right)} or 7)" if kind == 1 else f"(abs({right[0]}) + 1)"
    return (f"{paren(left)} {operator} {safe}", max(left[1], right[1]) + 1, False)


def high(b: Builder, depth: int) -> str:
    """Return an int of which the machine's word is nearly full, or too small."""
    low = f"{b.operand(SMALL, depth)} & {b.pick((1, 255, 4095))}"
    fill = b.pick(((1 << 30) - 4096, 1 << 29, (1 << 30) - (1 << 20)))
    return f"(({low} | {fill}) << {b.pick((33, 33, 32, 33, 34, 40, 27))})"


def edge(b: Builder, t: Type, depth: int) -> Expr:
    """Overflow, or just not, in the middle of an expression.

    Low bits are right after an overflow, too, and whoever needs a small number masks the others: a
    division makes the high ones count.
    """
    operator = b.pick(("+", "-", "+", "*", "+", "- -"))
    text = f"{high(b, depth)} {operator} {high(b, depth)}"
    division = b.pick((" % 1000003", " // 3", "", " % 65521"))
    return (f"({text}){division}" if division else text, 142, False)


def power(b: Builder, t: Type, depth: int) -> Expr:
    """``x ** n`` with a small exponent, and three-argument ``pow``."""
    base = b.sub(t, depth)
    exponent = b.draw(5)
    if b.draw(3) == 2:
        modulus = b.draw(len(MODULI))
        return (f"pow({base[0]}, {exponent}, {MODULI[modulus]})", MODULUS_BITS[modulus], True)
    return (f"{paren(base)} ** {exponent}", max(base[1] * exponent, 1), False)


def unary(b: Builder, t: Type, depth: int) -> Expr:
    """``-x``, ``~x``, ``+x``, ``abs(x)``."""
    value = b.sub(t, depth)
    kind = b.draw(4)
    if kind == 3:
        return (f"abs({value[0]})", value[1], True)
    return ("-~+"[kind] + paren(value), value[1] + 1, False)


def from_bool(b: Builder, t: Type, depth: int) -> Expr:
    """Arithmetic with a bool."""
    test = b.sub(BOOL, depth)
    if b.draw(2) == 0:
        return (f"int({test[0]})", 1, True)
    other = b.sub(t, depth)
    return (f"{paren(test)} + {paren(other)}", other[1] + 1, False)


def convert(b: Builder, t: Type, depth: int) -> Expr:
    """Make an int of a string, a float or a bool."""
    kind = b.draw(4)
    if kind == 0:
        value = b.expr(t, depth)
        return (f"int(str({value[0]}))", value[1], True)
    if kind == 1:
        value = b.expr(SMALL, depth)
        return (f"int({paren(value)} * 1.5)", 18, True)
    if kind == 2:
        value = b.expr(SMALL, depth)
        return (f"round({paren(value)} / 8)", 18, True)
    value = b.expr(SMALL, depth)
    return (f'int("{b.draw(90) + 10}", 16) + {paren(value)}', 18, False)


def int_method(b: Builder, t: Type, depth: int) -> Expr:
    """Call a method of int."""
    value = b.sub(t, depth)
    kind = b.draw(4)
    if kind == 0:
        return (f"{receiver(value)}.bit_length()", 10, True)
    if kind == 1:
        return (f"{receiver(value)}.conjugate()", value[1], True)
    if kind == 2:
        return (f"{receiver(value)}.__add__({b.text(SMALL, depth)})", value[1] + 17, True)
    masked = f"({paren(value)} & 255)"
    return (f'int.from_bytes({masked}.to_bytes(2, "big", signed=False), "big")', 16, True)


def length(b: Builder, t: Type, depth: int) -> Expr:
    """``len`` of whatever has one."""
    kind = b.pick((INTS, STR, vector_of(STR) if b.on("str") else INTS))
    value = b.sub(kind, depth)
    return (f"len({value[0]})", 12, True)


def total(b: Builder, t: Type, depth: int) -> Expr:
    """``sum``, ``max`` and ``min`` over a list."""
    var = b.var(vector_of(t))
    text = var.name if var is not None else b.text(vector_of(t), depth)
    b.frame.charge(1)
    kind = b.draw(4)
    if kind < 2:
        return (f"sum({text})", t.limit + 5, True)
    name = ("max", "min")[kind - 2]
    return (f"{name}({text})", t.limit, True)


def divmod_part(b: Builder, t: Type, depth: int) -> Expr:
    """One half of ``divmod``."""
    left = b.sub(t, depth)
    return (f"divmod({left[0]}, {b.draw(20) + 1})[{b.draw(2)}]", left[1] + 1, True)


def string_search(b: Builder, t: Type, depth: int) -> Expr:
    """Call str methods that return an int."""
    where = receiver(b.sub(STR, depth))
    what = b.text(STR, 0)
    method = b.pick(("find", "count", "rfind"))
    return (f"{where}.{method}({what})", 10, True)


def list_search(b: Builder, t: Type, depth: int) -> Expr | None:
    """Call list methods that return an int."""
    var = b.var(vector_of(t))
    if var is None:
        return None
    if b.draw(2) == 0:
        return (f"{var.name}.count({b.text(t, depth)})", 6, True)
    return (f"{var.name}.index({var.name}[{b.draw(4)}])", 6, True)


def from_float(b: Builder, t: Type, depth: int) -> Expr:
    """Truncate a float that is known to be finite and not too large."""
    value = b.operand(FLOAT, depth)
    small = b.text(SMALL, 0)
    if b.frame.no_walrus:
        return (f"int({value} > {paren_text(small)})", 1, True)
    name = b.name("fl")
    return (
        f"int({name}) if -1e15 < ({name} := {value}) < 1e15 else {paren_text(small)}",
        51,
        False,
    )


def zero_sign(b: Builder, t: Type, depth: int) -> Expr:
    """Show the sign of a zero, which sums of floats lose."""
    factor = b.pick(("0.0", "(-0.0)", "0.0", "0"))
    return (f"len(str({b.pick('-+')}({b.operand(FLOAT, depth)} * {factor})))", 5, True)


def by_truth(b: Builder, t: Type, depth: int) -> Expr:
    """Choose by the truth of a number that no variable holds."""
    left, right = b.sub(t, 0), b.sub(t, 0)
    of = FLOAT if b.draw(2) else SMALL
    test = f"{b.operand(of, depth)} {b.pick('*-+')} {b.operand(of, 0)}"
    return (f"{paren(left)} if {test} else {paren(right)}", max(left[1], right[1]), False)


def paren_text(text: str) -> str:
    """Parenthesise what is not a plain name or number."""
    return text if text.isidentifier() or text.isdigit() else f"({text})"


OWN = [
    (14, "", leaf),
    (12, "", add),
    (6, "", multiply),
    (5, "bit-operations", bitwise),
    (4, "bit-operations", shift),
    (7, "bit-operations", edge),
    (5, "division", divide),
    (3, "power", power),
    (3, "", unary),
    (2, "conversions", from_bool),
    (2, "conversions", convert),
    (2, "float", from_float),
    (3, "float", by_truth),
    (3, "float-special", zero_sign),
    (2, "builtins", int_method),
    (3, "builtins", length),
    (3, "list", total),
    (2, "builtins", divmod_part),
    (1, "str-methods", string_search),
    (1, "container-methods", list_search),
    (4, "generator-consumer", consumers.count),
    (5, "slice", slices.tuple_number),
]
TABLE: Table[Production] = Table("int", [*OWN, *common.ROWS, *sequences.REDUCTIONS])
