"""Assignments: new and old variables, attributes, subscripts, in place, unpacking, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.expressions.containers import key_text
from pyjit_fuzz.generate.functions import parameter_types, value_types
from pyjit_fuzz.generate.scope import Var
from pyjit_fuzz.generate.types import (
    BIG,
    BOOL,
    FLOAT,
    INT,
    INTS,
    NUM,
    SMALL,
    STR,
    VECTOR_LENGTH,
    list_of,
)
from pyjit_fuzz.generate.values import KEYS

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.types import Type


def new_variable(b: Builder) -> bool:
    """``x = ...``."""
    types = parameter_types(b)
    if b.scope.by_type.get(NUM):
        types += (NUM, NUM, NUM)
    b.assign(b.pick(types))
    return True


def rebind(b: Builder) -> bool:
    """Assign to a variable that exists."""
    found = b.scope.mutable()
    if not found:
        return False
    var = found[-1 - b.draw(len(found))]
    b.emit(f"{var.name} = {b.text(var.type)}")
    return True


def swap(b: Builder) -> bool:
    """``x, y = y, x``: rotations of the stack."""
    found = b.scope.mutable()
    if len(found) < 2:
        return False
    var = found[b.draw(len(found))]
    same = [other for other in found if other.type is var.type]
    names = [each.name for each in same[:3]]
    if len(names) < 2:
        return False
    b.emit(f"{', '.join(names)} = {', '.join(names[1:] + names[:1])}")
    return True


def in_place_text(b: Builder, target: str, t: Type) -> list[str] | None:
    """Return statements that change ``target`` in place and keep its type's invariant."""
    if t.kind == "int":
        return _in_place_int(b, target, t)
    if t is FLOAT:
        operator = b.pick(("+", "-", "*"))
        return [f"{target} {operator}= {b.text(b.pick((FLOAT, SMALL)))}"]
    if t is NUM:
        return [f"{target} {b.pick(('+', '-'))}= {b.text(NUM)}", f"{target} %= 65521"]
    if t is STR:
        return [f"{target} += {b.text(STR)}", f"{target} = {target}[-{4 + b.draw(20)}:]"]
    if t.kind == "record" and b.on("star-display"):
        return [f'{target} |= {{"{b.pick(KEYS)}": {b.text(t.args[1])}}}']
    if t.kind == "set":
        operator = b.pick(("|", "&", "-", "^"))
        return [f"{target} {operator}= {{{key_text(b, t.args[0], 1)}, 3}}"]
    if t is BOOL:
        return [f"{target} {b.pick(('&', '|', '^'))}= {b.text(BOOL)}"]
    return None


def _in_place_int(b: Builder, target: str, t: Type) -> list[str]:
    kind = b.draw(6)
    value = b.text(t)
    # Of a small number only what keeps it small; of others, sums grow slowly enough.
    if kind < 2:
        first = f"{target} {'+-'[kind]}= {value}"
        return [first, f"{target} %= 1009"] if t is SMALL else [first]
    if kind == 2:
        return [f"{target} *= {value}", f"{target} %= {1009 if t is SMALL else 1000003}"]
    if kind == 3 and b.on("bit-operations"):
        b.use("bit-operations")
        return [f"{target} {b.pick(('^', '&', '|'))}= {value}"]
    if kind == 4:
        return [f"{target} >>= {b.draw(5)}"]
    return [f"{target} {b.pick(('//', '%'))}= {b.pick(('7', '3', '(-5)', '1024'))}"]


def in_place(b: Builder) -> bool:
    """``x += ...`` on a variable."""
    found = b.scope.mutable()
    if not found:
        return False
    var = found[-1 - b.draw(len(found))]
    lines = in_place_text(b, var.name, var.type)
    for line in lines or ():
        b.emit(line)
    return lines is not None


def _target(b: Builder) -> tuple[str, Type] | None:
    """Return an attribute or a subscript that may be stored to."""
    if b.draw(2) == 0 and b.scope.objects:
        var = b.pick(b.scope.objects)
        info = var.type.info
        if info is None or not info.fields:
            return None
        b.frame.impure = True
        settable = b.records.get(f"settable {info.name}")
        if settable and b.draw(2):
            name, type_ = b.pick(settable)
        else:
            name, type_ = b.pick(list(info.fields.items()))
        return (f"{var.name}.{name}", type_)
    if not b.on("subscript-store"):
        return None
    stores = [var for var in b.scope.stack if var.type.kind in ("vector", "record", "dict")]
    if not stores:
        return None
    b.use("subscript-store")
    b.frame.impure = True
    var = stores[-1 - b.draw(len(stores))]
    if var.type.kind == "vector":
        index = b.pick((str(b.draw(VECTOR_LENGTH)), "-1", f"{b.operand(INT, 1)} % len({var.name})"))
        return (f"{var.name}[{index}]", var.type.args[0])
    if var.type.kind == "record":
        return (f'{var.name}["{b.pick(KEYS[:3])}"]', var.type.args[1])
    return (f"{var.name}[{key_text(b, var.type.args[0], 1)}]", var.type.args[1])


