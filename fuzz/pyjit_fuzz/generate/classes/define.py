"""Whole classes: layout, constructor, methods, properties, inheritance.

Table ``MEMBERS`` holds what a class body may contain besides its constructor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.builder import GENERATOR
from pyjit_fuzz.generate.classes.dunders import DUNDERS
from pyjit_fuzz.generate.classes.model import ClassInfo, Operation
from pyjit_fuzz.generate.functions import (
    LEAF_BUDGET,
    Function,
    Param,
    body,
    draw_params,
    finish,
    next_rank,
    return_types,
    simple_default,
    value_types,
)
from pyjit_fuzz.generate.scope import Frame, Scope, Var
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import FLOAT, INT, SMALL, STR

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.types import Type

METHOD_BUDGET: Final = 40


def field_types(b: Builder) -> list[Type]:
    """Return the types of attributes: those whose values any code may replace."""
    return [t for t in value_types(b) if t.kind in ("int", "float", "str", "vector", "record")]


def define_class(b: Builder) -> ClassInfo:
    """Define a class, or a subclass of an earlier one, and register it."""
    base = None
    if b.classes and b.maybe("inheritance", 2, 3):
        base = b.pick(b.classes)
    info = ClassInfo(b.name("C"), base, next_rank(b))
    b.use("class")
    b.emit(f"class {info.name}({base.name}):" if base else f"class {info.name}:")
    b.level += 1
    _layout(b, info)
    while b.room > 0 and b.chance(4, 5):
        rows = b.rows(MEMBERS)
        feature, member = rows[b.draw(len(rows))]
        b.room -= 1
        if member(b, info) and feature:
            b.use(feature)
    b.level -= 1
    info.finish()
    b.classes.append(info)
    return info


def _layout(b: Builder, info: ClassInfo) -> None:
    """Emit ``__slots__``, class attributes and the constructor."""
    base = info.base
    types = field_types(b)
    own = [Param(b.name("a"), b.pick(types)) for _ in range(b.draw(3) if base else 1 + b.draw(3))]
    slots = (base is None or not base.has_dict) and b.maybe("slots", 1, 3)
    info.fields.update((param.name, param.type) for param in own)
    names = ", ".join(f'"{name}"' for name in info.fields)
    b.emit(f"FIELDS = ({names}{',' if names else ''})")
    if b.on("match-class"):
        b.emit("__match_args__ = FIELDS")
    if slots:
        info.has_dict = False
        mine = ", ".join(f'"{param.name}"' for param in own)
        b.emit(f"__slots__ = ({mine}{',' if mine else ''})")
    if b.maybe("class-attribute", 1, 2):
        name = b.name("k")
        type_ = b.pick([t for t in types if t in (SMALL, INT, FLOAT, STR)])
        b.emit(f"{name} = {simple_default(b, type_)}")
        info.class_attributes[name] = type_
    if base is None or own:
        _constructor(b, info, own)
    else:
        info.constructor = _copy(base.constructor, info)


def _copy(constructor: Function, info: ClassInfo) -> Function:
    copied = Function(info.name, constructor.params, info.type, constructor.rank)
    copied.cost = constructor.cost
    return copied


def _constructor(b: Builder, info: ClassInfo, own: list[Param]) -> None:
    """Emit ``__init__``, which calls the base's one first."""
    inherited = list(info.base.constructor.params) if info.base else []
    if own and not any(p.default for p in inherited) and b.maybe("default-arguments", 1, 4):
        own[-1].default = simple_default(b, own[-1].type)
    if any(p.default for p in inherited):
        for param in own:
            param.kind = "keyword"
    function = Function(info.name, inherited + own, info.type, 0)
    function.is_method = True
    b.emit(f"def __init__({function.signature()}):")
    frame = Frame(None, 30, 0)
    inner = Scope(b.globals)
    saved = b.enter(frame, inner)
    for param in function.params:
        inner.add(Var(param.name, param.type))
    start = len(b.lines)
    if info.base is not None:
        b.use("super")
        passed = ", ".join(
            f"{p.name}={p.name}" if p.kind == "keyword" else p.name for p in inherited
        )
        b.emit(f"super().__init__({passed})")
    for param in own:
        value = param.name if b.draw(3) < 2 else b.text(param.type, 1)
        b.emit(f"self.{param.name} = {value}")
    if len(b.lines) == start:
        b.emit("pass")
    b.leave(saved)
    function.is_method = False
    function.rank = 0
    function.cost = 6
    info.constructor = function


def _open_method(b: Builder, info: ClassInfo, function: Function) -> tuple[Frame, Scope]:
    b.emit(f"def {function.name}({function.signature()}):")
    frame = Frame(function.returns, METHOD_BUDGET, function.rank)
    inner = Scope(b.globals)
    saved = b.enter(frame, inner)
    if function.is_method:
        inner.add(Var("self", info.type))
    for param in function.params:
        inner.add(Var(param.name, param.type, mutable=True))
    return saved


