"""Expressions of type str; the measure is the length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.builder import paren, receiver
from pyjit_fuzz.generate.expressions import common, slices
from pyjit_fuzz.generate.expressions.sequences import comprehension
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import BOOL, FLOAT, INT, INTS, SMALL, STR, vector_of
from pyjit_fuzz.generate.values import STRINGS, UNICODE_STRINGS

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr, Production
    from pyjit_fuzz.generate.types import Type

NUMBER_LENGTH = 100
"""Digits that a number of the int cap or a float can have."""
SPECS = {
    "int": ("", ":d", ":5d", ":+", ":08x", ":,", ":>12", ":<6d", ":b", "!r", "!s:>9", ":_", "=:d"),
    "float": ("", ":.3f", ":e", ":g", "!r", ":>12.2f", ":+.1e", ":.0f", ":010.4g", "!s:^30"),
    "str": ("", ":>10", "!r", "!a", ":<4", ":^9", ":*>8", "!s", ":.3"),
    "bool": ("", "!r", "!s:>6", ":d"),
}
"""Format specs and conversions by kind."""


def literal(b: Builder) -> Expr:
    """Return a string literal."""
    if b.draw(4) == 3 and "unicode" in b.enabled:
        b.used.add("unicode")
        return UNICODE_STRINGS[b.draw(len(UNICODE_STRINGS))]
    return STRINGS[b.draw(len(STRINGS))]


def leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable, mostly, or a literal."""
    found = b.scope.find(t)
    if found and b.draw(4) < 3:
        var = found[-1 - b.draw(len(found))]
        return (var.name, var.measure, True)
    return literal(b)


def bound(b: Builder, t: Type, expression: Expr) -> Expr:
    """Cut a string that may be too long."""
    text = receiver(expression)
    size = 4 + b.draw(20)
    return (f"{text}[:{size}]" if b.draw(2) else f"{text}[-{size}:]", size, True)


def concatenate(b: Builder, t: Type, depth: int) -> Expr:
    """``x + y``."""
    left = b.sub(t, depth)
    right = b.sub(t, depth)
    return (f"{paren(left)} + {paren(right)}", left[1] + right[1], False)


def repeat(b: Builder, t: Type, depth: int) -> Expr:
    """``x * n``."""
    value = b.sub(t, depth)
    if b.draw(2) == 0:
        count = b.draw(4)
        return (f"{paren(value)} * {count}", value[1] * count, False)
    return (f"{b.operand(SMALL, depth)} % 4 * {paren(value)}", value[1] * 3, False)


def convert(b: Builder, t: Type, depth: int) -> Expr:
    """``str(x)``, ``repr(x)``, ``ascii(x)``, ``hex(x)``, ``chr(x)``."""
    kind = b.draw(6)
    if kind == 0:
        return (f"str({b.text(INT, depth)})", 22, True)
    if kind == 1:
        return (f"repr({b.text(b.pick((INT, FLOAT, BOOL)), depth)})", 26, True)
    if kind == 2:
        value = b.expr(t, depth)
        return (f"repr({value[0]})", value[1] * 2 + 2, True)
    if kind == 3:
        return (f"{b.pick(('hex', 'bin', 'oct'))}({b.text(SMALL, depth)})", 32, True)
    if kind == 4:
        return (f"chr({b.pick((97, 192, 945, 12354))} + {b.operand(SMALL, depth)} % 20)", 1, True)
    return (f"str({b.text(INTS, depth)})", 24 * 24, True)


def slicing(b: Builder, t: Type, depth: int) -> Expr:
    """Slice a string, with bounds that may be out of range."""
    whole = b.sub(t, depth)
    value, size = receiver(whole), whole[1]
    return (f"{value}[{slices.bounds(b, depth)}]", size, True)


def index(b: Builder, t: Type, depth: int) -> Expr:
    """Get one character of a string made long enough."""
    value = b.operand(t, depth)
    at = b.pick(("0", "-1", "1", "-2"))
    if b.draw(2) == 0:
        return (f'("xy" + {value})[{at}]', 1, True)
    return (f'({value} or "z")[{b.pick(("0", "-1"))}]', 1, True)


