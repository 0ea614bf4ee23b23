"""The pool: programs that reached something new, and how much each deserves another try.

Energy. A program is as interesting as the rarest feature that it brought in: what one program of
a hundred thousand reaches is worth more tries than what every other one does. Children that
reached something new themselves speak for their parent, all others against it; so a program that
has been tried in vain sinks, and none is ever given up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from pyjit_fuzz.feedback.distil import distil
from pyjit_fuzz.feedback.features import Feature, Rarity, parts_of
from pyjit_fuzz.generate import Choices
from pyjit_fuzz.model import Program

MOST_LINES: Final = 400
"""Longer programs are not bred from: mutants of mutants would only grow."""
MOST_KEPT: Final = 1500
"""Beyond this the pool is distilled."""
_FINENESS: Final = 1 << 16


class Kept(msgspec.Struct):
    """A program of the pool."""

    program: Program
    features: tuple[Feature, ...]
    """What it reached that was rare then; at least one of it nobody had reached before."""
    children: int = 0
    """Programs bred from it."""
    useful: int = 0
    """Those of them that reached something new."""

    def is_of(self, arch: str) -> bool:
        """Tell whether it was kept for what it reached on an architecture."""
        return any(parts_of(each)[0].endswith(f"@{arch}") for each in self.features)


class Pool:
    """The kept programs of a campaign, by id of the program."""

    def __init__(self, kept: Iterable[Kept], rarity: Rarity, most: int = MOST_KEPT) -> None:
        """Start with programs kept earlier, and with the counts of their features."""
        self.rarity = rarity
        self._most = most
        self._kept = {each.program.id: each for each in kept}
        self._rarest: dict[str, tuple[Feature, float]] = {}
        """Of each program its rarest feature, and how rare any other one is at most."""

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Kept]:
        return iter(self._kept.values())

    def get(self, program_id: str) -> Kept | None:
        """Return a kept program, if it is (still) there."""
        return self._kept.get(program_id)

    def keep(self, program: Program, rare: tuple[Feature, ...]) -> Kept | None:
        """Keep a program that reached something new; ``None`` if it is none to breed from."""
        if kept := self._kept.get(program.id):  # on another architecture
            kept.features += rare
            self._rarest.pop(program.id, None)
            return kept
        if program.unmutated or program.source.count("\n") > MOST_LINES:
            return None
        self._kept[program.id] = Kept(program, rare)
        return self._kept[program.id]

    def credit(self, parent_id: str, *, useful: bool) -> None:
        """Count a child that ran."""
        if parent := self._kept.get(parent_id):
            parent.children += 1
            parent.useful += useful

    def parents(self, number: int, choices: Choices) -> list[Program]:
        """Choose so many programs to breed from, by their energy; one may come several times."""
        if not self._kept:
            return []
        rows = [
            (max(1, int(_FINENESS * self._energy(name, each))), each.program)
            for name, each in self._kept.items()
        ]
        return [choices.weighted(rows) for _ in range(number)]

    def energy(self, kept: Kept) -> float:
        """Say how much a program deserves another try; above 0."""
        return self._energy(kept.program.id, kept)

    def _energy(self, name: str, kept: Kept) -> float:
        """Say so, where the id is known: it is a hash of the whole text."""
        rarest = self._rarity_of(name, kept)
        return rarest * (1 + kept.useful) / (1 + kept.children) + 1 / _FINENESS

    def _rarity_of(self, name: str, kept: Kept) -> float:
        """Return how rare the rarest feature of a program is.

        Features only ever get less rare. So the rarest stays the rarest until it is no rarer
        than another one was when they were last compared.
        """
        feature, others = self._rarest.get(name, ("", math.inf))
        rarity = self.rarity.of(feature)
        if rarity < others:
            ranked = [(each, self.rarity.of(each)) for each in self.rarity.rarest(kept.features, 2)]
            feature, rarity = ranked[0] if ranked else ("", 0.0)
            others = ranked[1][1] if len(ranked) == 2 else 0.0
            self._rarest[name] = feature, others
        return rarity

    def shrink(self) -> list[str]:
        """Drop what the others make up for once the pool is too large; return the ids dropped."""
        if len(self._kept) <= self._most:
            return []
        needed = distil(
            {name: each.features for name, each in self._kept.items()},
            {name: len(each.program.source) for name, each in self._kept.items()},
        )
        dropped = [name for name in self._kept if name not in needed]
        for name in dropped:
            del self._kept[name]
            self._rarest.pop(name, None)
        return dropped
