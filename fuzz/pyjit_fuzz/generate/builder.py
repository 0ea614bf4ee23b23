"""The state of one program while it is built; every production receives it.

Contract. Productions draw from ``b.draw``, write statements with ``b.emit`` and ask for
expressions with ``b.expr`` (a value to be stored or passed: its measure keeps the type's
limit) or ``b.sub`` (an operand: may be larger). A production that does not apply here
returns None (a statement production: False) *before* it emits anything or charges a cost.

An expression is a plain tuple ``(text, measure, atomic)``; see ``types`` for measures.
``atomic`` says that the text needs no parentheses as an operand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pyjit_fuzz.generate.scope import Frame, Scope, Var

if TYPE_CHECKING:
    from pyjit_fuzz.generate.choices import Choices
    from pyjit_fuzz.generate.classes.model import ClassInfo
    from pyjit_fuzz.generate.functions import Function, Suspended
    from pyjit_fuzz.generate.table import Table
    from pyjit_fuzz.generate.types import Type

Expr = tuple[str, int, bool]
Production = Callable[["Builder", "Type", int], "Expr | None"]
StatementProduction = Callable[["Builder"], bool]
Bounder = Callable[["Builder", "Type", Expr], Expr]
T = TypeVar("T")

INDENTS: Final = tuple("    " * level for level in range(40))
MAXIMUM_LEVEL: Final = 9
"""Blocks are not nested deeper (the language's own limit is 20 blocks)."""
STATEMENT_COST: Final = 1
GENERATOR: Final = "generator"
COROUTINE: Final = "coroutine"
ASYNC_GENERATOR: Final = "async generator"
SUSPENDED: Final = (GENERATOR, COROUTINE, ASYNC_GENERATOR)
"""The kinds of functions whose bodies can be suspended."""


def paren(expression: Expr) -> str:
    """Return the text, fit to be an operand."""
    return expression[0] if expression[2] else f"({expression[0]})"


def receiver(expression: Expr) -> str:
    """Return the text, fit to be followed by a dot or a subscript."""
    text, _, atomic = expression
    return text if atomic and not text[0].isdigit() else f"({text})"


class Language:
    """The tables that a generator works with; immutable and shared."""

    __slots__ = ("bounders", "expressions", "statements", "suspended")

    def __init__(
        self,
        expressions: Mapping[str, Table[Production]],
        bounders: Mapping[str, Bounder],
        statements: Table[StatementProduction],
        suspended: Mapping[str, Table[StatementProduction]],
    ) -> None:
        """``expressions`` and ``bounders`` are by ``Type.kind``, ``suspended`` by ``SUSPENDED``."""
        self.expressions = expressions
        self.bounders = bounders
        self.statements = statements
        self.suspended = suspended


class Builder:
    """One program in the making."""

    def __init__(self, choices: Choices, language: Language, enabled: frozenset[str]) -> None:
        """Start with an empty module."""
        self.choices = choices
        self.draw = choices.draw
        self.chance = choices.chance
        self.language = language
        self.enabled = enabled
        self.used: set[str] = set()
        self.needs: set[str] = set()
        self.lines: list[str] = []
        self.level = 0
        self.room = 60
        """Statements that may still be emitted; bounds the size of a program."""
        self.globals: list[Var] = []
        self.functions: list[Function] = []
        self.classes: list[ClassInfo] = []
        self.suspended: dict[str, list[Suspended]] = {kind: [] for kind in SUSPENDED}
        self.records: dict[str, Any] = {}
        self.scope = Scope()
        self.frame = Frame(None, 1000, 0)
        self._names: dict[str, int] = {}
        self._flat: dict[str, list[tuple[str, Any]]] = {}

    # Choosing.

    def pick(self, items: Sequence[T]) -> T:
        """Return one of ``items``; the first is the simplest."""
        return items[self.draw(len(items))]

    def integer(self, low: int, high: int) -> int:
        """Return a number between ``low`` >= 0 and ``high``, both included."""
        return low + self.draw(high - low + 1)

    def on(self, feature: str) -> bool:
        """Say whether the swarm has the feature switched on."""
        return feature in self.enabled

    def use(self, feature: str) -> None:
        """Record that the program uses the feature."""
        self.used.add(feature)

    def maybe(self, feature: str, numerator: int, denominator: int) -> bool:
        """Decide on a feature that is on, and record it when it is taken."""
        if feature in self.enabled and self.chance(numerator, denominator):
            self.used.add(feature)
            return True
        return False

    def rows(self, table: Table[Any]) -> list[tuple[str, Any]]:
        """Return a table's flattened rows for this program's features."""
        flat = self._flat.get(table.name)
        if flat is None:
            flat = self._flat[table.name] = table.rows_for(self.enabled)
        return flat

    # Writing.

    def name(self, prefix: str) -> str:
        """Return a name that was never used."""
        number = self._names.get(prefix, 0) + 1
        self._names[prefix] = number
        return f"{prefix}{number}"

    def emit(self, text: str) -> None:
        """Write one line at the present indentation."""
        self.lines.append(INDENTS[self.level] + text)

    def note(self, text: str) -> None:
        """Write a call that appends a value to the log."""
        self.emit(f"note({text})")

    # Expressions.

    def sub(self, type_: Type, depth: int) -> Expr:
        """Return an expression of the type, with a measure up to ``type_.cap``."""
        kind = type_.kind
        flat = self._flat.get(kind)
        if flat is None:
            flat = self._flat[kind] = self.language.expressions[kind].rows_for(self.enabled)
        if depth > 0:
            feature, production = flat[self.draw(len(flat))]
            expression: Expr | None = production(self, type_, depth - 1)
            if expression is not None:
                if feature:
                    self.used.add(feature)
                if expression[1] > type_.cap:
                    return self.language.bounders[kind](self, type_, expression)
                return expression
        leaf: Expr | None = flat[0][1](self, type_, 0)
        if leaf is None:
            msg = f"the first production of {kind} must always apply"
            raise TypeError(msg)
        return leaf

    def expr(self, type_: Type, depth: int = 2) -> Expr:
        """Return an expression of the type, with a measure up to ``type_.limit``."""
        expression = self.sub(type_, depth)
        if expression[1] > type_.limit:
            return self.language.bounders[type_.kind](self, type_, expression)
        return expression

    def text(self, type_: Type, depth: int = 2) -> str:
        """Return the text of ``expr``."""
        return self.expr(type_, depth)[0]

    def operand(self, type_: Type, depth: int) -> str:
        """Return the text of ``sub``, fit to be an operand; the measure is not wanted."""
        return paren(self.sub(type_, depth))

    def var(self, type_: Type) -> Var | None:
        """Return a visible variable of the type, or None."""
        found = self.scope.find(type_)
        return found[-1 - self.draw(len(found))] if found else None

    def declare(
        self, type_: Type, *, mutable: bool = True, measure: int | None = None, prefix: str = ""
    ) -> Var:
        """Make a new local variable; the caller has emitted, or emits, its assignment."""
        name = self.name(prefix or type_.prefix)
        if type_.feature:
            self.used.add(type_.feature)
        return self.scope.add(Var(name, type_, measure=measure, mutable=mutable))

    def assign(self, type_: Type, depth: int = 2, *, mutable: bool = True) -> Var:
        """Emit an assignment of a new expression to a new variable."""
        text = self.text(type_, depth)
        var = self.declare(type_, mutable=mutable)
        self.emit(f"{var.name} = {text}")
        return var

    # Statements.

    def statement(self) -> None:
        """Emit one statement, or a compound one."""
        self.room -= 1
        self.frame.charge(STATEMENT_COST)
        table = self.language.statements
        if self.frame.suspends and self.draw(2):
            table = self.language.suspended[self.frame.suspends]
        flat = self.rows(table)
        feature, production = flat[self.draw(len(flat))]
        if production(self):
            if feature:
                self.used.add(feature)
        else:
            flat[0][1](self)

    def statements(self, most: int) -> None:
        """Emit up to ``most`` statements, each behind a flag so that one can be cut out."""
        for _ in range(most):
            if self.room <= 0 or not self.chance(3, 4):
                return
            self.statement()

    def block(self, most: int = 3) -> None:
        """Emit an indented block of one or more statements with a scope of its own."""
        mark = self.scope.mark()
        self.level += 1
        start = len(self.lines)
        self.statements(most)
        if len(self.lines) == start:
            self.statement()
        self.level -= 1
        self.scope.release(mark)

    def can_nest(self) -> bool:
        """Say whether one more compound statement may be put here."""
        return self.room > 0 and self.level < MAXIMUM_LEVEL

    # Functions.

    def enter(self, frame: Frame, scope: Scope) -> tuple[Frame, Scope]:
        """Begin a function's body; returns what ``leave`` needs."""
        saved = (self.frame, self.scope)
        self.frame = frame
        self.scope = scope
        frame.scope_start = len(self.lines)
        self.level += 1
        return saved

    def leave(self, saved: tuple[Frame, Scope]) -> Frame:
        """End a function's body: write its ``global`` and ``nonlocal`` lines at its start."""
        frame = self.frame
        if frame.hoisted:
            indent = INDENTS[self.level]
            start = frame.scope_start
            self.lines[start:start] = [indent + line for line in frame.hoisted]
        self.level -= 1
        self.frame, self.scope = saved
        return frame