METHODS = (
    ("upper", "", 3),
    ("lower", "", 3),
    ("strip", "", 1),
    ("title", "", 3),
    ("swapcase", "", 3),
    ("capitalize", "", 3),
    ("lstrip", '"a"', 1),
    ("rstrip", '" x"', 1),
    ("zfill", "6", 1),
    ("center", '9, "*"', 1),
    ("ljust", "7", 1),
    ("rjust", '8, "."', 1),
    ("casefold", "", 3),
    ("expandtabs", "tabsize=4", 2),
    ("removeprefix", '"a"', 1),
)
"""Name, arguments and growth factor."""


def method(b: Builder, t: Type, depth: int) -> Expr:
    """Call a method of str, of every C calling convention."""
    value = b.sub(t, depth)
    name, arguments, growth = METHODS[b.draw(len(METHODS))]
    return (f"{receiver(value)}.{name}({arguments})", value[1] * growth + 9, True)


def replace(b: Builder, t: Type, depth: int) -> Expr:
    """``replace``, ``translate``, ``partition``, ``split`` and ``format``."""
    value = b.sub(t, depth)
    base = receiver(value)
    kind = b.draw(5)
    if kind == 0:
        return (f'{base}.replace("a", "{b.pick(("b", "", "é"))}")', value[1], True)
    if kind == 1:
        return (f'{base}.replace("b", "a", {b.draw(3)})', value[1], True)
    if kind == 2:
        return (f'{base}.partition("a")[{b.draw(3)}]', value[1] + 1, True)
    if kind == 3:
        return (f'"-".join({base}.split())', value[1], True)
    argument = b.text(INT, depth)
    return (f'"{{}}:{{k}}".format({value[0]}, k={argument})', value[1] + 24, True)


def join(b: Builder, t: Type, depth: int) -> Expr:
    """``join`` of a list, a generator expression or a mapped list."""
    separator = receiver(literal(b))
    kind = b.draw(3)
    if kind == 0:
        var = b.var(vector_of(STR))
        items = var.name if var is not None else f"[{b.text(t, depth)}, {b.text(t, 0)}]"
        return (f"{separator}.join({items})", t.cap - 1, True)
    if kind == 1:
        return (f"{separator}.join(map(str, {b.text(INTS, depth)}))", t.cap - 1, True)
    values, clauses, _ = comprehension(b, (t,), depth)
    return (f"{separator}.join({values[0][0]} {clauses})", t.cap - 1, True)


def f_string(b: Builder, t: Type, depth: int) -> Expr:
    """Format values with specs and conversions; nested quotes are avoided (3.11)."""
    parts: list[str] = []
    size = 0
    for _ in range(1 + b.draw(3)):
        kind = b.pick((INT, STR, FLOAT, BOOL) if "float" in b.enabled else (INT, STR))
        spec = b.pick(SPECS[kind.kind])
        var = b.var(kind)
        name = _inline(b, kind) if var is None or b.draw(3) == 2 else var.name
        parts.append(f"{b.pick(('', '-', ' ', 'é='))}{{{name}{spec}}}")
        size += NUMBER_LENGTH
    return (f'f"{"".join(parts)}"', size, True)


def _inline(b: Builder, kind: Type) -> str:
    """Return a small expression that has no quote, brace, colon or backslash in it."""
    number = b.var(INT)
    name = number.name if number is not None else "12"
    texts = {"int": f"{name} + 1", "float": f"{name} * 0.5", "str": f"str({name})"}
    return texts.get(kind.kind, f"{name} > 3")


def percent(b: Builder, t: Type, depth: int) -> Expr:
    """``"..." % (...)``."""
    form, kinds = b.pick(
        (
            ("%d", (INT,)),
            ("%s|%s", (STR, INT)),
            ("%5.2f", (FLOAT,)),
            ("%r", (STR,)),
            ("%x %d%%", (SMALL, INT)),
            ("%-6s", (STR,)),
        )
    )
    if form.startswith("%x"):
        arguments = f"abs({b.text(SMALL, depth)}), {b.text(INT, depth)}"
    else:
        arguments = ", ".join(b.text(kind, depth) for kind in kinds)
    comma = "," if len(kinds) == 1 else ""
    return (f'"{form}" % ({arguments}{comma})', NUMBER_LENGTH, False)


OWN = [
    (14, "", leaf),
    (10, "", concatenate),
    (2, "", repeat),
    (5, "repr", convert),
    (6, "slice", slicing),
    (3, "", index),
    (6, "str-methods", method),
    (4, "str-methods", replace),
    (3, "str-methods", join),
    (7, "f-string", f_string),
    (2, "percent-format", percent),
]
TABLE: Table[Production] = Table("str", [*OWN, *common.ROWS])
