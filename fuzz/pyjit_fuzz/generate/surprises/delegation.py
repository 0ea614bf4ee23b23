"""Scenes of ``yield from``: deep chains, trees, and all that can be delegated to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.surprises.scene import caught, close_scene, loop_of, open_scene

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder


def deep_chain(b: Builder) -> bool:
    """``yield from`` to some depth; what is sent, thrown and returned goes all the way."""
    b.needs.add("Oops")
    name = b.name("chain")
    b.emit(f"def {name}(depth, top):")
    b.emit("    if depth == 0:")
    b.emit("        sent = yield top")
    b.emit(f"        yield from {b.pick(('range(top)', '[top, sent]', '(k for k in (sent, 1))'))}")
    b.emit("        return top")
    catch = b.draw(2)
    if catch:
        b.emit("    try:")
        b.emit(f"        got = yield from {name}(depth - 1, top + 1)")
        b.emit("    except Oops as exc:")
        b.emit("        note((depth, exc.args))")
        b.emit(f"        {b.pick(('raise', 'got = depth', 'return -depth'))}")
    else:
        b.emit(f"    got = yield from {name}(depth - 1, top + 1)")
    b.emit(f"    {b.pick(('yield got', 'yield depth', 'pass'))}")
    b.emit("    return got + 1")
    depth = b.pick((3, 1, 8, 20, 60))
    saved = open_scene(b)
    cost = depth * (depth + 3) * 3
    loop_of(b, None, cost, lambda index: f"list({name}({min(depth, 8)}, {index.name} % 4))[-3:]")
    b.frame.charge(cost)
    b.emit(f"gi = {name}({depth}, 0)")
    b.emit("out.append(next(gi))")
    lines = [f"out.append(gi.{b.pick(('throw(Oops(1))', 'send(5)', 'close()'))})", "next(gi)"]
    caught(b, lines, "(Oops, StopIteration, TypeError)")
    b.emit("out.append(list(gi))")
    return close_scene(b, saved)


def tree_walk(b: Builder) -> bool:
    """Walk a tree with recursive generators, of a function or of ``__iter__``."""
    node = b.name("Node")
    b.emit(f"class {node}:")
    b.emit("    def __init__(self, left, value, right):")
    b.emit("        self.left = left")
    b.emit("        self.value = value")
    b.emit("        self.right = right")
    b.emit("    def __iter__(self):")
    deeper = b.pick(("yield from self.{0}", "for value in self.{0}:\n                yield value"))
    order = b.pick((("left", "", "right"), ("", "left", "right"), ("right", "left", "")))
    for part in order:
        if part:
            b.emit(f"        if self.{part} is not None:")
            b.emit(f"            {deeper.format(part)}")
        else:
            b.emit(f"        yield {b.pick(('self.value', '(self.value, 1)'))}")
    name = b.name("tree")
    b.emit(f"def {name}(low, high):")
    b.emit("    if low >= high:")
    b.emit("        return None")
    b.emit("    middle = (low + high) // 2")
    b.emit(f"    return {node}({name}(low, middle), middle, {name}(middle + 1, high))")
    saved = open_scene(b)
    size = b.pick((7, 3, 15, 24))
    b.emit(f"top = {name}(0, {size})")
    b.frame.charge(size * 8)
    consumer = b.pick(("[*top][-2:]", "list(zip(top, top))[-1:]", "[k for k in top][:2]"))
    loop_of(b, None, size * 12, lambda _: consumer)
    surprise = b.pick(("2.5", "None", '"leaf"', "1 << 70"))
    b.emit("gi = iter(top)")
    b.emit("out.append(next(gi))")
    b.emit(f"top{b.pick(('', '.left', '.right'))}.value = {surprise}")
    b.emit(b.pick(("top.left = None", "top.right = top.left", "top.left.left = None", "pass")))
    b.emit("out.append(list(gi))")
    return close_scene(b, saved)


DELEGATES: Final = (
    "[i, 2]",
    "(i,)",
    "range(i % 4)",
    '"ab"',
    "{i: 1}",
    "iter([i])",
    "(k * 2 for k in (i, 3))",
    "{name}([i])",
    "{name}({name}((i, 1)))",
    "map(str, [i])",
    "zip([i], [2])",
    "None",
    "i",
    "[]",
)
"""What is yielded from at one place; some of it cannot be."""


def delegates(b: Builder) -> bool:
    """Yield from one type of iterable until it is hot, then from others, at the same place."""
    name = b.name("flat")
    b.emit(f"def {name}(items):")
    if b.on("yield-in-try") and b.draw(2):
        b.emit("    try:")
        b.emit("        got = yield from items")
        b.emit("    except TypeError as exc:")
        b.emit("        got = exc.args")
    else:
        b.emit("    got = yield from items")
    b.emit(f"    {b.pick(('yield got', 'return got', 'note(got)'))}")
    saved = open_scene(b)
    kinds = [b.pick(DELEGATES).replace("{name}", name) for _ in range(2 + b.draw(4))]
    loop_of(b, None, 20, lambda index: f"[*{name}([{index.name}, 2])]")
    b.frame.charge(40 * 12 * len(kinds))
    b.emit("for i in range(40):")
    for kind in kinds:
        b.emit("    try:")
        b.emit(f"        value = list({name}({kind}))")
        b.emit("    except TypeError as exc:")
        b.emit("        value = exc.args")
        b.emit("    out[:] = [*out[-12:], value]")
    return close_scene(b, saved)
