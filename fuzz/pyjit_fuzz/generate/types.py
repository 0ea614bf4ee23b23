"""Static types of generated expressions, with a bound on each value's size.

Invariant: at run time a value of type ``t`` has a *measure* of at most ``t.limit``
(bits of an int, characters of a string, elements of a container), give or take the slow
growth of ``+=``. Inside one expression a measure may grow to ``t.cap``. That is what keeps
loops from computing numbers of a million bits, with no check at run time.

Types are interned, so identity is equality and they serve as dictionary keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pyjit_fuzz.generate.classes.model import ClassInfo

VECTOR_LENGTH: Final = 4
"""A vector has at least so many elements, and nothing ever makes it shorter."""
RECORD_KEYS: Final = ("a", "b", "c")
"""A record has at least these keys, and nothing ever deletes them."""


FEATURE_OF_KIND: Final = {
    "float": "float",
    "str": "str",
    "num": "numeric-polymorphism",
    "vector": "list",
    "list": "list",
    "tuple": "tuple",
    "record": "dict",
    "dict": "dict",
    "set": "set",
    "object": "class",
}


class Type:
    """One static type; make them with the functions below."""

    __slots__ = ("accepts", "args", "cap", "feature", "info", "kind", "limit", "name", "prefix")

    def __init__(
        self,
        name: str,
        kind: str,
        prefix: str,
        size: tuple[int, int] = (0, 0),
        args: tuple[Type, ...] = (),
        info: ClassInfo | None = None,
    ) -> None:
        """``kind`` chooses the table of productions, ``prefix`` the variables' names."""
        self.name = name
        self.kind = kind
        self.prefix = prefix
        self.limit, self.cap = size
        self.args = args
        self.info = info
        self.accepts: tuple[Type, ...] = (self,)
        self.feature = FEATURE_OF_KIND.get(kind, "")
        """The feature that a program uses that has a variable of the type, or empty."""
        if kind == "vector" and args[0].kind == "vector":
            self.feature = "nested-list"

    def __repr__(self) -> str:
        """Show the name."""
        return self.name


BOOL: Final = Type("bool", "bool", "c")
SMALL: Final = Type("small", "int", "n", (16, 300))
INT: Final = Type("int", "int", "n", (70, 300))
BIG: Final = Type("big", "int", "m", (400, 700))
FLOAT: Final = Type("float", "float", "x")
STR: Final = Type("str", "str", "s", (48, 400))
NUM: Final = Type("num", "num", "v", (70, 300))
"""A number of any type: bool, int, float, or an instance of a numeric class."""

INT.accepts = (INT, SMALL)
BIG.accepts = (BIG, INT, SMALL)
NUM.accepts = (NUM, INT, SMALL, FLOAT, BOOL)

_CONTAINER_SIZE: Final = (24, 60)
_interned: dict[str, Type] = {}


def _intern(name: str, kind: str, prefix: str, args: tuple[Type, ...]) -> Type:
    found = _interned.get(name)
    if found is None:
        found = _interned[name] = Type(name, kind, prefix, _CONTAINER_SIZE, args)
    return found


def vector_of(element: Type) -> Type:
    """Return the type of lists with at least ``VECTOR_LENGTH`` elements."""
    return _intern(f"vector[{element}]", "vector", "xs", (element,))


def list_of(element: Type) -> Type:
    """Return the type of lists of any length; a vector is one, too."""
    found = _intern(f"list[{element}]", "list", "ys", (element,))
    found.accepts = (found, vector_of(element))
    return found


def tuple_of(*elements: Type) -> Type:
    """Return the type of tuples with exactly these elements."""
    return _intern(f"tuple[{', '.join(map(str, elements))}]", "tuple", "t", elements)


def record_of(value: Type) -> Type:
    """Return the type of dicts that have the string keys ``RECORD_KEYS``."""
    return _intern(f"record[{value}]", "record", "r", (STR, value))


def dict_of(key: Type, value: Type) -> Type:
    """Return the type of dicts with any keys; a record is a dict from str, too."""
    found = _intern(f"dict[{key}, {value}]", "dict", "d", (key, value))
    if key is STR:
        found.accepts = (found, record_of(value))
    return found


def set_of(element: Type) -> Type:
    """Return the type of sets; elements are ints or strings, whose hashes are exact."""
    return _intern(f"set[{element}]", "set", "u", (element,))


INTS: Final = vector_of(INT)
SCALARS: Final = (SMALL, INT, BIG, FLOAT, BOOL, STR)
