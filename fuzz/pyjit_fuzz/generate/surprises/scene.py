"""Scenes: the frame in which code is made hot and then surprised.

A scene is a function that ``main`` calls. It fills the list ``out`` with everything worth
comparing: the last value and a digest of a warm-up loop, values after the surprise, caught
exceptions. ``FOLDS`` tells, by type, how a loop folds the values that it sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.calls import arguments
from pyjit_fuzz.generate.scope import Frame, Scope, Var
from pyjit_fuzz.generate.types import BIG, BOOL, FLOAT, INT, NUM, SMALL, STR

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.classes.model import ClassInfo
    from pyjit_fuzz.generate.functions import Function
    from pyjit_fuzz.generate.types import Type

WARM_UPS: Final = (200, 100, 150, 300, 300, 400, 600)
"""Iterations of warm-up loops."""
_INT_FOLD: Final = ("0", "{acc} = ({acc} * 31 + {value}) % 1000003")
_LAST_FOLD: Final = ("[]", "{acc} = [*{acc}[-2:], {value}]")
"""For what cannot be added up: keep the last three."""
FOLDS: Final[dict[Type, tuple[str, str]]] = {
    SMALL: _INT_FOLD,
    INT: _INT_FOLD,
    BIG: _INT_FOLD,
    FLOAT: ("0.0", "{acc} = {acc} * 0.5 + {value}"),
    BOOL: ("0", "{acc} = ({acc} * 2 + {value}) % 1000003"),
    STR: ('""', "{acc} = ({acc} + {value})[-30:]"),
}


SCENE_BUDGET: Final = 16000
SCENE_RANK: Final = 1 << 20
"""Above every function: a scene may call all of them."""


def open_scene(b: Builder) -> tuple[Frame, Scope]:
    """Begin a scene's function; returns what ``close_scene`` needs."""
    name = b.name("scene")
    b.records.setdefault("scenes", []).append(name)
    b.emit(f"def {name}():")
    saved = b.enter(Frame(None, SCENE_BUDGET, SCENE_RANK), Scope(b.globals))
    b.emit("out = []")
    b.statements(2)
    return saved


def close_scene(b: Builder, saved: tuple[Frame, Scope]) -> bool:
    """End a scene's function."""
    b.emit("return out")
    b.leave(saved)
    return True


def warm_up_count(b: Builder, cost: int) -> int:
    """Draw how often a warm-up loop runs, within the scene's budget; at least 3."""
    frame = b.frame
    wanted = b.pick(WARM_UPS)
    left = (frame.budget - frame.cost) // ((cost + 3) * frame.mult)
    count = max(3, min(wanted, left))
    frame.charge(count * (cost + 3))
    return count


def shown(b: Builder, text: str, t: Type | None) -> str:
    """Return an expression that shows a value plainly."""
    if t is None or t is NUM or t.kind == "object":
        b.needs.add("state")
        return f"state({text})"
    return text


def collect(b: Builder, text: str, t: Type | None) -> None:
    """Emit a statement that puts a value into the scene's results."""
    b.emit(f"out.append({shown(b, text, t)})")


def loop_of(
    b: Builder, t: Type | None, cost: int, make: Callable[[Var], str], *, count: int = 0
) -> int:
    """Emit a loop over ``make(index)``, which folds the values; returns its length."""
    count = count or warm_up_count(b, cost)
    index = Var(b.name("i"), SMALL, measure=9)
    initial, fold = FOLDS.get(t, _LAST_FOLD) if t else _LAST_FOLD
    acc = b.name("acc")
    mark = b.scope.mark()
    b.scope.add(index)
    # The loop's own statements were paid for by ``warm_up_count``; calls within the
    # arguments are charged as part of the loop.
    b.frame.mult *= count
    value = make(index)
    b.frame.mult //= count
    b.scope.release(mark)
    b.emit(f"{acc} = {initial}")
    b.emit(f"for {index.name} in range({count}):")
    plain = all(char.isalnum() or char in "_.,()= " for char in value) and value.endswith(")")
    b.emit("    " + fold.format(acc=acc, value=value if plain else f"({value})"))
    if initial == "[]" and (t is None or t is NUM or t.kind == "object"):
        b.needs.add("state")
        b.emit(f"out.append([state(each) for each in {acc}])")
    else:
        b.emit(f"out.append({acc})")
    return count


def call_text(b: Builder, function: Function, depth: int = 0) -> str:
    """Return a valid call; shallow arguments keep warm-up loops about the callee."""
    return f"{function.name}({arguments(b, function, depth)})"


def warm_function(b: Builder, function: Function, *, count: int = 0) -> None:
    """Call a function many times with arguments of its types."""
    loop_of(
        b, function.returns, function.cost, lambda _: call_text(b, function, b.draw(2)), count=count
    )


def call_again(b: Builder, function: Function) -> None:
    """Call a function once more and keep the value."""
    b.frame.charge(function.cost)
    collect(b, call_text(b, function, 1), function.returns)


def caught(b: Builder, lines: list[str], exceptions: str = "Exception") -> None:
    """Emit lines whose exception is part of the scene's results."""
    name = b.name("e")
    b.emit("try:")
    for line in lines:
        b.emit("    " + line)
    b.emit(f"except {exceptions} as {name}:")
    if b.draw(2):
        b.needs.add("trail")
        b.emit(f"    out.append(trail({name}))")
    else:
        b.emit(f"    out.append((type({name}).__name__, {name}.args))")


def instance(b: Builder, info: ClassInfo) -> Var:
    """Make a new object of exactly this class for the scene and return its variable."""
    b.frame.charge(info.constructor.cost)
    var = Var(b.name("o"), info.type)
    b.emit(f"{var.name} = {info.name}({arguments(b, info.constructor, 0)})")
    return b.scope.add(var)


def method_of(b: Builder, info: ClassInfo) -> Function | None:
    """Return an instance method of the class that the scene can afford, if there is one."""
    found = [
        method
        for method in info.methods.values()
        if method.is_method and method.cost * 20 < b.frame.budget
    ]
    return b.pick(found) if found else None


def hot_function(b: Builder) -> Function | None:
    """Return a function of the program that the scene can afford to warm up."""
    found = [f for f in b.functions if f.cost * 20 < b.frame.budget]
    return found[-1 - b.draw(len(found))] if found else None


def a_class(b: Builder, *, needs_dict: bool = False) -> ClassInfo | None:
    """Return a class of the program, if there is one."""
    found = [info for info in b.classes if info.has_dict or not needs_dict]
    return found[-1 - b.draw(len(found))] if found else None
