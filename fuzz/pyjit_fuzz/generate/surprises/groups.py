"""Scenes of exception groups: arms that are tried on another group each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.statements.groups import ARMS, PICTURES, group
from pyjit_fuzz.generate.surprises.scene import close_scene, loop_of, open_scene
from pyjit_fuzz.generate.types import SMALL

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder


def changing(b: Builder) -> bool:
    """Warm the arms up with one group, then raise others, single exceptions, or nothing."""
    b.needs.update(("Oops", "shape"))
    name = b.name("split")
    b.emit(f"def {name}(exc):")
    b.emit("    seen = []")
    b.emit("    try:")
    b.emit("        try:")
    b.emit("            if exc is not None:")
    b.emit("                raise exc")
    for number, head in enumerate(dict.fromkeys(b.pick(ARMS) for _ in range(1 + b.draw(3)))):
        b.emit(f"        except* {head} as part:")
        b.emit(f"            seen.append(({number}, {b.pick(PICTURES).format('part')}))")
        if b.draw(4) == 3:
            b.emit(f"            {b.pick(('raise', 'raise Oops(1)', 'raise KeyError from part'))}")
    if b.draw(2):
        b.emit("        else:")
        b.emit('            seen.append("else")')
    b.emit("    except Exception as rest:")
    b.emit("        seen.append(shape(rest))")
    b.emit(f"    return {b.pick(('seen', 'seen[-2:]', 'len(seen)'))}")
    saved = open_scene(b)
    first = group(b)
    loop_of(b, None, 40, lambda _: f"{name}({first})")
    others = [group(b), "None", "KeyError(1)", "OSError(2)", group(b), f"Oops({b.text(SMALL, 0)})"]
    for _ in range(2 + b.draw(3)):
        b.emit(f"out.append({name}({b.pick(others)}))")
    loop_of(b, None, 40, lambda _: f"{name}({b.pick(others)})", count=b.pick((10, 60)))
    return close_scene(b, saved)
