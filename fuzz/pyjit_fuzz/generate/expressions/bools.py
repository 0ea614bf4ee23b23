"""Expressions of type bool: comparisons, membership, predicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.builder import paren, receiver
from pyjit_fuzz.generate.expressions import common, slices
from pyjit_fuzz.generate.expressions.sequences import comprehension
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import (
    BOOL,
    FLOAT,
    INT,
    INTS,
    NUM,
    SMALL,
    STR,
    dict_of,
    set_of,
    vector_of,
)

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr, Production
    from pyjit_fuzz.generate.types import Type

ORDERINGS = ("<", "==", ">", "<=", ">=", "!=")


def leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable, a literal or a plain comparison."""
    found = b.scope.find(t)
    if found and b.draw(2) == 0:
        return (found[-1 - b.draw(len(found))].name, 0, True)
    if b.draw(4) < 3:
        left = b.operand(INT, 0)
        return (f"{left} {b.pick(ORDERINGS)} {b.operand(SMALL, 0)}", 0, False)
    return (b.pick(("True", "False")), 0, True)


def _comparable(b: Builder) -> Type:
    kinds = [SMALL, INT]
    if "float" in b.enabled:
        kinds.append(FLOAT)
    if "str" in b.enabled:
        kinds.append(STR)
    if b.scope.by_type.get(NUM):
        kinds += (NUM, NUM)
    return kinds[b.draw(len(kinds))]


def compare(b: Builder, t: Type, depth: int) -> Expr:
    """``x < y`` of two values of one type."""
    kind = _comparable(b)
    left = b.operand(kind, depth)
    return (f"{left} {ORDERINGS[b.draw(6)]} {b.operand(kind, depth)}", 0, False)


def mixed_compare(b: Builder, t: Type, depth: int) -> Expr:
    """Compare an int with a float, or unlike things for equality."""
    left = b.operand(INT, depth)
    if b.draw(2) == 0:
        return (f"{left} {ORDERINGS[b.draw(6)]} {b.operand(FLOAT, depth)}", 0, False)
    return (f"{left} {b.pick(('==', '!='))} {b.operand(STR, depth)}", 0, False)


def chain(b: Builder, t: Type, depth: int) -> Expr:
    """``x < y <= z``."""
    kind = _comparable(b)
    parts = [b.operand(kind, depth)]
    for _ in range(2 + b.draw(2)):
        parts += (ORDERINGS[b.draw(6)], b.operand(kind, depth))
    return (" ".join(parts), 0, False)


def negate(b: Builder, t: Type, depth: int) -> Expr:
    """``not x``, also of values that are not bools."""
    kind = b.pick((BOOL, INT, STR, INTS))
    return (f"not {b.operand(kind, depth)}", 0, False)


def combine(b: Builder, t: Type, depth: int) -> Expr:
    """``x and y``, ``x or y`` of two or three tests."""
    word = (" and ", " or ")[b.draw(2)]
    return (word.join(b.operand(BOOL, depth) for _ in range(2 + b.draw(2))), 0, False)


def truth(b: Builder, t: Type, depth: int) -> Expr:
    """``bool(x)``."""
    kind = b.pick((INT, STR, INTS, FLOAT, NUM))
    return (f"bool({b.sub(kind, depth)[0]})", 0, True)


def is_none(b: Builder, t: Type, depth: int) -> Expr:
    """``x is None`` of a value that may be None."""
    word = ("is", "is not")[b.draw(2)]
    kind = b.draw(3)
    value = b.operand(INT, depth)
    # Comparing a literal with ``is`` is a SyntaxWarning.
    if kind == 0 or not value.isidentifier():
        test = b.operand(BOOL, depth)
        return (f"({value} if {test} else None) {word} None", 0, False)
    if kind == 1:
        return (f"{{1: {value}}}.get({b.text(SMALL, depth)}) {word} None", 0, False)
    return (f"{value} {word} None", 0, False)


def membership(b: Builder, t: Type, depth: int) -> Expr:
    """``x in y``, ``x not in y`` for all kinds of containers."""
    word = ("in", "not in")[b.draw(2)]
    kind = b.draw(6)
    if kind == 0:
        return (f"{b.operand(INT, depth)} {word} {b.operand(INTS, depth)}", 0, False)
    if kind == 1:
        return (f"{b.operand(INT, depth)} {word} ({b.text(INT, 0)}, 3, 257)", 0, False)
    if kind == 2:
        return (f"{b.operand(SMALL, depth)} {word} {{1, 2, 3}}", 0, False)
    if kind == 3:
        return (f"{b.operand(INT, depth)} {word} range({b.draw(300)})", 0, False)
    if kind == 4 and "str" in b.enabled:
        return (f"{b.operand(STR, 0)} {word} {b.operand(STR, depth)}", 0, False)
    container = dict_of(SMALL, INT) if "dict" in b.enabled else set_of(SMALL)
    return (f"{b.operand(SMALL, depth)} {word} {b.operand(container, depth)}", 0, False)


