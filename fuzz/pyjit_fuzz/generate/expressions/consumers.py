"""Expressions that run a generator, to its end or as far as one item is wanted, or a coroutine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.builder import COROUTINE, GENERATOR
from pyjit_fuzz.generate.calls import arguments
from pyjit_fuzz.generate.types import INT, Type

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr
    from pyjit_fuzz.generate.functions import Suspended


def callee(b: Builder, t: Type | None = None, factor: int = 1) -> Suspended | None:
    """Return a generator function whose items have the type and that this place affords."""
    frame = b.frame
    found = [
        function
        for function in b.suspended[GENERATOR]
        if (t is None or function.item in t.accepts)
        and function.rank < frame.rank
        and frame.affords(function.cost * factor)
    ]
    return found[-1 - b.draw(len(found))] if found else None


def run(b: Builder, function: Suspended, depth: int) -> str:
    """Return a call, which makes a generator; the cost is that of running it to its end.

    Nothing is named in it, so that a comprehension may iterate over it.
    """
    b.frame.no_walrus += 1
    text = f"{function.name}({arguments(b, function, depth)})"
    b.frame.no_walrus -= 1
    b.frame.charge(function.cost)
    b.frame.impure |= function.impure
    return text


SCALAR_FORMS: Final = (
    "next({g}, {d})",
    "[*{g}, {d}][0]",
    "[{d}, *{g}][-1]",
    "max({g}, default={d})",
    "dict(enumerate({g})).get({n}, {d})",
    "next((k for k in {g} if k != {d}), {d})",
    "[{d}, *(k for _, k in zip(range({n}), {g}))][-1]",
)
"""Expressions of the item's type; ``{g}`` is the generator, ``{d}`` another value."""


def scalar(b: Builder, t: Type, depth: int) -> Expr | None:
    """Get one item of a generator, by every way there is."""
    function = callee(b, t)
    if function is None:
        return None
    text = run(b, function, depth)
    form = b.pick(SCALAR_FORMS)
    return (form.format(g=text, d=b.text(t, 0), n=b.draw(5)), t.limit, True)


COUNTS: Final = (
    ("sum({g})", True),
    ("len(list({g}))", False),
    ("len({{*{g}}})", False),
    ("sum(k > 0 for k in {g})", True),
    ("len(list(zip({g}, range({n}))))", False),
    ("[a for a, *_ in [({n}, *{g})]][0]", False),
    ("sum(i * k for i, k in enumerate({g}))", True),
    ("any({g})", False),
    ("all(k or {n} for k in {g})", False),
    ("list({g}).count({n})", False),
)
"""Expressions of type int, and whether the items must be numbers."""


def count(b: Builder, t: Type, depth: int) -> Expr | None:
    """Fold a generator to a number."""
    form, numbers = b.pick(COUNTS)
    function = callee(b, INT if numbers else None)
    if function is None:
        return None
    bits = INT.limit + 12 if numbers else 12
    return (form.format(g=run(b, function, depth), n=b.draw(5)), bits, True)


LISTS: Final = (
    "list({g})",
    "[*{g}]",
    "[k for k in {g}]",
    "list(map(lambda k: k, {g}))",
    "[{d}, *({g})]",
    "(lambda *ks: list(ks))(*{g})",
    "list(reversed(list({g})))",
    "[k for k in {g} if k != {d}]",
)


def items(b: Builder, t: Type, depth: int) -> Expr | None:
    """Collect what a generator yields."""
    function = callee(b, t.args[0])
    if function is None:
        return None
    text = b.pick(LISTS).format(g=run(b, function, depth), d=b.text(t.args[0], 0))
    return (text, function.length + 1, True)


def driven(b: Builder, t: Type, depth: int) -> Expr | None:
    """Run a coroutine to its end."""
    frame = b.frame
    found = [
        function
        for function in b.suspended[COROUTINE]
        if function.returns in t.accepts
        and function.rank < frame.rank
        and frame.affords(function.cost * 2)
    ]
    if not found:
        return None
    b.needs.add("Pause")
    return (f"drive({run(b, found[-1 - b.draw(len(found))], depth)})[0]", t.limit, True)
