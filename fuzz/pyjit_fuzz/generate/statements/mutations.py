"""Method calls that change containers, all bounded, and in-place operators of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyjit_fuzz.generate.expressions.containers import key_text
from pyjit_fuzz.generate.types import INT, SMALL, VECTOR_LENGTH

if TYPE_CHECKING:
    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.scope import Var

LONGEST = 12


def mutate_container(b: Builder) -> bool:
    """Call a mutating method of a list, a dict or a set that is in sight."""
    found = [var for var in b.scope.stack if var.type.kind in _BY_KIND]
    if not found:
        return False
    var = found[-1 - b.draw(len(found))]
    b.frame.impure = True
    _BY_KIND[var.type.kind](b, var)
    return True


def _list(b: Builder, var: Var) -> None:
    name = var.name
    value = b.text(var.type.args[0], 1)
    kind = b.draw(7)
    if kind in (2, 3, 4):
        call = ("pop()", "pop(0)", f"remove({name}[0])")[kind - 2]
        b.emit(f"if len({name}) > {VECTOR_LENGTH}:")
        b.emit(f"    {name}.{call}")
    elif kind == 5:
        b.emit(f"{name}.reverse()")
    elif kind == 6 and var.type.args[0].kind in ("int", "str"):
        b.emit(f"{name}.sort({b.pick(('', 'reverse=True', 'key=str'))})")
    else:
        calls = (f"append({value})", f"insert({b.draw(4)}, {value})", f"extend([{value}, {value}])")
        call = calls[kind % 3]
        b.emit(f"if len({name}) < {LONGEST}:")
        b.emit(f"    {name}.{call}")


def _dict(b: Builder, var: Var) -> None:
    name = var.name
    key = key_text(b, var.type.args[0], 1)
    value = b.text(var.type.args[1], 1)
    kind = b.draw(5)
    if kind == 0:
        b.emit(f"{name}[{key}] = {value}")
    elif kind == 1:
        b.emit(f"{name}.setdefault({key}, {value})")
    elif kind == 2:
        b.emit(f"{name}.update({{{key}: {value}}})")
    elif var.type.kind == "record":
        b.emit(f'{name}.pop("d", None)' if kind == 3 else f'{name}.pop("zz", {value})')
    elif kind == 3:
        b.emit(f"{name}.pop({key}, None)")
    else:
        b.emit(f"if {key} in {name}:")
        b.emit(f"    del {name}[{key}]")


def _set(b: Builder, var: Var) -> None:
    key = key_text(b, var.type.args[0], 1)
    method = b.pick(("add", "discard", "add"))
    b.emit(f"{var.name}.{method}({key})")


_BY_KIND = {"vector": _list, "list": _list, "dict": _dict, "record": _dict, "set": _set}


def object_in_place(b: Builder) -> bool:
    """``o += n`` and ``o[k] = v`` on an object whose class implements it."""
    if not b.frame.rank:
        return False
    settable = b.records.get("settable", ())
    found = [var for var in b.scope.objects if var.type.info in settable]
    if found and b.draw(2):
        var = b.pick(found)
        b.frame.impure = True
        b.emit(f"{var.name}[{b.text(SMALL, 1)}] = {b.text(INT, 1)}")
        return True
    for info, operator in b.records.get("in-place", ()):
        var_found = [var for var in b.scope.objects if var.type.info is info and var.mutable]
        if var_found:
            b.frame.impure = True
            b.emit(f"{b.pick(var_found).name} {operator}= {b.text(INT, 1)}")
            return True
    return False
