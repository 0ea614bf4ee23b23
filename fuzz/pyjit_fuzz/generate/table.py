"""Tables of productions with weights.

A row is ``(weight, feature, production)``; the feature "" is always on. The first row of a
table is its simplest production: choice 0 takes it, so it must always be applicable.
"""

from __future__ import annotations

from typing import Generic, TypeVar

P = TypeVar("P")

Row = tuple[int, str, P]


class Table(Generic[P]):
    """Rows of productions; ``rows_for`` flattens them so that a draw is one index."""

    __slots__ = ("name", "rows")

    def __init__(self, name: str, rows: list[Row[P]]) -> None:
        """Check that the first row is always on."""
        if not rows or rows[0][1]:
            msg = f"table {name}: the first row must exist and need no feature"
            raise ValueError(msg)
        self.name = name
        self.rows = rows

    def rows_for(self, enabled: frozenset[str]) -> list[tuple[str, P]]:
        """Return ``(feature, production)`` repeated by weight, of the rows switched on."""
        flat: list[tuple[str, P]] = []
        for weight, feature, production in self.rows:
            if not feature or feature in enabled:
                flat += [(feature, production)] * weight
        return flat
