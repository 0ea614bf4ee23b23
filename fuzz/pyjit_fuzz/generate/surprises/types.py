"""Surprises of types: warmed up with one type, called with another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.classes.numeric import numeric_class
from pyjit_fuzz.generate.functions import Function, define_polymorphic
from pyjit_fuzz.generate.surprises.scene import (
    a_class,
    call_again,
    call_text,
    caught,
    close_scene,
    collect,
    hot_function,
    instance,
    loop_of,
    open_scene,
    warm_function,
    warm_up_count,
)
from pyjit_fuzz.generate.types import INT, NUM, SMALL

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder

OTHER_NUMBERS = (
    "True",
    "2.5",
    "-0.0",
    "1 << 80",
    "-(1 << 63)",
    "1e999",
    'float("nan")',
    "1073741823",
    "False",
    "0",
    "-1",
    "5e-324",
    "3",
)


def plain(b: Builder) -> bool:
    """No surprise: call something many times, and again with other arguments."""
    function = hot_function(b)
    saved = open_scene(b)
    if function is not None:
        warm_function(b, function)
        call_again(b, function)
    else:
        collect(b, b.text(INT), INT)
    return close_scene(b, saved)


def argument_types(b: Builder) -> bool:
    """Warm a function of numbers up with one class of number, then use others."""
    function = define_polymorphic(b)
    name = numeric_class(b) if b.on("arithmetic-dunder") else ""
    arity = len(function.params)
    saved = open_scene(b)
    first = b.pick(("{i}", "{i} + 0.5", "{i} % 2 == 0", "{i} << 40", "({i} - 5) * 1073741823"))
    rest = "".join(f", {b.text(SMALL, 0)}" for _ in range(arity - 1))

    def make(index: object) -> str:
        return f"{function.name}({first.format(i=getattr(index, 'name', ''))}{rest})"

    loop_of(b, NUM, function.cost, make)
    others = [b.pick(OTHER_NUMBERS) for _ in range(1 + b.draw(4))]
    if name:
        others.append(f"{name}({b.pick(('7', '2.5', '-3'))})")
    value = b.name("v")
    b.frame.charge(len(others) * function.cost * 3)
    b.emit(f"for {value} in [{', '.join(others)}]:")
    trips = b.pick((1, 2, 5, 20))
    seconds = "".join(b.pick((f", {value}", ", 3", ", 0.5")) for _ in range(arity - 1))
    b.emit(f"    for _ in range({trips}):")
    b.emit(f"        last = {function.name}({value}{seconds})")
    b.needs.add("state")
    b.emit("    out.append(state(last))")
    return close_scene(b, saved)


def wrong_types(b: Builder) -> bool:
    """Call a function with what it was not made for; what it raises is a result."""
    found = [f for f in b.functions if f.params and not f.impure and f.cost < 100]
    if not found:
        return False
    function = b.pick(found)
    saved = open_scene(b)
    warm_function(b, function)
    param = function.params[b.draw(len(function.params))]
    # Empty sequences only: an int operation on "x" might repeat it a billion times.
    wrong = b.pick(("None", '""', "()", "{}", "2.5", "object", "1 << 70", "[]", "len", "True"))
    good = [(p, b.text(p.type, 0)) for p in function.params]
    texts = [
        f"{p.name}={value}" if p.kind == "keyword" else value
        for p, value in ((p, wrong if p is param else value) for p, value in good)
    ]
    call = f"{function.name}({', '.join(texts)})"
    result = b.name("r")
    b.frame.charge(function.cost * 2)
    caught(b, [f"{result} = {call}", f"out.append(type({result}).__name__)"])
    if b.draw(2):
        caught(b, [f"{function.name}()", 'out.append("no arguments needed")'])
    call_again(b, function)
    return close_scene(b, saved)


def int_growth(b: Builder) -> bool:
    """Let a number grow across the borders of small, one-digit and many-digit ints."""
    name = b.name("grow")
    start = b.pick(("1", "-1", "(1 << 30) - 40", "(1 << 60) - 40", "-(1 << 30) + 40", "250", "-20"))
    step = b.pick(("n += 1", "n = n * 3 + 1", "n -= 1", "n += n >> 2 | 1", "n = -n * 2 + 1"))
    other = b.pick(("n & 1023", "n >> 20", "n % 1009", "n // 3", "n ^ 5", "-n", "n * n"))
    b.emit(f"def {name}(n, count):")
    b.emit("    acc = 0")
    b.emit("    for _ in range(count):")
    b.emit(f"        {step}")
    b.emit(f"        acc = (acc + ({other})) % 1000003")
    b.emit("    return n, acc")
    function = Function(name, [], None, 0)
    function.cost = 30
    saved = open_scene(b)
    short = b.pick((3, 5, 10))
    loop_of(b, None, 3 * short, lambda index: f"{name}({index.name}, {short})", count=20)
    b.frame.charge(200)
    b.emit(f"out.append({name}({start}, {b.pick((60, 40, 100))}))")
    return close_scene(b, saved)


def element_types(b: Builder) -> bool:
    """Fold a list of ints until it holds something else."""
    name = b.name("fold")
    b.emit(f"def {name}(xs):")
    form = b.draw(3)
    values = ["2.5", "True", "1 << 65", "-0.0"]
    if form == 0:
        operator = b.pick("+-*")
        b.emit("    acc = 0")
        b.emit("    for x in xs:")
        b.emit(f"        acc = acc {operator} x")
        b.emit("    return acc")
        if operator != "*":
            # A large product times a string would be a string of its size.
            values += ['"s"', "None", "[1]", "(1,)"]
    elif form == 1:
        b.emit(f"    return [x {b.pick(('* 2', '+ x', '- 1', '+ True'))} for x in xs]")
    else:
        b.emit(f"    return xs[0] {b.pick(('+', '-', '<', '=='))} xs[1], xs[-1], xs[{b.draw(3)}:]")
    if form:
        values += ['"s"', "None", "[1]", "(1,)"]
    saved = open_scene(b)
    b.emit(f"xs = [{b.text(SMALL, 0)}, {b.text(INT, 0)}, 3, 4]")
    loop_of(b, None, 12, lambda _: f"{name}(xs)", count=warm_up_count(b, 12))
    for _ in range(1 + b.draw(3)):
        b.emit(f"xs[{b.pick(('1', '-1', '0', '2'))}] = {b.pick(values)}")
        caught(b, [f"out.append({name}(xs))"], "TypeError")
    b.emit("out.append(xs)")
    return close_scene(b, saved)


def iterables(b: Builder) -> bool:
    """Iterate over a list, then over everything else."""
    name = b.name("walk")
    b.emit(f"def {name}(items):")
    b.emit("    seen = []")
    head = b.pick(("for item in items:", "for k, item in enumerate(items):"))
    b.emit(f"    {head}")
    if b.draw(2):
        b.emit("        if len(seen) > 6:")
        b.emit(f"            {b.pick(('break', 'continue'))}")
    b.emit("        seen.append(item)")
    if b.on("loop-else") and b.draw(2):
        b.emit("    else:")
        b.emit('        seen.append("end")')
    b.emit("    return seen")
    saved = open_scene(b)
    loop_of(b, None, 14, lambda index: f"{name}([{index.name}, 2, 3])")
    others = [
        "(1, 2)",
        '"aé日"',
        "range(3)",
        "range(10, 0, -4)",
        "{3: 1, 4: 2}",
        "iter([5, 6])",
        "(x * x for x in range(4))",
        "zip([1, 2], [3, 4])",
        "{7}",
        "map(str, [1, 2])",
        "b'ab'",
        "[]",
        "{5: 6}.items()",
        "5",
        "None",
    ]
    found = [info for info in b.classes if info.iterates]
    for _ in range(2 + b.draw(4)):
        text = b.pick(others)
        if found and b.draw(3) == 2:
            text = instance(b, b.pick(found)).name
        if text in ("5", "None"):
            caught(b, [f"{name}({text})"], "TypeError")
        else:
            b.emit(f"out.append({name}({text}))")
    return close_scene(b, saved)


def callees(b: Builder) -> bool:
    """Call through one site a function, a lambda, a builtin, a class and bound methods."""
    name = b.name("apply")
    b.emit(f"def {name}(fn, value):")
    b.emit(f"    {b.pick(('return fn(value)', 'return (value, fn(value))'))}")
    saved = open_scene(b)
    k = b.name("k")
    candidates = [
        f"lambda x: x + {b.draw(9)}",
        "abs",
        "str",
        "float",
        "int",
        "[3, 1].count",
        "bool",
        "hash",
        f"lambda x, {k}=3: x * {k}",
        "range(7).index",
        "repr",
        "(5).__add__",
        "{1: 2}.get",
        "type",
    ]
    found = [
        f.name
        for f in b.functions
        if len(f.params) == 1
        and f.params[0].type in (SMALL, INT, NUM)
        and f.params[0].kind != "keyword"
        and f.returns is not NUM
    ]
    chosen = [b.pick(candidates) for _ in range(1 + b.draw(5))]
    chosen += found[:2]
    b.emit(f"fns = [{', '.join(chosen)}]")
    loop_of(b, None, 8, lambda index: f"{name}(fns[0], {index.name} % 5)")
    b.frame.charge(60 * len(chosen))
    b.emit(f"for i in range({len(chosen) * b.pick((1, 3, 8))}):")
    caught_lines = len(b.lines)
    caught(b, [f"out.append({name}(fns[i % {len(chosen)}], i % 7))"], "ValueError")
    for at in range(caught_lines, len(b.lines)):
        b.lines[at] = "    " + b.lines[at]
    return close_scene(b, saved)


def receivers(b: Builder) -> bool:
    """Read an attribute and call a method of objects of several classes at one site."""
    info = a_class(b)
    if info is None or not info.fields:
        return False
    field = b.pick(list(info.fields))
    name = b.name("read")
    other = b.name("D")
    b.emit(f"class {other}:")
    b.emit("    def __init__(self, value):")
    b.emit(f"        self.{field} = value")
    if b.draw(2):
        b.emit("        self.extra = 0")
    b.emit(f"def {name}(o):")
    b.emit(f"    {b.pick((f'return o.{field}', f'return (o.{field}, o.{field})'))}")
    saved = open_scene(b)
    first = instance(b, info)
    loop_of(b, None, 6, lambda _: f"{name}({first.name})")
    objects = [first.name, *(instance(b, each).name for each in info.subclasses[:2])]
    objects += [f"{other}({b.text(SMALL, 0)})", f"{other}(2.5)"]
    trips = b.pick((1, 5, 30))
    b.frame.charge(trips * 20)
    b.emit(f"for o in [{', '.join(objects)}] * {trips}:")
    b.emit(f"    value = {name}(o)")
    b.emit("out.append(value)")
    caught(b, [f"{name}({b.pick(('3', 'None', 'object()'))})"], "AttributeError")
    return close_scene(b, saved)


def unpacking(b: Builder) -> bool:
    """Unpack pairs, then sequences of other types and of the wrong length."""
    name = b.name("pair")
    b.emit(f"def {name}(value):")
    b.emit(
        f"    {b.pick(('a, b = value', '[a, b] = value', 'a, *b = value', '(a, b), c = value, 1'))}"
    )
    b.emit("    return b, a")
    saved = open_scene(b)
    loop_of(b, None, 5, lambda index: f"{name}(({index.name}, 2))")
    others = (
        "[1, 2]",
        '"xy"',
        "range(2)",
        "{1: 2, 3: 4}",
        "(1, 2, 3)",
        "(1,)",
        "5",
        "iter([1, 2])",
        '""',
        "(n for n in (1, 2))",
        "None",
        "[[1], [2]]",
    )
    for _ in range(2 + b.draw(4)):
        caught(b, [f"out.append({name}({b.pick(others)}))"], "(TypeError, ValueError)")
    return close_scene(b, saved)


def repeated_call(b: Builder) -> bool:
    """Warm up two functions at once, one called by keyword."""
    function = hot_function(b)
    if function is None:
        return False
    saved = open_scene(b)
    warm_function(b, function)
    loop_of(b, function.returns, function.cost, lambda _: call_text(b, function, 1))
    return close_scene(b, saved)
