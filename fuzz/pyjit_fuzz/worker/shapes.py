"""What a value consists of, read without calling into the program.

Contract: ``ATOMS`` and ``named_atom`` give the text of values that have no
identity worth following (numbers, strings, built-in types and functions);
``shape`` takes every other value apart, one level deep. Adding a type is
one line in a table here.

Content of program-defined classes is read through the descriptors of built-in
types only (``type.__dict__``, member and getset descriptors), never through
the class's own hooks.
"""

from __future__ import annotations

import array
import collections
import decimal
import re
import types
import weakref
from typing import Any, Callable, Dict, List, Sequence, Tuple

_type_mro = type.__dict__["__mro__"].__get__
_type_dict = type.__dict__["__dict__"].__get__
_type_module = type.__dict__["__module__"].__get__
_type_qualname = type.__dict__["__qualname__"].__get__
_type_flags = type.__dict__["__flags__"].__get__
_module_dict: Any = types.ModuleType.__dict__["__dict__"].__get__  # type: ignore[index]
_HEAP_TYPE = 1 << 9
_BIG = 1 << 64


class Part:
    """One level of a value: what kind it is, a text about it, and its children.

    ``unordered`` says that the order of the children means nothing.
    """

    __slots__ = ("children", "kind", "meta", "unordered")

    def __init__(
        self, kind: str, meta: str = "", children: Sequence[Any] = (), unordered: bool = False
    ) -> None:
        """Keep the four as they are."""
        self.kind = kind
        self.meta = meta
        self.children = children
        self.unordered = unordered


# Names of types


def type_name(cls: type) -> str:
    """Return ``module.qualname`` of a type; the module is left out for the program's own."""
    try:
        module = _type_module(cls)
    except AttributeError:
        module = "?"
    name = _type_qualname(cls)
    if type(module) is not str or module in ("builtins", "__main__"):
        return str(name)
    return "%s.%s" % (module, name)


def is_type(value: Any) -> bool:
    """Tell whether ``value`` is a class, whatever its metaclass claims."""
    return any(base is type for base in _type_mro(type(value)))


# Atoms


def _int_text(value: int) -> str:
    return "int:%d" % value if -_BIG < value < _BIG else "int:" + hex(value)


def _float_text(value: float) -> str:
    return "float:nan" if value != value else "float:" + float.hex(value)  # noqa: PLR0124 -- nan


def _complex_text(value: complex) -> str:
    return "complex:%s,%s" % (_float_text(value.real)[6:], _float_text(value.imag)[6:])


def _str_text(value: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:  # JSON cannot carry lone surrogates
        return "str-escaped:" + value.encode("unicode_escape").decode("ascii")
    return "str:" + value


def _range_text(value: range) -> str:
    return "range:%s,%s,%s" % (hex(value.start), hex(value.stop), hex(value.step))


_ATOMS: Dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "None",
    bool: lambda value: "bool:True" if value else "bool:False",
    int: _int_text,
    float: _float_text,
    complex: _complex_text,
    str: _str_text,
    bytes: lambda value: "bytes:" + value.hex(),
    type(Ellipsis): lambda value: "Ellipsis",
    type(NotImplemented): lambda value: "NotImplemented",
    types.ModuleType: lambda value: "module:%s" % _own_name(value),
    types.WrapperDescriptorType: lambda value: "slot:" + value.__qualname__,
    types.MethodDescriptorType: lambda value: "method:" + value.__qualname__,
    types.ClassMethodDescriptorType: lambda value: "method:" + value.__qualname__,
}
"""Exact type -> text. Subclasses are instances, taken apart by ``shape``."""

ATOMS = {id(cls): make for cls, make in _ATOMS.items()}
"""The same by the type's address: a metaclass may define ``__hash__``."""


def _own_name(module: types.ModuleType) -> str:
    name = _module_dict(module).get("__name__")
    return str(name) if type(name) is str else "?"


def named_atom(value: Any) -> str | None:
    """Return the text of a built-in type or function, or ``None`` for everything else."""
    kind = type(value)
    if kind is types.BuiltinFunctionType:
        owner = value.__self__
        if owner is None or type(owner) is types.ModuleType:
            return "builtin:%s" % value.__qualname__
        return None
    if kind is type and (_type_module(value) != "__main__" or not _type_flags(value) & _HEAP_TYPE):
        return "type:" + type_name(value)
    return None


# Values with parts


def _flat(pairs: Any) -> List[Any]:
    return [item for pair in pairs for item in pair]


def _function(value: Any) -> Part:
    return Part("function", value.__qualname__)


def _generator(value: Any) -> Part:
    for prefix in ("gi", "cr", "ag"):
        if hasattr(value, prefix + "_code"):
            frame = getattr(value, prefix + "_frame")
            state = "finished" if frame is None else "line %d" % (frame.f_lineno or -1)
            return Part(type(value).__name__, value.__qualname__, ("state", state))
    return Part(type(value).__name__)


def _weak(value: Any) -> Part:
    return Part("weakref", "", ("to", weakref.ref.__call__(value)))


def _cell(value: Any) -> Part:
    try:
        return Part("cell", "", ("contents", value.cell_contents))
    except ValueError:
        return Part("cell", "empty")


def _wrapped(value: Any) -> Part:
    return Part(type(value).__name__, "", ("function", value.__func__))


def _defaultdict(value: Any) -> Part:
    return Part("defaultdict", "", ["", value.default_factory, *_flat(dict.items(value))])


