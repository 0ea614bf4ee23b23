"""A lane: the executors of one architecture, side by side.

Contract
- The first profile of a lane is the reference (the stock interpreter); the
  others are judged against it. Architectures are never mixed here.
- A lane belongs to one process and one thread, opens its executors when it is
  made and closes them in ``close``.
- In a batch programs share processes. What differs there, or comes to a bad end, is run
  again alone before anybody believes it, under every profile.
- Garbage is collected during tested runs, if their profile's point says so. What a program
  shows of that is its own doing: the reference is run with collections, too, before anybody
  believes a difference.
- A tested run that hits the time limit is repeated with a longer one where the time-out
  oracle asks for it, before anybody judges it. A reference that hits it is left at that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeAlias

import msgspec

from pyjit_fuzz.execute import (
    COLLECT_EVERY,
    Executor,
    Limits,
    check_same_python,
    open_executor,
)
from pyjit_fuzz.model import Finding, Observation, Outcome, Profile, Program, Status, Verdict
from pyjit_oracles import crash, judge_all, same_mechanism, slow, timeout

NO_TRUTH = (Status.TIMEOUT, Status.LIMIT, Status.INVALID)
"""A reference that ends so says nothing about what the program should do."""


OnWorking: TypeAlias = Callable[[str], None]
"""Is told what takes long, for the progress display."""

BAD_ENDS = (Status.CRASH, Status.TIMEOUT, Status.LIMIT)
"""How a run may end because of what ran before it in the same process."""


_LEAST_SECONDS = 0.2
_MARGIN = 5.0
"""A variant of a program may take this many times as long."""
_NEVER, _ALWAYS = "0", "1"
"""How often garbage is collected."""
_CHANCES = 3
"""Runs that a difference gets to show alone: it may show in some runs only."""


class Seen(msgspec.Struct, frozen=True):
    """What a program of a batch showed."""

    program: Program
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
        reference = self.run(program, self.reference)
        if reference.status in NO_TRUTH:
            return [reference]
        tested = [key for key in self._executors if key != self.reference]
        return [reference, *(self.run(program, key, against=reference) for key in tested)]

    def observe_batch(
        self, candidates: Sequence[Iterable[Program]], on_working: OnWorking = lambda _: None
    ) -> Iterator[Seen]:
        """Run programs under every profile, several to a process; yield what each showed.

        Each is the first of its candidates that compiles, or the last one. ``on_working`` is told
        of each profile when its turn comes.
        """
        on_working(f"running {len(candidates)} programs under {self.reference}")
        programs, references = self._first_that_compile(candidates)
        observations = [[reference] for reference in references]
        wanted = [n for n, seen in enumerate(references) if seen.status not in NO_TRUTH]
        for key in self._executors:
            if key == self.reference:
                continue
            on_working(f"running {len(wanted)} programs under {key}")
            batch = self.run_batch([programs[number] for number in wanted], key)
            for number, observation in zip(wanted, batch, strict=True):
                observations[number].append(observation)
        for program, seen in zip(programs, observations, strict=True):
            yield self._believed(program, seen)

    def _first_that_compile(
        self, candidates: Sequence[Iterable[Program]]
    ) -> tuple[list[Program], list[Observation]]:
        """Return what is to be run, and what it does under the reference."""
        more = [iter(each) for each in candidates]
        programs = [next(each) for each in more]
        seen = self.run_batch(programs, self.reference)
        failed = [n for n, each in enumerate(seen) if each.status is Status.INVALID]
        while others := {n: new for n in failed if (new := next(more[n], None))}:
            batch = self.run_batch([*others.values()], self.reference)
            for (number, program), observation in zip(others.items(), batch, strict=True):
                programs[number], seen[number] = program, observation
            failed = [number for number in others if seen[number].status is Status.INVALID]
        return programs, seen

    def run_batch(self, programs: Sequence[Program], key: str) -> list[Observation]:
        """Run programs under one profile, several to a process; what differs is only suspect."""
        return self._executors[key].run_batch(programs)

    def _believed(self, program: Program, observations: list[Observation]) -> Seen:
        verdicts = self.judge(program, observations)
        bad_end = any(each.status in BAD_ENDS for each in observations)
        endless = observations[0].status is Status.TIMEOUT  # and would be so alone
        if endless or not (verdicts or bad_end):
            return Seen(program, observations, verdicts)
        for _ in range(_CHANCES):
            alone = self.observe(program)
            shown = self.judge(program, alone)
            if shown or not verdicts:
                break
        gone = [
            verdict
            for verdict in verdicts
            if not any(same_mechanism(verdict, each) for each in shown)
        ]
        believed = self._but_for_garbage(program, alone, shown)
        if len(alone) == 1:
            return Seen(program, alone, believed)
        return Seen(program, alone, believed, self._but_for_garbage(program, observations, gone))

    def _but_for_garbage(
        self, program: Program, observations: Sequence[Observation], shown: Sequence[Verdict]
    ) -> list[Verdict]:
        """Return those differences that are not there because garbage was collected on the way."""
        by_key = {each.profile: each for each in observations}
        reference = by_key[self.reference]
        return [
            verdict
            for verdict in shown
            if not self._is_garbage(program, verdict, (reference, by_key[verdict.tested]))
        ]

    def _is_garbage(
        self, program: Program, verdict: Verdict, pair: tuple[Observation, Observation]
    ) -> bool:
        """Say whether the interpreter, too, shows a difference when it collects garbage.

        Which objects are there when a collection comes may differ between interpreter and JIT,
        so it need not be the same difference. No program may crash.
        """
        reference, tested = pair
        every = self.profiles[tested.profile].at(program).environment.get(COLLECT_EVERY, _NEVER)
        if every == _NEVER or verdict.oracle == crash.NAME:
            return False
        executor = self._executors[self.reference]
        for often in (every, _ALWAYS):
            collecting = executor.run(program, options={COLLECT_EVERY: often})
            if collecting.status in NO_TRUTH:
                return True
            shown = self.judge(program, [reference, collecting])
            if any(each.oracle != slow.NAME or verdict.oracle == slow.NAME for each in shown):
                return True
            if often == every and not self.judge(program, [collecting, tested]):
                return True
        return False

    def run(
        self,
        program: Program,
        key: str,
        *,
        fresh: bool = False,
        against: Observation | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Observation:
        """Run under one profile; longer, if a time-out ``against`` the reference needs that.

        ``options`` replace those of the profile for this run, by environment variable.
        """
        executor = self._executors[key]
        seen = executor.run(program, fresh=fresh, options=options)
        longer = timeout.judge(program, against, seen).rerun_at if against is not None else 0.0
        if longer:
            limits = self.limits.times(longer)
            seen = executor.run(program, fresh=fresh, limits=limits, options=options)
        return seen

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
        reference = self.run(program, self.reference, fresh=fresh)
        return reference, self.run(program, tested, fresh=fresh, against=reference)

    def shows(
        self, program: Program, wanted: Verdict, *, tested: str = "", seconds: float = 0.0
    ) -> bool:
        """Say whether a program shows the mechanism of a verdict, in the fork servers.

        ``tested`` is another profile than the verdict's. ``seconds`` is a
        shorter limit than the lane's (before the executor stretches it).
        """
        limits = msgspec.structs.replace(self.limits, seconds=seconds or self.limits.seconds)
        reference = self._executors[self.reference].run(program, limits=limits)
        if reference.status in NO_TRUTH:
            return False
        seen = self._executors[tested or wanted.tested].run(program, limits=limits)
        found = self.found(program, (reference, seen), wanted)
        return found is not None and not self._is_garbage(program, found, (reference, seen))

    def enough_seconds(self, program: Program, wanted: Verdict, *, tested: str = "") -> float:
        """Return a limit, at most the lane's, under which a program shows a verdict.

        Many variants of a program would run for ever: this bounds what each may cost.
        """
        slower = timeout.PATIENCE if wanted.oracle == timeout.NAME else 1.0
        seen = [self._executors[self.reference].run(program)]
        if wanted.oracle != timeout.NAME:
            seen.append(self._executors[tested or wanted.tested].run(program))
        took = max(each.duration for each in seen) / self._executors[self.reference].slowdown
        return min(self.limits.seconds, _LEAST_SECONDS + _MARGIN * slower * took)

    def found(
        self, program: Program, observations: Sequence[Observation], wanted: Verdict
    ) -> Verdict | None:
        """Return the verdict on observations that is of the wanted mechanism."""
        for verdict in self.judge(program, observations):
            if same_mechanism(wanted, verdict):
                return verdict
        return None

    def found_again(
        self, program: Program, observations: Sequence[Observation], wanted: Verdict
    ) -> Verdict | None:
        """Return that verdict, of the same program as it was seen on.

        There, a crash is the same one whatever it dies of, and wherever: what it has damaged
        decides that.
        """
        found = self.found(program, observations, wanted)
        if found is None and wanted.oracle == crash.NAME:
            shown = self.judge(program, observations)
            found = next((each for each in shown if each.oracle == crash.NAME), None)
        return found

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

    def __init__(self, profiles: Sequence[Profile], limits: Limits) -> None:
        """``profiles`` are those of all architectures, of each the reference first."""
        self.archs = tuple(dict.fromkeys(profile.arch for profile in profiles))
        self._profiles = tuple(profiles)
        self._limits = limits
        self._lanes: dict[str, Lane] = {}

    def __getitem__(self, arch: str) -> Lane:
        """Return the lane; raises ``SetupError`` when it cannot be opened."""
        if arch not in self._lanes:
            profiles = [profile for profile in self._profiles if profile.arch == arch]
            self._lanes[arch] = Lane(profiles, self._limits)
        return self._lanes[arch]

    @contextlib.contextmanager
    def at(self, finding: Finding) -> Iterator[Lanes]:
        """Yield lanes in which what is tested stands where it stood for a finding.

        These are others only if its profile has a space: there each program, and so each variant
        of the finding's, would be run at another point.
        """
        names = finding.reference.name, finding.tested.name
        mine = [profile for profile in self._profiles if profile.name in names]
        if not any(profile.space for profile in mine):
            yield self
            return
        point = finding.tested.environment
        there = [
            msgspec.structs.replace(p, environment=point, space={}) if p.space else p for p in mine
        ]
        with contextlib.closing(Lanes(there, self._limits)) as lanes:
            yield lanes

    def close(self) -> None:
        """End all executors."""
        for lane in self._lanes.values():
            lane.close()
        self._lanes.clear()
