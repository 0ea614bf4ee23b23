"""Operator methods: each logs that it was called, and tells the class's ``operations``.

Their bodies call no function of the program (rank 0), so operators cannot recurse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.classes.model import ClassInfo, Operation
from pyjit_fuzz.generate.scope import Frame, Scope, Var
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import BOOL, INT, SMALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyjit_fuzz.generate.builder import Builder
    from pyjit_fuzz.generate.types import Type

Dunder = "Callable[[Builder, ClassInfo], None]"


def define(
    b: Builder,
    info: ClassInfo,
    name: str,
    params: tuple[tuple[str, Type], ...],
    returns: Type | str,
) -> None:
    """Emit one operator method that logs and returns an expression or a given text."""
    names = ", ".join(("self", *(param for param, _ in params)))
    b.emit(f"def {name}({names}):")
    frame = Frame(None, 30, 0)
    inner = Scope(b.globals)
    saved = b.enter(frame, inner)
    inner.add(Var("self", info.type))
    for param, type_ in params:
        inner.add(Var(param, type_))
    if b.draw(4) < 3:
        b.note(f'"{info.name}.{name}"')
    b.emit(f"return {returns if isinstance(returns, str) else b.text(returns, 2)}")
    b.leave(saved)


ARITHMETIC: Final = (
    ("add", "+"),
    ("sub", "-"),
    ("mul", "*"),
    ("floordiv", "//"),
    ("mod", "%"),
    ("lshift", "<<"),
    ("and", "&"),
    ("or", "|"),
    ("xor", "^"),
    ("truediv", "/"),
    ("matmul", "@"),
    ("pow", "**"),
)


def arithmetic(b: Builder, info: ClassInfo) -> None:
    """Define ``__add__`` or another binary operator, and unary minus."""
    for _ in range(1 + b.draw(2)):
        word, operator = b.pick(ARITHMETIC)
        define(b, info, f"__{word}__", (("other", INT),), INT)
        info.operations.append(Operation(INT, f"{{o}} {operator} {{0}}", (INT,)))
    word, operator = b.pick((("neg", "-"), ("invert", "~"), ("pos", "+")))
    define(b, info, f"__{word}__", (), INT)
    info.operations.append(Operation(INT, f"{operator}{{o}}"))


def reflected(b: Builder, info: ClassInfo) -> None:
    """Define ``__radd__`` or another reflected operator."""
    word, operator = b.pick(ARITHMETIC)
    define(b, info, f"__r{word}__", (("other", INT),), INT)
    info.operations.append(Operation(INT, f"{{0}} {operator} {{o}}", (INT,)))


def in_place(b: Builder, info: ClassInfo) -> None:
    """Define ``__iadd__`` or another in-place operator, which returns the object."""
    word, operator = b.pick(ARITHMETIC[:3])
    define(b, info, f"__i{word}__", (("other", INT),), "self")
    b.records.setdefault(f"in-place {info.name}", []).append(operator)
    b.records.setdefault("in-place", []).append((info, operator))


def comparison(b: Builder, info: ClassInfo) -> None:
    """Define ``__lt__`` and others; ``<`` falls back to the reflected ``>``."""
    word, operator, other = b.pick((("lt", "<", ">"), ("le", "<=", ">="), ("gt", ">", "<")))
    define(b, info, f"__{word}__", (("other", INT),), BOOL)
    info.operations.append(Operation(BOOL, f"{{o}} {operator} {{0}}", (INT,)))
    info.operations.append(Operation(BOOL, f"{{0}} {other} {{o}}", (INT,)))


def container(b: Builder, info: ClassInfo) -> None:
    """Define ``__len__``, ``__getitem__``, ``__setitem__``, ``__contains__``."""
    define(b, info, "__len__", (), f"{b.draw(6)}")
    info.operations.append(Operation(SMALL, "len({o})"))
    define(b, info, "__getitem__", (("key", INT),), INT)
    info.operations.append(Operation(INT, "{o}[{0}]", (INT,)))
    if b.draw(2):
        define(b, info, "__contains__", (("item", INT),), BOOL)
        info.operations.append(Operation(BOOL, "{0} in {o}", (INT,)))
        info.operations.append(Operation(BOOL, "{0} not in {o}", (INT,)))
    if b.draw(2):
        target = next((name for name, t in info.fields.items() if t in (SMALL, INT)), "")
        b.emit("def __setitem__(self, key, value):")
        b.emit(f'    note(("{info.name}.__setitem__", key))')
        if target:
            b.emit(f"    self.{target} = value % 1009")
        b.records.setdefault("settable", []).append(info)


def iterator(b: Builder, info: ClassInfo) -> None:
    """Define ``__iter__``, and ``__next__`` where the object is its own iterator."""
    if info.iterates:
        return
    if info.has_dict and b.draw(2):
        b.emit("def __iter__(self):")
        b.emit("    self.at = 0")
        b.emit("    return self")
        b.emit("def __next__(self):")
        b.emit("    self.at += 1")
        b.emit(f"    if self.at > {1 + b.draw(4)}:")
        b.emit("        raise StopIteration")
        b.emit(f'    note("{info.name}.__next__")')
        b.emit("    return self.at * 3")
    else:
        items = ", ".join(str(7 * n) for n in range(1 + b.draw(4)))
        define(b, info, "__iter__", (), f"iter([{items}])")
    _iterates(info)


def generator_iterator(b: Builder, info: ClassInfo) -> None:
    """Define ``__iter__`` as a generator method, of the object's own state."""
    if info.iterates:
        return
    name = next((name for name, t in info.fields.items() if t in (SMALL, INT)), "")
    own = f"self.{name}" if name else "4"
    b.emit("def __iter__(self):")
    for line in (
        b.pick(("yield 1", "got = yield 1", f'note("{info.name}.__iter__")')),
        f"for k in range({own} % {2 + b.draw(4)}):",
        f"    {b.pick((f'yield k + {own}', 'yield from (k, 1)', 'yield (k, 2)[1]'))}",
        f"yield {own}",
    ):
        b.emit(f"    {line}")
    _iterates(info)


