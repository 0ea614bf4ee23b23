"""Which way to the next program: what has led to something new gets more turns.

At first fresh programs reach something new as often as bred ones do, and are cheaper; later hardly
any does. What pays changes among mutators as well. So old turns count less and less, and every
way keeps some turns, because its time may come.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyjit_fuzz.generate import Choices

_FADING: Final = 0.998
"""What a turn is worth after another one; the last 500 count most."""
_HOPED: Final = 0.05
_DOUBT: Final = 20.0
"""Of an untried mutator: the share of useful children hoped for; how many turns that is worth."""
_LEAST: Final = 0.2
"""Share of its even part of the turns that every mutator keeps."""
_LEAST_BRED: Final = 0.1
_FINENESS: Final = 1 << 16


class Ways:
    """Turns and successes of each mutator, by name."""

    def __init__(self, names: Iterable[str]) -> None:
        """Know nothing of any."""
        self._turns = dict.fromkeys(sorted(names), (0.0, 0.0))

    def note(self, name: str, *, useful: bool) -> None:
        """Count a child that was bred with a mutator."""
        if name not in self._turns:
            return  # none, or of another distribution that is gone
        for each, (tried, succeeded) in self._turns.items():
            self._turns[each] = (tried * _FADING, succeeded * _FADING)
        tried, succeeded = self._turns[name]
        self._turns[name] = (tried + 1, succeeded + useful)

    def shares(self) -> dict[str, float]:
        """Return the part of the turns that each mutator gets; they add up to 1."""
        hopes = self.hopes()
        total = sum(hopes.values())
        even = _LEAST / len(hopes)
        return {name: even + (1 - _LEAST) * hope / total for name, hope in hopes.items()}

    def hopes(self) -> dict[str, float]:
        """Return what part of its children is likely to be useful, by mutator."""
        return {
            name: (succeeded + _HOPED * _DOUBT) / (tried + _DOUBT)
            for name, (tried, succeeded) in self._turns.items()
        }

    def choose(self, choices: Choices) -> str:
        """Return the name of a mutator."""
        rows = [(max(1, int(_FINENESS * share)), name) for name, share in self.shares().items()]
        return choices.weighted(rows)


class Balance:
    """How many programs to breed, and how many to draw afresh."""

    _FRESH, _BRED = "fresh", "bred"

    def __init__(self) -> None:
        """Expect the same of both."""
        self._ways = Ways((self._FRESH, self._BRED))

    def note(self, *, bred: bool, useful: bool) -> None:
        """Count a program."""
        self._ways.note(self._BRED if bred else self._FRESH, useful=useful)

    def bred(self) -> float:
        """Return which part of the programs should be bred, 0..1; a half if both pay the same.

        The squares count: twice as good is four fifths of the programs. A tenth is bred in any
        case, else nobody would know.
        """
        hopes = {name: hope * hope for name, hope in self._ways.hopes().items()}
        return max(_LEAST_BRED, hopes[self._BRED] / sum(hopes.values()))
