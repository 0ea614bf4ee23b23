"""The bench itself: each fault in turn, each beside the interpreter, until it shows or time is up.

Contract
- All arms of a repetition run the same programs in the same order: what a campaign of that seed
  runs, the corpus mixed in. What the interpreter does with one is found out once for all arms.
- A fault is *detected* by a difference that shows again in a second run, and that the same build
  without the fault does not show. Nothing else counts.
- Time is processor time, this process and the interpreters that it drives; so a busy machine
  finds no less. The reference runs are charged to the arm that needed them first.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from pyjit_fuzz.campaign.lane import BAD_ENDS, NO_TRUTH, Lane
from pyjit_fuzz.campaign.setup import NO_FAULT, prepare_profiles
from pyjit_fuzz.campaign.sources import Sources
from pyjit_fuzz.efficacy.clock import processor_seconds
from pyjit_fuzz.efficacy.faults import Canary, Fault
from pyjit_fuzz.efficacy.store import CONTROL, Attempt, Header, Journal
from pyjit_fuzz.execute import Limits
from pyjit_fuzz.generate import Choices, RandomChoices
from pyjit_fuzz.model import Observation, Profile, Program, Verdict
from pyjit_fuzz.triage import mechanism, pick_primary

_CANARY = "PYJIT_FAULT_CANARY"
_FIRST_BATCH, _LARGEST_BATCH = 4, 32
"""Programs that are run before anybody looks at them: few at first, many faults show at once."""


class BenchSettings(msgspec.Struct, frozen=True):
    """What a bench is asked to do."""

    faults: tuple[Fault, ...]
    archs: tuple[str, ...]
    profiles: tuple[str, ...]
    corpus: tuple[Program, ...] = ()
    seed: int = 0
    seconds: float = 40.0
    """Processor seconds for each repetition of a fault."""
    control_seconds: float = 120.0
    """Processor seconds for each repetition of the control arm."""
    repetitions: int = 1
    mutants: float = 0.25
    limits: Limits = Limits()


class _Programs:
    """The programs of one repetition, in order, with what the interpreter does with them."""

    def __init__(self, settings: BenchSettings, repetition: int) -> None:
        seed = settings.seed + repetition
        self._sources = Sources(seed, settings.corpus, settings.mutants)
        self._keys = _mixed(list(self._sources.corpus_keys()), RandomChoices(seed))
        self._programs: list[Program] = []
        self._references: dict[int, Observation] = {}

    def __getitem__(self, index: int) -> Program:
        while len(self._programs) <= index:
            self._programs.append(self._sources.program(next(self._keys)))
        return self._programs[index]

    def references(self, indices: Sequence[int], lane: Lane) -> list[Observation]:
        """Return what the interpreter does with programs."""
        missing = [index for index in indices if index not in self._references]
        batch = lane.run_batch([self[index] for index in missing], lane.reference)
        for index, seen in zip(missing, batch, strict=True):
            alone = seen.status in BAD_ENDS
            self._references[index] = lane.run(self[index], lane.reference) if alone else seen
        return [self._references[index] for index in indices]


def _mixed(corpus: list[str], choices: Choices) -> Iterator[str]:
    """Yield keys without end: a fresh program after each of the corpus, which is shuffled."""
    number = 0
    while True:
        if corpus:
            yield corpus.pop(choices.integer(0, len(corpus) - 1))
        yield str(number)
        number += 1


class Bench:
    """Runs the attempts that a journal does not have yet."""

    def __init__(
        self, settings: BenchSettings, folder: Path, on_news: Callable[[str], None]
    ) -> None:
        """Build what is needed; raises ``SetupError``. ``on_news`` hears what is going on."""
        self._settings = settings
        self._tell = on_news
        self._bare = {
            arch: prepare_profiles(settings.profiles, [arch], fault=NO_FAULT)
            for arch in settings.archs
        }
        profiles = [profile for each in self._bare.values() for profile in each]
        header = Header(
            seed=settings.seed,
            seconds=settings.seconds,
            control_seconds=settings.control_seconds,
            mutants=settings.mutants,
            profiles=tuple(profile.key for profile in profiles),
            builds=tuple(sorted({p for profile in profiles for p in profile.python_path})),
            corpus=len(settings.corpus),
            faults=settings.faults,
        )
        self.journal = Journal(folder, header)
        self._canary = Canary(folder / "canary")

    def run(self) -> None:
        """Make all attempts, repetition by repetition, the control arm first."""
        settings = self._settings
        for repetition in range(settings.repetitions):
            for arch in settings.archs:
                names = [CONTROL, *(fault.name for fault in settings.faults if fault.is_on(arch))]
                missing = [n for n in names if not self.journal.has(n, arch, repetition)]
                if not missing:
                    continue
                programs = _Programs(settings, repetition)
                with Lane(self._bare[arch], settings.limits) as healthy:
                    for name in missing:
                        attempt = self._attempt(name, arch, repetition, programs, healthy)
                        self.journal.add(attempt)
                        self._tell(_told(attempt))

    def _attempt(
        self, fault: str, arch: str, repetition: int, programs: _Programs, healthy: Lane
    ) -> Attempt:
        self._canary.reset()
        began, began_wall = processor_seconds(), time.monotonic()
        budget = self._settings.control_seconds if fault == CONTROL else self._settings.seconds
        count = passing = 0
        found: list[Verdict] = []
        with contextlib.ExitStack() as stack:
            lane = healthy
            if fault != CONTROL:
                lane = stack.enter_context(Lane(self._with_fault(arch, fault), healthy.limits))
            size = _FIRST_BATCH
            while not found and processor_seconds() - began < budget:
                batch = range(count, count + size)
                count, size = count + size, min(2 * size, _LARGEST_BATCH)
                for index, key in _suspects(programs, batch, lane, healthy):
                    shown = _shown(programs, index, key, lane, healthy)
                    found = shown and _confirmed(programs[index], shown, lane, healthy)
                    passing += not found
                    if found:
                        count = index + 1
                        break
        reached, triggered = self._canary.read()
        attempt = Attempt(
            fault=fault,
            arch=arch,
            repetition=repetition,
            reached=reached,
            triggered=triggered,
            programs=count,
            seconds=processor_seconds() - began,
            wall_seconds=time.monotonic() - began_wall,
            passing=passing,
        )
        return _detected(attempt, programs[count - 1], found) if found else attempt

    def _with_fault(self, arch: str, fault: str) -> list[Profile]:
        """Return the tested profiles with a fault, behind the reference."""
        planted = {"PYJIT_FAULT": fault, _CANARY: str(self._canary.path)}
        return [
            msgspec.structs.replace(p, environment={**p.environment, **planted}) if p.jit else p
            for p in self._bare[arch]
        ]


def _suspects(
    programs: _Programs, batch: Sequence[int], lane: Lane, healthy: Lane
) -> list[tuple[int, str]]:
    """Return programs, and profiles, that differ or end badly where they share a process."""
    references = programs.references(batch, healthy)
    told = [
        (index, reference)
        for index, reference in zip(batch, references, strict=True)
        if reference.status not in NO_TRUTH
    ]
    found = []
    for key in lane.profiles:
        if key == lane.reference:
            continue
        seen = lane.run_batch([programs[index] for index, _ in told], key)
        for (index, reference), tested in zip(told, seen, strict=True):
            if tested.status in BAD_ENDS or lane.judge(programs[index], [reference, tested]):
                found.append((index, key))
    return sorted(found)


def _shown(programs: _Programs, index: int, key: str, lane: Lane, healthy: Lane) -> list[Verdict]:
    """Return what differs when the program has a process of its own."""
    (reference,) = programs.references([index], healthy)
    return lane.judge(
        programs[index], [reference, lane.run(programs[index], key, against=reference)]
    )


def _confirmed(
    program: Program, verdicts: Sequence[Verdict], lane: Lane, healthy: Lane
) -> list[Verdict]:
    """Return the verdicts if one of them shows again with the fault, and none without it."""
    best = pick_primary(verdicts)[0]
    if lane is not healthy and (
        not lane.shows(program, best) or healthy.judge(program, healthy.observe(program))
    ):
        return []
    return [best, *(v for v in verdicts if v.tested == best.tested and v != best)]


def _detected(attempt: Attempt, program: Program, verdicts: Sequence[Verdict]) -> Attempt:
    best = pick_primary(verdicts)[0]
    origin = program.origin.partition(":")[0]
    return msgspec.structs.replace(
        attempt,
        detected=True,
        oracle=best.oracle,
        seen_by=tuple(dict.fromkeys(verdict.oracle for verdict in verdicts)),
        mechanism=mechanism(best),
        profile=best.tested,
        origin=origin or "generated",
        program=program.source,
    )


def _told(attempt: Attempt) -> str:
    name = attempt.fault or "control arm"
    spent = f"{attempt.seconds:.1f} s, {attempt.programs} programs"
    if attempt.detected:
        return f"{name}: {attempt.mechanism} ({attempt.origin}), {spent}"
    if attempt.fault == CONTROL:
        return f"{name}: no difference, {spent}"
    return f"{name}: NOT FOUND, reached {attempt.reached}, triggered {attempt.triggered}, {spent}"
