"""Surprises of classes and instances: what inline caches of attributes must notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.calls import arguments
from pyjit_fuzz.generate.classes.define import emit_method
from pyjit_fuzz.generate.functions import Function
from pyjit_fuzz.generate.surprises.scene import (
    a_class,
    caught,
    close_scene,
    collect,
    instance,
    loop_of,
    method_of,
    open_scene,
)
from pyjit_fuzz.generate.types import INT, SMALL

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.classes.model import ClassInfo
    from pyjit_fuzz.generate.scope import Var


def _reader(b: Builder, text: str) -> str:
    """Define a small function of an object, the hot site, and return its name."""
    name = b.name("read")
    b.emit(f"def {name}(o):")
    b.emit(f"    return {text}")
    return name


def _writer(b: Builder, field: str) -> str:
    name = b.name("write")
    b.emit(f"def {name}(o, value):")
    b.emit(f"    o.{field} = value")
    b.emit(f"    return o.{field}")
    return name


def _twin(b: Builder, info: ClassInfo, extra: str = "") -> str:
    """Define a subclass to change or to assign, so that the original stays as it is."""
    name = b.name("T")
    b.emit(f"class {name}({info.name}):")
    b.emit(f"    {extra or 'pass'}")
    return name


def _twin_instance(b: Builder, info: ClassInfo, twin: str) -> str:
    name = b.name("o")
    b.emit(f"{name} = {twin}({arguments(b, info.constructor, 0)})")
    return name


def class_attribute(b: Builder) -> bool:
    """Replace a class attribute, shadow it in an instance, delete the shadow."""
    info = a_class(b, needs_dict=True)
    if info is None:
        return False
    twin = _twin(b, info, f"level = {b.draw(9)}")
    reader = _reader(
        b, b.pick(("o.level", "o.level + 1", f"{twin}.level", "(o.level, type(o).level)"))
    )
    saved = open_scene(b)
    name = _twin_instance(b, info, twin)
    loop_of(b, None, 5, lambda _: f"{reader}({name})")
    steps = [
        f"{twin}.level = {b.pick(('50', '2.5', '1 << 70'))}",
        f"{name}.level = 7",
        f"{twin}.level += 1",
        f"del {name}.level",
        f"{twin}.other = 1",
    ]
    for step in steps[: 1 + b.draw(4)]:
        b.emit(step)
        b.emit(f"out.append({reader}({name}))")
        loop_of(b, None, 5, lambda _: f"{reader}({name})", count=b.pick((40, 10, 100)))
    return close_scene(b, saved)


def method(b: Builder) -> bool:
    """Replace a method of a class; the new one has the same signature."""
    info = a_class(b)
    found = method_of(b, info) if info else None
    if info is None or found is None:
        return False
    twin = _twin(b, info)
    fresh = Function(b.name("new"), found.params, found.returns, 0)
    fresh.is_method = True
    # A module-level function, which is to become a method.
    emit_method(b, info, fresh)
    saved = open_scene(b)
    name = _twin_instance(b, info, twin)

    def make(_: Var) -> str:
        return f"{name}.{found.name}({arguments(b, found, 0)})"

    loop_of(b, found.returns, found.cost, make)
    target = b.pick(
        (f"{twin}.{found.name} = {fresh.name}", f'setattr({twin}, "{found.name}", {fresh.name})')
    )
    b.emit(target)
    loop_of(b, found.returns, fresh.cost, make, count=b.pick((40, 10, 100)))
    if b.draw(2):
        b.emit(f"del {twin}.{found.name}")
        collect(b, make(instance(b, info)), found.returns)
    return close_scene(b, saved)


def instance_attribute(b: Builder) -> bool:
    """Give an instance an attribute that hides a method, or is new."""
    info = a_class(b, needs_dict=True)
    found = method_of(b, info) if info else None
    if info is None or found is None:
        return False
    saved = open_scene(b)
    var = instance(b, info)
    other = instance(b, info)

    def make(_: Var) -> str:
        return f"{var.name}.{found.name}({arguments(b, found, 0)})"

    loop_of(b, found.returns, found.cost, make)
    if b.draw(2) == 0:
        b.emit(f"{var.name}.brand_new = {b.text(INT, 1)}")
        collect(b, make(var), found.returns)
        b.emit(f"out.append(sorted(vars({var.name})))")
    b.emit(f"{var.name}.{found.name} = lambda *args, **kwargs: ({b.draw(9)}, len(args))")
    b.emit(f"out.append({make(var)})")
    collect(b, f"{other.name}.{found.name}({arguments(b, found, 0)})", found.returns)
    b.emit(f"del {var.name}.{found.name}")
    loop_of(b, found.returns, found.cost, make, count=5)
    return close_scene(b, saved)


def class_assignment(b: Builder) -> bool:
    """Assign ``__class__`` of a warmed-up instance."""
    info = a_class(b)
    if info is None or not info.fields:
        return False
    field = next(iter(info.fields))
    slots = "" if info.has_dict else "__slots__ = (); "
    first = _twin(b, info, f"{slots}tag = 1")
    second = _twin(b, info, f"{slots}tag = {b.pick(('2.5', '2', 'None'))}")
    reader = _reader(b, b.pick(("o.tag", f"(o.tag, o.{field})", f"o.{field}")))
    saved = open_scene(b)
    name = _twin_instance(b, info, first)
    loop_of(b, None, 6, lambda _: f"{reader}({name})")
    b.emit(f"{name}.__class__ = {second}")
    loop_of(b, None, 6, lambda _: f"{reader}({name})", count=b.pick((2, 30, 100)))
    b.emit(f"out.append((type({name}).__name__, isinstance({name}, {first})))")
    caught(b, [f"{name}.__class__ = int"], "TypeError")
    return close_scene(b, saved)


def instance_dict(b: Builder) -> bool:
    """Materialise ``__dict__``, delete keys from it, replace it."""
    info = a_class(b, needs_dict=True)
    if info is None or not info.fields:
        return False
    field = b.pick(list(info.fields))
    reader = _reader(b, f"o.{field}")
    writer = _writer(b, field)
    saved = open_scene(b)
    var = instance(b, info).name
    loop_of(b, None, 5, lambda _: f"{reader}({var})")
    loop_of(b, None, 6, lambda index: f"{writer}({var}, {index.name})", count=b.pick((40, 10, 100)))
    steps = (
        f"out.append(sorted(vars({var})))",
        f'vars({var})["{field}"] = {b.text(SMALL, 0)}',
        f"del {var}.{field}",
        f"{var}.late = 1; {var}.{field} = 8",
        f'{var}.__dict__ = {{"{field}": {b.text(INT, 0)}, "more": 1}}',
        f"{var}.__dict__.clear()",
        f"{var}.__dict__.update({field}=5, z=6)",
        f'vars({var}).pop("{field}", None)',
    )
    for _ in range(1 + b.draw(4)):
        caught(b, [b.pick(steps), f"out.append({reader}({var}))"], "AttributeError")
    b.emit(f"out.append({writer}({var}, 3))")
    return close_scene(b, saved)


def base_class(b: Builder) -> bool:
    """Add a method to, or change one of, a base class between calls on the subclass."""
    info = a_class(b)
    if info is None:
        return False
    base, middle, leaf = b.name("B"), b.name("B"), b.name("B")
    b.emit(f"class {base}:")
    b.emit("    def who(self, n):")
    b.emit(f"        return n + {b.draw(5)}")
    b.emit(f"class {middle}({base}):")
    b.emit("    pass")
    second = info.base is None and info.has_dict and b.draw(2)
    b.emit(f"class {leaf}({middle}{', ' + info.name if second else ''}):")
    b.emit("    def __init__(self):")
    b.emit("        self.n = 2")
    name = _reader(b, b.pick(("o.who(o.n)", "o.who(3)", "(o.who(1), o.n)")))
    saved = open_scene(b)
    b.emit(f"o = {leaf}()")
    loop_of(b, None, 8, lambda _: f"{name}(o)")
    b.emit(f"{middle}.who = lambda self, n: n * {2 + b.draw(8)}")
    loop_of(b, None, 8, lambda _: f"{name}(o)", count=b.pick((1, 10, 100)))
    if b.draw(2):
        b.emit(f"{leaf}.who = lambda self, n: super({leaf}, self).who(n) + 100")
        loop_of(b, None, 8, lambda _: f"{name}(o)", count=3)
    if b.draw(2):
        b.emit(f"del {middle}.who")
        b.emit(
            f"{base}.who = {b.pick(('staticmethod(lambda n: -n)', 'lambda self, n: None or n'))}"
        )
        caught(b, [f"out.append({name}(o))"], "TypeError")
    return close_scene(b, saved)


def property_over_attribute(b: Builder) -> bool:
    """Put a data descriptor over an instance attribute, then take it away."""
    info = a_class(b, needs_dict=True)
    if info is None or not info.fields:
        return False
    field = b.pick(list(info.fields))
    twin = _twin(b, info)
    reader = _reader(b, b.pick((f"o.{field}", f"[o.{field}, o.{field}]")))
    writer = _writer(b, field)
    saved = open_scene(b)
    name = _twin_instance(b, info, twin)
    loop_of(b, None, 5, lambda _: f"{reader}({name})")
    body = b.pick((f'vars(self).get("{field}")', "77", 'note("get")', "type(self).__name__"))
    b.emit(f"{twin}.{field} = property(lambda self: {body})")
    loop_of(b, None, 5, lambda _: f"{reader}({name})", count=b.pick((1, 10, 100)))
    caught(b, [f"out.append({writer}({name}, 4))"], "AttributeError")
    b.emit(f"del {twin}.{field}")
    b.emit(f"out.append({reader}({name}))")
    return close_scene(b, saved)


def getattr_hook(b: Builder) -> bool:
    """Add ``__getattr__`` or ``__getattribute__`` to a class in use, then the attribute."""
    twin = b.name("T")
    b.emit(f"class {twin}:")
    b.emit("    def __init__(self):")
    b.emit("        self.here = 1")
    reader = _reader(b, b.pick(("o.here", 'getattr(o, "gone", 5)', "o.here + o.here")))
    missing = _reader(b, "o.gone")
    saved = open_scene(b)
    b.emit(f"o = {twin}()")
    loop_of(b, None, 5, lambda _: f"{reader}(o)")
    caught(b, [f"{missing}(o)"], "AttributeError")
    b.emit(f'{twin}.__getattr__ = lambda self, name: note(("hook", name)) or 9')
    b.emit(f"out.append(({reader}(o), {missing}(o)))")
    step = b.pick(
        (
            f"o.gone = {b.text(INT, 0)}",
            f"{twin}.gone = 3",
            "del o.here",
            f"{twin}.__getattribute__ = lambda self, name: len(name)",
            f"del {twin}.__getattr__",
        )
    )
    b.emit(step)
    caught(b, [f"out.append(({reader}(o), {missing}(o)))"], "AttributeError")
    return close_scene(b, saved)


def dunder(b: Builder) -> bool:
    """Add or replace an operator of a class whose instances are in use."""
    twin = b.name("T")
    word, text = b.pick(
        (
            ("__add__", "o + 1"),
            ("__len__", "len(o)"),
            ("__getitem__", "o[1]"),
            ("__eq__", "o == 1"),
            ("__bool__", "not o"),
            ("__call__", "o(1)"),
            ("__contains__", "1 in o"),
            ("__lt__", "o < 1"),
            ("__neg__", "-o"),
        )
    )
    parameter = "" if word in ("__len__", "__bool__", "__neg__") else ", other"
    b.emit(f"class {twin}:")
    b.emit(f"    def {word}(self{parameter}):")
    b.emit(f'        note("{word}")')
    b.emit(f"        return {b.pick(('False', 'True'))}")
    name = _reader(b, text)
    saved = open_scene(b)
    b.emit(f"o = {twin}()")
    loop_of(b, None, 6, lambda _: f"{name}(o)")
    b.emit(f"{twin}.{word} = lambda self{parameter}: {b.pick(('True', '2', '0', 'None'))}")
    caught(b, [f"out.append({name}(o))"], "TypeError")
    b.emit(f"o.{word} = lambda *args: 5")
    caught(b, [f"out.append({name}(o))"], "TypeError")
    b.emit(f"del {twin}.{word}")
    caught(b, [f"out.append({name}(o))"], "TypeError")
    return close_scene(b, saved)


def attribute_deletion(b: Builder) -> bool:
    """Delete an attribute, read it, set it again: with a dict or with slots."""
    info = a_class(b)
    if info is None or not info.fields:
        return False
    field = b.pick(list(info.fields))
    name = b.name("use")
    b.emit(f"def {name}(o):")
    b.emit("    try:")
    b.emit(f"        value = o.{field}")
    b.emit("    except AttributeError as exc:")
    b.emit(f"        value = {b.pick(('exc.args', 'None', 'type(exc).__name__'))}")
    b.emit("    return value")
    saved = open_scene(b)
    var = instance(b, info).name
    loop_of(b, None, 7, lambda _: f"{name}({var})")
    b.emit(f"del {var}.{field}")
    loop_of(b, None, 9, lambda _: f"{name}({var})", count=b.pick((1, 30, 100)))
    b.emit(f"{var}.{field} = {b.text(SMALL, 0)}")
    b.emit(f"out.append({name}({var}))")
    return close_scene(b, saved)
