"""Scenes of attributes and methods whose owner changes its kind at one place.

Instances, classes, modules, objects with an attribute hook and what is in an object's own
dictionary: each has a kind of inline cache of its own, and a place that has met one of them is
asked for all others, and for owners that have been changed meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.surprises.scene import caught, close_scene, open_scene

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

CLASS: Final = """\
class {name}({base}):
    field = {n}
    def __init__(self):
        self.own = ({n}, 1)
    def work(self, n):
        return (self.own, n)
    @classmethod
    def make(cls, n=1):
        return (cls.field, n)
    @staticmethod
    def twice(n=2):
        return n * 2
    @property
    def shown(self):
        return (self.own, "shown")"""
"""An owner of everything that is asked for; ``work`` also works on a class, with an instance."""
META: Final = """\
class {name}(type):
    def work(cls, n):
        return (cls.__name__, n)
    @property
    def shown(cls):
        return "of the class\""""
HOOKED: Final = """\
class {name}:
    own = 5
    def __getattr__(self, name):
        if name == "shown":
            return {n}
        if name[0] == "_":
            raise AttributeError(name)
        return lambda *values: (name, values)"""
SLOTTED: Final = """\
class {name}:
    __slots__ = ("own", "work", "field", "shown", "make", "twice")
    def __init__(self):
        self.own = 1
        self.work = self.make = self.twice = lambda *values: ("slot", values)
        self.field = self.shown = {n}"""
MODULE: Final = """\
{name} = type(sys)("{name}")
{name}.own = {name}.field = {n}
{name}.shown = [{n}]
{name}.work = {name}.make = {name}.twice = lambda *values: ("module", values)"""
USES: Final = (
    "x = o.work(n)",
    "x = o.make()",
    "x = o.make(n)",
    "x = o.twice(n)",
    "x = o.twice()",
    "x = o.own",
    "x = o.field",
    "x = o.shown",
    "x = (o.own, o.field)",
    "x = o.work",
    "x = o.make(o.own)",
    "o.own = n",
    "o.own = n; x = o.own",
    "o.own += 1",
    "o.extra = n",
    "x = getattr(o, 'extra', None)",
)
CHANGES: Final = (
    "{owner}.work = lambda *values: ('changed', values)",
    "{owner}.make = {owner}.twice",
    "{owner}.own = 'text'",
    "{owner}.field = 2.5",
    "{owner}.extra = [1]",
    "del {owner}.own",
    "del {owner}.field",
    "vars({owner}).update(own=9, field=8)",
    "vars({owner})['work'] = len",
    "type({owner}).field = 7",
    "type({owner}).work = lambda self, n: ('type', n)",
    "type({owner}).shown = 3",
    "type({owner}).own = property(lambda self: 'property')",
    "{owner}.__class__ = type({other})",
    "{owner}.__dict__ = {{'own': 4}}",
    "{owner}.__class__.make = classmethod(lambda cls, n=3: (cls.__name__, n))",
)
ERRORS: Final = "(AttributeError, TypeError)"


def changing(b: Builder) -> bool:
    """Warm a place up with one or two kinds of owner, then give it all of them and change some."""
    b.needs.add("import sys")
    owners = _owners(b)
    name = b.name("ask")
    b.emit(f"def {name}(o, n):")
    b.emit("    x = n")
    for _ in range(1 + b.draw(3)):
        b.emit(f"    {b.pick(USES)}")
    b.emit("    return x if isinstance(x, (int, str, float, tuple, list)) else type(x).__name__")
    saved = open_scene(b)
    b.emit(f"owners = [{', '.join(owners)}]")
    for _ in range(1 + b.draw(2)):
        first, second = b.draw(len(owners)), b.draw(len(owners))
        pick = f"owners[{first}]" if b.draw(2) else f"owners[({first}, {second})[n & 1]]"
        caught(b, ["for n in range(60):", f"    value = {name}({pick}, n)", "out.append(value)"])
    b.frame.charge(400)
    for _ in range(2 + b.draw(4)):
        at, other = b.draw(len(owners)), b.draw(len(owners))
        if b.draw(2):
            change = b.pick(CHANGES).format(owner=f"owners[{at}]", other=f"owners[{other}]")
            caught(b, [change])
        b.emit(f"for n in range({b.pick((1, 4, 40))}):")
        b.emit("    for o in owners:")
        b.emit("        try:")
        b.emit(f"            value = {name}(o, n)")
        b.emit(f"        except {ERRORS} as error:")
        b.emit("            value = error.args")
        b.emit("    out.append(value)")
        b.frame.charge(200 * len(owners))
    return close_scene(b, saved)


def _owners(b: Builder) -> list[str]:
    """Emit definitions of two to six owners; return expressions for them."""
    found: list[str] = []
    for _ in range(2 + b.draw(4)):
        kind = b.draw(7)
        name = b.name("Own")
        n = b.pick(("1", "300", "'s'", "1.5"))
        if kind in (0, 1, 2):
            meta = ""
            if kind == 2:
                meta = b.name("Meta")
                _emit(b, META.format(name=meta))
            base = b.pick(("object", "object", "int", "list"))
            head = f"{base}, metaclass={meta}" if meta else base
            _emit(b, CLASS.format(name=name, base=head, n=n))
            found.append(f"{name}()" if kind == 0 else name)
            if b.draw(3) == 0:
                found.append(f"{name}()")
        else:
            template = (HOOKED, SLOTTED, MODULE, MODULE)[kind - 3]
            _emit(b, template.format(name=name, n=n))
            found.append(name if template is MODULE else f"{name}()")
    return found


def _emit(b: Builder, text: str) -> None:
    for line in text.splitlines():
        b.emit(line)
