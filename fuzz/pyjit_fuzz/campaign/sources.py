"""Sources of programs: the corpus first, then fresh ones, each named by a key.

A key says which program it is, so that a campaign can be resumed, shared out
between jobs and repeated: ``corpus:<program id>`` or the number of a fresh
program. A fresh program follows from the campaign's seed, its number and (for
a mutant) the corpus, and from nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from pyjit_fuzz.generate import RandomChoices, generate
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate import MUTATORS

_CORPUS = "corpus:"


class Sources:
    """The programs of one campaign."""

    def __init__(self, seed: int, corpus: Sequence[Program], mutants: float) -> None:
        """``mutants`` is the part (0..1) of fresh programs made from the corpus."""
        self._seed = seed
        self._corpus = tuple(corpus)
        self._by_id = {program.id: program for program in corpus}
        self._mutants = int(mutants * 1000) if corpus else 0

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
            mutator = MUTATORS[choices.pick(sorted(MUTATORS))]
            mutant = mutator.mutate(choices.pick(self._corpus), choices, self._corpus)
            if mutant is not None:
                return mutant
        return generate(RandomChoices(seed), seed=seed)

    def program_seed(self, number: int) -> int:
        """Return the seed of a fresh program; neighbours have nothing in common."""
        text = f"{self._seed}/{number}".encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:6], "big")
