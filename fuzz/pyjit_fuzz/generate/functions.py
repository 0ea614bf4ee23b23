"""Functions with typed signatures, and the shapes their bodies take.

Contract. A function calls only functions of a lower rank, so there is no unplanned
recursion, and its ``cost`` (estimated statements executed by one call) is known before
anything can call it. ``impure`` says that a call changes objects that live on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyjit_fuzz.generate.scope import Frame, Scope, Var
from pyjit_fuzz.generate.table import Table
from pyjit_fuzz.generate.types import (
    BIG,
    BOOL,
    FLOAT,
    INT,
    INTS,
    NUM,
    SMALL,
    STR,
    Type,
    list_of,
    record_of,
    set_of,
    tuple_of,
    vector_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyjit_fuzz.generate.builder import Builder

LEAF_BUDGET: Final = 90
HOT_BUDGET: Final = 500


class Param:
    """One parameter; ``kind`` is ``positional``, ``normal`` or ``keyword``."""

    __slots__ = ("default", "kind", "name", "type")

    def __init__(self, name: str, type_: Type, kind: str = "normal", default: str = "") -> None:
        """``default`` is the text of a literal, or empty."""
        self.name = name
        self.type = type_
        self.kind = kind
        self.default = default


class Function:
    """A callable of the program, as its callers see it."""

    __slots__ = (
        "cost",
        "impure",
        "is_method",
        "kwargs",
        "name",
        "params",
        "rank",
        "returns",
        "star",
    )

    def __init__(self, name: str, params: list[Param], returns: Type | None, rank: int) -> None:
        """``star`` and ``kwargs`` name the ``*`` and ``**`` parameters, or are empty."""
        self.name = name
        self.params = params
        self.returns = returns
        self.rank = rank
        self.cost = 3
        self.impure = False
        self.is_method = False
        self.star = ""
        self.kwargs = ""

    def signature(self) -> str:
        """Return the text between the parentheses of the definition."""
        parts: list[str] = ["self"] if self.is_method else []
        groups: dict[str, list[str]] = {"positional": [], "normal": [], "keyword": []}
        for param in self.params:
            default = f"={param.default}" if param.default else ""
            groups[param.kind].append(param.name + default)
        parts += groups["positional"]
        if groups["positional"]:
            parts.append("/")
        parts += groups["normal"]
        if self.star:
            parts.append(f"*{self.star}")
        elif groups["keyword"]:
            parts.append("*")
        parts += groups["keyword"]
        if self.kwargs:
            parts.append(f"**{self.kwargs}")
        return ", ".join(parts)


class Suspended(Function):
    """A generator function or a coroutine function.

    A call's ``cost`` is that of running the body to its end, ``returns`` the type of what
    ``yield from`` and ``await`` give.
    """

    __slots__ = ("item", "length")

    def __init__(self, name: str, params: list[Param], returns: Type | None, rank: int) -> None:
        """``item`` is the type of what is yielded, ``length`` how many at most."""
        super().__init__(name, params, returns, rank)
        self.item: Type | None = None
        self.length = 0


VALUE_TYPES: Final[tuple[tuple[tuple[str, ...], tuple[Type, ...]], ...]] = (
    ((), (SMALL, INT, INT)),
    (("big-int",), (BIG,)),
    (("float",), (FLOAT, FLOAT)),
    (("str",), (STR, STR)),
    ((), (BOOL,)),
    (("list",), (INTS, vector_of(SMALL), list_of(INT))),
    (("list", "str"), (vector_of(STR),)),
    (("list", "float"), (vector_of(FLOAT),)),
    (("list", "nested-list"), (vector_of(INTS),)),
    (("dict",), (record_of(INT),)),
    (("tuple",), (tuple_of(INT, INT),)),
    (("tuple", "str"), (tuple_of(INT, STR),)),
    (("set",), (set_of(SMALL),)),
)
"""Features that must all be on, and the types that they add."""


def value_types(b: Builder) -> list[Type]:
    """Return the types that values may have under the program's features, simplest first."""
    found = b.records.get("value_types")
    if found is None:
        found = b.records["value_types"] = [
            type_
            for features, types in VALUE_TYPES
            if b.enabled.issuperset(features)
            for type_ in types
        ]
    return list(found)