def instance(b: Builder, t: Type, depth: int) -> Expr:
    """``isinstance``, ``issubclass``, ``hasattr``, ``callable``, exact type tests."""
    value = b.sub(b.pick((INT, STR, FLOAT, BOOL)), depth)
    kind = b.draw(5)
    if kind == 0:
        names = b.pick(("int", "str", "(int, str)", "float", "bool", "object"))
        return (f"isinstance({value[0]}, {names})", 0, True)
    if kind == 1:
        return (f"type({value[0]}) is {b.pick(('int', 'bool', 'str', 'float'))}", 0, False)
    if kind == 2:
        return (f'hasattr({value[0]}, "{b.pick(("real", "upper", "append"))}")', 0, True)
    if kind == 3:
        return (f"callable({value[0]})", 0, True)
    return (f"issubclass(type({value[0]}), {b.pick(('int', 'str'))})", 0, True)


def string_test(b: Builder, t: Type, depth: int) -> Expr:
    """Predicates of str."""
    value = receiver(b.sub(STR, depth))
    method = b.pick(("isdigit", "startswith", "isalpha", "isupper", "endswith", "isidentifier"))
    argument = b.text(STR, 0) if method.endswith("with") else ""
    return (f"{value}.{method}({argument})", 0, True)


def quantifier(b: Builder, t: Type, depth: int) -> Expr:
    """``any`` and ``all`` over a generator expression or a list comprehension."""
    values, clauses, _ = comprehension(b, (BOOL,), depth, filtered=False)
    body = f"{values[0][0]} {clauses}"
    name = b.pick(("any", "all"))
    return (f"{name}({body})" if b.draw(2) else f"{name}([{body}])", 0, True)


def container_compare(b: Builder, t: Type, depth: int) -> Expr:
    """Compare lists, tuples or sets."""
    kind = b.draw(3)
    if kind == 0:
        left = b.operand(INTS, depth)
        return (f"{left} {ORDERINGS[b.draw(6)]} {b.operand(INTS, depth)}", 0, False)
    if kind == 1:
        left = f"({b.text(INT, depth)}, {b.text(SMALL, 0)})"
        right = f"({b.text(INT, depth)}, {b.text(SMALL, 0)})"
        return (f"{left} {ORDERINGS[b.draw(6)]} {right}", 0, False)
    left = f"{{{b.text(SMALL, depth)}, 1}}"
    return (f"{left} {ORDERINGS[b.draw(6)]} {{1, {b.text(SMALL, depth)}}}", 0, False)


def float_test(b: Builder, t: Type, depth: int) -> Expr:
    """``math.isnan`` and its like, and x != x."""
    b.needs.add("import math")
    value = b.sub(FLOAT, depth)
    name = b.pick(("isnan", "isinf", "isfinite"))
    return (f"math.{name}({value[0]})", 0, True)


def tests_of_vectors(b: Builder, t: Type, depth: int) -> Expr | None:
    """Use a list of strings for membership."""
    var = b.var(vector_of(STR))
    if var is None:
        return None
    return (f"{b.operand(STR, depth)} in {var.name}", 0, False)


OWN = [
    (8, "", leaf),
    (14, "", compare),
    (3, "float", mixed_compare),
    (4, "comparison-chain", chain),
    (3, "", negate),
    (5, "boolean-operators", combine),
    (2, "conversions", truth),
    (3, "conditional", is_none),
    (5, "list", membership),
    (4, "builtins", instance),
    (3, "str-methods", string_test),
    (2, "generator-expression", quantifier),
    (2, "tuple", container_compare),
    (3, "slice", slices.compared),
    (2, "float-special", float_test),
    (1, "list", tests_of_vectors),
]
# Sharing less of the common rows than the scalars do: a bool in a list is rarely of interest.
SHARED = [row for row in common.ROWS if row[1] in ("", "conditional", "walrus", "lambda", "fuse")]
TABLE: Table[Production] = Table("bool", [*OWN, *SHARED])


def bound(b: Builder, t: Type, expression: Expr) -> Expr:
    """Leave it: bools have no measure."""
    return (paren(expression), 0, True)
