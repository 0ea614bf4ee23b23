"""What the generator knows of a class of the program.

Invariant: ``fields`` hold values of their types on every complete instance, whatever methods
were called; surprises that break this keep it to instances of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.functions import Function
from pyjit_fuzz.generate.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterable


class Operation:
    """An operator that the class implements: ``template`` has ``{o}``, ``{0}``, ``{1}``."""

    __slots__ = ("arguments", "cost", "result", "template")

    def __init__(
        self, result: Type, template: str, arguments: tuple[Type, ...] = (), cost: int = 6
    ) -> None:
        """``arguments`` are the types of the numbered places."""
        self.result = result
        self.template = template
        self.arguments = arguments
        self.cost = cost


class ClassInfo:
    """A class: its layout, callable members and operators, inherited ones included."""

    __slots__ = (
        "base",
        "class_attributes",
        "complete",
        "constructor",
        "fields",
        "has_dict",
        "iterates",
        "manages",
        "methods",
        "name",
        "operations",
        "properties",
        "subclasses",
        "type",
    )

    def __init__(self, name: str, base: ClassInfo | None, rank: int) -> None:
        """Start with everything that ``base`` has."""
        self.name = name
        self.base = base
        self.type = Type(name, "object", "o", info=self)
        self.complete = False
        self.subclasses: list[ClassInfo] = []
        self.fields: dict[str, Type] = dict(base.fields) if base else {}
        self.class_attributes: dict[str, Type] = dict(base.class_attributes) if base else {}
        self.properties: dict[str, Type] = dict(base.properties) if base else {}
        self.methods: dict[str, Function] = dict(base.methods) if base else {}
        self.operations: list[Operation] = list(base.operations) if base else []
        self.has_dict = True
        self.iterates: bool = base.iterates if base else False
        self.manages: bool = base.manages if base else False
        self.constructor: Function = (
            base.constructor if base else Function(name, [], self.type, rank)
        )

    def finish(self) -> None:
        """Make the class usable as its bases are."""
        self.complete = True
        above = self.base
        while above is not None:
            above.subclasses.append(self)
            above.type.accepts = (*above.type.accepts, self.type)
            above = above.base

    def ancestors(self) -> Iterable[ClassInfo]:
        """Yield the bases, nearest first."""
        above = self.base
        while above is not None:
            yield above
            above = above.base

    def readable(self, type_: Type) -> list[str]:
        """Return the names of attributes whose values have the type."""
        accepts = type_.accepts
        found = [name for name, each in self.fields.items() if each in accepts]
        for more in (self.class_attributes, self.properties):
            if more:
                found += [name for name, each in more.items() if each in accepts]
        return found

    def methods_of(self, type_: Type) -> list[Function]:
        """Return the methods that return the type."""
        accepts = type_.accepts
        return [method for method in self.methods.values() if method.returns in accepts]

    def operations_of(self, type_: Type) -> list[Operation]:
        """Return the operators that give the type."""
        accepts = type_.accepts
        return [each for each in self.operations if each.result in accepts]
