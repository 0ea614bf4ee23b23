"""Surprises of tracing: switched on and off by whatever hot code calls, in the middle of a frame.

The frame goes on in the interpreter from there, with everything where the interpreter expects it,
and the tracer sees each event that it would see without a JIT. So each operation that can run
Python code has to be able to leave behind itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.surprises.frames import LOOKS
from pyjit_fuzz.generate.surprises.scene import close_scene, loop_of, open_scene

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder


def traced(b: Builder) -> bool:
    """Switch tracing or profiling on and off in a callee of hot code."""
    b.needs.add("switch")
    name, inner = b.name("hot"), b.name("inner")
    b.emit(f"def {inner}(n):")
    b.emit(f"    m = {b.pick(('n + 1', '[n, n]', 'n * 2.0', 'str(n)'))}")
    b.emit(f"    return {b.pick(('m', '(n, m)', 'n'))}")
    b.emit(f"def {name}(n, at):")
    uses = (
        "a = switch(n, at)",
        "a = [inner(k) for k in (switch(n, at), 1)]",
        "a = (n, switch(n, at), inner(n))",
        "a = switch(n, at) + n",
        "a = f'{switch(n, at)}-{n}'",
        "a = inner(switch(n, at))",
        "a = -switch(n, at) if n else n",
    )
    b.emit(f"    {b.pick(uses).replace('inner', inner)}")
    more = ("b = inner(n)", "b = [k for k in range(3)]", "b = n / (n - 5)", "b = a, n")
    for _ in range(1 + b.draw(3)):
        b.emit(f"    {b.pick(more).replace('inner', inner)}")
    b.emit("    return a")
    saved = open_scene(b)
    loop_of(b, None, 20, lambda index: f"{name}({index.name} + 6, -1)")
    b.emit(f"HOOK[0] = sys.{b.pick(('settrace', 'setprofile', 'settrace'))}")
    for _ in range(1 + b.draw(3)):
        b.emit("try:")
        b.emit(f"    out.append({name}({b.pick((6, 7, 5))}, {b.pick((6, 7, 5))}))")
        b.emit("except ZeroDivisionError:")
        b.emit("    out.append('divided')")
        b.emit("finally:")
        b.emit("    HOOK[0](None)")
    b.emit("out.append(list(EVENTS))")
    loop_of(b, None, 20, lambda index: f"{name}({index.name} + 6, -1)", count=b.pick((5, 40)))
    return close_scene(b, saved)


def operations(b: Builder) -> bool:
    """Switch tracing or profiling on within the operations of a hot function, one by one."""
    b.needs |= {"Looker", "armed"}
    name = b.name("seen")
    kind = b.pick(("return", "return", "yield"))
    b.emit(f"def {name}(n):")
    b.emit("    x = Looker(n)")
    b.emit("    y = n")
    count = 2 + b.draw(5)
    for _ in range(count):
        b.emit(f"    {b.pick(LOOKS)}")
        if b.draw(3) == 0:
            b.emit(f"    y = {b.pick(('n * 2', '(n, y)', 'x.value', 'None', 'n + 0.5'))}")
        if kind == "yield" and b.draw(2):
            b.emit(f"    {b.pick(('yield n', 'y = yield y', 'yield x.where'))}")
    ends = ("n", "y", "x.value", "x.where")
    b.emit(f"    {kind} {b.pick(ends)}")
    call = f"list({name}({{0}}))" if kind == "yield" else f"{name}({{0}})"
    saved = open_scene(b)
    loop_of(b, None, 60, lambda index: call.format(index.name))
    hook = b.pick(("settrace", "setprofile", "settrace"))
    b.emit(f"ARMED[1] = sys.{hook}")
    b.frame.charge(60 * 3 * count)
    b.emit(f"for at in range({3 * count}):")
    b.emit("    ARMED[0] = at")
    b.emit("    try:")
    b.emit(f"        value = {call.format('at')}")
    b.emit("    finally:")
    b.emit(f"        sys.{hook}(None)")
    b.emit("        ARMED[0] = -1")
    b.emit("    out.append((state(value), list(EVENTS)))")
    b.emit("    EVENTS.clear()")
    b.needs.add("state")
    loop_of(b, None, 60, lambda index: call.format(index.name), count=b.pick((3, 20)))
    return close_scene(b, saved)