def store(b: Builder) -> bool:
    """``o.a = ...``, ``xs[i] = ...``, ``d[k] = ...``."""
    found = _target(b)
    if found is None:
        return False
    target, type_ = found
    b.emit(f"{target} = {b.text(type_)}")
    return True


def store_in_place(b: Builder) -> bool:
    """``o.a += ...``, ``xs[i] -= ...``: the target's parts are evaluated once."""
    found = _target(b)
    if found is None or found[1].kind not in ("int", "float", "str"):
        return False
    target, type_ = found
    if type_.kind == "float":
        b.emit(f"{target} {b.pick('+-*')}= {b.text(FLOAT)}")
    elif type_.kind == "str":
        b.emit(f"{target} = ({target} + {b.operand(STR, 1)})[-9:]")
    elif type_ is SMALL:
        b.emit(f"{target} {b.pick(('^', '&', '|', '>>', '%'))}= {b.draw(9) + 1}")
    else:
        b.emit(f"{target} {b.pick('+-^&|')}= {b.text(type_)}")
    return True


def unpack(b: Builder) -> bool:
    """``x, y = ...`` from a tuple, a list, a string or a nested display."""
    types = [t for t in value_types(b) if t.kind in ("int", "float", "str", "bool")]
    kind = b.draw(5)
    if kind == 0:
        chosen = [b.pick(types) for _ in range(2 + b.draw(2))]
        text = ", ".join(b.text(t) for t in chosen)
        b.emit(f"{', '.join(b.declare(t).name for t in chosen)} = {text}")
    elif kind == 1:
        first, second = b.pick(types), b.pick(types)
        text = f"({b.text(first)}, [{b.text(second)}, {b.text(INT)}])"
        names = [b.declare(t).name for t in (first, second, INT)]
        b.emit(f"{names[0]}, ({names[1]}, {names[2]}) = {text}")
    elif kind == 2 and b.on("list"):
        # Exactly as many as asked for, whatever the length of the list.
        text = b.operand(INTS, 1)
        names = [b.declare(INT).name for _ in range(3)]
        b.emit(f"{', '.join(names)} = {text}[:3]")
    elif kind == 3 and b.on("list"):
        text = b.text(INTS, 1)
        head = b.declare(INT).name
        rest = b.declare(list_of(INT)).name
        last = b.declare(INT).name
        order = b.pick(
            ((head, f"*{rest}", last), (f"*{rest}", head, last), (head, last, f"*{rest}"))
        )
        b.emit(f"{', '.join(order)} = {text}")
    elif kind == 4 and b.on("str"):
        names = [b.declare(STR).name for _ in range(2)]
        b.emit(f'[{", ".join(names)}] = "{b.pick(("ab", "xé", "01"))}"')
    else:
        text = f"divmod({b.text(INT)}, {b.draw(30) + 2})"
        names = [b.declare(INT).name for _ in range(2)]
        b.emit(f"{names[0]}, {names[1]} = {text}")
    return True


def chained(b: Builder) -> bool:
    """``x = y = ...``: two names for one object."""
    type_ = b.pick(value_types(b))
    text = b.text(type_)
    names = [b.declare(type_).name for _ in range(2)]
    b.emit(f"{names[0]} = {names[1]} = {text}")
    return True


def slice_store(b: Builder) -> bool:
    """``xs[i:j] = ...`` of the same length, ``del xs[i]`` where enough elements stay."""
    var = b.var(INTS)
    if var is None:
        return False
    b.frame.impure = True
    kind = b.draw(4)
    if kind == 0:
        b.emit(f"{var.name}[1:3] = [{b.text(INT)}, {b.text(INT)}]")
    elif kind == 1:
        b.emit(f"{var.name}[::2] = {var.name}[::2][::-1]")
    elif kind == 2:
        b.emit(f"if len({var.name}) > {VECTOR_LENGTH}:")
        b.emit(f"    del {var.name}[{b.pick(('0', '-1', '2'))}]")
    else:
        b.emit(f"{var.name}[:] = {var.name}[::-1]")
    return True


def lazily(b: Builder) -> bool:
    """Start with None and replace it: a local whose type changes."""
    t = b.pick([t for t in value_types(b) if t in (SMALL, INT, BIG, FLOAT, STR)])
    var = Var(b.name("z"), t)
    b.emit(f"{var.name} = None")
    if b.draw(2):
        b.emit(f"if {b.text(BOOL)}:")
        b.emit(f"    {var.name} = {b.text(t)}")
    b.emit(f"if {var.name} is None:")
    b.emit(f"    {var.name} = {b.text(t)}")
    b.scope.add(var)
    return True
