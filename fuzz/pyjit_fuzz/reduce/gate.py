"""The gate: the one place through which every trial of a reduction passes.

Invariants
- ``best`` always satisfied the predicate and only ever becomes smaller (but for
  one change of layout, before the tree is edited).
- A source text is given to the predicate at most once.
- When the budget is spent, the next trial raises ``BudgetSpentError``; the
  reducer catches it and returns ``best``.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

import msgspec

from pyjit_fuzz.model import Program
from pyjit_fuzz.reduce.measure import Measure, line_count, measure

Predicate: TypeAlias = Callable[[Program], bool]


class Budget(msgspec.Struct, frozen=True):
    """What a reduction may cost."""

    seconds: float = 180.0
    trials: int = 20_000


class Progress(msgspec.Struct, frozen=True):
    """Where a reduction stands."""

    trials: int
    accepted: int
    lines: int
    seconds: float


class BudgetSpentError(Exception):
    """The budget, or the share of it that a group of passes may use, is spent."""


class Gate:
    """Counts, remembers, measures and bounds the trials of one reduction."""

    def __init__(
        self,
        program: Program,
        predicate: Predicate,
        budget: Budget,
        on_progress: Callable[[Progress], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start from a program that is known to satisfy the predicate."""
        self.best = program
        self.trials = 0
        self.accepted = 0
        self._size = measure(program.source)
        self._predicate = predicate
        self._on_progress = on_progress
        self._clock = clock
        self._started = clock()
        self._deadlines = [self._started + budget.seconds]
        self._trial_limits = [budget.trials]
        self._asked = {program.id}

    def improve(self, candidate: Program) -> bool:
        """Accept a candidate if it is smaller and still shows the difference."""
        size = measure(candidate.source)
        if size is None or (self._size is not None and size >= self._size):
            return False
        if candidate.id in self._asked:
            # What was accepted before is larger than the best and stopped above.
            return False
        return self._try(candidate, size)

    def reformat(self, candidate: Program) -> bool:
        """Accept the best program in another layout, whatever its size, if it still shows."""
        if candidate.id in self._asked:
            return False
        return self._try(candidate, measure(candidate.source))

    @contextlib.contextmanager
    def share(self, part: float) -> Iterator[None]:
        """Bound what runs inside to a part (0..1) of what is left of the budget."""
        now = self._clock()
        self._deadlines.append(now + (self._deadlines[-1] - now) * part)
        left = self._trial_limits[-1] - self.trials
        self._trial_limits.append(self.trials + max(1, int(left * part)))
        try:
            yield
        except BudgetSpentError:
            pass
        finally:
            self._deadlines.pop()
            self._trial_limits.pop()

    def _try(self, candidate: Program, size: Measure | None) -> bool:
        self._charge()
        self._asked.add(candidate.id)
        if not self._predicate(candidate):
            return False
        self.best, self._size = candidate, size
        self.accepted += 1
        self._report()
        return True

    def _charge(self) -> None:
        if self.trials >= self._trial_limits[-1] or self._clock() >= self._deadlines[-1]:
            raise BudgetSpentError
        self.trials += 1
        if self.trials % 50 == 0:
            self._report()

    def _report(self) -> None:
        if self._on_progress is not None:
            lines = line_count(self.best.source)
            seconds = self._clock() - self._started
            self._on_progress(Progress(self.trials, self.accepted, lines, seconds))
