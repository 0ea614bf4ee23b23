"""What the code at one place can see: variables by type, and the function around it.

Invariant: a variable is in its scope exactly while it is definitely assigned, so a read of
it cannot fail. A block releases at its end what it added; names are never used twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyjit_fuzz.generate.functions import Function
    from pyjit_fuzz.generate.types import Type


class Var:
    """A variable; ``mutable`` says that plain assignment may rebind it here."""

    __slots__ = ("measure", "mutable", "name", "type")

    def __init__(
        self, name: str, type_: Type, *, measure: int | None = None, mutable: bool = False
    ) -> None:
        """``measure``: a bound tighter than the type's, for variables never rebound."""
        self.name = name
        self.type = type_
        self.measure = type_.limit if measure is None else measure
        self.mutable = mutable


class Scope:
    """A stack of variables, indexed by type."""

    __slots__ = ("by_type", "callables", "objects", "stack")

    def __init__(self, inherited: Iterable[Var] = ()) -> None:
        """Start with ``inherited`` variables of outer scopes, which are read-only here."""
        self.stack: list[Var] = []
        self.by_type: dict[Type, list[Var]] = {}
        self.objects: list[Var] = []
        self.callables: list[Function] = []
        for var in inherited:
            self.add(Var(var.name, var.type, measure=var.measure) if var.mutable else var)

    def add(self, var: Var) -> Var:
        """Make ``var`` visible."""
        self.stack.append(var)
        found = self.by_type.get(var.type)
        if found is None:
            self.by_type[var.type] = [var]
        else:
            found.append(var)
        if var.type.info is not None:
            self.objects.append(var)
        return var

    def mark(self) -> int:
        """Return a mark for ``release``."""
        return len(self.stack)

    def release(self, mark: int) -> None:
        """Forget everything added since ``mark``."""
        stack = self.stack
        while len(stack) > mark:
            var = stack.pop()
            self.by_type[var.type].pop()
            if var.type.info is not None:
                self.objects.pop()

    def find(self, type_: Type) -> list[Var]:
        """Return the variables whose values have the type, newest last."""
        accepts = type_.accepts
        by_type = self.by_type
        if len(accepts) == 1:
            return by_type.get(type_, _NONE)
        found: list[Var] = []
        for accepted in accepts:
            more = by_type.get(accepted)
            if more:
                found = found + more if found else more
        return found

    def mutable(self) -> list[Var]:
        """Return the variables that may be rebound."""
        return [var for var in self.stack if var.mutable]


_NONE: list[Var] = []


class Frame:
    """The function being generated: its budget and what its statements may do.

    ``cost`` estimates the statements that one call executes; ``mult`` is how often the
    code at this place runs in one call. Both keep programs quick.
    """

    __slots__ = (
        "budget",
        "cost",
        "hoisted",
        "impure",
        "in_finally",
        "item",
        "items",
        "loops",
        "mult",
        "no_walrus",
        "rank",
        "returns",
        "scope_start",
        "suspends",
    )

    def __init__(self, returns: Type | None, budget: int, rank: int) -> None:
        """Start a body; ``returns`` None: what it returns does not matter."""
        self.returns = returns
        self.budget = budget
        self.rank = rank
        self.cost = 2
        self.mult = 1
        self.loops = 0
        self.no_walrus = 0
        self.in_finally = 0
        self.impure = False
        self.hoisted: dict[str, None] = {}
        """``global`` and ``nonlocal`` lines for the function's start, in order."""
        self.scope_start = 0
        self.suspends = ""
        """Key of ``Language.suspended`` where the body can be suspended, or empty."""
        self.item: Type | None = None
        """The type of what a generator yields."""
        self.items = 0
        """How many items one exhausting run of a generator yields at most."""

    def affords(self, cost: int) -> bool:
        """Say whether code of this cost may be put here."""
        return self.cost + self.mult * cost <= self.budget

    def charge(self, cost: int) -> None:
        """Account for code of this cost, put here."""
        self.cost += self.mult * cost
