"""Surprises of lifetimes: an object that dies looks at what it dies out of, or changes it.

When a store replaces the last reference to an object, its finaliser must find the new value in
place already, and may do to the container whatever it likes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.surprises.scene import close_scene, loop_of, open_scene

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

_LIST: Final = ("box = [0, 1]", "box[0] = Peek(box, n, {act})")
_DICT: Final = ('box = {{"k": 0, "j": 1}}', 'box["k"] = Peek(box, n, {act})')
_HOLDER: Final = ("box = Holder()", "box.k = Peek(box, n, {act})")
_SLOTS: Final = ("box = Slots()", "box.k = Peek(box, n, {act})")
STORES: Final = (
    (_LIST, ("box[0] = n", "box[0], box[1] = n, 2", "box[:1] = [n]", "del box[0]", "box.pop(0)")),
    (_LIST, ("box[-2] = n", "box[n - n] = 2.5", "box[0] = box[1]", "box.clear()")),
    (_DICT, ('box["k"] = n', 'del box["k"]', 'box.pop("k")', 'box["k"], box["j"] = 1, n')),
    (_HOLDER, ("box.k = n", "box.k = box.j", "box.k, box.j = 1, n", "del box.k", "box.new = n")),
    (_HOLDER, ("box.__dict__['k'] = n", "vars(box).clear()", "box.__dict__ = {{'k': n}}")),
    (_SLOTS, ("box.k = n", "box.k = box.j", "del box.k", "box.k, box.j = 1, n")),
)
"""What makes a container with an object that watches it, and stores that let it die."""
ACTIONS: Final = ("None", "None", "None", '"clear"', '"grow"')


def watched_stores(b: Builder) -> bool:
    """Store over objects whose finalisers look at the container."""
    b.needs.add("Peek")
    name = b.name("store")
    b.emit(f"def {name}(n):")
    for _ in range(1 + b.draw(3)):
        setup, stores = b.pick(STORES)
        store = b.pick(stores).format()
        # A list that was cleared has no second item to go on with.
        act = "None" if "box[1]" in store else b.pick(ACTIONS)
        for line in setup:
            b.emit("    " + line.format(act=act))
        b.emit(f"    {store}")
        b.emit(f"    {b.pick(('note(n)', 'y = n', 'SEEN_DYING.append(n)'))}")
    b.emit(f"    return {b.pick(('n', 'contents(box)', 'None'))}")
    saved = open_scene(b)
    loop_of(b, None, 50, lambda index: f"{name}({index.name})")
    b.emit("out.append(SEEN_DYING[-30:])")
    return close_scene(b, saved)


def swapped(b: Builder) -> bool:
    """Move objects between locals, containers and calls; see when each of them dies."""
    b.needs.add("Fin")
    name = b.name("move")
    lines = (
        "a, b = b, a",
        "a = [b, a][n % 2]",
        "b = (a, b)",
        "a = keep(a)",
        "a = keep(x=b)",
        "b = keep(*[a])",
        "b = keep(**{'x': Fin(n)})",
        "a, *b = Fin(n), a, b",
        "for a in (Fin(n), b): pass",
        "for a in [b, Fin(-n)]: b = a",
        "b = [k for k in (a, b)]",
        "a = b = Fin(n)",
        "a = b.value if isinstance(b, Fin) else b",
        "keep(Fin(n)); note('called')",
        "a = keep(Fin(n), Fin(n + 1))",
        "b = {1: a, 2: Fin(n)}[1]",
        "a = (lambda: b)()",
        "b = [*((a, b) if n % 3 else (Fin(n),))]",
        "del a; a = n",
    )
    b.emit("def keep(x, y=None):")
    b.emit(f"    {b.pick(('x = y', 'note(1)', 'del x; x = 2', 'x = [x]', 'return x'))}")
    b.emit("    note('kept')")
    b.emit("    return x")
    b.emit(f"def {name}(n):")
    b.emit("    a = Fin(n)")
    b.emit("    b = Fin(n + 1000)")
    for _ in range(2 + b.draw(4)):
        b.emit(f"    {b.pick(lines)}")
    b.emit("    note('end')")
    b.emit(f"    return {b.pick(('n', 'a', 'None'))}")
    saved = open_scene(b)
    count = b.pick((30, 45, 70))
    b.emit(f"for i in range({count}):")
    b.emit("    if i % 16 == 0:")
    b.emit("        del LOG[1:]")
    b.emit(f"    {name}(i)")
    b.emit("out.append(len(LOG))")
    return close_scene(b, saved)


def numbers_over_objects(b: Builder) -> bool:
    """Store raw numbers where objects of all kinds die, and the other way round."""
    b.needs.add("Peek")
    name = b.name("store")
    dying = ("[n]", "(n, o)", "{n: o}", "Holder()", "str(n) * 3", "n * 1.25", "n << 40", "None")
    values = ("n * 0.5", "n / 3", "n * n", "n + 0.25", "n // 2", "-(n * 0.1)", "[n]")
    places = ("o.k", "o.j", "xs[0]", "xs[-1]", "d[0]", "x")
    b.emit(f"def {name}(o, xs, d, n):")
    b.emit("    x = 1.5")
    for _ in range(2 + b.draw(3)):
        place = b.pick(places)
        b.emit(f"    {place} = {b.pick(dying)}")
        b.emit(f"    {place} = {b.pick(values)}")
    b.emit("    return x, xs[0], o.j")
    saved = open_scene(b)
    b.emit(f"o, xs, d = {b.pick(('Holder()', 'Slots()'))}, [1, 2], {{}}")
    loop_of(b, None, 30, lambda index: f"{name}(o, xs, d, {index.name})")
    b.emit("out.append((o.k, o.j, xs, d))")
    return close_scene(b, saved)


_GO: Final = (
    ("def go(self, k=1):", "    return self.value + k"),
    ("go = staticmethod(lambda k=2: k)",),
    ("go = property(lambda self: (lambda k=3: (self.value, k)))",),
    ("def __getattr__(self, name):", "    return lambda k=4: (name, k)"),
    (
        "def __init__(self, value):",
        "    self.value = value",
        "    self.go = lambda k=5: k",
    ),
    ("go = (7).__add__",),
    ("go = classmethod(lambda cls, k=6: k)",),
)
"""Classes whose ``go(k)`` is found in different ways."""


def fresh_receivers(b: Builder) -> bool:
    """Call methods of objects that nobody else holds, and whose class keeps changing."""
    b.needs.add("Fin")
    name, make = b.name("use"), b.name("make")
    count = 2 + b.draw(2)
    for i in range(count):
        b.emit(f"class K_{make}_{i}(Fin):")
        for line in b.pick(_GO):
            b.emit(f"    {line}")
    kinds = ", ".join(f"K_{make}_{i}" for i in range(count))
    b.emit(f"KINDS_{make} = [{kinds}]")
    b.emit(f"def {make}(n, at):")
    b.emit(f"    return KINDS_{make}[0 if n < at else n % {count}](n)")
    b.emit(f"def {name}(n, at):")
    b.emit(f"    return {b.pick((f'{make}(n, at).go(2)', f'[{make}(n, at).go(1), n]'))}")
    saved = open_scene(b)
    loop_of(b, None, 25, lambda index: f"{name}({index.name}, {b.pick((40, 25, 5))})")
    return close_scene(b, saved)