_BY_TYPE: Dict[type, Callable[[Any], Part]] = {
    list: lambda value: Part("list", "", value),
    tuple: lambda value: Part("tuple", "", value),
    dict: lambda value: Part("dict", "", _flat(value.items())),
    set: lambda value: Part("set", "", list(value), True),
    frozenset: lambda value: Part("frozenset", "", list(value), True),
    range: lambda value: Part("range", _range_text(value)),
    slice: lambda value: Part(
        "slice", "", ("start", value.start, "stop", value.stop, "step", value.step)
    ),
    bytearray: lambda value: Part("bytearray", value.hex()),
    object: lambda value: Part("instance", "object"),
    types.FunctionType: _function,
    types.CodeType: lambda value: Part("code", value.co_name),
    types.MethodType: lambda value: Part(
        "bound-method", "", ("function", value.__func__, "self", value.__self__)
    ),
    types.BuiltinFunctionType: lambda value: Part(
        "builtin-method", value.__qualname__, ("self", value.__self__)
    ),
    types.MethodWrapperType: lambda value: Part(
        "method-wrapper", value.__name__, ("self", value.__self__)
    ),
    types.GeneratorType: _generator,
    types.CoroutineType: _generator,
    types.AsyncGeneratorType: _generator,
    types.CellType: _cell,
    weakref.ReferenceType: _weak,
    property: lambda value: Part(
        "property", "", ("get", value.fget, "set", value.fset, "delete", value.fdel)
    ),
    staticmethod: _wrapped,
    classmethod: _wrapped,
    super: lambda value: Part("super", "", ("type", value.__thisclass__, "self", value.__self__)),
    type({}.keys()): lambda value: Part("view", "dict_keys", list(value)),
    type({}.values()): lambda value: Part("view", "dict_values", list(value)),
    type({}.items()): lambda value: Part("view", "dict_items", list(value)),
    collections.deque: lambda value: Part("deque", str(value.maxlen), list(value)),
    collections.OrderedDict: lambda value: Part("OrderedDict", "", _flat(value.items())),
    collections.defaultdict: _defaultdict,
    array.array: lambda value: Part("array", value.typecode, ("items", array.array.tolist(value))),
    decimal.Decimal: lambda value: Part("Decimal", decimal.Decimal.__str__(value)),
    re.Pattern: lambda value: Part("pattern", "%d" % value.flags, ("pattern", value.pattern)),
}
"""Exact type -> one level of its content."""

_SHAPES = {id(cls): make for cls, make in _BY_TYPE.items()}


def shape(value: Any) -> Part:
    """Take ``value`` apart, one level deep. Never raises for a value of a program."""
    kind = type(value)
    if kind is Part:
        return value  # type: ignore[no-any-return]
    make = _SHAPES.get(id(kind))
    if make is not None:
        return make(value)
    if is_type(value):
        return Part("type", type_name(value))
    return _instance(value)


# Instances: the base's content, the instance dictionary, the slots

_PAYLOADS: Tuple[Tuple[type, Callable[[Any], Any]], ...] = (
    (int, int.__int__),
    (float, float.__pos__),
    (complex, complex.__pos__),
    (str, str.__str__),
    (bytes, lambda value: bytes.__getitem__(value, slice(None))),
    (bytearray, lambda value: Part("bytearray", bytearray.hex(value))),
    (tuple, lambda value: Part("tuple", "", list(tuple.__iter__(value)))),
    (list, lambda value: Part("list", "", list(list.__iter__(value)))),
    (
        collections.OrderedDict,
        lambda value: Part("dict", "", _flat(collections.OrderedDict.items(value))),
    ),
    (dict, lambda value: Part("dict", "", _flat(dict.items(value)))),
    (set, lambda value: Part("set", "", list(set.__iter__(value)), True)),
    (frozenset, lambda value: Part("frozenset", "", list(frozenset.__iter__(value)), True)),
    (collections.deque, lambda value: Part("deque", "", list(collections.deque.__iter__(value)))),
    (decimal.Decimal, decimal.Decimal.__str__),
    (array.array, lambda value: Part("array", "", ("items", array.array.tolist(value)))),
)
"""Built-in base -> its content, made of exact built-in types."""


def _instance(value: Any) -> Part:
    cls = type(value)
    mro = _type_mro(cls)
    children: List[Any] = []
    for base, content in _PAYLOADS:
        if any(entry is base for entry in mro):
            children += ("<%s>" % base.__name__, content(value))
            break
    if any(entry is BaseException for entry in mro):
        children += _exception_parts(value)
    for entry in mro:
        children += _own_state(value, entry)
    return Part("instance", type_name(cls), children)


def _own_state(value: Any, cls: type) -> List[Any]:
    """Return label and value of what ``cls`` itself adds to its instances."""
    found: List[Any] = []
    if not _type_flags(cls) & _HEAP_TYPE:
        return found
    namespace = _type_dict(cls)
    for name, descriptor in namespace.items():
        if type(descriptor) is types.MemberDescriptorType and descriptor.__objclass__ is cls:
            try:
                found += (name, descriptor.__get__(value))
            except AttributeError:
                found += (name, Part("unset"))
    own = namespace.get("__dict__")
    if type(own) is types.GetSetDescriptorType:
        content = own.__get__(value)
        if type(content) is dict:
            found += _flat(content.items())
        else:
            found += ("__dict__", content)
    return found


_exception = BaseException.__dict__


def _exception_parts(value: BaseException) -> List[Any]:
    parts: List[Any] = []
    for name in ("args", "__cause__", "__context__", "__suppress_context__"):
        descriptor = _exception[name]
        parts += (name, descriptor.__get__(value))
    own = _exception["__dict__"].__get__(value)
    return parts + _flat(own.items())
