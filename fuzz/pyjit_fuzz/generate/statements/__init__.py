"""Statements: one table of productions.

To add one, write a function ``(builder) -> bool`` that answers False, before it emits
anything, where it does not apply; and give it a row here.
"""

from __future__ import annotations

from typing import Final

from pyjit_fuzz.generate.builder import StatementProduction
from pyjit_fuzz.generate.statements import (
    assign,
    exceptions,
    generators,
    groups,
    loops,
    matching,
    mutations,
    scoping,
)
from pyjit_fuzz.generate.table import Table

STATEMENTS: Final[Table[StatementProduction]] = Table(
    "statements",
    [
        (14, "", assign.new_variable),
        (10, "", assign.rebind),
        (8, "", assign.in_place),
        (8, "", assign.store),
        (4, "", assign.store_in_place),
        (4, "unpacking", assign.unpack),
        (2, "unpacking", assign.swap),
        (1, "", assign.chained),
        (2, "list", assign.slice_store),
        (2, "conditional", assign.lazily),
        (5, "container-methods", mutations.mutate_container),
        (3, "in-place-dunder", mutations.object_in_place),
        (9, "", loops.branch),
        (5, "", loops.count_loop),
        (4, "list", loops.each_loop),
        (3, "while", loops.while_loop),
        (1, "while", loops.linked),
        (3, "break-continue", loops.jump),
        (2, "early-return", loops.early_return),
        (6, "try-except", exceptions.try_except),
        (2, "try-finally", exceptions.try_finally),
        (3, "finally-jump", exceptions.finally_jump),
        (2, "raise-from", exceptions.raise_from),
        (2, "re-raise", exceptions.re_raise),
        (2, "assert", exceptions.assertion),
        (4, "context-manager", exceptions.managed),
        (3, "closure", scoping.closure),
        (2, "nonlocal", scoping.counter),
        (1, "closure", scoping.late_binding),
        (2, "global-store", scoping.global_store),
        (2, "import", scoping.import_here),
        (2, "del-local", scoping.delete_local),
        (2, "unbound-local", scoping.unbound_local),
        (3, "generator-consumer", generators.each),
        (1, "generator-consumer", generators.unpacked),
        (2, "generator-by-hand", generators.by_hand),
        (2, "generator-by-hand", generators.held),
        (3, "generator-function", generators.nested),
        (4, "match", matching.match),
        (3, "except-star", groups.except_star),
        (2, "", scoping.log_value),
        (2, "output", scoping.output),
        (1, "", scoping.discard),
    ],
)
