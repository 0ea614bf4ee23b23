"""Expressions by type: one table of productions for each kind of type.

To add a production, write a function ``(builder, type, depth) -> Expr | None`` in the file
of its type and give it a row in that file's table.
"""

from __future__ import annotations

from typing import Final

from pyjit_fuzz.generate.builder import Bounder, Production
from pyjit_fuzz.generate.expressions import (
    bools,
    containers,
    floats,
    ints,
    lists,
    numbers,
    strings,
)
from pyjit_fuzz.generate.table import Table

_TABLES: Final = (
    (ints.TABLE, ints.bound),
    (bools.TABLE, bools.bound),
    (floats.TABLE, floats.bound),
    (strings.TABLE, strings.bound),
    (numbers.TABLE, numbers.bound),
    (lists.VECTORS, lists.bound),
    (lists.LISTS, lists.bound),
    (containers.TUPLES, containers.no_bound),
    (containers.RECORDS, containers.no_bound),
    (containers.DICTS, containers.cut_dict),
    (containers.SETS, containers.cut_set),
    (containers.OBJECTS, containers.no_bound),
)

EXPRESSIONS: Final[dict[str, Table[Production]]] = {table.name: table for table, _ in _TABLES}
"""Table of productions by ``Type.kind``."""
BOUNDERS: Final[dict[str, Bounder]] = {table.name: bounder for table, bounder in _TABLES}
"""Function that brings an expression back to its type's limit, by ``Type.kind``."""
