"""Which mutator to breed with: the ones that lead to something new get more turns.

What pays changes in the course of a campaign, so old turns count less and less; and every mutator
keeps some turns, because its time may come.
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
_FINENESS: Final = 1 << 16


class Ways:
    """Turns and successes of each mutator, by name."""

    def __init__(self, names: Iterable[str]) -> None:
        """Know nothing of any."""
        self._turns = dict.fromkeys(sorted(names), (0.0, 0.0))

    def note(self, name: str, *, useful: bool) -> None:
        """Count a child that was bred with a mutator."""
        if name not in self._turns:
            return  # of another distribution that is gone
        for each, (tried, succeeded) in self._turns.items():
            self._turns[each] = (tried * _FADING, succeeded * _FADING)
        tried, succeeded = self._turns[name]
        self._turns[name] = (tried + 1, succeeded + useful)

    def shares(self) -> dict[str, float]:
        """Return the part of the turns that each mutator gets; they add up to 1."""
        hopes = {
            name: (succeeded + _HOPED * _DOUBT) / (tried + _DOUBT)
            for name, (tried, succeeded) in self._turns.items()
        }
        total = sum(hopes.values())
        even = _LEAST / len(hopes)
        return {name: even + (1 - _LEAST) * hope / total for name, hope in hopes.items()}

    def choose(self, choices: Choices) -> str:
        """Return the name of a mutator."""
        rows = [(max(1, int(_FINENESS * share)), name) for name, share in self.shares().items()]
        return choices.weighted(rows)
