"""Surprises in the middle of a hot loop: the code that is running is what they invalidate.

Each row of ``CASES`` is one assumption: what sets it up at module level, the expression that
relies on it, and the statements that break it while the loop runs (in a function of their
own, in an attribute store of the loop, or in an operator method). ``{g}``, ``{c}`` and
``{f}`` are fresh names of a global, a class and a function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pyjit_fuzz.generate.surprises.scene import caught, close_scene, open_scene

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder


class Case(NamedTuple):
    """One assumption and the ways to break it."""

    setup: tuple[str, ...]
    use: tuple[str, ...]
    breaks: tuple[str, ...]


_CLASS: Final = (
    "class {c}:",
    "    level = 2",
    "    def __init__(self, n):",
    "        self.n = n",
    "    def get(self):",
    "        return self.n + self.level",
    "{g} = {c}(3)",
)
_SLOTS: Final = (
    "class {c}:",
    '    __slots__ = ("n", "m")',
    "    def __init__(self, n):",
    "        self.n = n",
    "        self.m = 1",
    "{g} = {c}(3)",
)
_FUNCTION: Final = ("def {f}(x, y=1):", "    return x + y", "{g} = 4")
CASES: Final = (
    Case(
        ("{g} = 5",),
        ("i + {g}", "({g}, i)", "{g} * {g}", "i if {g} else -i", "[{g}, i][0]"),
        ("{g} = 2.5", "{g} = 1 << 65", "{g} = True", '{g} = "s"', "del {g}", "{g} = -{g}"),
    ),
    Case(
        _CLASS,
        (
            "{g}.n + i",
            "{g}.get()",
            "{g}.level * i",
            "{c}.level",
            "({g}.n, {g}.get())",
            "{c}(i).get()",
        ),
        (
            "{g}.n = 2.5",
            "{c}.level = 1 << 70",
            "{g}.level = 7",
            "{c}.get = lambda self: -1",
            "{g}.get = lambda: 5",
            "del {g}.n",
            "{g}.extra = 1",
            "{g}.__dict__ = {{'n': 8}}",
            "{c}.n = property(lambda self: 11)",
            "{g} = {c}(2.5)",
            "del {c}.level",
            "{g}.n += 1",
            "{c}.__getattr__ = lambda self, name: 6; del {g}.n",
            "vars({g}).clear()",
            "{g}.__dict__ = {{'n': 8, 'get': lambda: 6}}",
            "{g}.__class__ = type('Other', ({c},), {{'level': 9}})",
            "{c}.__init__ = lambda self, n: setattr(self, 'n', -n)",
        ),
    ),
    Case(
        _SLOTS,
        ("{g}.n + i", "({g}.n, {g}.m)", "{g}.m", "{g}.n * {g}.m - i"),
        ("del {g}.n", "{g}.n = 2.5", '{g}.m = "s"', "{c}.n = 4", "{g} = None", "{g}.n = 1 << 64"),
    ),
    Case(
        _FUNCTION,
        (
            "{f}(i)",
            "{f}(i, 2)",
            "{f}(x=i)",
            "{f}(*(i,))",
            "[{f}(k) for k in (i, 1)]",
            "{f}({f}(i))",
        ),
        (
            "{f}.__defaults__ = (2.5,)",
            "{f}.__code__ = (lambda x, y: y).__code__",
            "{f} = abs",
            "{f}.__defaults__ = None",
            "{f}.__defaults__ = (5, 6)",
            "{f} = lambda x, y=3: (x, y)",
            "del {f}",
            "{f}.__kwdefaults__ = {{'y': 1}}",
            "{f} = str",
        ),
    ),
    Case(
        ("{g} = [1, 2, 3, 4]",),
        (
            "{g}[i % 4]",
            "{g}[-1] + i",
            "len({g})",
            "sum({g})",
            "{g}[1:3]",
            "[k for k in {g}]",
            "i in {g}",
        ),
        (
            "{g}[1] = 2.5",
            "{g}.append(5)",
            "{g}.pop()",
            "{g}.clear()",
            "{g} = (7, 8, 9, 10)",
            "{g} = {{0: 5, 1: 6, 2: 7, 3: 8}}",
            "{g}[-1] = True",
            '{g} = "text"',
            "{g}.reverse()",
        ),
    ),
    Case(
        ('{g} = {{"k": 1, "j": 2}}',),
        (
            '{g}["k"] + i',
            '{g}.get("k")',
            '"k" in {g}',
            "len({g})",
            '({g}["k"], {g}["j"])',
            "list({g})",
        ),
        (
            '{g}["k"] = 2.5',
            '{g}["new"] = 3',
            'del {g}["k"]',
            "{g}.clear()",
            "{g}[i] = 1",
            '{g} = {{"k": "s", "j": 0}}',
            "{g}.update(j=-0.0, z=1)",
            "{g}.pop('j')",
        ),
    ),
    Case(
        (),
        (
            "abs(-i)",
            "len([i, 1])",
            "max(i, 3)",
            "str(i)",
            "isinstance(i, int)",
            "sum(range(i % 5 + 1))",
        ),
        (
            "abs = lambda n: 77",
            "len = lambda xs: 42",
            "max = min",
            "str = float",
            "isinstance = lambda a, b: None",
            "range = lambda n: [n, n]",
            "sum = max",
        ),
    ),
)
_BUILTINS: Final = ("abs", "len", "max", "str", "isinstance", "range", "sum")


def in_loop(b: Builder) -> bool:
    """Write a hot loop that something in it changes the rules of, once or twice."""
    case = b.pick(CASES)
    names = {"g": b.name("G"), "c": b.name("K"), "f": b.name("fn")}
    for line in case.setup:
        b.emit(line.format(**names))
    hot, change = b.name("hot"), b.name("change")
    steps = [b.pick(case.breaks).format(**names) for _ in range(1 + b.draw(2))]
    b.emit(f"def {change}(i):")
    shared = [name for name in names.values() if name != names["c"]]
    b.emit(f"    global {', '.join(shared if case.setup else _BUILTINS)}")
    first = b.pick((60, 40, 150, 250))
    b.emit(f"    if i == {first}:")
    b.emit(f"        {steps[0]}")
    if len(steps) > 1:
        b.emit(f"    elif i == {first + 3 + b.draw(30)}:")
        b.emit(f"        {steps[1]}")
    _loop(b, hot, change, b.pick(case.use).format(**names))
    saved = open_scene(b)
    if not case.setup:
        # What is left of a hidden builtin would change the rest of the program.
        b.emit("try:")
        b.emit(f"    out.append({hot}({first + 40}))")
        b.emit("finally:")
        b.emit(f"    for name in {_BUILTINS}:")
        b.emit("        globals().pop(name, None)")
    else:
        b.frame.charge(12 * (first + 40))
        _guarded(b, f"{hot}({first + b.pick((30, 60, 150))})")
    return close_scene(b, saved)


def _guarded(b: Builder, call: str) -> None:
    """Run the loop twice; what the second run does depends on what the first one left."""
    caught(b, [f"out.append({call})"])
    if b.draw(2):
        caught(b, [f"out.append({call})"])


def _loop(b: Builder, hot: str, change: str, use: str) -> None:
    """Define the hot function: the use before, after, or on both sides of the change."""
    b.emit(f"def {hot}(count):")
    b.emit("    seen = []")
    b.emit("    last = None")
    form = b.draw(4)
    catch = b.on("try-except") and b.draw(2)
    b.emit("    for i in range(count):")
    inner = "        "
    if catch:
        b.emit("        try:")
        inner += "    "
    if form == 0:
        b.emit(f"{inner}{change}(i)")
        b.emit(f"{inner}value = {use}")
    elif form == 1:
        b.emit(f"{inner}value = ({use}, {change}(i), {use})")
    elif form == 2:
        b.emit(f"{inner}value = [{use}, {change}(i)]")
        b.emit(f"{inner}value.append({use})")
    else:
        b.emit(f"{inner}for _ in range(2):")
        b.emit(f"{inner}    value = {use}")
        b.emit(f"{inner}{change}(i)")
    if catch:
        names = "(TypeError, NameError, AttributeError, LookupError, ValueError)"
        b.emit(f"        except {names} as exc:")
        b.emit('            value = (type(exc).__name__, "at", i)')
    b.emit("        if i % 16 == 0 or type(value) is not type(last):")
    b.emit("            if len(seen) < 30:")
    b.emit("                seen.append((i, value))")
    b.emit("        last = value")
    b.emit("    return seen, last")
