"""Productions that serve every type: variables, calls, attributes, control flow in expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.builder import paren
from pyjit_fuzz.generate.calls import arguments, call_cost
from pyjit_fuzz.generate.expressions import consumers, slices
from pyjit_fuzz.generate.scope import Var
from pyjit_fuzz.generate.types import (
    BOOL,
    FLOAT,
    INT,
    NUM,
    RECORD_KEYS,
    SMALL,
    STR,
    VECTOR_LENGTH,
    record_of,
    vector_of,
)

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder, Expr, Production
    from pyjit_fuzz.generate.table import Row
    from pyjit_fuzz.generate.types import Type


def conditional(b: Builder, t: Type, depth: int) -> Expr | None:
    """``x if c else y``."""
    yes = b.sub(t, depth)
    no = b.sub(t, depth)
    test = b.sub(BOOL, depth)
    return (f"{paren(yes)} if {paren(test)} else {paren(no)}", max(yes[1], no[1]), False)


def short_circuit(b: Builder, t: Type, depth: int) -> Expr | None:
    """``x and y``, ``x or y``: the value is one of the operands."""
    left = b.sub(t, depth)
    right = b.sub(t, depth)
    operator = "or" if b.draw(2) == 0 else "and"
    return (f"{paren(left)} {operator} {paren(right)}", max(left[1], right[1]), False)


def call(b: Builder, t: Type, depth: int) -> Expr | None:
    """Call a function that returns the type."""
    frame = b.frame
    found = [
        function
        for function in b.scope.callables + b.functions
        if function.returns in t.accepts
        and function.rank < frame.rank
        and frame.cost + frame.mult * function.cost <= frame.budget
    ]
    if not found:
        return None
    function = found[-1 - b.draw(len(found))]
    frame.charge(call_cost(function))
    frame.impure |= function.impure
    return (f"{function.name}({arguments(b, function, depth)})", t.limit, True)


def method_call(b: Builder, t: Type, depth: int) -> Expr | None:
    """Call a method that returns the type, on a visible object."""
    if not b.scope.objects:
        return None
    var = b.pick(b.scope.objects)
    info = var.type.info
    if info is None:
        return None
    frame = b.frame
    found = [
        method
        for method in info.methods_of(t)
        if method.rank < frame.rank and frame.affords(method.cost)
    ]
    if not found:
        return None
    method = b.pick(found)
    frame.charge(call_cost(method))
    frame.impure |= method.impure
    return (f"{var.name}.{method.name}({arguments(b, method, depth)})", t.limit, True)


def operation(b: Builder, t: Type, depth: int) -> Expr | None:
    """Use an operator that the class of a visible object implements."""
    if not b.scope.objects:
        return None
    var = b.pick(b.scope.objects)
    info = var.type.info
    if info is None or not b.frame.rank:
        return None
    found = info.operations_of(t)
    if not found:
        return None
    chosen = b.pick(found)
    if not b.frame.affords(chosen.cost):
        return None
    b.frame.charge(chosen.cost)
    b.frame.impure = True
    operands = [b.operand(kind, min(depth, 1)) for kind in chosen.arguments]
    return (chosen.template.format(*operands, o=var.name), t.limit, False)


def attribute(b: Builder, t: Type, depth: int) -> Expr | None:
    """Read an attribute, a property or a class attribute of a visible object."""
    if not b.scope.objects:
        return None
    var = b.pick(b.scope.objects)
    info = var.type.info
    if info is None:
        return None
    names = info.readable(t)
    if not names:
        return None
    return (f"{var.name}.{b.pick(names)}", t.limit, True)


def vector_item(b: Builder, t: Type, depth: int) -> Expr | None:
    """Subscript a list that is long enough."""
    var = b.var(vector_of(t))
    if var is None:
        return None
    kind = b.draw(4)
    if kind == 0:
        index = str(b.draw(VECTOR_LENGTH))
    elif kind == 1:
        index = str(-1 - b.draw(VECTOR_LENGTH))
    elif kind == 2:
        index = f"{b.operand(INT, depth)} % {VECTOR_LENGTH}"
    else:
        index = f"{b.operand(INT, depth)} % len({var.name})"
    return (f"{var.name}[{index}]", t.limit, True)


def record_item(b: Builder, t: Type, depth: int) -> Expr | None:
    """Subscript a dict that has the key."""
    var = b.var(record_of(t))
    if var is None:
        return None
    key = b.pick(RECORD_KEYS)
    kind = b.draw(3)
    if kind == 0:
        return (f'{var.name}["{key}"]', t.limit, True)
    default = b.text(t, depth)
    name = b.pick(("a", "b", "z"))
    return (f'{var.name}.get("{name}", {default})', t.limit, True)


def tuple_item(b: Builder, t: Type, depth: int) -> Expr | None:
    """Subscript a tuple display or a tuple variable that has an element of the type."""
    for var in reversed(b.scope.stack):
        if var.type.kind == "tuple" and t in var.type.args:
            return (f"{var.name}[{var.type.args.index(t)}]", t.limit, True)
    left = b.text(t, depth)
    right = b.text(t, depth)
    return (f"({left}, {right})[{b.operand(BOOL, depth)}]", t.limit, True)


def lambda_call(b: Builder, t: Type, depth: int) -> Expr | None:
    """Call a lambda on the spot; it sees the locals around it, so they become cells."""
    kind = b.pick((SMALL, INT, t))
    argument = b.text(kind, depth)
    mark = b.scope.mark()
    name = b.name("p")
    b.scope.add(Var(name, kind))
    b.frame.no_walrus += 1
    body = b.expr(t, depth)
    b.frame.no_walrus -= 1
    b.scope.release(mark)
    default = b.text(SMALL, 0)
    form = b.draw(3)
    if form == 0:
        return (f"(lambda {name}: {body[0]})({argument})", body[1], True)
    if form == 1:
        return (f"(lambda {name}, q={default}: {body[0]})({argument})", body[1], True)
    return (f"(lambda *, {name}: {body[0]})({name}={argument})", body[1], True)


def walrus(b: Builder, t: Type, depth: int) -> Expr | None:
    """Name a value inside an expression and use it again there."""
    if b.frame.no_walrus:
        return None
    value = b.expr(t, depth)
    name = b.name("w")
    mark = b.scope.mark()
    b.scope.add(Var(name, t, measure=value[1]))
    again = b.expr(t, depth)
    b.scope.release(mark)
    return (f"[{name} := {value[0]}, {again[0]}][{b.draw(2)}]", t.limit, True)


def fuse(b: Builder, t: Type, depth: int) -> Expr | None:
    """Pass a value through ``tick``, which raises when a scene has armed the fuse."""
    b.needs.add("tick")
    b.frame.charge(1)
    value = b.sub(t, depth)
    return (f"tick({value[0]})", value[1], True)


def finaliser(b: Builder, t: Type, depth: int) -> Expr | None:
    """Read an attribute of a temporary whose ``__del__`` logs."""
    b.needs.add("Fin")
    b.frame.charge(2)
    value = b.expr(t, depth)
    form = b.draw(2)
    if form == 0:
        return (f"Fin({value[0]}).value", value[1], True)
    return (f"Fin({value[0]}).get()", value[1], True)


def extreme(b: Builder, t: Type, depth: int) -> Expr | None:
    """``min`` and ``max`` of values that can be ordered."""
    if t not in (SMALL, INT, FLOAT, STR, NUM):
        return None
    values = [b.sub(t, depth) for _ in range(2 + b.draw(2))]
    name = b.pick(("max", "min"))
    return (f"{name}({', '.join(v[0] for v in values)})", max(v[1] for v in values), True)


def first_item(b: Builder, t: Type, depth: int) -> Expr | None:
    """Get an element with an iterator, a pop or a slice of a fresh display."""
    items = [b.text(t, depth), b.text(t, depth)]
    form = b.draw(4)
    display = f"[{', '.join(items)}]"
    texts = (
        f"next(iter({display}))",
        f"{display}.pop()",
        f"{display}[{b.draw(2)}]",
        f"({items[0]}, *[{items[1]}])[1]",
    )
    return (texts[form], t.limit, True)


def any_of(b: Builder, t: Type, depth: int) -> Expr | None:
    """Look up in a dict display, with the type as value."""
    key = b.operand(SMALL, depth)
    values = [b.text(t, depth), b.text(t, 0)]
    return (f"{{0: {values[0]}, 1: {values[1]}}}[{key} % 2]", t.limit, True)


ROWS: list[Row[Production]] = [
    (4, "conditional", conditional),
    (3, "boolean-operators", short_circuit),
    (6, "", call),
    (6, "", method_call),
    (7, "", attribute),
    (6, "", operation),
    (5, "list", vector_item),
    (3, "dict", record_item),
    (2, "tuple", tuple_item),
    (2, "lambda", lambda_call),
    (2, "walrus", walrus),
    (2, "fuse", fuse),
    (1, "finaliser", finaliser),
    (2, "builtins", extreme),
    (1, "list", first_item),
    (3, "generator-consumer", consumers.scalar),
    (4, "coroutine", consumers.driven),
    (3, "slice", slices.tuple_item),
    (1, "dict", any_of),
]
"""Rows for the tables of scalar types."""
