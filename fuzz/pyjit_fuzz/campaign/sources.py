"""Sources of programs: the corpus first, then fresh ones, each named by a key.

A key says which program it is, so that a campaign can be resumed, shared out
between jobs and repeated:

- ``corpus:<program id>``, ``kept:<program id>``: a program as it is, of the corpus or of what
  the campaign has kept because it reached something new;
- ``<number>``: a fresh program, which follows from the campaign's seed, its number and (for
  a mutant) the corpus, and from nothing else;
- ``<number><<id>+<id>:<mutator>``: one bred from a kept program with a mutator, which may take
  parts from the other one. It follows from the seed, the number and these.

Few mutants do not compile. Whoever runs programs learns of that first, so a key stands for
candidates: the first one that compiles is its program.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from pyjit_fuzz.generate import Choices, RandomChoices, generate
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate import compiles, load_mutators

_CORPUS = "corpus:"
_KEPT = "kept:"
_BRED = "<"
_MUTATION_TRIES = 4
"""A mutator that has nothing to change in a program gives its turn to another one."""
_MOST_CANDIDATES = 4
"""Mutants that may turn out not to compile, before a generated program has the turn."""
_MOST_MUTATIONS = 3
"""On top of each other, of a program that is bred from a kept one."""


class Sources:
    """The programs of one campaign."""

    def __init__(self, seed: int, corpus: Sequence[Program], mutants: float) -> None:
        """``mutants`` is the part (0..1) of fresh programs that are made from others."""
        self._seed = seed
        self._corpus = tuple(corpus)
        self._mutable = tuple(program for program in corpus if not program.unmutated)
        self._by_id = {program.id: program for program in corpus}
        self._kept: dict[str, Program] = {}
        self._mutants = int(mutants * 1000)
        self._mutators = load_mutators()

    @property
    def mutators(self) -> list[str]:
        """Names of the mutators."""
        return [*self._mutators]

    def corpus_keys(self) -> Iterator[str]:
        """Yield the keys of the corpus programs."""
        for program in self._corpus:
            yield f"{_CORPUS}{program.id}"

    def know(self, kept: Iterable[Program]) -> None:
        """Learn of kept programs, which keys may name from now on."""
        self._kept.update((program.id, program) for program in kept)

    def program(self, key: str) -> Program:
        """Return the program with a key; ``KeyError`` for one that is not known."""
        return self._known(key) or next(e for e in self.candidates(key) if compiles(e.source))

    def candidates(self, key: str) -> Iterator[Program]:
        """Yield programs, of which the first that compiles is the one with a key.

        Corpus and kept programs do compile, and generated ones, which come last. Raises
        ``KeyError`` for a program that is not known.
        """
        if known := self._known(key):
            return iter((known,))
        seed = self.program_seed(number_of(key))
        choices = RandomChoices(seed)
        mutants: Iterator[Program] = iter(())
        if parents := parents_of(key):
            parent, other = (self._kept[each] for each in parents)
            mutants = self._bred(parent, other, mutator_of(key), choices)
        elif choices.chance(self._mutants, 1000):
            mutants = self._from_corpus(choices)
        return itertools.chain(itertools.islice(mutants, _MOST_CANDIDATES), _generated(seed))

    def _known(self, key: str) -> Program | None:
        """Return the program that is named as it is, None for one that has to be made."""
        if key.startswith(_CORPUS):
            return self._by_id[key.removeprefix(_CORPUS)]
        return self._kept[key.removeprefix(_KEPT)] if key.startswith(_KEPT) else None

    def program_seed(self, number: int) -> int:
        """Return the seed of a fresh program; neighbours have nothing in common."""
        text = f"{self._seed}/{number}".encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:6], "big")

    def _from_corpus(self, choices: Choices) -> Iterator[Program]:
        """Mutate corpus programs or generated ones; corpus files have no choices to change."""
        corpus = self._mutable
        others = _Others(corpus, [choices.integer(0, 2**32 - 1) for _ in range(2)])
        for _ in range(_MUTATION_TRIES):
            from_corpus = corpus and choices.chance(1, 2)
            base = choices.pick(corpus) if from_corpus else others[len(corpus)]
            if mutant := self._mutated(base, others, choices):
                yield mutant

    def _bred(
        self, parent: Program, other: Program, mutator: str, choices: Choices
    ) -> Iterator[Program]:
        """Mutate a kept program, once or several times; with other mutators if it has to be."""
        program = None
        for _ in range(choices.integer(1, _MOST_MUTATIONS)):
            program = self._mutators[mutator](program or parent, choices, (other,)) or program
        if program:
            yield program
        for _ in range(_MUTATION_TRIES):
            if mutant := self._mutated(parent, (other,), choices):
                yield mutant

    def _mutated(
        self, base: Program, others: Sequence[Program], choices: Choices
    ) -> Program | None:
        mutate = self._mutators[choices.pick(sorted(self._mutators))]
        return mutate(base, choices, others)


def _generated(seed: int) -> Iterator[Program]:
    yield generate(RandomChoices(seed), seed=seed)


class _Others(Sequence[Program]):
    """Programs to take parts from: the corpus, and fresh ones, made when they are asked for."""

    def __init__(self, corpus: Sequence[Program], seeds: Sequence[int]) -> None:
        self._corpus = corpus
        self._seeds = seeds
        self._fresh: dict[int, Program] = {}

    def __len__(self) -> int:
        return len(self._corpus) + len(self._seeds)

    @overload
    def __getitem__(self, index: int) -> Program: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Program]: ...
    def __getitem__(self, index: int | slice) -> Program | Sequence[Program]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        if place < len(self._corpus):
            return self._corpus[place]
        seed = self._seeds[place - len(self._corpus)]
        if seed not in self._fresh:
            self._fresh[seed] = generate(RandomChoices(seed), seed=seed)
        return self._fresh[seed]


def kept_key(program_id: str) -> str:
    """Return the key of a kept program as it is."""
    return f"{_KEPT}{program_id}"


def bred_key(number: str, parent: Program, other: Program, mutator: str) -> str:
    """Return the key of the fresh program ``number``, if it is bred from a kept one."""
    return f"{number}{_BRED}{parent.id}+{other.id}:{mutator}"


def number_of(key: str) -> int:
    """Return the number of a fresh program."""
    return int(key.partition(_BRED)[0])


def is_fresh(key: str) -> bool:
    """Tell whether a key has a number."""
    return key[:1].isdigit()


def is_kept(key: str) -> bool:
    """Tell whether a key names a kept program as it is."""
    return key.startswith(_KEPT)


def parents_of(key: str) -> tuple[str, ...]:
    """Return the ids of the two kept programs that a fresh one is bred from, or none."""
    _, bred, parents = key.partition(_BRED)
    return tuple(parents.partition(":")[0].split("+")) if bred else ()


def mutator_of(key: str) -> str:
    """Return the name of the mutator with which a program is bred; empty for another one."""
    return key.partition(_BRED)[2].partition(":")[2]


def kept_in(key: str) -> tuple[str, ...]:
    """Return the ids of all kept programs that one has to know for a key."""
    return (key.removeprefix(_KEPT),) if key.startswith(_KEPT) else parents_of(key)
