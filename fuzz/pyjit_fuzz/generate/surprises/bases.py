"""Scenes of classes that derive from built-in types and have attributes of their own.

Where such an instance keeps its dictionary depends on the base: behind the object if that has
a variable size (int, tuple, bytes), in front of it or inside otherwise. One place in hot code
meets instances of all kinds, made, filled and changed in different ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.surprises.scene import caught, close_scene, loop_of, open_scene

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

BASES: Final = (
    ("object", ""),
    ("int", "7"),
    ("str", '"text"'),
    ("tuple", "(1, 2, 3)"),
    ("list", "[1, 2]"),
    ("dict", '{"k": 1}'),
    ("float", "2.5"),
    ("bytes", 'b"ab"'),
    ("complex", "1 + 2j"),
    ("frozenset", "(1,)"),
    ("Named, int", "5"),
    ("str, Named", '"mixed"'),
)
"""Bases of a class, and what an instance is made of."""
NO_SLOTS: Final = ("int", "tuple", "bytes")
"""Bases whose size varies: a subclass cannot have slots of its own."""
FILLS: Final = (
    "self.name = {n}",
    'self.__dict__["name"] = {n}',
    "vars(self).update(name={n})",
    "self.other = 0; self.name = {n}",
    "self.name = 0; self.name = [{n}]",
    'self.__dict__ = {{"name": {n}}}',
)
MEMBERS: Final = (
    ("def __eq__(self, other):", '    note("eq")', "    return NotImplemented"),
    ("def __hash__(self):", "    return 3"),
    ("def __bool__(self):", '    note("bool")', "    return True"),
    ("def __len__(self):", "    return 4"),
    ("def __add__(self, other):", '    note("add")', "    return (self.name, 1)"),
    ("def __getattr__(self, name):", "    return (name, 9)"),
    ("def go(self, k=1):", "    return [self.name, k]"),
    ("more = 6",),
    ("def __getitem__(self, at):", '    note("item")', "    return at"),
)
USES: Final = (
    "x = thing.name",
    "thing.name = n",
    "thing.name = n * 0.5",
    "thing.more = n",
    "thing.name = n; x = thing.name",
    'x = getattr(thing, "more", n)',
    "x = thing == n",
    "x = 1 if thing else 2",
    "x = isinstance(thing, int) and thing * 2",
    "x = isinstance(thing, (int, float)) and thing + n",
    "x = isinstance(thing, (list, tuple, str)) and thing[0]",
    "x = isinstance(thing, (list, tuple)) and [each for each in thing]",
    "x = isinstance(thing, (list, tuple, str, dict)) and len(thing)",
    'x = isinstance(thing, dict) and thing["k"]',
    "x = isinstance(thing, int) and (thing < n, -thing, n - thing)",
    "x = isinstance(thing, float) and thing / 2",
    'x = isinstance(thing, str) and thing + "!"',
    'x = hasattr(type(thing), "go") and thing.go(n)',
    'vars(thing)["name"] = n',
    "x = sorted(vars(thing))",
)
CHANGES: Final = (
    "vars({thing})",
    "del {thing}.name",
    '{thing}.__dict__ = {{"name": 8}}',
    "type({thing}).name = property(lambda self: 77)",
    "type({thing}).more = 5",
    "{thing}.__class__ = type({other})",
    "{thing}.many = 1; {thing}.names = 2; {thing}.name = 3",
)
ENUMS: Final = ("IntEnum", "IntFlag", "Enum", "StrEnum")


def _define(b: Builder, base: str) -> str:
    """Emit a class that derives from ``base``; return its name."""
    name = b.name("Base")
    if "Named" in base and "Named" not in b.records:
        b.records["Named"] = "Named"
        b.emit("class Named:")
        b.emit("    def go(self, k=2):")
        b.emit("        return (self.name, k)")
    b.emit(f"class {name}({base}):")
    if base not in NO_SLOTS and "," not in base and b.draw(6) == 5:
        b.emit('    __slots__ = ("many", "__dict__")')
    b.emit("    def __init__(self, *values):")
    if base in ("list", "dict"):
        b.emit("        super().__init__(*values)")
    b.emit(f"        {b.pick(FILLS).format(n=b.draw(9))}")
    for _ in range(b.draw(3)):
        for line in b.pick(MEMBERS):
            b.emit(f"    {line}")
    return name


def _define_enum(b: Builder) -> str:
    """Emit an enumeration whose members are numbers or texts, with attributes; return its name."""
    kind, name = b.pick(ENUMS), b.name("Kind")
    b.needs.add("import enum")
    b.emit(f"class {name}(enum.{kind}):")
    for number, member in enumerate(("A", "B", "C")):
        b.emit(f"    {member} = {number + 1 if kind != 'StrEnum' else repr(member.lower())}")
    if b.draw(2):
        b.emit("    @property")
        b.emit("    def more(self):")
        b.emit("        return (self.name, 3)")
    return name


def mixed(b: Builder) -> bool:
    """Use attributes at one place, of one kind until it is hot, then of all kinds."""
    made = []
    for _ in range(2 + b.draw(4)):
        base, value = b.pick(BASES)
        made.append(f"{_define(b, base)}({value})")
    if b.draw(3) == 2:
        made.append(f"{_define_enum(b)}.{b.pick('ABC')}")
    name, things = b.name("look"), b.name("things")
    b.emit(f"def {name}(thing, n):")
    b.emit("    x = None")
    uses = [b.pick(USES) for _ in range(1 + b.draw(4))]
    if made[-1][-1] in "ABC":  # its attributes cannot be set
        uses = [use for use in uses if "thing." not in use.partition("=")[0]]
    for use in uses:
        b.emit(f"    {use}")
    b.emit("    return (x, thing.name)")
    saved = open_scene(b)
    b.emit(f"{things} = [{', '.join(made)}]")
    count = len(made)
    if b.draw(2):
        b.emit(f"vars({things}[{b.draw(count)}])")
    loop_of(b, None, 20, lambda index: f"{name}({things}[0], {index.name})")
    loop_of(b, None, 20, lambda index: f"{name}({things}[{index.name} % {count}], {index.name})")
    thing, other = (f"{things}[{b.draw(count)}]" for _ in range(2))
    caught(b, [b.pick(CHANGES).format(thing=thing, other=other)])
    b.emit(f"for thing in {things} * 3:")
    at = len(b.lines)
    caught(b, [f"out.append({name}(thing, 4))"])
    for line in range(at, len(b.lines)):
        b.lines[line] = "    " + b.lines[line]
    return close_scene(b, saved)
