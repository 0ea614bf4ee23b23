"""Comprehensions, generator expressions and library calls that fold a sequence to a number.

Used by the tables of int and by those of containers, which share ``loop_clause``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.builder import paren
from pyjit_fuzz.generate.scope import Var
from pyjit_fuzz.generate.types import BOOL, SMALL, STR, vector_of

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr, Production
    from pyjit_fuzz.generate.table import Row
    from pyjit_fuzz.generate.types import Type

Clause = tuple[str, int]
"""The text of a ``for`` clause and the most elements it can give."""


def iterable(b: Builder, depth: int, least: int = 0) -> tuple[str, Type, int, int]:
    """Return text, element type, greatest number of elements, bits of an element."""
    kind = b.draw(6)
    if kind >= 3:
        var = b.var(vector_of(SMALL if kind == 3 else b.pick((SMALL, STR))))
        if var is not None:
            element = var.type.args[0]
            return (var.name, element, 24, element.limit)
    if kind == 2:
        start = b.draw(5)
        step = 1 + b.draw(3)
        count = max(least, 1 + b.draw(6))
        return (f"range({start}, {start + step * count}, {step})", SMALL, count, 6)
    count = max(least, 1 + b.draw(8))
    return (f"range({count})", SMALL, count, 4)


def comprehension(
    b: Builder, element: tuple[Type, ...], depth: int, *, least: int = 0, filtered: bool = True
) -> tuple[tuple[Expr, ...], str, int]:
    """Return the element expressions, the clauses' text and the greatest length.

    With ``least`` > 0 no clause filters and at least so many elements come out.
    """
    source, item, count, bits = iterable(b, depth, least)
    if b.frame.cost + b.frame.mult * count * 2 > b.frame.budget:
        source, item, count, bits = f"range({max(least, 2)})", SMALL, max(least, 2), 3
    mark = b.scope.mark()
    b.frame.no_walrus += 1
    saved = b.frame.mult
    b.frame.mult *= count
    b.frame.charge(1)
    name = b.name("i")
    b.scope.add(Var(name, item, measure=bits))
    clauses = f"for {name} in {source}"
    if least == 0 and count <= 6 and b.draw(6) == 5:
        inner = b.name("j")
        clauses += f" for {inner} in range(3)"
        b.scope.add(Var(inner, SMALL, measure=2))
        b.frame.mult *= 3
        count *= 3
    if least == 0 and filtered and b.draw(3) == 2:
        clauses += f" if {paren(b.sub(BOOL, depth))}"
    values = tuple(b.expr(each, depth) for each in element)
    b.frame.mult = saved
    b.frame.no_walrus -= 1
    b.scope.release(mark)
    return (values, clauses, count)


def sum_of_list(b: Builder, t: Type, depth: int) -> Expr:
    """``sum([... for ...])``."""
    values, clauses, count = comprehension(b, (t,), depth)
    return (f"sum([{values[0][0]} {clauses}])", values[0][1] + count.bit_length(), True)


def sum_of_generator(b: Builder, t: Type, depth: int) -> Expr:
    """``sum(... for ...)``, ``max(..., default=...)``."""
    values, clauses, count = comprehension(b, (t,), depth)
    if b.draw(3) < 2:
        return (f"sum({values[0][0]} {clauses})", values[0][1] + count.bit_length(), True)
    return (f"max(({values[0][0]} {clauses}), default=0)", max(values[0][1], 1), True)


def count_distinct(b: Builder, t: Type, depth: int) -> Expr:
    """``len`` of a set or dict comprehension."""
    values, clauses, _ = comprehension(b, (SMALL, SMALL), depth)
    key, value = values
    text = f"{paren(key)} % 7"
    if b.draw(2) == 0:
        return (f"len({{{text} {clauses}}})", 6, True)
    return (f"sum({{{text}: {value[0]} {clauses}}}.values())", 24, True)


def reduction(b: Builder, t: Type, depth: int) -> Expr:
    """Folds from functools, operator, itertools and math."""
    kind = b.draw(7)
    left = b.text(t, depth)
    if kind == 0:
        b.needs.add("import operator")
        name, grows = b.pick((("add", 1), ("sub", 1), ("xor", 1), ("mul", t.limit)))
        return (f"operator.{name}({left}, {b.text(t, depth)})", t.limit + grows, True)
    if kind == 1:
        b.needs.add("import math")
        return (f"math.gcd({left}, {b.text(t, depth)})", t.limit + 1, True)
    if kind == 2:
        b.needs.add("import functools")
        items = f"[{left}, {b.text(t, depth)}, 3]"
        return (f"functools.reduce(lambda p, q: p + q, {items}, 1)", t.limit + 2, True)
    if kind == 3:
        b.needs.add("import itertools")
        var = b.var(vector_of(t))
        items = var.name if var is not None else f"[{left}, 2, 3]"
        return (f"sum(itertools.islice(itertools.cycle({items}), 5))", t.limit + 3, True)
    if kind == 4:
        b.needs.add("import math")
        return (f"math.isqrt(abs({left}))", t.limit, True)
    if kind == 5:
        b.needs.add("import itertools")
        return (f"list(itertools.accumulate([{left}, 2, {left}]))[-1]", t.limit + 3, True)
    b.needs.add("import math")
    return (
        (f"math.comb(9, {left} % 10)", 7, True)
        if left.isidentifier()
        else ("math.comb(9, 4)", 7, True)
    )


REDUCTIONS: list[Row[Production]] = [
    (2, "comprehension", sum_of_list),
    (2, "generator-expression", sum_of_generator),
    (1, "comprehension", count_distinct),
    (2, "library", reduction),
]
