"""Surprises of names, functions, containers and lifetimes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.calls import arguments
from pyjit_fuzz.generate.functions import Function, close_function, finish, open_function
from pyjit_fuzz.generate.surprises.scene import (
    call_again,
    call_text,
    caught,
    close_scene,
    collect,
    hot_function,
    loop_of,
    open_scene,
    warm_function,
)
from pyjit_fuzz.generate.types import INT, INTS, SMALL

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder


def global_name(b: Builder) -> bool:
    """Rebind a global to other types, delete it, bring it back."""
    g, name = b.name("G"), b.name("read")
    b.emit(f"{g} = {b.draw(20)}")
    b.emit(f"def {name}(n):")
    b.emit(f"    return {b.pick((f'n + {g}', f'(n, {g})', f'{g} if n else 0', f'[{g}] * 2'))}")
    saved = open_scene(b)
    b.frame.hoisted[f"global {g}"] = None
    loop_of(b, None, 5, lambda index: f"{name}({index.name})")
    for _ in range(1 + b.draw(3)):
        value = b.pick(("2.5", "1 << 70", "True", '"text"', "None", "-1", "[1]"))
        step = b.pick((f"{g} = {value}", f'globals()["{g}"] = {value}', f"del {g}"))
        if step.startswith("del"):
            b.emit(step)
            caught(b, [f"out.append({name}(1))"], "(NameError, TypeError)")
            b.emit(f"{g} = 1")
        else:
            b.emit(step)
            caught(b, [f"out.append({name}(1))"], "TypeError")
    b.emit(f"{g} = 3")
    loop_of(b, None, 5, lambda index: f"{name}({index.name})", count=b.pick((40, 10, 100)))
    return close_scene(b, saved)


def builtin_name(b: Builder) -> bool:
    """Hide a builtin behind a global, then take the global away."""
    word, use, fake = b.pick(
        (
            ("len", "len([n, 2])", "lambda x: 42"),
            ("abs", "abs(-n)", "lambda x: note(x) or 7"),
            ("range", "[i for i in range(n % 4)]", "lambda n: [n, n]"),
            ("isinstance", "isinstance(n, int)", "lambda a, b: None"),
            ("str", "str(n)", "lambda n: [n]"),
            ("max", "max(n, 3)", "min"),
            ("sum", "sum([n, 1])", "lambda xs: xs[0]"),
        )
    )
    name = b.name("use")
    b.emit(f"def {name}(n):")
    b.emit(f"    return {use}")
    saved = open_scene(b)
    loop_of(b, None, 6, lambda index: f"{name}({index.name})")
    b.emit(f'globals()["{word}"] = {fake}')
    b.emit("try:")
    b.emit(f"    out.append([{name}(k) for k in (3, 4)])")
    b.emit("finally:")
    b.emit(f'    del globals()["{word}"]')
    loop_of(b, None, 6, lambda index: f"{name}({index.name})", count=b.pick((40, 10, 100)))
    return close_scene(b, saved)


def _twin_function(b: Builder, function: Function) -> Function:
    """Define another function with the same signature."""
    twin = Function(b.name("alt"), function.params, function.returns, function.rank)
    twin.star, twin.kwargs = function.star, function.kwargs
    saved = open_function(b, twin, 60)
    b.statements(2)
    finish(b)
    close_function(b, twin, saved)
    return twin


def code_object(b: Builder) -> bool:
    """Replace ``__code__`` of a hot function."""
    function = hot_function(b)
    if function is None:
        return False
    twin = _twin_function(b, function)
    saved = open_scene(b)
    warm_function(b, function)
    old = b.name("code")
    b.emit(f"{old} = {function.name}.__code__")
    b.emit(f"{function.name}.__code__ = {twin.name}.__code__")
    loop_of(
        b,
        function.returns,
        twin.cost,
        lambda _: call_text(b, function),
        count=b.pick((40, 10, 100)),
    )
    b.emit(f"{function.name}.__code__ = {old}")
    call_again(b, function)
    return close_scene(b, saved)


def defaults(b: Builder) -> bool:
    """Replace ``__defaults__`` and ``__kwdefaults__`` of a hot function."""
    name = b.name("dflt")
    values = [b.text(SMALL, 0) for _ in range(3)]
    b.emit(f"def {name}(a, b={values[0]}, *, c={values[1]}):")
    b.emit(f"    return {b.pick(('(a, b, c)', 'a + b * c', '[c, b, a]'))}")
    saved = open_scene(b)
    call = b.pick((f"{name}({{0}})", f"{name}({{0}}, c=3)", f"{name}(a={{0}})"))
    loop_of(b, None, 5, lambda index: call.format(index.name))
    for _ in range(1 + b.draw(2)):
        b.emit(
            b.pick(
                (
                    f"{name}.__defaults__ = ({values[2]},)",
                    f'{name}.__kwdefaults__ = {{"c": 2.5}}',
                    f"{name}.__defaults__ = None",
                    f"{name}.__kwdefaults__ = None",
                    f"{name}.__defaults__ = (9, 8)",
                )
            )
        )
        caught(b, [f"out.append({call.format(4)})"], "TypeError")
    return close_scene(b, saved)


def redefinition(b: Builder) -> bool:
    """Bind the name of a hot function to another function, a builtin or a lambda."""
    function = hot_function(b)
    if function is None:
        return False
    twin = _twin_function(b, function)
    site = b.name("site")
    call = f"{function.name}({arguments(b, function, 0)})"
    b.emit(f"def {site}():")
    b.emit(f"    return {call}")
    saved = open_scene(b)
    old = b.name("old")
    b.frame.hoisted[f"global {function.name}"] = None
    b.emit(f"{old} = {function.name}")
    loop_of(b, function.returns, function.cost + 3, lambda _: f"{site}()")
    b.emit(f"{function.name} = {twin.name}")
    loop_of(b, function.returns, twin.cost + 3, lambda _: f"{site}()", count=b.pick((1, 10, 100)))
    if b.draw(2):
        b.emit(f"{function.name} = lambda *args, **kwargs: (len(args), sorted(kwargs))")
        b.emit(f"out.append({site}())")
    b.emit(f"{function.name} = {old}")
    collect(b, f"{site}()", function.returns)
    return close_scene(b, saved)


def dict_keys(b: Builder) -> bool:
    """Add keys to a dict that is read in hot code until it is resized; delete some."""
    name = b.name("get")
    b.emit(f"def {name}(d, k):")
    b.emit(f"    {b.pick(('return d[k]', 'return d.get(k), k in d', 'd[k] += 1; return d[k]'))}")
    saved = open_scene(b)
    b.emit(f'd = {{"k": {b.text(SMALL, 0)}, "j": 2}}')
    loop_of(b, None, 5, lambda _: f'{name}(d, "k")')
    steps = (
        "for i in range(20): d[i] = i",
        'd["new"] = 1',
        'del d["j"]',
        'd["k"] = 2.5',
        "d[1.0] = 5",
        'd = {"k": 1}',
        "d.clear()",
        "d[None] = 0",
        'd = dict(d); d.pop("k", 0)',
        "d[(1, 2)] = 3",
    )
    for _ in range(1 + b.draw(4)):
        step = b.pick(steps)
        caught(
            b,
            [step, f"out.append({name}(d, {b.pick((chr(34) + 'k' + chr(34), '1', 'True'))}))"],
            "KeyError",
        )
    b.emit("out.append(list(d.items()))")
    b.emit("out.append(d)")
    return close_scene(b, saved)


def list_mutation(b: Builder) -> bool:
    """Change a list, or the size of a dict, while a hot loop walks over it."""
    name = b.name("walk")
    b.emit(f"def {name}(xs, change):")
    b.emit("    seen = []")
    b.emit("    for x in xs:")
    b.emit("        seen.append(x)")
    b.emit("        if change and len(seen) < 5:")
    action = b.pick(
        (
            "xs.append(x)",
            "xs.pop()",
            "xs.insert(0, 9)",
            "xs.clear()",
            "del xs[0]",
            "xs[:] = [7, 8]",
            "xs[-1] = None",
            "xs += [1]",
        )
    )
    b.emit(f"            {action}")
    b.emit("    return seen")
    saved = open_scene(b)
    loop_of(b, None, 14, lambda index: f"{name}([{index.name}, 2, 3], 0)")
    b.emit(f"ys = list({b.text(INTS, 1)})")
    caught(b, [f"out.append({name}(ys, 1))"], "IndexError")
    b.emit("out.append(ys)")
    if b.draw(2):
        caught(
            b,
            ["d = {1: 2, 3: 4}", "for k in d:", f"    d{b.pick(('[k + 10] = 0', '.pop(k)'))}"],
            "RuntimeError",
        )
    return close_scene(b, saved)


def finalisers(b: Builder) -> bool:
    """Let objects die in the middle of hot code, which their finalisers log and change."""
    b.needs.add("Fin")
    name = b.name("drop")
    b.emit(f"def {name}(n):")
    for line in (
        b.pick(("x = Fin(n)", "x = [Fin(n), Fin(-n)]", "x = (lambda: Fin(n))()")),
        b.pick(('note("between")', "y = x", "x = x", "note(n)")),
        b.pick(("x = None", "del x", "x = n", "x = Fin(n + 100)", "y = x = 0")),
        'note("after")',
        b.pick(("return n", "return Fin(n).value + 1", "return (n, Fin(5).get())")),
    ):
        b.emit(f"    {line}")
    saved = open_scene(b)
    loop_of(b, None, 20, lambda index: f"{name}({index.name})", count=20 + b.draw(60))
    if b.draw(2):
        b.emit("fin = Fin(1)")
        b.emit(
            b.pick(
                ("fin = Fin(2)", "fin, old = Fin(3), fin", "fin.__dict__.clear(); fin.value = 4")
            )
        )
        b.emit('note("end of scene")')
    return close_scene(b, saved)


def armed_fuse(b: Builder) -> bool:
    """Raise in the middle of a hot expression, in a callee or an argument."""
    b.needs.add("tick")
    name = b.name("chain")
    wrapped = b.pick(
        (
            "[tick(n), tick(2), {e}]",
            "(tick(n) + {e}) * tick(3)",
            "tick(n) if tick(1) else {e}",
            'f"{{tick(n)}}-{{tick(4)}}"',
            "{{1: tick(n), tick(2): {e}}}",
            "max(tick(n), {e}, tick(5))",
            "[tick(k) for k in (n, 2, 3)]",
            "tick(n) < tick(9) < {e}",
            "(lambda k: tick(k) + {e})(tick(n))",
            "sum(tick(k) for k in range(3)) + {e}",
            "[n, 2, 3][tick(1):tick(2)]",
            "(tick(n), *[tick(1)], {e})",
        )
    )
    b.emit(f"def {name}(n):")
    if b.on("context-manager") and b.draw(3) == 2:
        b.needs.add("Guard")
        b.emit('    with Guard("fuse"):')
        b.emit(f"        return {wrapped.format(e=b.draw(50))}")
    elif b.on("try-finally") and b.draw(2):
        b.emit("    try:")
        b.emit(f"        return {wrapped.format(e=b.draw(50))}")
        b.emit("    finally:")
        b.emit('        note("unwound")')
    else:
        b.emit(f"    return {wrapped.format(e=b.draw(50))}")
    saved = open_scene(b)
    function = hot_function(b)
    loop_of(b, None, 14, lambda index: f"{name}({index.name})")
    for _ in range(1 + b.draw(3)):
        call = f"{name}(6)"
        if function is not None and b.draw(3) == 2:
            b.frame.charge(function.cost)
            call = call_text(b, function)
        b.emit(f"FUSE[0] = {1 + b.draw(6)}")
        caught(b, [call], "Boom")
    b.emit("FUSE[0] = 0")
    b.emit(f"out.append({name}(1))")
    return close_scene(b, saved)


def closure_cell(b: Builder) -> bool:
    """Change a cell that a hot closure reads."""
    name = b.name("outer")
    b.emit(f"def {name}(start):")
    b.emit("    cell = start")
    b.emit("    def look(n):")
    b.emit(f"        return {b.pick(('n + cell', '(n, cell)', '[cell] * 2'))}")
    b.emit("    def change(value):")
    b.emit("        nonlocal cell")
    b.emit("        cell = value")
    b.emit("    def drop():")
    b.emit("        nonlocal cell")
    b.emit("        del cell")
    b.emit("    return look, change, drop")
    saved = open_scene(b)
    b.emit(f"look, change, drop = {name}({b.text(INT, 0)})")
    loop_of(b, None, 5, lambda index: f"look({index.name})")
    b.emit(f"change({b.pick(('2.5', 'True', '1 << 90', '-1'))})")
    b.emit("out.append(look(2))")
    b.emit("drop()")
    caught(b, ["look(1)"], "NameError")
    b.emit("change(1)")
    b.emit("out.append(look(3))")
    return close_scene(b, saved)
