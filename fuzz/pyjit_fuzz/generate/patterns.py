"""Patterns of ``match`` statements, by the type of what they are tried on.

A pattern is a text with the variables that it binds. Contract: it never is irrefutable by
itself (the language allows that in the last case only), and what it binds has the type that
its variable says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.scope import Var
from pyjit_fuzz.generate.types import BOOL, RECORD_KEYS, list_of
from pyjit_fuzz.generate.values import STRINGS

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.types import Type

Pattern = tuple[str, list[Var]]
PatternProduction = Callable[["Builder", "Type", int], Pattern]
NUMBERS: Final = ("0", "1", "2", "3", "-1", "7", "100", "1073741824", "255")
FLOATS: Final = ("0.5", "1.0", "-1.5", "0.0", "1e16", "2")


def _literals(b: Builder, texts: tuple[str, ...]) -> str:
    """Return one literal, or an or-pattern of some."""
    if b.maybe("match-or", 1, 3):
        return " | ".join(dict.fromkeys(b.pick(texts) for _ in range(2 + b.draw(2))))
    return b.pick(texts)


def _capture(b: Builder, t: Type) -> Pattern:
    var = Var(b.name(t.prefix), t)
    return (var.name, [var])


def _scalar(name: str, texts: tuple[str, ...]) -> PatternProduction:
    """Return the patterns of a scalar type: literals, the class, and captures."""

    def pattern(b: Builder, t: Type, depth: int) -> Pattern:
        kind = b.draw(5)
        if kind < 2:
            return (_literals(b, texts), [])
        var = Var(b.name(t.prefix), t)
        if kind == 2:
            return (f"({_literals(b, texts)}) as {var.name}", [var])
        if kind == 3:
            return (f"{name}({var.name})", [var])
        return (f"{name}() as {var.name}", [var])

    return pattern


def element(b: Builder, t: Type, depth: int) -> Pattern:
    """Return a pattern inside of another: a capture, a wildcard, or any pattern."""
    kind = b.draw(4)
    if kind < 2 or depth <= 0 or t.kind not in PATTERNS:
        return _capture(b, t)
    if kind == 2:
        return ("_", [])
    return PATTERNS[t.kind](b, t, depth - 1)


def _tuple(b: Builder, t: Type, depth: int) -> Pattern:
    """Return a sequence pattern of a tuple's length, or with a star."""
    bound: list[Var] = []
    texts: list[str] = []
    for each in t.args:
        text, more = element(b, each, depth)
        texts.append(text)
        bound += more
    if len(texts) > 1 and b.maybe("match-star", 1, 3):
        at = b.draw(len(texts))
        # Whatever the starred place had bound is bound no longer.
        _, gone = texts[at], {var.name for var in bound if var.name in texts[at]}
        bound = [var for var in bound if var.name not in gone]
        texts[at] = b.pick(("*_", f"*{b.name('rest')}"))
    comma = "," if len(texts) == 1 else ""
    return (f"({', '.join(texts)}{comma})" if b.draw(2) else f"[{', '.join(texts)}]", bound)


def _vector(b: Builder, t: Type, depth: int) -> Pattern:
    """Return a sequence pattern: of some length, or with a star at one place."""
    item = t.args[0]
    texts: list[str] = []
    bound: list[Var] = []
    for _ in range(b.draw(5)):
        text, more = element(b, item, depth)
        texts.append(text)
        bound += more
    if b.maybe("match-star", 2, 3):
        rest = Var(b.name("ys"), list_of(item))
        wild = b.draw(3) == 2
        texts.insert(b.draw(len(texts) + 1), "*_" if wild else f"*{rest.name}")
        if not wild and item is not BOOL:
            bound.append(rest)
    return (f"[{', '.join(texts)}]", bound)


def _record(b: Builder, t: Type, depth: int) -> Pattern:
    """Return a mapping pattern, of keys that are there and of others."""
    bound: list[Var] = []
    texts: list[str] = []
    for key in dict.fromkeys(b.pick((*RECORD_KEYS, "zz")) for _ in range(1 + b.draw(3))):
        text, more = element(b, t.args[1], depth)
        texts.append(f'"{key}": {text}')
        bound += more
    if b.draw(3) == 2:
        texts.append(f"**{b.name('others')}")
    return (f"{{{', '.join(texts)}}}", bound)


def _object(b: Builder, t: Type, depth: int) -> Pattern:
    """Return a class pattern, with positions and keywords, of the class or of a subclass."""
    info = t.info
    if info is None:
        msg = f"{t} is not the type of a class"
        raise TypeError(msg)
    bound: list[Var] = []
    texts: list[str] = []
    fields = list(info.fields.items())
    positions = b.draw(len(fields) + 1) if b.on("match-class") else 0
    for number, (name, type_) in enumerate(fields):
        if number >= positions and b.draw(2):
            continue
        text, more = element(b, type_, depth)
        texts.append(text if number < positions else f"{name}={text}")
        bound += more
    if not texts or b.draw(8) == 7:
        texts.append(f"nothing={b.name('n')}")
        bound = []
    return (f"{info.name}({', '.join(texts)})", bound)


PATTERNS: Final[dict[str, PatternProduction]] = {
    "int": _scalar("int", NUMBERS),
    "float": _scalar("float", FLOATS),
    "str": _scalar("str", tuple(text for text, _, _ in STRINGS)),
    "bool": _scalar("bool", ("True", "False")),
    "tuple": _tuple,
    "vector": _vector,
    "list": _vector,
    "record": _record,
    "object": _object,
}
"""Production of patterns by ``Type.kind``."""

FREE: Final = (
    "0 | 1 | 2",
    "int(n) if n > 40",
    "int() | float() as n",
    "bool(n)",
    "None",
    '"a" | "b"',
    "str(n)",
    "[]",
    "[n]",
    "[n, *_]",
    "[int(n), (x, y)]",
    "(0, n) | (n, 0)",
    "(x, y) if x == y",
    "[_, _, *n]",
    '{{"k": n}}',
    '{{"k": int(n), **x}}',
    "{{}}",
    "{point}(1, n)",
    "{point}(y=n)",
    "{point}(x=[n, *_])",
    "{point}({point}(n, _), _)",
    "{point}() as n",
    "float(n) if n != n",
    "-1 | 1.5",
    "list() | tuple() as n",
    "dict(n)",
)
"""Cases for a value of any type; ``{point}`` is a class. They bind ``n``, ``x`` and ``y`` only."""
