"""The smallest part of a set that still has a property: delta debugging over names.

Pure: what the names mean, and how the property is looked for, is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence


def smallest(items: Sequence[str], shows: Callable[[tuple[str, ...]], bool]) -> tuple[str, ...]:
    """Return a subset that shows and of which nothing, alone, can be left out.

    All of ``items`` are taken to show. ``shows`` is asked about subsets, in
    the order of ``items``; where it says no because its budget is spent, the
    answer is the smallest subset that it said yes to.
    """
    kept = tuple(items)
    if not kept or shows(()):
        return ()
    size = len(kept)
    while size > 1 or len(kept) > 1:
        size = max(1, min(size, len(kept)) // 2)
        before = kept
        start = 0
        while start < len(kept) and len(kept) > 1:
            without = kept[:start] + kept[start + size :]
            if without and shows(without):
                kept = without
            else:
                start += size
        if size == 1 and kept == before:
            break
    return kept
