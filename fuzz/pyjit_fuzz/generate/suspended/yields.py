"""What suspends a generator: ``yield`` and ``yield from`` in every position.

Each production is a statement of a generator's body. ``Frame.items`` counts what one run to
the end yields, so that consumers know how long it takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.builder import GENERATOR, StatementProduction
from pyjit_fuzz.generate.calls import arguments
from pyjit_fuzz.generate.scope import Var
from pyjit_fuzz.generate.statements.exceptions import emit_risk, picture
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import BOOL, INT, SMALL, Type, list_of

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder


def _item(b: Builder) -> Type:
    return b.frame.item or INT


def _yields(b: Builder, count: int = 1) -> None:
    """Account for items that are yielded here."""
    b.frame.charge(count)
    b.frame.items += count * b.frame.mult


def plain_yield(b: Builder) -> bool:
    """``yield x``."""
    _yields(b)
    b.emit(f"yield {b.text(_item(b))}")
    return True


def received(b: Builder) -> str:
    """Return an int expression: what is sent to a ``yield``, or a number where nothing is."""
    _yields(b)
    return f"((yield {b.text(_item(b), 1)}) or {b.draw(9)})"


def receive(b: Builder) -> bool:
    """``x = yield y``."""
    text = received(b)
    b.emit(f"{b.declare(INT).name} = {text[1:-1]}")
    return True


AMID: Final = (
    "{0} + {1}",
    "[{0}, {1}, {0}][{2} % 3]",
    "max({0}, {1}, 3)",
    "({0}, {1}, {1})[-2]",
    "{{{0}: {2}, 3: {1}}}[3]",
    "sum([{0}, *({1}, 2)])",
    'len("%s-%s" % ({0}, {1}))',
    "{1} if {0} < {1} else {2}",
    "{0} * {1} % 1009 - {1}",
    "int({0} < {1} < {2})",
    "divmod({0}, {1} % 7 + 8)[1]",
    "(lambda p, q=1: p - q)({0}, q={1})",
)
"""Forms of an int expression: ``{1}`` suspends the frame while there are operands on its stack."""


def yield_amid(b: Builder) -> bool:
    """``yield`` within an expression, with operands already evaluated."""
    form = b.pick(AMID)
    if form.count("{1}") > 1 and not b.frame.affords(12):
        return False
    operand = b.var(SMALL)
    first = operand.name if operand is not None else str(b.draw(50))
    for _ in range(form.count("{1}") - 1):
        _yields(b)
    text = form.format(first, received(b), b.draw(20))
    b.emit(f"{b.declare(INT).name} = {text}")
    return True


def yield_loop(b: Builder) -> bool:
    """Suspend in a ``for`` loop, over a range or something that iterates."""
    if not b.can_nest() or not b.frame.affords(16):
        return False
    count = 2 + b.draw(4)
    item = Var(b.name("i"), SMALL, measure=5)
    source = b.pick(
        (
            f"range({count})",
            f"[{', '.join(map(str, range(count)))}]",
            f"(k * 2 for k in range({count}))",
            f"map(abs, range({count}))",
        )
    )
    b.emit(f"for {item.name} in {source}:")
    mark = b.scope.mark()
    b.scope.add(item)
    b.frame.mult *= count
    b.frame.loops += 1
    b.level += 1
    b.pick((plain_yield, receive))(b)
    b.statements(1)
    b.level -= 1
    b.frame.loops -= 1
    b.frame.mult //= count
    b.scope.release(mark)
    return True


def from_display(b: Builder) -> bool:
    """``yield from`` a list, a tuple, an iterator, a generator expression, a lambda generator."""
    t = _item(b)
    _yields(b, 3)
    b.frame.no_walrus += 1
    first, second = b.text(t, 1), b.text(t, 0)
    b.frame.no_walrus -= 1
    forms = (
        f"[{first}, {second}]",
        f"({first}, {second}, {second})",
        f"iter([{first}])",
        f"(k for k in [{second}, {first}])",
        f"(lambda k: (yield k))({first})",
        f"reversed([{first}, {second}])",
        "()",
    )
    b.emit(f"yield from {b.pick(forms)}")
    return True


def from_list(b: Builder) -> bool:
    """``yield from`` a list of any length, or an object that iterates."""
    t = _item(b)
    found = [var for var in b.scope.objects if var.type.info and var.type.info.iterates]
    if t is INT and found and b.draw(2):
        _yields(b, 4)
        b.frame.impure = True
        b.emit(f"yield from {b.pick(found).name}")
        return True
    if t is BOOL or not b.on("list") or not b.frame.affords(24):
        return False
    text = b.text(list_of(t), 1)
    _yields(b, 24)
    b.emit(f"yield from {text}")
    return True


def from_generator(b: Builder) -> bool:
    """``x = yield from g(...)``: what is sent goes through, what it returns comes back."""
    frame = b.frame
    t = _item(b)
    found = [
        function
        for function in b.suspended[GENERATOR]
        if function.item in t.accepts
        and function.rank < frame.rank
        and frame.affords(function.cost)
    ]
    if not found:
        return False
    function = found[-1 - b.draw(len(found))]
    frame.charge(function.cost)
    frame.items += function.length * frame.mult
    frame.impure |= function.impure
    text = f"yield from {function.name}({arguments(b, function, 1)})"
    if function.returns is not None and b.draw(3):
        text = f"{b.declare(function.returns).name} = {text}"
    b.emit(text)
    return True


def in_try(b: Builder) -> bool:
    """``yield`` in ``try``: what is thrown in is caught, or passes through ``finally``."""
    if not b.can_nest():
        return False
    b.needs.add("Oops")
    result, name = b.name("n"), b.name("e")
    caught = b.draw(4) < 3
    b.emit("try:")
    b.level += 1
    plain_yield(b)
    kind = emit_risk(b, result) if caught and b.draw(2) else ""
    if not kind:
        b.emit(f"{result} = {b.text(INT, 1)}")
    mark = b.scope.mark()
    b.statements(1)
    b.scope.release(mark)
    b.level -= 1
    if caught:
        kinds = ", ".join(dict.fromkeys(("Oops", *([kind] if kind else []))))
        b.emit(f"except ({kinds}) as {name}:")
        b.note(picture(b, name))
        b.lines[-1] = "    " + b.lines[-1]
        if b.draw(2):
            b.level += 1
            plain_yield(b)
            b.level -= 1
        b.emit(f"    {result} = {b.draw(50)}")
    if not caught or b.draw(2):
        b.emit("finally:")
        b.emit(f'    note("unwound {b.draw(9)}")')
        if b.draw(8) == 7:
            # Closed here, it says that it ignored GeneratorExit.
            b.level += 1
            plain_yield(b)
            b.level -= 1
    b.scope.add(Var(result, INT, mutable=True))
    return True


def handling(b: Builder) -> bool:
    """``yield`` in a handler: the exception under way is the generator's own, also afterwards."""
    if not b.can_nest():
        return False
    result, inner, outer = b.name("n"), b.name("e"), b.name("e")
    b.emit("try:")
    b.emit("    try:")
    b.level += 2
    kind = emit_risk(b, result)
    b.level -= 1
    b.emit(f"except {kind} as {inner}:")
    b.level += 1
    mark = b.scope.mark()
    b.pick((plain_yield, receive))(b)
    b.scope.release(mark)
    b.emit(b.pick(("raise", f"raise KeyError({b.draw(9)})", f"note({picture(b, inner)})")))
    b.emit(f"{result} = {b.text(INT, 1)}")
    b.level -= 2
    b.emit(f"except Exception as {outer}:")
    b.emit(f"    note(({picture(b, outer)}, type({outer}.__context__).__name__))")
    b.emit(f"    {result} = {b.draw(50)}")
    b.scope.add(Var(result, INT, mutable=True))
    return True


