"""The code objects of a program, as the Python that asks compiles it."""

from __future__ import annotations

import functools
import types
import warnings
from collections.abc import Iterator
from typing import NamedTuple

_FILE = "<program>"
"""The file of every program, in the worker likewise."""
_KEPT = 256
"""Programs of a batch are made, and then go to several interpreters, one after another."""


class Compiled(NamedTuple):
    """What the compiler makes of a program."""

    code: types.CodeType
    warned: bool
    """It had something to say, which is lost."""


@functools.lru_cache(_KEPT)
def compiled(source: str) -> Compiled | None:
    """Return the module's code, without optimisation, or None if it does not compile."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            code = compile(source, _FILE, "exec", dont_inherit=True, optimize=0)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return Compiled(code, bool(said))


def code_objects(source: str) -> list[types.CodeType]:
    """Return all code objects of a program, in the order of its text; none if it does not compile.

    What the compiler has to say of it, is nobody's business here.
    """
    made = compiled(source)
    return [*_nested(made.code)] if made else []


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _nested(constant)
