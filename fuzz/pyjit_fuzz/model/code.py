"""The code objects of a program, as the Python that asks compiles it."""

from __future__ import annotations

import types
import warnings
from collections.abc import Iterator


def code_objects(source: str) -> list[types.CodeType]:
    """Return all code objects of a program, in the order of its text; none if it does not compile.

    What the compiler has to say of it, is nobody's business here.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [*_nested(compile(source, "<program>", "exec", dont_inherit=True))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _nested(constant)
