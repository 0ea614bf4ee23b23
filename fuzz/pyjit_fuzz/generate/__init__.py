"""The typed, scope-aware program generator.

``generate(choices)`` turns a choice source into a ``Program``. The same choices give the
same program on every Python version; ``ReplayChoices(program.choices)`` gives it again.

Where things are: ``choices`` (the source of all decisions), ``features`` (what swarm testing
switches), ``types`` and ``scope`` (what may stand where), ``builder`` (the state, and the
contract of productions), ``expressions``, ``statements``, ``patterns``, ``functions``,
``suspended``, ``classes``, ``surprises`` (the productions, in tables), ``program`` (the whole).
"""

from pyjit_fuzz.generate.choices import (
    BytesChoices,
    Choices,
    ContinuedChoices,
    HypothesisChoices,
    RandomChoices,
    ReplayChoices,
)
from pyjit_fuzz.generate.program import GENERATOR, generate

__all__ = [
    "GENERATOR",
    "BytesChoices",
    "Choices",
    "ContinuedChoices",
    "HypothesisChoices",
    "RandomChoices",
    "ReplayChoices",
    "generate",
]
