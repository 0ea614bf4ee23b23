"""Steering: a campaign keeps what reached something new in the JIT, and breeds from it.

Contract
- One for a sitting, in the supervisor; what it knows is in the database, in the same transaction
  as the program that it learned from.
- Only programs that ended as planned and showed no difference are kept: the others would lead to
  the same finding, or end early, again and again. What they reached is counted all the same.
- What one architecture or another campaign has kept the others run as it is.
- Which programs are bred from follows from the campaign's seed and the order in which programs
  were reported, which with one job is always the same.
"""

from __future__ import annotations

import collections
import hashlib
from collections.abc import Sequence

from pyjit_fuzz.campaign.protocol import Ran
from pyjit_fuzz.campaign.settings import Settings
from pyjit_fuzz.campaign.sources import (
    Sources,
    bred_key,
    is_fresh,
    kept_in,
    kept_key,
    mutator_of,
    parents_of,
)
from pyjit_fuzz.campaign.state import State
from pyjit_fuzz.feedback import Balance, Pool, Rarity, Ways
from pyjit_fuzz.generate import RandomChoices
from pyjit_fuzz.model import Program


class Steering:
    """The pool of a campaign, and what is run because of it."""

    def __init__(self, settings: Settings, sources: Sources, state: State) -> None:
        """Go on with what the database has."""
        self._seed = settings.seed
        self._most = settings.feedback
        self._balance = Balance()
        self._sources = sources
        self._state = state
        self.pool = Pool(state.kept(), Rarity(state.hits()))
        self.ways = Ways(sources.mutators)
        sources.know(each.program for each in self.pool)
        sources.know(state.guests())
        self._known = {each.id for each in (*state.guests(), *(it.program for it in self.pool))}
        """Ids of programs that were kept, here or elsewhere, and wait or ran."""
        self._waiting = {arch: collections.deque[str]() for arch in settings.archs}
        for arch, waiting in self._waiting.items():
            done = state.done(arch)
            mine = (each.program.id for each in self.pool if not each.is_of(arch))
            guests = (each.id for each in state.guests())
            wanted = dict.fromkeys(kept_key(each) for each in (*mine, *guests))
            waiting.extend(key for key in wanted if key not in done)

    def steer(self, arch: str, keys: Sequence[str]) -> tuple[str, ...]:
        """Let some of the fresh programs be bred from kept ones; return the keys to run."""
        text = f"{self._seed}/{arch}/{keys[0]}".encode()
        choices = RandomChoices(int.from_bytes(hashlib.sha256(text).digest()[:6], "big"))
        share = int(1000 * self._most * self._balance.bred())
        steered = [is_fresh(key) and choices.chance(share, 1000) for key in keys]
        parents = iter(self.pool.parents(2 * sum(steered), choices))
        return tuple(
            bred_key(key, next(parents), next(parents), self.ways.choose(choices))
            if wanted and len(self.pool)
            else key
            for key, wanted in zip(keys, steered, strict=True)
        )

    def waiting(self, arch: str, most: int) -> tuple[str, ...]:
        """Return keys of programs that another architecture has kept, each once."""
        waiting = self._waiting[arch]
        return tuple(waiting.popleft() for _ in range(min(most, len(waiting))))

    def named_in(self, keys: Sequence[str]) -> tuple[Program, ...]:
        """Return the kept programs that one has to know for these keys."""
        names = dict.fromkeys(name for key in keys for name in kept_in(key))
        return tuple(self._sources.program(kept_key(name)) for name in names)

    def welcome(self, program: Program) -> None:
        """Run a program that another campaign has kept; it is kept here if it pays here, too."""
        if program.id in self._known:
            return
        self._sources.know([program])
        self._known.add(program.id)
        self._state.record_guest(program)
        for waiting in self._waiting.values():
            waiting.append(kept_key(program.id))

    def note(self, arch: str, message: Ran) -> Program | None:
        """Learn from a program that ran; return it if it is kept and was not known before."""
        fit = message.valid and not (message.mechanisms or message.known or message.in_company)
        new, rare = self.pool.rarity.note(message.features) if fit else ((), ())
        self._state.record_features(message.features, counted=fit)
        if is_fresh(message.key):
            mutator = mutator_of(message.key)
            self._balance.note(bred=bool(mutator), useful=bool(new))
            self.ways.note(mutator, useful=bool(new))
        for parent in parents_of(message.key)[:1]:
            self.pool.credit(parent, useful=bool(new))
            self._state.record_child(parent, useful=bool(new))
        if new and message.program is not None:
            return self._keep(arch, message.program, rare)
        return None

    def _keep(self, arch: str, program: Program, rare: tuple[str, ...]) -> Program | None:
        kept = self.pool.keep(program, rare)
        if kept is None:
            return None
        known = program.id in self._known
        self._known.add(program.id)
        self._sources.know([program])
        self._state.keep(kept)
        if not known:
            for other, waiting in self._waiting.items():
                if other != arch:
                    waiting.append(kept_key(program.id))
        self._state.drop(self.pool.shrink())
        return None if known else program