def parameter_types(b: Builder) -> list[Type]:
    """Return the types that parameters may have: values, and instances of classes."""
    found = value_types(b)
    for info in b.classes:
        if info.complete:
            found += (info.type, info.type)
    return found


def return_types(b: Builder) -> list[Type]:
    """Return the types that functions return; mostly scalars."""
    found = b.records.get("return_types")
    if found is None:
        scalars = [t for t in value_types(b) if t.kind in ("int", "float", "str", "bool")]
        found = b.records["return_types"] = scalars * 3 + value_types(b)
    return list(found)


def draw_params(b: Builder, most: int = 3) -> list[Param]:
    """Draw a signature's parameters in the order that the language wants."""
    types = parameter_types(b)
    params: list[Param] = []
    defaulted = False
    while len(params) < most and b.chance(3 if params else 7, 4 if params else 8):
        type_ = b.pick(types)
        default = ""
        if defaulted or b.maybe("default-arguments", 1, 4):
            default = simple_default(b, type_)
            if not default:
                if defaulted:
                    break
            else:
                defaulted = True
        params.append(Param(b.name("a"), type_, "normal", default))
        if type_.feature:
            b.use(type_.feature)
    if len(params) > 1 and b.maybe("positional-only", 1, 6):
        params[0].kind = "positional"
    if params and b.maybe("keyword-only", 1, 4):
        params[-1].kind = "keyword"
    return params


def simple_default(b: Builder, type_: Type) -> str:
    """Return a literal of the type that is safe to share between calls, or an empty text."""
    if type_.kind in ("int", "float", "str", "bool"):
        saved, b.scope = b.scope, Scope()
        text = b.text(type_, 0)
        b.scope = saved
        return text
    return ""


def open_function(b: Builder, function: Function, budget: int) -> tuple[Frame, Scope]:
    """Emit the ``def`` line and enter the body."""
    b.emit(f"def {function.name}({function.signature()}):")
    frame = Frame(function.returns, budget, function.rank)
    inner = Scope(b.globals)
    saved = b.enter(frame, inner)
    for param in function.params:
        inner.add(Var(param.name, param.type, mutable=param.kind != "keyword"))
    return saved


def close_function(b: Builder, function: Function, saved: tuple[Frame, Scope]) -> None:
    """Leave the body and note down what it costs."""
    frame = b.leave(saved)
    function.cost = frame.cost + 1
    function.impure = frame.impure


def finish(b: Builder) -> None:
    """Emit the last ``return``."""
    returns = b.frame.returns
    if returns is not None:
        b.emit(f"return {b.text(returns, 2)}")


def plain_body(b: Builder) -> None:
    """Emit a few statements."""
    b.statements(4)
    finish(b)


def loop_body(b: Builder) -> None:
    """Emit a loop that accumulates: the shape that makes code hot by itself."""
    frame = b.frame
    accumulators = [b.assign(t, 1) for t in _accumulated(b)]
    count = b.pick((5, 8, 12, 20, 30, 50))
    index = b.name("i")
    b.emit(f"for {index} in range({count}):")
    mark = b.scope.mark()
    b.level += 1
    frame.mult *= count
    frame.loops += 1
    b.scope.add(Var(index, SMALL, measure=5))
    b.statements(3)
    for var in accumulators:
        b.emit(accumulate(b, var))
        frame.charge(1)
    frame.loops -= 1
    frame.mult //= count
    b.level -= 1
    b.scope.release(mark)
    finish(b)


def _accumulated(b: Builder) -> list[Type]:
    types = [t for t in value_types(b) if t in (SMALL, INT, FLOAT, STR)]
    return [b.pick(types) for _ in range(1 + b.draw(2))]


def accumulate(b: Builder, var: Var) -> str:
    """Return a statement that folds a new value into a variable, bounded."""
    value = b.operand(var.type, 1)
    if var.type is STR:
        return f"{var.name} = ({var.name} + {value})[-{6 + b.draw(20)}:]"
    if var.type.kind == "int":
        if var.type is not SMALL and b.draw(3) == 0:
            return f"{var.name} += {b.text(var.type, 1)}"
        return f"{var.name} = ({var.name} * {b.pick((3, 1, 31))} + {value}) % 65521"
    return f"{var.name} += {value}"


