"""Classes whose instances are numbers: they may stand wherever the type is NUM.

Every operator logs, and returns an instance (or, for reflected ones, sometimes a plain
number), so that code warmed up with ints meets dunder calls of every kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

BINARY = (
    ("add", "+"),
    ("sub", "-"),
    ("mul", "*"),
    ("truediv", "/"),
    ("floordiv", "//"),
    ("mod", "%"),
)
COMPARE = (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="), ("eq", "=="), ("ne", "!="))


def numeric_class(b: Builder) -> str:
    """Return the name of the program's numeric class, defining it at the first call.

    Must be called at module level.
    """
    name = b.records.get("numeric")
    if isinstance(name, str):
        return name
    name = b.name("Num")
    b.records["numeric"] = name
    b.use("class")
    b.use("arithmetic-dunder")
    b.emit(f"class {name}:")
    b.level += 1
    b.emit('FIELDS = ("v",)')
    if b.maybe("slots", 1, 2):
        b.emit('__slots__ = ("v",)')
    b.emit("def __init__(self, v):")
    b.emit("    self.v = v")
    b.emit("def plain(self, other):")
    b.emit(f"    return other.v if isinstance(other, {name}) else other")
    _binary(b, name)
    for word, operator in COMPARE:
        b.emit(f"def __{word}__(self, other):")
        if b.draw(3) == 2:
            b.emit(f'    note("{word}")')
        b.emit(f"    return self.v {operator} self.plain(other)")
    b.emit("def __hash__(self):")
    # The hash of a nan is its address: not the same in two runs.
    b.emit("    return hash(self.v if self.v == self.v else 0)")
    for word, operator in (("neg", "-"), ("pos", "+"), ("abs", "abs")):
        b.emit(f"def __{word}__(self):")
        b.emit(f"    return {name}({operator}(self.v))")
    if b.draw(2):
        b.emit("def __bool__(self):")
        b.emit('    note("bool")')
        b.emit("    return self.v != 0")
    b.level -= 1
    return name


def _binary(b: Builder, name: str) -> None:
    """Emit the arithmetic operators and their reflected forms."""
    for word, operator in BINARY:
        b.emit(f"def __{word}__(self, other):")
        if b.draw(2) == 0:
            b.emit(f'    note("{word}")')
        b.emit(f"    return {name}(self.v {operator} self.plain(other))")
        b.emit(f"def __r{word}__(self, other):")
        b.emit(f'    note(("r{word}", type(other).__name__))')
        wrap = name if b.draw(3) < 2 else ""
        b.emit(f"    return {wrap}(other {operator} self.v)")
    if b.maybe("in-place-dunder", 1, 2):
        b.emit("def __iadd__(self, other):")
        b.emit('    note("iadd")')
        b.emit("    self.v = (self.v + self.plain(other)) % 65521")
        b.emit("    return self")
