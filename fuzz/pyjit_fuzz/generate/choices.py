"""Choice sources: the one interface through which programs are built.

Contract. Everything random in a program comes from ``Choices.draw(bound)``, which
answers a number ``0 <= r < bound`` and records it; 0 is always the simplest choice.
The recorded sequence *is* the program: ``ReplayChoices(program.choices)`` builds the
same source again, on every Python version. A draw with a bound of 1 or less is no
choice: it answers 0 and leaves no record. A source belongs to one program.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

MAXIMUM_BOUND = 1 << 48
"""Largest bound that may be drawn; below the 53 bits that a float carries exactly."""


class Choices:
    """Draws numbers and remembers them; subclasses answer ``_next``."""

    __slots__ = ("_append", "record")

    def __init__(self) -> None:
        """Start with an empty record."""
        self.record: list[int] = []
        self._append = self.record.append

    def draw(self, bound: int) -> int:
        """Return a recorded number ``0 <= r < bound``."""
        if bound <= 1:
            return 0
        value = self._next(bound)
        self._append(value)
        return value

    def _next(self, bound: int) -> int:
        """Answer one number; ``bound`` is at least 2."""
        raise NotImplementedError

    def integer(self, low: int, high: int) -> int:
        """Return a number between ``low`` and ``high``, both included.

        The simplest is the one nearest to zero.
        """
        if low > high:
            msg = f"integer() needs low <= high, not {low} and {high}"
            raise ValueError(msg)
        if low >= 0:
            return low + self.draw(high - low + 1)
        if high <= 0:
            return high - self.draw(high - low + 1)
        value = self.draw(high - low + 1)
        return value if value <= high else high - value

    def chance(self, numerator: int, denominator: int) -> bool:
        """Return True in ``numerator`` of ``denominator`` cases; False is the simplest."""
        return self.draw(denominator) >= denominator - numerator

    def pick(self, items: Sequence[T]) -> T:
        """Return one of ``items``; the first is the simplest."""
        return items[self.draw(len(items))]

    def weighted(self, rows: Sequence[tuple[int, T]]) -> T:
        """Return the value of one ``(weight, value)`` row; the first is the simplest."""
        position = self.draw(sum(weight for weight, _ in rows))
        for weight, value in rows:
            if position < weight:
                return value
            position -= weight
        msg = "weighted() needs a row with a positive weight"
        raise ValueError(msg)

    @property
    def sequence(self) -> tuple[int, ...]:
        """What was drawn up to now."""
        return tuple(self.record)


class RandomChoices(Choices):
    """Choices from a pseudo-random generator with a seed; the same on every Python."""

    __slots__ = ("_random",)

    def __init__(self, seed: int) -> None:
        """Seed the generator."""
        super().__init__()
        # random() (unlike randrange) is guaranteed to give the same sequence for ever.
        self._random = random.Random(seed).random

    def draw(self, bound: int) -> int:
        """Return a recorded number ``0 <= r < bound`` (inlined: this is the hot spot)."""
        if bound <= 1:
            return 0
        value = int(self._random() * bound)
        self._append(value)
        return value


class ReplayChoices(Choices):
    """Choices from a recorded sequence; past its end every choice is 0.

    A number that does not fit its bound (the sequence was mutated) is taken modulo the
    bound, and recorded so: the record is always in canonical form.
    """

    __slots__ = ("_numbers",)

    def __init__(self, sequence: Sequence[int]) -> None:
        """Replay ``sequence``; its numbers must not be negative."""
        super().__init__()
        self._numbers = iter(sequence)

    def _next(self, bound: int) -> int:
        return next(self._numbers, 0) % bound


class ContinuedChoices(ReplayChoices):
    """Choices from a recorded sequence, and past its end from a pseudo-random generator."""

    __slots__ = ("_random",)

    def __init__(self, sequence: Sequence[int], seed: int) -> None:
        """Replay ``sequence``, then go on as ``RandomChoices(seed)`` begins."""
        super().__init__(sequence)
        self._random = random.Random(seed).random

    def _next(self, bound: int) -> int:
        number = next(self._numbers, None)
        return int(self._random() * bound) if number is None else number % bound


class BytesChoices(Choices):
    """Choices from raw bytes, as a coverage-guided engine supplies them; then 0."""

    __slots__ = ("_data", "_position")

    def __init__(self, data: bytes) -> None:
        """Read from the start of ``data``."""
        super().__init__()
        self._data = data
        self._position = 0

    def _next(self, bound: int) -> int:
        width = ((bound - 1).bit_length() + 7) // 8
        start = self._position
        self._position = start + width
        return int.from_bytes(self._data[start : start + width], "little") % bound


class DrawsData(Protocol):
    """What ``HypothesisChoices`` needs: the object that ``hypothesis.strategies.data()`` gives."""

    def draw(self, strategy: Any, /) -> Any:
        """Draw from a strategy."""


class HypothesisChoices(Choices):
    """Choices drawn through Hypothesis, which then shrinks them.

    Takes either a ``data()`` object or the ``draw`` function of a composite strategy.
    Slow (tens of programs a second): for property tests, not for campaigns.
    """

    __slots__ = ("_cache", "_draw", "_integers")

    def __init__(self, data: DrawsData | Callable[[Any], Any]) -> None:
        """Draw through ``data``."""
        super().__init__()
        from hypothesis import strategies  # noqa: PLC0415 - only tests have Hypothesis

        self._draw: Callable[[Any], Any] = data if callable(data) else data.draw
        self._integers = strategies.integers
        self._cache: dict[int, Any] = {}

    def _next(self, bound: int) -> int:
        strategy = self._cache.get(bound)
        if strategy is None:
            strategy = self._cache[bound] = self._integers(0, bound - 1)
        return int(self._draw(strategy))
