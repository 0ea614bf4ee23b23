"""Scenes of coroutines and asynchronous generators, driven by the event loop of the prelude."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.builder import ASYNC_GENERATOR, COROUTINE
from pyjit_fuzz.generate.surprises.scene import (
    caught,
    close_scene,
    loop_of,
    open_scene,
    warm_up_count,
)
from pyjit_fuzz.generate.surprises.suspended import (
    Assumption,
    fresh,
    hot_suspended,
    keep_some,
    told,
)
from pyjit_fuzz.generate.types import SMALL

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder


def driven(b: Builder) -> bool:
    """Run coroutines to their end many times, one or several at once."""
    function = hot_suspended(b, COROUTINE)
    if function is None:
        return False
    b.needs.add("Pause")
    saved = open_scene(b)
    width = b.pick((1, 1, 2, 4))
    cost = (function.cost * 3 + 10) * width

    def make(_: object) -> str:
        return f"drive({', '.join(fresh(b, function, b.draw(2)) for _ in range(width))})"

    loop_of(b, None, cost, make)
    b.frame.charge(cost)
    b.emit(f"out.append({make(None)})")
    return close_scene(b, saved)


STEPS: Final = (
    "co.send(None)",
    "co.send(3)",
    "co.throw(Oops(4))",
    "co.close()",
    "co.throw(GeneratorExit)",
    "co.send(2.5)",
    "(co.cr_running, co.cr_await is None, co.cr_frame is None)",
)


def by_hand(b: Builder) -> bool:
    """Start a coroutine many times; send to it, throw into it, close it."""
    function = hot_suspended(b, COROUTINE)
    if function is None:
        return False
    b.needs.add("Oops")
    saved = open_scene(b)
    count = warm_up_count(b, function.cost)
    again = fresh(b, function)
    b.emit("seen = []")
    b.emit(f"for i in range({count}):")
    b.emit(f"    co = {again}")
    b.emit("    try:")
    b.emit("        value = [co.send(None)]")
    for _ in range(1 + b.draw(3)):
        b.emit(f"        value.append({b.pick(STEPS)})")
    told(b, "Oops, StopIteration, TypeError, RuntimeError, GeneratorExit")
    b.emit("    try:")
    b.emit("        co.close()")
    b.emit("    except RuntimeError as exc:")
    b.emit("        value = exc.args")
    keep_some(b, 8, 64)
    # One that has ignored ``close`` goes on from there.
    caught(b, ["co.send(None)"], "(RuntimeError, StopIteration, GeneratorExit)")
    return close_scene(b, saved)


ASYNC_STEPS: Final = (
    "await gi.__anext__()",
    "await gi.asend(3)",
    "await gi.athrow(Oops(5))",
    "await gi.aclose()",
    "await anext(gi, -1)",
    "[k async for k in gi][:3]",
    "(gi.ag_running, gi.ag_await is None)",
)


def async_by_hand(b: Builder) -> bool:
    """Drive an asynchronous generator by hand from a coroutine, many times."""
    function = hot_suspended(b, ASYNC_GENERATOR)
    if function is None:
        return False
    b.needs.update(("Oops", "Pause"))
    name = b.name("hand")
    again = fresh(b, function)
    b.emit(f"async def {name}(n):")
    b.emit(f"    gi = {again}")
    b.emit("    seen = []")
    b.emit("    try:")
    for step in ("await anext(gi, None)", *(b.pick(ASYNC_STEPS) for _ in range(1 + b.draw(3)))):
        b.emit(f"        seen.append({step})")
    b.emit("    except (Oops, StopAsyncIteration, RuntimeError, TypeError) as exc:")
    b.emit("        seen.append((type(exc).__name__, exc.args))")
    b.emit(f"    {b.pick(('await gi.aclose()', 'pass', 'gi = None'))}")
    b.emit("    return seen")
    saved = open_scene(b)
    loop_of(b, None, function.cost * 3 + 20, lambda index: f"drive({name}({index.name}))[0]")
    return close_scene(b, saved)


def async_exhausted(b: Builder) -> bool:
    """Iterate over an asynchronous generator many times."""
    function = hot_suspended(b, ASYNC_GENERATOR)
    if function is None:
        return False
    b.needs.add("Pause")
    name = b.name("collect")
    again = fresh(b, function)
    b.emit(f"async def {name}():")
    form = b.draw(3)
    if form == 0:
        b.emit(f"    return [k async for k in {again}]")
    else:
        b.emit("    seen = []")
        b.emit(f"    async for k in {again}:")
        b.emit("        seen.append(k)")
        if form == 2:
            b.emit("        if len(seen) > 2:")
            b.emit("            break")
        b.emit("    return seen")
    saved = open_scene(b)
    loop_of(b, None, function.cost * 3 + 20, lambda _: f"drive({name}())[0][-2:]")
    b.emit(f"out.append(drive({name}(), {name}()))")
    return close_scene(b, saved)


def resumed(b: Builder) -> bool:
    """Break an assumption of one coroutine from another, while the first one waits."""
    assumption = Assumption(b)
    b.needs.add("Pause")
    hot, change = b.name("hot"), b.name("change")
    use = assumption.use(b)
    amid = b.pick(("({0}, await Pause(i), {0})", "[await Pause(i), {0}]", "{0}"))
    b.emit(f"async def {hot}(count):")
    b.emit("    seen = []")
    b.emit("    for i in range(count):")
    b.emit("        try:")
    b.emit(f"            value = {amid.format(use)}")
    b.emit("        except Exception as exc:")
    b.emit("            value = (type(exc).__name__, i)")
    b.emit("        await Pause(1)")
    b.emit("        seen = [*seen[-4:], value]")
    b.emit("    return seen")
    first = b.pick((60, 30, 120))
    b.emit(f"async def {change}():")
    b.emit(f"    {assumption.declared}")
    b.emit(f"    for i in range({first}):")
    b.emit("        await Pause(i)")
    b.emit(f"    {assumption.broken(b)}")
    saved = open_scene(b)
    b.frame.charge(2 * first * 12)
    b.emit(f"out.append(drive({hot}({first + 30}), {change}(), {hot}({b.draw(3) + 1})))")
    b.emit(f"out.append(drive({hot}({first // 2 + 3})))")
    return close_scene(b, saved)


AWAITED: Final = (
    "Pause(i)",
    "{co}(i)",
    "{own}([i, 2])",
    "{own}(())",
    "{own}((k for k in (i, 1)))",
    "{own}(5)",
    "{co}(None)",
    "None",
    "i",
    "(k for k in (1, 2))",
)
"""What is awaited at one place; some of it cannot be."""


def awaitables(b: Builder) -> bool:
    """Await one type of object until it is hot, then others, at the same place."""
    b.needs.add("Pause")
    own, co, hot = b.name("Own"), b.name("co"), b.name("wait")
    b.emit(f"class {own}:")
    b.emit("    def __init__(self, items):")
    b.emit("        self.items = items")
    b.emit("    def __await__(self):")
    b.emit(f"        {b.pick(('return iter(self.items)', 'yield from self.items'))}")
    b.emit(f"async def {co}(n):")
    b.emit(f"    {b.pick(('return n', 'return await Pause(n) + 1', 'return n + 1'))}")
    b.emit(f"async def {hot}(make, i):")
    b.emit(f"    {b.pick(('return await make(i)', 'return (i, await make(i))'))}")
    saved = open_scene(b)
    names = {"own": own, "co": co}
    kinds = [b.pick(AWAITED).format(**names) for _ in range(2 + b.draw(4))]
    b.emit(f"makers = [{', '.join(f'lambda i: {kind}' for kind in kinds)}]")
    loop_of(b, None, 20, lambda index: f"drive({hot}(makers[0], {index.name}))[0]")
    count = len(kinds)
    loop_of(
        b,
        None,
        20,
        lambda index: f"drive({hot}(makers[{index.name} % {count}], {index.name}))[0]",
        count=b.pick((20, 60, 150)),
    )
    b.emit(f"out.append(drive(*[{hot}(make, 3) for make in makers]))")
    return close_scene(b, saved)


def chained(b: Builder) -> bool:
    """Await to some depth; an exception or a value comes all the way back."""
    b.needs.update(("Oops", "Pause"))
    name = b.name("deep")
    b.emit(f"async def {name}(depth, n):")
    b.emit("    if depth == 0:")
    b.emit("        await Pause(n)")
    b.emit(f"        return fail(n) if n % {b.pick((3, 2, 50))} == 1 else n")
    form = b.draw(3)
    if form == 0:
        b.emit(f"    return 1 + await {name}(depth - 1, n)")
    elif form == 1:
        b.emit("    try:")
        b.emit(f"        return await {name}(depth - 1, n)")
        b.emit("    finally:")
        b.emit(f"        {b.pick(('await Pause(depth)', 'note(depth)'))}")
    else:
        b.needs.add("AGuard")
        b.emit(f'    async with AGuard("deep", {b.pick(("False", "depth == 1"))}):')
        b.emit(f"        return await {name}(depth - 1, n)")
    saved = open_scene(b)
    depth = b.pick((2, 5, 1, 12))
    loop_of(b, None, depth * 12, lambda index: f"drive({name}({depth}, {index.name} % 7))")
    b.emit(f"co = {name}({depth}, {b.text(SMALL, 0)})")
    b.emit("out.append(co.send(None))")
    caught(
        b,
        [f"co.{b.pick(('throw(Oops(1))', 'close()', 'send(9)'))}"],
        "(Oops, StopIteration, RuntimeError)",
    )
    caught(b, ["co.close()"], "RuntimeError")
    return close_scene(b, saved)
