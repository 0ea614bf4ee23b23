"""What a program reached in a JIT, as a set of features, and how rare each one is.

A feature is an event of one profile with the class of its count, for example
``jit-eager@x86_64 BINARY_OP.add-ints.exit once``. Counts come in classes, as edges do in coverage
maps: whether a guard failed once or in every iteration takes other ways through a JIT, whether it
failed 1,000 or 1,001 times does not.
"""

from __future__ import annotations

import bisect
import collections
import functools
import heapq
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from pyjit_fuzz.model import Observation

Feature: TypeAlias = str

MADE: Final = "made"
"""The class of what there is code for, and did not happen."""
CLASSES: Final = ((0, MADE), (1, "once"), (2, "few"), (32, "many"))
"""Least count of each class."""
COMMON: Final = 64
"""From so many programs on, a feature is nothing special any more and is not counted further."""
_LEAST = [least for least, _ in CLASSES]


def features_of(observations: Iterable[Observation]) -> frozenset[Feature]:
    """Return what a program reached under all profiles of one architecture."""
    return frozenset(
        _names(seen.profile, event)[bisect.bisect(_LEAST, count)]
        for seen in observations
        for event, count in seen.events.items()
        if count >= 0
    )


@functools.lru_cache(1 << 16)
def _names(profile: str, event: str) -> tuple[Feature, ...]:
    """Return an event's features, each behind as many entries as it has least counts at most."""
    return ("", *(f"{profile} {event} {kind}" for _, kind in CLASSES))


def parts_of(feature: Feature) -> tuple[str, str, str]:
    """Return a feature's profile, event and class."""
    profile, event, kind = feature.split(" ")
    return profile, event, kind


class Rarity:
    """How many programs reached each feature, up to ``COMMON``."""

    def __init__(self, hits: dict[Feature, int] | None = None) -> None:
        """Go on from these counts."""
        self._hits: collections.Counter[Feature] = collections.Counter(hits)

    def __len__(self) -> int:
        return len(self._hits)

    def note(self, features: Iterable[Feature]) -> tuple[tuple[Feature, ...], tuple[Feature, ...]]:
        """Count a program's features; return those never seen before, and those still rare.

        The former are among the latter. Both are sorted.
        """
        rare = sorted(each for each in features if self._hits[each] < COMMON)
        new = tuple(each for each in rare if not self._hits[each])
        self._hits.update(rare)
        return new, tuple(rare)

    def rarest(self, features: Sequence[Feature], number: int) -> list[Feature]:
        """Return so many of some features that have been noted, the rarest first."""
        return heapq.nsmallest(number, features, key=self._hits.__getitem__)

    def of(self, feature: Feature) -> float:
        """Return 1 for a feature that one program has reached, less the more there are."""
        return 1 / max(1, self._hits[feature])
