"""One function by itself, with calls of it: for tests of a JIT inside the tests' own process.

Contract: the module's text defines the function and everything that it needs, and does
nothing else that shows. Each call is an expression that can be evaluated in the module's
namespace, any number of times; its arguments are of the types that the function was
generated for. A call may raise, and it may print.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from pyjit_fuzz.generate.builder import Builder
from pyjit_fuzz.generate.choices import Choices
from pyjit_fuzz.generate.features import draw_features
from pyjit_fuzz.generate.functions import define
from pyjit_fuzz.generate.prelude import prelude
from pyjit_fuzz.generate.program import LANGUAGE, draw_definitions, draw_globals, spaced
from pyjit_fuzz.generate.scope import Frame, Scope
from pyjit_fuzz.generate.surprises.scene import SCENE_RANK, call_text
from pyjit_fuzz.worker.canon import Canonicaliser

_MOST_CALLS = 5


class DrawnFunction(msgspec.Struct, frozen=True):
    """A generated function and calls of it."""

    source: str
    """The module's text."""
    name: str
    calls: tuple[str, ...]
    """Expressions that call it."""

    def load(self) -> dict[str, Any]:
        """Execute the module and return its namespace, a new one each time."""
        namespace: dict[str, Any] = {"__name__": "drawn"}
        code = compile(self.source, "<drawn>", "exec", dont_inherit=True)
        exec(code, namespace)  # noqa: S102 - the caller asked for a function to call
        return namespace

    def outcomes(
        self, jit: Callable[[Callable[..., Any]], Callable[..., Any]] = lambda f: f, turns: int = 1
    ) -> list[Any]:
        """Make the calls with ``jit(function)`` in the function's place; return their outcomes.

        All calls are made ``turns`` times over, so that the function gets hot. Outcomes can be
        compared with ``==``: values with their types and aliases, exceptions with type and text.
        """
        namespace = self.load()
        namespace[self.name] = jit(namespace[self.name])
        calls = [compile(call, "<call>", "eval", dont_inherit=True) for call in self.calls]
        return [_outcome(call, namespace) for _ in range(turns) for call in calls]


def _outcome(call: Any, namespace: dict[str, Any]) -> Any:
    try:
        return Canonicaliser().tree(eval(call, namespace))  # noqa: S307 - as above
    except Exception as error:  # noqa: BLE001 - whatever it raises is what came of it
        return ["raised", type(error).__qualname__, str(error)]


def draw_function(choices: Choices) -> DrawnFunction:
    """Build the function that these choices describe."""
    b = Builder(choices, LANGUAGE, draw_features(choices))
    draw_globals(b)
    draw_definitions(b)
    b.room = max(b.room, 12)
    function = define(b)
    lines = list(b.lines)
    b.enter(Frame(None, 500, SCENE_RANK), Scope(b.globals))
    calls = tuple(call_text(b, function, depth=1) for _ in range(1 + b.draw(_MOST_CALLS)))
    source = f"{prelude(b.needs)}\n\n" + "\n".join(spaced(lines)) + "\n"
    return DrawnFunction(source, function.name, calls)