def in_with(b: Builder) -> bool:
    """``yield`` in ``with``: the manager sees what is thrown in, and the end."""
    if not b.can_nest():
        return False
    b.needs.add("Guard")
    name = b.name("g")
    swallow = ", True" * (b.draw(3) == 2)
    b.emit(f'with Guard("{name}"{swallow}) as {name}:')
    b.level += 1
    plain_yield(b)
    mark = b.scope.mark()
    b.statements(2)
    b.scope.release(mark)
    b.emit(f"{name}.add({b.text(INT, 1)})")
    b.level -= 1
    return True


def closing_over(b: Builder) -> bool:
    """Change the closure of a generator expression while it is suspended."""
    if not b.frame.affords(12):
        return False
    name, cell = b.name("gx"), b.name("k")
    b.emit(f"{cell} = {b.draw(9)}")
    b.emit(f"{name} = (i * {cell} for i in range(3))")
    b.emit(f"note(next({name}))")
    _yields(b)
    b.emit(f"yield {b.text(_item(b), 1)}")
    b.emit(f"{cell} = {b.pick(('100', '-1', '2.5', 'True'))}")
    b.emit(f"note(list({name}))")
    return True


YIELDS: Final[Table[StatementProduction]] = Table(
    "yields",
    [
        (6, "", plain_yield),
        (3, "", receive),
        (3, "", yield_loop),
        (4, "yield-in-expression", yield_amid),
        (2, "yield-from", from_display),
        (2, "yield-from", from_list),
        (4, "yield-from", from_generator),
        (4, "yield-in-try", in_try),
        (3, "yield-in-try", handling),
        (3, "yield-in-with", in_with),
        (1, "generator-expression", closing_over),
    ],
)
