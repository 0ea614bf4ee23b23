"""Slices: their bounds, and what is sliced to get a value of another type.

Bounds are of every kind: left out, negative, far out of range, computed; steps are negative
in half of the slices that have one. A slice is never longer than what is sliced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.builder import paren
from pyjit_fuzz.generate.types import INT, SMALL, STR, vector_of

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr
    from pyjit_fuzz.generate.types import Type

FIXED: Final = (
    "1:",
    ":2",
    "::-1",
    "-2:",
    ":-1",
    "1:3",
    "::2",
    "::-2",
    "5:",
    "-100:2",
    ":100",
    "3:1",
    "3:0:-1",
    "-1:-4:-1",
    "100::-1",
    ":",
    "None:None:-3",
    "1 << 70:",
    "-(1 << 70):1 << 70:2",
    "True:",
)
STEPS: Final = ("-1", "2", "-2", "3", "-3", "100", "1", "-(1 << 65)")


def bounds(b: Builder, depth: int) -> str:
    """Return what stands between the brackets of a slice; the step is never zero."""
    if b.draw(3) < 2:
        return b.pick(FIXED)
    start = b.text(SMALL, depth) if b.draw(3) else ""
    stop = b.text(SMALL, depth) if b.draw(3) else ""
    # A conditional or a lambda would take the colon for its own.
    text = f"{_safe(start)}:{_safe(stop)}"
    return f"{text}:{b.pick(STEPS)}" if b.draw(2) else text


def _safe(text: str) -> str:
    return text if not text or text.isidentifier() or text.isdigit() else f"({text})"


def sliced_tuple(b: Builder, element: Type, depth: int) -> str:
    """Return the text of a slice of a tuple, a variable where there is one, else a display.

    Nothing is named in it, so that a comprehension may iterate over it.
    """
    b.frame.no_walrus += 1
    text = _sliced_tuple(b, element, depth)
    b.frame.no_walrus -= 1
    return text


def _sliced_tuple(b: Builder, element: Type, depth: int) -> str:
    found = [
        var
        for var in b.scope.stack
        if var.type.kind == "tuple" and all(each is element for each in var.type.args)
    ]
    if found and b.draw(3):
        base = b.pick(found).name
    elif b.draw(4) == 3 and (var := b.var(vector_of(element))) is not None:
        base = f"tuple({var.name})"
    else:
        count = 1 + b.draw(4)
        base = f"({', '.join(b.text(element, depth) for _ in range(count))},)"
    return f"{base}[{bounds(b, depth)}]"


NUMBERS: Final = (
    "sum({0})",
    "len({0})",
    "max({0}, default=3)",
    "({0} or (5,))[0]",
    "sum({0}[::-1])",
    "len({0} + {1})",
    "int({0} < {1})",
    "({0} + ({2},))[-1]",
    "sum(k for k in {0})",
    "int({0} == {1})",
)


ITEMS: Final = ("({0} + ({1},))[0]", "(({1},) + {0})[-1]", "[*{0}, {1}][0]", "({0} or ({1},))[0]")


def tuple_number(b: Builder, t: Type, depth: int) -> Expr:
    """Fold slices of tuples to an int."""
    b.use("tuple")
    element = b.pick((SMALL, INT))
    first = sliced_tuple(b, element, depth)
    form = b.pick(NUMBERS)
    second = sliced_tuple(b, element, 0) if "{1}" in form else ""
    return (form.format(first, second, b.draw(50)), element.limit + 5, True)


def tuple_item(b: Builder, t: Type, depth: int) -> Expr:
    """Get an item of a slice of a tuple, whatever its type is."""
    b.use("tuple")
    form = b.pick(ITEMS)
    return (form.format(sliced_tuple(b, t, depth), b.text(t, 0)), t.limit, True)


def same_tuple(b: Builder, t: Type, depth: int) -> Expr | None:
    """Slice a tuple so that the type stays: all of it, reversed, or put together again."""
    b.use("slice")
    text = paren(b.sub(t, depth))
    at = b.draw(len(t.args) + 1)
    forms = [f"{text}[:]", f"{text}[-9:9]", f"{text}[0:{len(t.args)}]"]
    if all(each is t.args[0] for each in t.args):
        forms += [f"{text}[::-1]", f"{text}[9::-1]"]
    if text.isidentifier():
        forms += [f"({text}[:{at}] + {text}[{at}:])", f"({text}[:{at}] + {text}[{at}:9:1])"]
    return (b.pick(forms), len(t.args), True)


def compared(b: Builder, t: Type, depth: int) -> Expr:
    """Compare slices of tuples, or search one."""
    b.use("tuple")
    element = b.pick((SMALL, INT, STR) if b.on("str") else (SMALL, INT))
    first = sliced_tuple(b, element, depth)
    if b.draw(3) == 2:
        return (f"{b.text(element, 0)} in {first}", 1, False)
    operator = b.pick(("==", "<", "!=", ">="))
    return (f"{first} {operator} {sliced_tuple(b, element, 0)}", 1, False)
