"""Surprises in the middle of arithmetic: an operand takes the slow path while raw values wait.

A JIT keeps numbers of an expression in registers. Where an operand then needs more than a few
instructions, an attribute of another class, a global that has changed, a sequence of another kind,
those registers have to survive whatever runs meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.surprises.scene import caught, close_scene, loop_of, open_scene

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

RAW: Final = ("n * 1.5", "n / 3", "n * n", "n + 7", "(n * 0.5 + 2.0)", "n * 3 - 1", "0.25 * n")
OPERANDS: Final = (
    "o.k",
    "o.k",
    "xs[n % 2]",
    "o.get()",
    "{g}",
    "o.k",
    "-o.k",
    "o[n % 2]",
    "o.k * o.k",
)
SETUP: Final = (
    "class {a}:",
    "    def __init__(self, k):",
    "        self.k = k",
    "    def get(self):",
    "        return self.k + 1",
    "    def __getitem__(self, i):",
    "        return self.k - i",
    "class {b}:",
    "    __slots__ = ('_k',)",
    "    def __init__(self, k):",
    "        self._k = k",
    "    @property",
    "    def k(self):",
    "        x = self._k * 0.125",
    "        for i in range(9):",
    "            x = x * 0.5 + i * 1.25 - x / 3.0",
    "            y = (i << 3) ^ (i * 7) | (i % 5)",
    "        return x + y",
    "    def get(self):",
    "        return self.k * 2.0",
    "    def __getitem__(self, i):",
    "        return [self.k, 2.5 * i][i]",
    "    def __del__(self):",
    "        self._k = (self._k * 7.5 - 3.0) * 0.5 + (5 << 3) % 7",
    "{g} = 3",
)


def raw_across(b: Builder) -> bool:
    """Mix raw numbers with operands that take the slow path now and then."""
    names = {"a": b.name("Near"), "b": b.name("Far"), "g": b.name("G")}
    name = b.name("mix")
    for line in SETUP:
        b.emit(line.format(**names))
    parts = [b.pick(RAW)]
    for _ in range(1 + b.draw(3)):
        operand = b.pick(OPERANDS).format(**names)
        parts.append(f"{b.pick(('+', '-', '*', '+'))} {operand}")
        parts.append(f"{b.pick(('+', '-', '*'))} {b.pick(RAW)}")
    b.emit(f"def {name}(o, xs, n):")
    b.emit(f"    return {b.pick(('{0}', '[{0}, n]', '({0}) * (n * 0.5)')).format(' '.join(parts))}")
    saved = open_scene(b)
    b.frame.hoisted[f"global {names['g']}"] = None
    near, far = f"{names['a']}({b.pick(('3', '2.5', '-1'))})", f"{names['b']}({b.draw(9)})"
    loop_of(b, None, 12, lambda index: f"{name}({near}, [1, 2], {index.name})")
    b.emit(f"o = {far}")
    for xs in ("[1, 2]", b.pick(("(1.5, 2)", "[1.5, True]", "range(2)", "{0: 1, 1: 2.5}"))):
        receiver = b.pick(("o", far))
        caught(b, [f"out.append([{name}({receiver}, {xs}, n) for n in (1, 2, 7)])"])
        b.emit(f"{names['g']} = {b.pick(('2.5', '4', '-1'))}")
    loop_of(
        b,
        None,
        90,
        lambda index: f"{name}({near} if {index.name} % 3 else {far}, [1, 2], {index.name})",
        count=b.pick((40, 90)),
    )
    return close_scene(b, saved)
