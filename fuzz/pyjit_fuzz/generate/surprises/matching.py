"""Scenes of ``match``: one statement that sees values of every type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.patterns import FREE
from pyjit_fuzz.generate.surprises.scene import caught, close_scene, loop_of, open_scene

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

SUBJECTS: Final = (
    "0",
    "50",
    "True",
    "2.5",
    "None",
    '"a"',
    '"text"',
    "[]",
    "[1]",
    "(0, 5)",
    "(3, 3)",
    "[4, (5, 6)]",
    "range(3)",
    '{{"k": 1, "j": 2}}',
    '{{"k": "s"}}',
    '{{"k": None}}',
    '{{"j": None, "k": None}}',
    "{{}}",
    "{point}(1, 2)",
    "{point}([3, 4], 5)",
    "{point}({point}(6, 7), 8)",
    'float("nan")',
    "-1",
    "1 << 70",
    'b"ab"',
    "{{1, 2}}",
)
CHANGES: Final = (
    '{point}.__match_args__ = ("y", "x")',
    '{point}.__match_args__ = ("x",)',
    "del {point}.__match_args__",
    "{point}.x = property(lambda self: 1)",
    "{point}.__match_args__ = 5",
    "{point} = int",
    "{point}.__getattr__ = lambda self, name: 9",
    "{point} = 5",
)


def any_subject(b: Builder) -> bool:
    """Match one type until it is hot, then all of them; then change the class."""
    point, name = b.name("Point"), b.name("pick")
    b.emit(f"class {point}:")
    b.emit('    __match_args__ = ("x", "y")')
    b.emit("    def __init__(self, x, y):")
    b.emit("        self.x = x")
    b.emit("        self.y = y")
    b.emit(f"def {name}(value):")
    b.emit("    n = x = y = None")
    b.emit("    match value:")
    for number in range(2 + b.draw(5)):
        b.emit(f"        case {b.pick(FREE).format(point=point)}:")
        b.emit(f"            return ({number}, {b.pick(('n', 'x', 'n, y', 'type(n).__name__'))})")
    b.emit("    return -1, n" if b.draw(2) else "        case _: return -2, value is None")
    saved = open_scene(b)
    subjects = [b.pick(SUBJECTS).format(point=point) for _ in range(2 + b.draw(6))]
    b.needs.add("state")
    first = subjects[0]
    b.emit(f"{name}s = [{', '.join(subjects)}]")
    loop_of(b, None, 12, lambda _: f"str({name}({first})[:1])")
    if b.draw(2):
        count = len(subjects)
        loop_of(b, None, 12, lambda index: f"{name}({name}s[{index.name} % {count}])[0]")
    b.emit(f"for value in {name}s:")
    b.emit(f"    out.append([state(each) for each in {name}(value)])")
    b.frame.hoisted[f"global {point}"] = None
    caught(b, [b.pick(CHANGES).format(point=point)], "AttributeError")
    b.emit(f"for value in {name}s:")
    at = len(b.lines)
    caught(b, [f"out.append([type(each).__name__ for each in {name}(value)])"], "TypeError")
    for line in range(at, len(b.lines)):
        b.lines[line] = "    " + b.lines[line]
    return close_scene(b, saved)
