"""Scenes of generators: hot ones, and what happens to them while they are suspended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.builder import GENERATOR
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
from pyjit_fuzz.generate.types import INT, INTS, SMALL

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

REPEATS: Final = (40, 10, 100)


def exhausted(b: Builder) -> bool:
    """Run a generator to its end many times."""
    function = hot_suspended(b, GENERATOR)
    if function is None:
        return False
    saved = open_scene(b)
    consumer = b.pick(("[*{0}][-3:]", "list({0})[:3]", "any({0})", "[k for k in {0}][1:2]"))
    loop_of(b, None, function.cost, lambda _: consumer.format(fresh(b, function, b.draw(2))))
    b.frame.charge(function.cost)
    b.emit(f"out.append(list({fresh(b, function, 1)}))")
    return close_scene(b, saved)


def handling(b: Builder) -> bool:
    """Suspend a generator in a handler, again and again, while the loop over it raises, too."""
    b.needs.add("Oops")
    name, use = b.name("handler"), b.name("use")
    b.emit(f"def {name}(n):")
    b.emit("    for i in range(n):")
    b.emit("        try:")
    b.emit("            try:")
    b.emit(f"                {b.pick(('fail(i)', '[][i]', 'i // 0'))}")
    b.emit("            except Exception as exc:")
    b.emit(f"                {b.pick(('yield type(exc).__name__', 'yield from (i, n)'))}")
    b.emit(f"                {b.pick(('raise', 'raise KeyError(i)', 'raise exc', 'fail(n)'))}")
    b.emit("        except Exception as exc:")
    b.emit("            yield type(exc).__name__, type(exc.__context__).__name__")
    b.emit(f"def {use}(n):")
    b.emit("    seen = []")
    b.emit(f"    for item in {name}(n):")
    b.emit("        try:")
    b.emit("            seen.append(item)")
    b.emit(f"            {b.pick(('fail(n)', '{}[n]', 'raise', 'pass'))}")
    b.emit("        except Exception as exc:")
    b.emit("            seen.append((type(exc).__name__, type(exc.__context__).__name__))")
    b.emit("    return seen")
    saved = open_scene(b)
    loop_of(b, None, 60, lambda index: f"{use}({index.name} % 4)[-4:]")
    b.emit("try:")
    b.emit("    fail(7)")
    b.emit("except Oops:")
    b.emit(f"    out.append({use}(2))")
    return close_scene(b, saved)


DRIVES: Final = (
    "gi.send(i % 7)",
    "next(gi)",
    "gi.send(None)",
    "gi.throw(Oops(i))",
    "gi.throw(Oops)",
    "gi.close()",
    "gi.throw(ValueError, ValueError(i), None)",
    "gi.send(2.5)",
    "gi.throw(GeneratorExit)",
    "gi.throw(StopIteration(i))",
)
"""Ways to resume a generator; the first ones are the usual ones."""
RAISED: Final = (
    "Oops, StopIteration, ValueError, RuntimeError, GeneratorExit, TypeError, AttributeError"
)
"""What they raise: behind ``yield from`` a list, ``send`` is an AttributeError."""


def driven(b: Builder) -> bool:
    """Send to a generator many times; now and then throw into it, close it, send surprises."""
    function = hot_suspended(b, GENERATOR)
    if function is None:
        return False
    b.needs.add("Oops")
    saved = open_scene(b)
    count = warm_up_count(b, function.cost)
    usual, rare = b.pick(DRIVES[:3]), b.pick(DRIVES)
    again = fresh(b, function)
    b.emit("seen = []")
    b.emit(f"gi = {again}")
    b.emit("next(gi, None)")
    b.emit(f"for i in range({count}):")
    b.emit("    try:")
    b.emit(f"        value = {rare} if i % {b.pick((7, 3, 20))} == 2 else {usual}")
    told(b, RAISED)
    b.emit(f"        gi = {again}")
    b.emit("        next(gi, None)")
    keep_some(b, 20, 32)
    return close_scene(b, saved)


def interleaved(b: Builder) -> bool:
    """Resume two generators of one function, or of two, in turn."""
    first, second = hot_suspended(b, GENERATOR), hot_suspended(b, GENERATOR)
    if first is None or second is None:
        return False
    saved = open_scene(b)
    left, right = fresh(b, first), fresh(b, second)
    count = warm_up_count(b, first.cost + second.cost)
    b.emit("seen = []")
    b.emit(f"for _ in range({max(count // 4, 3)}):")
    b.emit(f"    one, two = {left}, {right}")
    b.emit("    for k in range(12):")
    b.emit('        value = next(one if k % 3 else two, "end")')
    b.emit("    seen.append(value)")
    b.emit(f"out.append([pair for pair in zip({left}, {right})][:6])")
    b.emit("out.append(seen[-4:])")
    return close_scene(b, saved)


def resumed(b: Builder) -> bool:
    """Break an assumption of a generator while it is suspended, then resume it."""
    assumption = Assumption(b)
    use = assumption.use(b)
    name = b.name("walk")
    b.emit(f"def {name}(count):")
    form = b.draw(4)
    b.emit("    for i in range(count):")
    if form == 0:
        b.emit(f"        yield {use}")
    elif form == 1:
        b.emit(f"        yield ({use}, (yield), {use})")
    elif form == 2:
        b.emit("        try:")
        b.emit(f"            sent = yield {use}")
        b.emit("        finally:")
        b.emit(f"            note(({use}, i) if i > {b.pick((40, 60))} else i)")
    else:
        b.emit(f"        yield from ({use} for _ in range(2))")
    saved = open_scene(b)
    b.frame.hoisted[assumption.declared] = None
    b.frame.charge(2400)
    b.emit("seen = []")
    for turn in range(1 + b.draw(2)):
        if turn:
            # Of the broken assumption the generator may die at once.
            caught(b, [f"gi = {name}(600)", "out.append(next(gi))"])
        else:
            b.emit(f"gi = {name}(600)")
        walk = f"for i in range({b.pick((120, 60, 300))}):"
        step = '    seen = [*seen[-2:], next(gi, "end")]'
        if turn:  # nor is it sure to last
            caught(b, [walk, step])
        else:
            b.emit(walk)
            b.emit(step)
        b.emit("out.append(seen)")
        # Some of the breaks use ``i``, and the second one may find nothing left to break.
        caught(b, [assumption.broken(b)])
        caught(b, ["out.append([next(gi) for _ in range(4)])"])
        caught(b, ["out.append(next(gi))"])
    return close_scene(b, saved)


def element_types(b: Builder) -> bool:
    """Fold a sequence in a generator until it holds something else."""
    name = b.name("fold")
    b.emit(f"def {name}(xs):")
    b.emit("    acc = 0")
    b.emit("    for x in xs:")
    b.emit(f"        acc = acc {b.pick('+-')} x")
    b.emit(f"        {b.pick(('yield acc', 'yield (acc, x)', 'acc += (yield acc) or 0'))}")
    b.emit("    return acc")
    saved = open_scene(b)
    loop_of(b, None, 20, lambda index: f"[*{name}([{index.name}, 2, 3])]")
    b.emit(f"xs = [{b.text(SMALL, 0)}, {b.text(INT, 0)}, 3, 4]")
    for _ in range(1 + b.draw(3)):
        value = b.pick(("2.5", "True", "1 << 65", "-0.0", '"s"', "None", "[1]"))
        b.emit(f"gi = {name}(xs)")
        caught(b, ["out.append(next(gi))"], "TypeError")
        b.emit(f"xs[{b.pick(('-1', '1', '2'))}] = {value}")
        caught(b, ["out.append(list(gi))"], "TypeError")
    return close_scene(b, saved)


RE_ENTRIES: Final = (
    "next({0}[0])",
    "{0}[0].send(1)",
    "{0}[0].close()",
    "{0}[0].throw(KeyError(1))",
    "list({0}[0])",
    "yield from {0}[0]",
    "for k in {0}[0]: yield k",
)


def re_entered(b: Builder) -> bool:
    """Resume a generator that is running, from itself."""
    name, step = b.name("loop"), b.pick(RE_ENTRIES)
    b.emit(f"def {name}(box):")
    b.emit(f"    for i in range({b.pick((5, 3, 9))}):")
    b.emit("        yield i")
    b.emit(f"        if i == {b.pick((2, 0, 1))}:")
    b.emit("            try:")
    b.emit(f"                {step.format('box')}")
    b.emit("            except ValueError as exc:")
    b.emit(f"                {b.pick(('yield exc.args', 'note(i)', 'return', 'raise KeyError'))}")
    saved = open_scene(b)
    b.emit("seen = []")
    consumer = b.pick(("seen = list(box[0])", "seen += box[0]", "for k in box[0]: seen.append(k)"))
    b.emit(f"for _ in range({warm_up_count(b, 20)}):")
    b.emit("    box, seen = [], []")
    b.emit(f"    box.append({name}(box))")
    b.emit("    try:")
    b.emit(f"        {consumer}")
    b.emit("    except KeyError as exc:")
    b.emit("        seen.append(exc.args)")
    b.emit("    box.clear()")
    b.emit("out.append(seen)")
    return close_scene(b, saved)


def raising(b: Builder) -> bool:
    """Raise in a generator after some items, also StopIteration."""
    b.needs.add("Oops")
    name = b.name("risky")
    kind = b.pick(("Oops(i)", "StopIteration(i)", "KeyError(i)", "ZeroDivisionError"))
    b.emit(f"def {name}(n):")
    b.emit("    for i in range(n + 3):")
    b.emit(f"        if i == n and n % {b.pick((2, 1, 5))} == 0:")
    b.emit(f"            raise {kind}")
    b.emit("        yield i * n")
    use = b.name("use")
    b.emit(f"def {use}(n):")
    b.emit("    seen = []")
    b.emit("    try:")
    consumer = b.pick(("seen += {0}", "seen.append(sum({0}))", "for k in {0}: seen.append(k)"))
    b.emit(f"        {consumer.format(f'{name}(n)')}")
    b.emit("    except Exception as exc:")
    b.emit("        seen.append((type(exc).__name__, exc.args, type(exc.__cause__).__name__))")
    b.emit("    return seen[-3:]")
    saved = open_scene(b)
    loop_of(b, None, 40, lambda index: f"{use}({index.name} % 9)")
    caught(b, [f"list({name}({b.pick(('2.5', 'None', '4'))}))"])
    return close_scene(b, saved)


def dropped(b: Builder) -> bool:
    """Drop suspended generators whose locals and ``finally`` blocks tell of it."""
    b.needs.add("Fin")
    name = b.name("held")
    b.emit(f"def {name}(n):")
    b.emit("    kept = Fin(n)")
    b.emit("    try:")
    b.emit(f"        {b.pick(('yield kept.get()', 'yield from (n, kept.value)', 'yield n'))}")
    b.emit("        yield n + 1")
    b.emit("    finally:")
    b.emit('        note(("finally", kept.value))')
    saved = open_scene(b)
    use = b.pick((f"next({name}({{0}}))", f"[*{name}({{0}})]", f"{name}({{0}})"))
    count = b.pick(REPEATS)
    b.frame.charge(count * 20)
    b.emit(f"for i in range({count}):")
    b.emit(f"    value = {use.format('i')}")
    if use != f"{name}({{0}})":
        b.emit("    out[:] = [value]")
    b.emit("value = None")
    b.emit(f"gi = {name}({b.text(SMALL, 0)})")
    b.emit("out.append(next(gi))")
    b.emit(b.pick(("gi = None", "del gi", "gi.close()", "box = [gi]; del gi; box.append(box)")))
    b.note('"end of scene"')
    return close_scene(b, saved)


def changed_list(b: Builder) -> bool:
    """Change the list that a suspended generator walks over."""
    name = b.name("over")
    b.emit(f"def {name}(xs):")
    b.emit(f"    for {b.pick(('x in xs', 'i, x in enumerate(xs)', 'x in reversed(xs)'))}:")
    b.emit("        yield x")
    saved = open_scene(b)
    loop_of(b, None, 20, lambda index: f"[*{name}([{index.name}, 1])]")
    b.emit(f"xs = list({b.text(INTS, 1)})")
    b.emit(f"gi = {name}(xs)")
    b.emit("out.append(next(gi, None))")
    changes = ("xs.append(7)", "xs.clear()", "xs[1:] = [2.5]", "del xs[0]", "xs[:] = 'ab'")
    b.emit(b.pick(changes))
    b.emit("out.append(list(gi))")
    b.emit('out.append(next(gi, "over"))')
    return close_scene(b, saved)