def _iterates(info: ClassInfo) -> None:
    """Note down that the class iterates over a few ints, at least one."""
    info.iterates = True
    info.operations.append(Operation(INT, "sum({o})", cost=12))
    info.operations.append(Operation(INT, "max([*{o}, {0}])", (INT,), 12))
    info.operations.append(Operation(INT, "len(list({o}))", cost=12))


def call(b: Builder, info: ClassInfo) -> None:
    """Define ``__call__``."""
    define(b, info, "__call__", (("value", INT),), INT)
    info.operations.append(Operation(INT, "{o}({0})", (INT,)))
    info.operations.append(Operation(INT, "{o}(value={0})", (INT,)))


def equality(b: Builder, info: ClassInfo) -> None:
    """Define ``__eq__`` and ``__hash__`` on one int field or a constant."""
    name = next((name for name, t in info.fields.items() if t in (SMALL, INT)), "")
    mine = f"self.{name}" if name else "5"
    b.emit("def __eq__(self, other):")
    b.emit(f'    note("{info.name}.__eq__")')
    b.emit(f"    if isinstance(other, {info.name}):")
    b.emit(f"        return {mine} == {mine.replace('self', 'other')}")
    b.emit("    return NotImplemented" if b.draw(2) == 0 else f"    return {mine} == other")
    b.emit("def __hash__(self):")
    b.emit(f"    return hash(({mine}, 1))")
    info.operations += [
        Operation(BOOL, "{o} == {0}", (info.type,)),
        Operation(BOOL, "{o} != {0}", (INT,)),
        Operation(BOOL, "{o} in [{0}, {1}]", (INT, info.type)),
        Operation(BOOL, "{o} in {{{0}: 1}}", (info.type,)),
        Operation(SMALL, "len({{{o}, {0}}})", (info.type,)),
    ]


def truth(b: Builder, info: ClassInfo) -> None:
    """Define ``__bool__``."""
    define(b, info, "__bool__", (), BOOL)
    info.operations += [
        Operation(BOOL, "not {o}"),
        Operation(INT, "{0} if {o} else {1}", (SMALL, SMALL)),
        Operation(BOOL, "bool({o} and {0})", (BOOL,)),
    ]


def attribute_hook(b: Builder, info: ClassInfo) -> None:
    """Define ``__getattr__`` for names that do not exist."""
    b.emit("def __getattr__(self, name):")
    b.emit(f'    note(("{info.name}.__getattr__", name))')
    b.emit('    if name.startswith("x"):')
    b.emit("        return len(name)")
    b.emit("    raise AttributeError(name)")
    info.operations += [
        Operation(INT, "{o}.xa"),
        Operation(INT, 'getattr({o}, "xyz", 0)'),
        Operation(BOOL, 'hasattr({o}, "missing")'),
    ]


def manager(b: Builder, info: ClassInfo) -> None:
    """Define ``__enter__`` and ``__exit__``, which swallows LookupError or nothing."""
    swallows = b.draw(2)
    b.emit("def __enter__(self):")
    b.emit(f'    note("{info.name}.__enter__")')
    b.emit("    return self")
    b.emit("def __exit__(self, kind, value, trace):")
    b.emit('    note(("exit", kind and kind.__name__))')
    b.emit(f"    return {'kind is not None and issubclass(kind, LookupError)' * swallows or None}")
    info.manages = True


DUNDERS: Final[Table[Callable[[Builder, ClassInfo], None]]] = Table(
    "dunders",
    [
        (1, "", lambda b, info: None),
        (4, "arithmetic-dunder", arithmetic),
        (3, "reflected-dunder", reflected),
        (2, "in-place-dunder", in_place),
        (3, "comparison-dunder", comparison),
        (4, "container-dunder", container),
        (3, "iterator-dunder", iterator),
        (4, "generator-method", generator_iterator),
        (3, "call-dunder", call),
        (3, "eq-hash-dunder", equality),
        (2, "bool-dunder", truth),
        (2, "getattr-hook", attribute_hook),
        (2, "context-manager", manager),
    ],
)
