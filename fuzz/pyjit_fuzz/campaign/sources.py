"""Sources of programs: the corpus first, then fresh ones, each named by a key.

A key says which program it is, so that a campaign can be resumed, shared out
between jobs and repeated: ``corpus:<program id>`` or the number of a fresh
program. A fresh program follows from the campaign's seed, its number and (for
a mutant) the corpus, and from nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from pyjit_fuzz.generate import Choices, RandomChoices, generate
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate import load_mutators

_CORPUS = "corpus:"
_MUTATION_TRIES = 4
"""A mutator that has nothing to change in a program gives its turn to another one."""


class Sources:
    """The programs of one campaign."""

    def __init__(self, seed: int, corpus: Sequence[Program], mutants: float) -> None:
        """``mutants`` is the part (0..1) of fresh programs that are made from others."""
        self._seed = seed
        self._corpus = tuple(corpus)
        self._by_id = {program.id: program for program in corpus}
        self._mutants = int(mutants * 1000)
        self._mutators = load_mutators()

    def corpus_keys(self) -> Iterator[str]:
        """Yield the keys of the corpus programs."""
        for program in self._corpus:
            yield f"{_CORPUS}{program.id}"

    def program(self, key: str) -> Program:
        """Return the program with a key; ``KeyError`` for one that is not in the corpus."""
        if key.startswith(_CORPUS):
            return self._by_id[key.removeprefix(_CORPUS)]
        seed = self.program_seed(int(key))
        choices = RandomChoices(seed)
        if choices.chance(self._mutants, 1000):
            mutant = self._mutant(choices)
            if mutant is not None:
                return mutant
        return generate(RandomChoices(seed), seed=seed)

    def program_seed(self, number: int) -> int:
        """Return the seed of a fresh program; neighbours have nothing in common."""
        text = f"{self._seed}/{number}".encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:6], "big")

    def _mutant(self, choices: Choices) -> Program | None:
        """Mutate a corpus program or a generated one; corpus files have no choices to change."""
        bred = [self._bred(choices) for _ in range(2)]
        parents = (*self._corpus, *bred)
        for _ in range(_MUTATION_TRIES):
            base = choices.pick(self._corpus) if self._corpus and choices.chance(1, 2) else bred[0]
            mutate = self._mutators[choices.pick(sorted(self._mutators))]
            mutant = mutate(base, choices, parents)
            if mutant is not None:
                return mutant
        return None

    @staticmethod
    def _bred(choices: Choices) -> Program:
        seed = choices.integer(0, 2**32 - 1)
        return generate(RandomChoices(seed), seed=seed)
