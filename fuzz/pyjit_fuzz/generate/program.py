"""The whole program, in the order of its text.

Features are drawn first; then come globals, classes and functions (warm code, each callable
by what comes after it), scenes (make it hot, surprise it, call it again), and ``main``, which
runs the scenes and returns the digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.builder import (
    ASYNC_GENERATOR,
    COROUTINE,
    Builder,
    Language,
)
from pyjit_fuzz.generate.builder import GENERATOR as GENERATOR_FUNCTION
from pyjit_fuzz.generate.classes.define import define_class
from pyjit_fuzz.generate.expressions import BOUNDERS, EXPRESSIONS
from pyjit_fuzz.generate.features import draw_features
from pyjit_fuzz.generate.functions import (
    define,
    define_polymorphic,
    define_recursive,
    value_types,
)
from pyjit_fuzz.generate.prelude import prelude
from pyjit_fuzz.generate.scope import Frame, Scope, Var
from pyjit_fuzz.generate.statements import STATEMENTS
from pyjit_fuzz.generate.surprises import SURPRISES
from pyjit_fuzz.generate.surprises.scene import SCENE_RANK, collect
from pyjit_fuzz.generate.suspended.awaits import ASYNC_YIELDS, AWAITS
from pyjit_fuzz.generate.suspended.define import async_generator, coroutine, generator
from pyjit_fuzz.generate.suspended.yields import YIELDS
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.model import Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyjit_fuzz.generate.choices import Choices

GENERATOR: Final = "typed/6"
"""Name and version; the version changes when the same choices give another program."""
LANGUAGE: Final = Language(
    EXPRESSIONS,
    BOUNDERS,
    STATEMENTS,
    {GENERATOR_FUNCTION: YIELDS, COROUTINE: AWAITS, ASYNC_GENERATOR: ASYNC_YIELDS},
)
DEFINITIONS: Final[Table[Callable[[Builder], object]]] = Table(
    "definitions",
    [
        (3, "", define),
        (1, "recursion", define_recursive),
        (1, "numeric-polymorphism", define_polymorphic),
        (5, "class", define_class),
        (6, "generator-function", generator),
        (4, "coroutine", coroutine),
        (3, "async-generator", async_generator),
    ],
)
"""What a program may define besides its first function and what its scenes need."""
MOST_DEFINITIONS: Final = 6
MOST_SCENES: Final = 4
PLANNED: Final = (
    ("ZeroDivisionError", "1 // (len(out) - len(out))"),
    ("KeyError", '{"a": 1}["planned"]'),
    ("IndexError", "out[1000]"),
    ("TypeError", '"planned" + 1'),
    ("AttributeError", "out.planned"),
    ("ValueError", 'int("planned")'),
    ("RuntimeError", "planned(out)"),
    ("NameError", "planned_name"),
)
"""Exceptions that a program may mean to end with, and expressions that raise them."""


RESULTS: Final = (
    "return out",
    'return {"out": out, "again": out, "log": len(LOG)}',
    "return (out, out[0], out)",
)
"""What ``main`` returns: the same list at two places, an oracle must see that it is one."""


def generate(choices: Choices, *, seed: int | None = None) -> Program:
    """Build the program that these choices describe; ``seed`` is only written down."""
    b = Builder(choices, LANGUAGE, draw_features(choices))
    draw_globals(b)
    draw_definitions(b)
    _scenes(b)
    planned = _main(b)
    body = "\n".join(spaced(b.lines))
    source = f"{prelude(b.needs)}\n\n{body}\n\n\nRESULT = main()\n"
    return Program(
        source=source,
        choices=choices.sequence,
        seed=seed,
        generator=GENERATOR,
        features=tuple(sorted(b.used)),
        planned_exception=planned,
    )


def spaced(lines: list[str]) -> list[str]:
    """Put blank lines before module-level definitions: reports show programs to people."""
    return [
        "\n\n" + line if line.startswith(("def ", "async def ", "class ")) else line
        for line in lines
    ]


def draw_globals(b: Builder) -> None:
    """Define a few globals."""
    while len(b.globals) < 4 and b.chance(1, 2):
        type_ = b.pick(value_types(b))
        text = b.text(type_, 1)
        var = b.scope.add(Var(b.name("G"), type_))
        b.emit(f"{var.name} = {text}")
        b.globals.append(var)


def draw_definitions(b: Builder) -> None:
    """Define classes and functions, each behind a flag so that one can be cut out."""
    define(b)
    for _ in range(MOST_DEFINITIONS):
        if b.room <= 12 or not b.chance(3, 4):
            return
        rows = b.rows(DEFINITIONS)
        rows[b.draw(len(rows))][1](b)


def _scenes(b: Builder) -> None:
    """Write scenes; at least one."""
    b.room = max(b.room, 8)
    rows = b.rows(SURPRISES)
    for count in range(MOST_SCENES):
        if count and not b.chance(3, 4):
            return
        feature, scene = rows[b.draw(len(rows))]
        if scene(b):
            if feature:
                b.use(feature)
        else:
            rows[0][1](b)


def _main(b: Builder) -> str:
    """Write ``main``: run the scenes, look at globals, return the digest."""
    start = len(b.lines)
    b.emit("def main():")
    saved = b.enter(Frame(None, 500, SCENE_RANK), Scope(b.globals))
    b.emit("out = []")
    for name in b.records["scenes"]:
        b.emit(f"out.append({name}())")
    b.room = max(b.room, 3)
    b.statements(3)
    for var in b.scope.stack:
        collect(b, var.name, var.type)
    planned = ""
    if b.maybe("planned-exception", 1, 5):
        planned, text = b.pick(PLANNED)
        b.emit(f"out.append({text})")
    form = b.draw(len(RESULTS))
    b.emit(RESULTS[form])
    b.leave(saved)
    if planned == "RuntimeError":
        b.lines[start:start] = [
            "def planned(value):",
            '    raise RuntimeError("planned", len(value)) from KeyError("cause")',
        ]
    return planned
