"""A lane: the executors of one architecture, side by side.

Contract
- The first profile of a lane is the reference (the stock interpreter); the
  others are judged against it. Architectures are never mixed here.
- A lane belongs to one process and one thread, opens its executors when it is
  made and closes them in ``close``.
- In a batch programs share processes. What differs there, or comes to a bad end, is run
  again alone before anybody believes it, under every profile.
- A run that hits the time limit is repeated at ten times the limit before
  anybody judges it, because a busy machine is not a bug.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Self

import msgspec

from pyjit_fuzz.execute import Executor, Limits, check_same_python, open_executor
from pyjit_fuzz.model import Observation, Outcome, Profile, Program, Status, Verdict
from pyjit_oracles import judge_all, same_mechanism, timeout

PATIENCE = timeout.PATIENCE
"""A time-out is run again at this many times the limit."""

NO_TRUTH = (Status.TIMEOUT, Status.LIMIT, Status.INVALID)
"""A reference that ends so says nothing about what the program should do."""


BAD_ENDS = (Status.CRASH, Status.TIMEOUT, Status.LIMIT)
"""How a run may end because of what ran before it in the same process."""


_CHANCES = 3
"""Runs that a difference gets to show alone: it may show in some runs only."""


class Seen(msgspec.Struct, frozen=True):
    """What a program of a batch showed."""

    observations: list[Observation]
    verdicts: list[Verdict]
    """Differences from the reference."""
    in_company: list[Verdict] = []
    """Differences that were not there when the program ran alone."""


class Lane:
    """Runs a program under every profile of one architecture and compares."""

    def __init__(self, profiles: Sequence[Profile], limits: Limits) -> None:
        """Open an executor for each profile; raises ``SetupError``."""
        self.limits = limits
        self._stack = contextlib.ExitStack()
        self._executors: dict[str, Executor] = {}
        with contextlib.ExitStack() as undo:
            undo.callback(self._stack.close)
            for profile in profiles:
                executor = self._stack.enter_context(open_executor(profile, limits=limits))
                self._executors[profile.key] = executor
            check_same_python(list(self._executors.values()))
            undo.pop_all()
        self.reference = profiles[0].key

    @property
    def profiles(self) -> dict[str, Profile]:
        """Profiles by key, with the build ids that the executors reported."""
        return {key: executor.profile for key, executor in self._executors.items()}

    def observe(self, program: Program) -> list[Observation]:
        """Run under every profile, the reference first.

        Only the reference is run when it says nothing that could be compared.
        """
        observations = []
        for key in self._executors:
            observations.append(self.run(program, key))
            if key == self.reference and observations[0].status in NO_TRUTH:
                break
        return observations

    def observe_batch(self, programs: Sequence[Program]) -> Iterator[Seen]:
        """Run programs under every profile, several to a process; yield what each showed."""
        observations: list[list[Observation]] = [[] for _ in programs]
        for key, executor in self._executors.items():
            wanted = [
                number
                for number, seen in enumerate(observations)
                if key == self.reference or seen[0].status not in NO_TRUTH
            ]
            batch = executor.run_batch([programs[number] for number in wanted])
            for number, observation in zip(wanted, batch, strict=True):
                observations[number].append(observation)
        for program, seen in zip(programs, observations, strict=True):
            yield self._believed(program, seen)

    def run_batch(self, programs: Sequence[Program], key: str) -> list[Observation]:
        """Run programs under one profile, several to a process; what differs is only suspect."""
        return self._executors[key].run_batch(programs)

    def _believed(self, program: Program, observations: list[Observation]) -> Seen:
        verdicts = self.judge(program, observations)
        bad_end = any(each.status in BAD_ENDS for each in observations)
        if not verdicts and not bad_end:
            return Seen(observations, verdicts)
        for _ in range(_CHANCES):
            alone = self.observe(program)
            believed = self.judge(program, alone)
            if believed or not verdicts:
                break
        gone = [
            verdict
            for verdict in verdicts
            if not any(same_mechanism(verdict, each) for each in believed)
        ]
        return Seen(alone, believed, gone if len(alone) > 1 else [])

    def run(self, program: Program, key: str, *, fresh: bool = False) -> Observation:
        """Run under one profile; patiently, if the time limit was hit."""
        executor = self._executors[key]
        observation = executor.run(program, fresh=fresh)
        if observation.status is Status.TIMEOUT:
            patient = self.limits.times(PATIENCE)
            observation = executor.run(program, fresh=fresh, limits=patient)
            observation = msgspec.structs.replace(observation, patience=PATIENCE)
        return observation

    def judge(self, program: Program, observations: Sequence[Observation]) -> list[Verdict]:
        """Return the differences from the reference, for all tested profiles."""
        return [
            verdict
            for verdict in judge_all(program, observations)
            if verdict.outcome is Outcome.DIFFERENT
        ]

    def pair(
        self, program: Program, tested: str, *, fresh: bool = False
    ) -> tuple[Observation, Observation]:
        """Run under the reference and one tested profile."""
        return (
            self.run(program, self.reference, fresh=fresh),
            self.run(program, tested, fresh=fresh),
        )

    def shows(
        self, program: Program, wanted: Verdict, *, tested: str = "", seconds: float = 0.0
    ) -> bool:
        """Say whether a program shows the mechanism of a verdict, in the fork servers.

        ``tested`` is another profile than the verdict's. ``seconds`` is a
        shorter limit than the lane's; it does not count where a time-out is
        what is wanted.
        """
        tested = tested or wanted.tested
        if wanted.oracle == timeout.NAME:
            observations = self.pair(program, tested)
        else:
            limits = msgspec.structs.replace(self.limits, seconds=seconds or self.limits.seconds)
            reference = self._executors[self.reference].run(program, limits=limits)
            if reference.status in NO_TRUTH:
                return False
            observations = reference, self._executors[tested].run(program, limits=limits)
        return self.found(program, observations, wanted) is not None

    def found(
        self, program: Program, observations: Sequence[Observation], wanted: Verdict
    ) -> Verdict | None:
        """Return the verdict on observations that is of the wanted mechanism."""
        for verdict in self.judge(program, observations):
            if same_mechanism(wanted, verdict):
                return verdict
        return None

    def with_backtrace(self, program: Program, tested: str) -> Observation:
        """Run in a fresh process and get the native stack of a crash, which is slow."""
        return self._executors[tested].run(program, fresh=True, backtrace=True)

    def close(self) -> None:
        """End the executors."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Lanes:
    """The lanes of a campaign by architecture, each opened when it is first needed."""

    def __init__(self, open_lane: Callable[[str], Lane], archs: Sequence[str]) -> None:
        """``open_lane`` opens the lane of an architecture."""
        self.archs = tuple(archs)
        self._open = open_lane
        self._lanes: dict[str, Lane] = {}

    def __getitem__(self, arch: str) -> Lane:
        """Return the lane; raises ``SetupError`` when it cannot be opened."""
        if arch not in self._lanes:
            self._lanes[arch] = self._open(arch)
        return self._lanes[arch]

    def close(self) -> None:
        """End all executors."""
        for lane in self._lanes.values():
            lane.close()
        self._lanes.clear()
