"""Surprises of frames: seen by callees, kept beyond their call, looked at while suspended.

What a callee sees of a caller is its line, counted from its first one, its locals and who has
called it in turn. The callees are reached in all the ways in which an operation can run Python
code, because each of them has to say by itself where the frame is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.surprises.scene import caught, close_scene, loop_of, open_scene

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

LOOKS: Final = (
    "x + n",
    "n + x",
    "x[n]",
    "x[n] = n",
    "x < n",
    "x == n",
    "n in x",
    "x.missing",
    "x.where",
    "x(n)",
    "x.method(n)",
    "look(n)",
    "bool(x)",
    "not x",
    "len(x)",
    "[k for k in x]",
    "a, b = x",
    "f'{x}'",
    "x.where = n",
    "del x[n]",
    "x += n",
    "-x",
    "hash(x)",
    "isinstance(n, (str, Looker))",
    "sorted([x, x])",
    "{x: n}",
    "y = Looker(n)",
    "y = None",
    "y = x.value + n * 1.5",
    "n = n + x.value",
    "with x: n += 1",
    "max(n, key=look) if n is None else look(n)",
    "x - n",
    "n - x",
    "x * n",
    "n * x",
    "x / n",
    "x // n",
    "x % n",
    "x ** n",
    "x @ n",
    "x << n",
    "x >> n",
    "x & n",
    "x | n",
    "n ^ x",
    "x -= n",
    "x <= n",
    "x > n",
    "x >= n",
    "x != n",
    "n not in x",
    "+x",
    "~x",
    "x.missing = n",
    "del x.missing",
    "x[n:]",
    "x[:n] = n",
    "a, *b = x",
    "a = [*x, n]",
    "a = (*x,)",
    "a = {*x}",
    "a = {k: n for k in x}",
    "a = {x for _ in (1, 2)}",
    "a = [x.where for _ in (1, 2)]",
    "for k in x: y = k",
    "while x < n: n -= 1",
    "assert x",
    "a = n if x else y",
    "a = x and n or x",
    "a = x < n < x",
    "a = x.method(value=n)",
    "a = x.method(*[n])",
    "a = x.method(**{'value': n})",
    "a = x.where.real",
    "a = f'{n!r:>{x.value}}{x}'",
    "a = str(x.value), x.where",
    "a = lambda: x; a()",
    "a = [k for k in x if k in x]",
    "if x > n: n += 1",
    "if not x: n += 1",
    "a = range(x.where)[n:n]",
    "a = x and n",
    "a = x or n",
    "a = {x, n}",
    "a = {n: 1}; a[x] = 2; a = a[x]; a = None",
    "a = {n: 1}; a = x in a",
    "for k in x.steps(): y = k",
    "a = [k for k in x.steps()]",
    "a = {k: k for k in x.steps()}",
    "a, b = x.steps()",
    "for k in x.walk(): y = k",
    "a = [k for k in x.walk()]",
    "a, = x.walk()",
    "a = sum(x.steps())",
    "x.other(n)",
    "Looker(n)",
    "a = Looker(value=n).value",
)
"""Statements of a function with a Looker ``x``, a local ``y`` and an int ``n``."""


def looked_at(b: Builder) -> bool:
    """Let every operation of a hot function tell where it is seen to be."""
    b.needs.add("Looker")
    name = b.name("seen")
    b.emit(f"def {name}(n):")
    b.emit("    x = Looker(n)")
    b.emit("    y = n")
    for _ in range(3 + b.draw(5)):
        b.emit(f"    {b.pick(LOOKS)}")
        if b.draw(3) == 0:
            b.emit(f"    y = {b.pick(('n * 2', '(n, y)', 'x.value', 'None'))}")
    b.emit(f"    {b.pick(('return n', 'return x.value', 'x = None; return y is None', 'pass'))}")
    saved = open_scene(b)
    loop_of(b, None, 60, lambda index: f"{name}({index.name})")
    b.emit("out.append(list(SEEN))")
    return close_scene(b, saved)


def kept(b: Builder) -> bool:
    """Keep frames beyond their call, and look at them then."""
    b.needs |= {"import sys", "frame_state"}
    name, outer = b.name("keep"), b.name("outer")
    b.emit(f"def {name}(n):")
    b.emit(f"    local = {b.pick(('[n]', 'n * 1.5', '(n, n)', 'str(n)'))}")
    b.emit("    FRAMES.append(sys._getframe())")
    b.emit(f"    other = {b.pick(('n + 1', 'local', '{n: local}', 'n * 2.5'))}")
    ends = ("return local", "return other", "del local; return other", "return n")
    raises = "return [][n]"
    b.emit(f"    {b.pick((*ends, raises))}")
    b.emit(f"def {outer}(n):")
    if b.draw(2):
        b.emit(f"    inner = {name}(n)")
        b.emit("    return (inner, n)")
    else:
        b.emit("    try:")
        b.emit(f"        return {name}(n)")
        b.emit("    except IndexError as error:")
        b.emit("        return error.args")
    saved = open_scene(b)
    call = outer if b.draw(3) else name
    caught(b, [f"for i in range({b.pick((30, 60, 150))}): {call}(i); del FRAMES[:-3]"])
    b.emit("out.append([frame_state(each) for each in FRAMES])")
    b.emit("FRAMES.clear()")
    return close_scene(b, saved)


def suspended(b: Builder) -> bool:
    """Look at a hot generator or coroutine from outside while it is suspended."""
    b.needs.add("suspended_state")
    name, outer = b.name("gen"), b.name("outer")
    kind = b.pick(("def", "def", "async def"))
    b.emit(f"class {outer}:")
    b.emit(f"    {kind} {name}(self, n):")
    b.emit(f"        a = {b.pick(('n', '[n]', 'n * 0.5'))}")
    if kind == "def":
        b.emit(f"        for k in {b.pick(('range(3)', '(n, a)', '[1, 2]'))}:")
        b.emit(f"            b = {b.pick(('yield k', 'yield (a, k)', 'yield from (k, a)'))}")
    else:
        b.needs.add("Pause")
        b.emit("        for k in (1, 2):")
        b.emit(f"            b = {b.pick(('await Pause(k)', '(await Pause(a), k)'))}")
    b.emit("        return a")
    saved = open_scene(b)
    b.emit("seen = []")
    b.emit(f"for i in range({b.pick((30, 60, 90))}):")
    b.emit(f"    one = {outer}().{name}(i)")
    b.emit("    seen = [suspended_state(one)]")
    b.emit("    try:")
    b.emit(f"        for k in range({b.pick((2, 3, 5))}):")
    b.emit(f"            one.send({b.pick(('None', 'None', 'k or None'))})")
    b.emit("            seen.append(suspended_state(one))")
    b.emit("    except (StopIteration, AttributeError) as stop:")
    b.emit('        seen.append(getattr(stop, "value", "no send"))')
    b.emit("    seen.append(suspended_state(one))")
    b.emit("    one.close()")
    b.emit("out.append(seen)")
    return close_scene(b, saved)