BODIES: Final[Table[Callable[[Builder], None]]] = Table(
    "bodies", [(1, "", plain_body), (1, "", loop_body)]
)


def body(b: Builder) -> None:
    """Emit a whole body of a drawn shape."""
    rows = b.rows(BODIES)
    _, shape = rows[b.draw(len(rows))]
    shape(b)


def star_prologue(b: Builder, function: Function) -> None:
    """Emit a use of the ``*`` and ``**`` parameters, whose contents are ints."""
    if function.star:
        form = b.pick(("sum({0})", "len({0})", "({0} or (7,))[0]", "max({0}, default=1)"))
        b.emit(f"{b.declare(INT).name} = {form.format(function.star)}")
    if function.kwargs:
        form = b.pick(("sum({0}.values())", "len({0})", '{0}.get("k1", 5)', '{0}.pop("k2", 3)'))
        b.emit(f"{b.declare(INT).name} = {form.format(function.kwargs)}")


def define(b: Builder) -> Function:
    """Define a module-level function and register it."""
    function = Function(b.name("f"), draw_params(b), b.pick(return_types(b)), next_rank(b))
    if b.maybe("var-arguments", 1, 4):
        function.star = b.name("args")
    if b.maybe("keyword-call", 1, 6):
        function.kwargs = b.name("kwargs")
    if any(param.default for param in function.params):
        b.use("default-arguments")
    saved = open_function(b, function, LEAF_BUDGET if b.draw(3) < 2 else HOT_BUDGET)
    star_prologue(b, function)
    body(b)
    close_function(b, function, saved)
    b.functions.append(function)
    return function


def next_rank(b: Builder) -> int:
    """Return a rank above all that exist."""
    rank = int(b.records.get("rank", 0)) + 1
    b.records["rank"] = rank
    return rank


def define_polymorphic(b: Builder) -> Function:
    """Define a function of numbers of any class: what types are changed under."""
    count = 1 + b.draw(2)
    params = [Param(b.name("a"), NUM) for _ in range(count)]
    function = Function(b.name("poly"), params, NUM, next_rank(b))
    saved = open_function(b, function, LEAF_BUDGET)
    if b.draw(2) == 0:
        b.statements(2)
        finish(b)
    else:
        total = b.declare(NUM)
        index = b.name("i")
        steps = b.pick((3, 6, 10))
        b.emit(f"{total.name} = {params[0].name}")
        b.emit(f"for {index} in range({steps}):")
        b.emit(f"    {total.name} = ({total.name} + {b.operand(NUM, 2)}) % 65521")
        b.frame.charge(2 * steps)
        finish(b)
    close_function(b, function, saved)
    b.functions.append(function)
    b.use("numeric-polymorphism")
    return function


def define_recursive(b: Builder) -> Function:
    """Define a function that calls itself to a bounded depth."""
    returns = b.pick((INT, STR) if b.on("str") else (INT, INT))
    params = [Param(b.name("a"), returns)]
    params.insert(0, Param("depth", SMALL, "normal", "5"))
    params[1].default = simple_default(b, returns)
    function = Function(b.name("rec"), params, returns, next_rank(b))
    twice = b.draw(2)
    name = function.name
    saved = open_function(b, function, LEAF_BUDGET)
    base = b.text(returns, 1)
    b.emit("if depth <= 0 or depth > 12:")
    b.emit(f"    return {base}")
    deeper = f"{name}(depth - {1 + twice}, {b.text(returns, 1)})"
    both = f"{deeper} + {name}(depth - 2, {b.text(returns, 0)})" if twice else deeper
    tail = "[-12:]" if returns is STR else " % 1000003"
    b.emit(f"return ({b.operand(returns, 1)} + {both}){tail}")
    close_function(b, function, saved)
    function.cost *= 40 if twice else 13
    b.functions.append(function)
    b.use("recursion")
    return function