def method(b: Builder, info: ClassInfo) -> bool:
    """Define a method."""
    function = Function(b.name("m"), draw_params(b, 2), b.pick(return_types(b)), next_rank(b))
    function.is_method = True
    emit_method(b, info, function)
    info.methods[function.name] = function
    return True


def emit_method(b: Builder, info: ClassInfo, function: Function) -> None:
    """Emit a method's definition, of a drawn shape."""
    saved = _open_method(b, info, function)
    body(b)
    frame = b.leave(saved)
    function.cost = min(max(function.cost, frame.cost + 1), 2 * LEAF_BUDGET)
    function.impure |= frame.impure


def override(b: Builder, info: ClassInfo) -> bool:
    """Define an inherited method again, with or without a call of the base's."""
    base = info.base
    if base is None:
        return False
    names = [name for name, each in base.methods.items() if each.is_method]
    names = [name for name in names if info.methods[name] is base.methods[name]]
    if not names:
        return False
    inherited = base.methods[b.pick(names)]
    function = Function(inherited.name, inherited.params, inherited.returns, inherited.rank)
    function.is_method = True
    function.cost = inherited.cost + 3
    saved = _open_method(b, info, function)
    if function.returns is not None and b.maybe("super", 2, 3):
        passed = ", ".join(
            f"{p.name}={p.name}" if p.kind == "keyword" else p.name for p in function.params
        )
        var = b.declare(function.returns)
        b.emit(f"{var.name} = super().{function.name}({passed})")
    b.statements(2)
    finish(b)
    frame = b.leave(saved)
    function.impure = inherited.impure or frame.impure
    # Callers of the base's method may reach this one: its cost is theirs from now on.
    function.cost = inherited.cost = max(inherited.cost, frame.cost + inherited.cost)
    inherited.impure = function.impure
    info.methods[function.name] = function
    return True


def generator_method(b: Builder, info: ClassInfo) -> bool:
    """Define a method that is a generator, and what calls it."""
    scalars = [t for t in value_types(b) if t in (SMALL, INT, FLOAT, STR)]
    item = b.pick(scalars)
    function = Function(b.name("m"), [Param(b.name("a"), SMALL)], b.pick(scalars), 0)
    function.is_method = True
    saved = _open_method(b, info, function)
    frame = b.frame
    frame.suspends, frame.item = GENERATOR, item
    frame.items += 1
    b.emit(f"yield {b.text(item, 1)}")
    b.statements(3)
    finish(b)
    b.leave(saved)
    cost = frame.cost + frame.items
    call = f"{{o}}.{function.name}({{0}})"
    info.operations += [
        Operation(item, f"next({call}, {{1}})", (SMALL, item), cost),
        Operation(item, f"[*{call}][-1]", (SMALL,), cost),
        Operation(SMALL, f"len(list({call}))", (SMALL,), cost),
    ]
    return True


def property_member(b: Builder, info: ClassInfo) -> bool:
    """Define a property, some with a setter."""
    name = b.name("p")
    type_ = b.pick([t for t in value_types(b) if t.kind in ("int", "float", "str", "bool")])
    b.emit("@property")
    function = Function(name, [], type_, 0)
    function.is_method = True
    saved = _open_method(b, info, function)
    if b.draw(3) == 2:
        b.note(f'"{info.name}.{name}"')
    finish(b)
    b.leave(saved)
    info.properties[name] = type_
    target = next((field for field, t in info.fields.items() if t is type_), "")
    if target and b.draw(2):
        b.emit(f"@{name}.setter")
        b.emit(f"def {name}(self, value):")
        b.emit(f"    self.{target} = value")
        b.records.setdefault(f"settable {info.name}", []).append((name, type_))
    return True


def class_or_static(b: Builder, info: ClassInfo) -> bool:
    """Define a class method or a static method."""
    function = Function(b.name("m"), draw_params(b, 2), b.pick(return_types(b)), next_rank(b))
    if b.draw(2) == 0:
        b.emit("@staticmethod")
        saved = _open_method(b, info, function)
    else:
        b.emit("@classmethod")
        signature = function.signature()
        saved = _open_method(b, info, function)
        b.lines[-1] = b.lines[-1].replace(
            f"({signature})", f"(cls{', ' * bool(signature)}{signature})"
        )
        if info.class_attributes and b.draw(2):
            attribute, type_ = next(iter(info.class_attributes.items()))
            b.emit(f"{b.declare(type_).name} = cls.{attribute}")
    b.statements(2)
    finish(b)
    function.cost = b.leave(saved).cost
    info.methods[function.name] = function
    return True


def dunder(b: Builder, info: ClassInfo) -> bool:
    """Define operator methods; the table says which."""
    rows = b.rows(DUNDERS)
    feature, define = rows[b.draw(len(rows))]
    if not feature:
        return False
    define(b, info)
    b.use(feature)
    return True


MEMBERS: Final[Table[Callable[[Builder, ClassInfo], bool]]] = Table(
    "members",
    [
        (5, "", method),
        (3, "inheritance", override),
        (2, "property", property_member),
        (4, "generator-method", generator_method),
        (2, "class-static-method", class_or_static),
        (7, "", dunder),
    ],
)
