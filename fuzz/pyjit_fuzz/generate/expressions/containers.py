"""Expressions of tuple, dict, record and set types, and instances of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.builder import paren, receiver
from pyjit_fuzz.generate.calls import arguments, call_cost
from pyjit_fuzz.generate.expressions import common, slices
from pyjit_fuzz.generate.expressions.lists import conditional
from pyjit_fuzz.generate.expressions.sequences import comprehension
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import INT, RECORD_KEYS, SMALL, STR, record_of
from pyjit_fuzz.generate.values import KEYS

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr, Production
    from pyjit_fuzz.generate.types import Type


def _variable(b: Builder, t: Type) -> Expr | None:
    found = b.scope.find(t)
    if found and b.draw(4) < 3:
        return (found[-1 - b.draw(len(found))].name, t.limit, True)
    return None


def tuple_leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable, mostly, or a display."""
    return _variable(b, t) or tuple_display(b, t, 0)


def tuple_display(b: Builder, t: Type, depth: int) -> Expr:
    """``(x, y)``."""
    items = [b.text(element, depth) for element in t.args]
    return (f"({', '.join(items)}{',' if len(items) == 1 else ''})", len(items), True)


def tuple_builtin(b: Builder, t: Type, depth: int) -> Expr | None:
    """Tuples that builtins return, and concatenation."""
    if len(t.args) < 2:
        return None
    if t.args[0] is INT and t.args[1] is INT and len(t.args) == 2 and b.draw(2) == 0:
        return (f"divmod({b.text(INT, depth)}, {b.draw(9) + 1})", 2, True)
    if b.draw(2) == 0:
        items = ", ".join(b.text(element, depth) for element in t.args)
        return (f"tuple([{items}])", len(t.args), True)
    first = b.text(t.args[0], depth)
    rest = ", ".join(b.text(element, depth) for element in t.args[1:])
    return (f"({first},) + ({rest},)", len(t.args), False)


TUPLES: Table[Production] = Table(
    "tuple",
    [
        (6, "", tuple_leaf),
        (8, "", tuple_display),
        (2, "builtins", tuple_builtin),
        (4, "slice", slices.same_tuple),
        (2, "conditional", conditional),
        (2, "", common.call),
    ],
)


def key_text(b: Builder, t: Type, depth: int) -> str:
    """Return a key from a small domain, so that a dict cannot grow without bound."""
    if t is STR:
        if b.draw(3) == 2:
            return f'"{b.pick(KEYS)}" + str({b.operand(SMALL, depth)} % 5)'
        return f'"{b.pick(KEYS)}"'
    if b.draw(2) == 0:
        return str(b.draw(8))
    return f"{b.operand(SMALL, depth)} % 11"


def record_leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable, mostly, or a display with all of ``RECORD_KEYS``."""
    return _variable(b, t) or record_display(b, t, 0)


def record_display(b: Builder, t: Type, depth: int) -> Expr:
    """Display a dict with all of a record's keys."""
    keys = RECORD_KEYS if b.draw(2) == 0 else (*RECORD_KEYS, "d", "e")
    items = [f'"{key}": {b.text(t.args[1], depth)}' for key in keys]
    return (f"{{{', '.join(items)}}}", len(items), True)


def record_made(b: Builder, t: Type, depth: int) -> Expr:
    """``dict(a=x, ...)``, ``{**r, ...}``, ``r | {...}``, ``r.copy()``, ``dict(zip(...))``."""
    kind = b.draw(5)
    value = b.text(t.args[1], depth)
    if kind == 0:
        return (f"dict(a={value}, b={b.text(t.args[1], 0)}, c={b.text(t.args[1], 0)})", 3, True)
    base = b.sub(t, depth)
    if kind == 1:
        return (f'{{**{paren(base)}, "{b.pick(KEYS)}": {value}}}', base[1], True)
    if kind == 2:
        return (f'{paren(base)} | {{"{b.pick(KEYS)}": {value}}}', base[1], False)
    if kind == 3:
        return (f"{receiver(base)}.copy()", base[1], True)
    return (f'dict(zip("abc", [{value}, {value}, {b.text(t.args[1], 0)}]))', 3, True)


RECORDS: Table[Production] = Table(
    "record",
    [
        (8, "", record_leaf),
        (6, "", record_display),
        (3, "star-display", record_made),
        (1, "conditional", conditional),
        (2, "", common.call),
    ],
)


