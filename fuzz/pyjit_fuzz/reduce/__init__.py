"""Reduction: from a program that shows a difference to a small one that shows the same.

Contract
- ``reduce(program, predicate, budget=...)`` returns a program for which the
  predicate held when it was tried; at worst the program it was given.
- The predicate is the only judge. It must be deterministic enough to ask once.
- Every trial passes through one ``Gate``: it counts, remembers what was asked
  before by source text, refuses what is not smaller and ends at the budget.
- A pass is a function; passes are composed until none of them helps.
- Nothing here runs a program: the predicate does, wherever it likes.
"""

from pyjit_fuzz.reduce.exchange import OPERATORS, exchange
from pyjit_fuzz.reduce.gate import Budget, BudgetSpentError, Gate, Progress
from pyjit_fuzz.reduce.measure import line_count, measure
from pyjit_fuzz.reduce.reducer import reduce
from pyjit_fuzz.reduce.subset import smallest

__all__ = [
    "OPERATORS",
    "Budget",
    "BudgetSpentError",
    "Gate",
    "Progress",
    "exchange",
    "line_count",
    "measure",
    "reduce",
    "smallest",
]