def dict_leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable, mostly, or a display."""
    return _variable(b, t) or dict_display(b, t, 0)


def dict_display(b: Builder, t: Type, depth: int) -> Expr:
    """``{k: v, ...}``."""
    key, value = t.args
    items = [f"{key_text(b, key, depth)}: {b.text(value, depth)}" for _ in range(b.draw(4))]
    return (f"{{{', '.join(items)}}}", len(items), True)


def dict_comprehension(b: Builder, t: Type, depth: int) -> Expr:
    """``{k: v for ...}``."""
    values, clauses, count = comprehension(b, (SMALL, t.args[1]), depth)
    key = f"{paren(values[0])} % 9"
    if t.args[0] is STR:
        key = f"str({key})"
    return (f"{{{key}: {values[1][0]} {clauses}}}", count, True)


def any_record(b: Builder, t: Type, depth: int) -> Expr | None:
    """Take a record for a dict from str; make other dicts by conversion."""
    if t.args[0] is STR:
        return b.expr(record_of(t.args[1]), depth)
    value = b.text(t.args[1], depth)
    if b.draw(2) == 0:
        return (f"dict([({key_text(b, t.args[0], 0)}, {value}), (3, {value})])", 2, True)
    return (f"dict.fromkeys(range({b.draw(6)}), {value})", 6, True)


DICTS: Table[Production] = Table(
    "dict",
    [
        (8, "", dict_leaf),
        (6, "", dict_display),
        (3, "comprehension", dict_comprehension),
        (2, "star-display", any_record),
        (1, "conditional", conditional),
        (2, "", common.call),
    ],
)


def cut_dict(b: Builder, t: Type, expression: Expr) -> Expr:
    """Keep the first elements of a dict that may be too large."""
    return (f"dict(list({receiver(expression)}.items())[:8])", 8, True)


def set_leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable, mostly, or a display."""
    return _variable(b, t) or set_display(b, t, 0)


def set_display(b: Builder, t: Type, depth: int) -> Expr:
    """``{x, y}``."""
    items = [key_text(b, t.args[0], depth) for _ in range(1 + b.draw(4))]
    return (f"{{{', '.join(items)}}}", len(items), True)


def set_operation(b: Builder, t: Type, depth: int) -> Expr:
    """``x | y``, ``x & y``, ``x - y``, ``x ^ y`` and the methods."""
    left = b.sub(t, depth)
    right = b.sub(t, depth)
    size = left[1] + right[1]
    if b.draw(3) == 2:
        name = b.pick(("union", "intersection", "difference"))
        return (f"{receiver(left)}.{name}({right[0]})", size, True)
    return (f"{paren(left)} {'|&-^'[b.draw(4)]} {paren(right)}", size, False)


def set_comprehension(b: Builder, t: Type, depth: int) -> Expr:
    """``{x for ...}``."""
    values, clauses, count = comprehension(b, (SMALL,), depth)
    item = f"{paren(values[0])} % 13"
    if t.args[0] is STR:
        item = f"str({item})"
    return (f"{{{item} {clauses}}}", count, True)


SETS: Table[Production] = Table(
    "set",
    [
        (8, "", set_leaf),
        (6, "", set_display),
        (4, "", set_operation),
        (3, "comprehension", set_comprehension),
        (1, "conditional", conditional),
    ],
)


def cut_set(b: Builder, t: Type, expression: Expr) -> Expr:
    """Keep the least elements of a set that may be too large."""
    return (f"set(sorted({expression[0]})[:8])", 8, True)


def no_bound(b: Builder, t: Type, expression: Expr) -> Expr:
    """Leave a value whose measure is constant."""
    return expression


def construct(b: Builder, t: Type, depth: int) -> Expr:
    """Make a new instance, of the class or of a subclass."""
    info = t.info
    if info is None:
        msg = f"{t} is not the type of a class"
        raise TypeError(msg)
    classes = [info, *(each for each in info.subclasses if each.complete)]
    chosen = classes[b.draw(len(classes))]
    b.frame.charge(call_cost(chosen.constructor))
    return (f"{chosen.name}({arguments(b, chosen.constructor, depth)})", 0, True)


def object_leaf(b: Builder, t: Type, depth: int) -> Expr:
    """Return a variable where there is one, else a new instance."""
    found = b.scope.find(t)
    if found and b.draw(5) < 4:
        return (found[-1 - b.draw(len(found))].name, 0, True)
    return construct(b, t, 0)


OBJECTS: Table[Production] = Table(
    "object",
    [
        (10, "", object_leaf),
        (4, "", construct),
        (2, "", common.call),
    ],
)
