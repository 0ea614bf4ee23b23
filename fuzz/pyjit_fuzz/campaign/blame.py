"""Blame: which parts of the JIT a difference needs, and the instruction with which it begins.

The JIT's options take parts of it out: ``compile_only`` functions,
``generic_opcodes`` their fast paths, the switches below optimisations and
caches. What the difference does not need is switched off step by step, and stays
off, so that the end is a set which shows it with everything else off.

``step_limit`` has the interpreter go on behind so many instructions of compiled code. The least
number with which the difference shows gives the instruction with which it begins, and the
events that this one run more has counted say what happened in it. That names the bucket.

Options are set in forked children of one interpreter. A finding of another
architecture that shows natively is blamed natively, and what comes out has to hold
where the finding was made. What does not show every time gets several chances.

The first switch that, alone, makes the difference vanish gives the finding its hint, which
names the bucket where no instruction does.
"""

from __future__ import annotations

import array
import contextlib
import math
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from pyjit_fuzz.campaign.lane import Lane
from pyjit_fuzz.campaign.listing import listing
from pyjit_fuzz.campaign.premises import premises
from pyjit_fuzz.campaign.setup import native_helpers
from pyjit_fuzz.campaign.snapshots import harm, read_snapshots
from pyjit_fuzz.execute import Limits, SetupError, open_executor
from pyjit_fuzz.model import (
    Blame,
    Finding,
    Harm,
    Observation,
    Premises,
    Profile,
    Status,
    Step,
    code_objects,
)
from pyjit_fuzz.reduce import OPERATORS, Budget, exchange, smallest
from pyjit_fuzz.triage import (
    NOT_OF_CODE,
    WITH_FAST_PATHS,
    WITH_OPERATORS,
    bucket,
    instruction_of,
    operator_of,
    operators_in,
)
from pyjit_oracles import crash

SWITCHES: dict[str, dict[str, str]] = {
    "polymorphic-caches": {"PYJIT_INLINE_CACHES": "1"},
    "inline-caches": {"PYJIT_INLINE_CACHES": "0"},
    "type-feedback": {"PYJIT_RECOMPILE_AFTER": "1000000000"},
    "fast-paths": {"PYJIT_FAIL_GUARDS": "1"},
}
"""Name of a part, and the environment that switches it off; what is more special comes first."""

DEFAULT_BUDGET = Budget(seconds=60.0, trials=150)
_CHANCES = 3
"""Runs that a difference gets which does not show every time."""
_CHANCES_TO_CRASH = 2
"""Runs that a crash gets in any case, as it depends on what is in memory."""
_NATIVE_SHARE = 2 / 3
"""Part of the time for a native search; in the rest it is checked, or made, at home."""

_JITS_WITH_SWITCHES = frozenset({"pyjit_core"})
_ONLY, _GENERIC = "PYJIT_COMPILE_ONLY", "PYJIT_GENERIC_OPCODES"
_STEPS = "PYJIT_STEP_LIMIT"
_COUNT, _COUNTED_IN = "PYJIT_COUNT_EVENTS", "PYJIT_EVENTS_FILE"
_SNAPSHOTS = "PYJIT_SNAPSHOT_FILE"
_GUARDED_MEMORY = {"PYTHONMALLOC": "debug"}
_COMPILED = (".generic", ".optimised")
"""Outcomes that say that there is code, not what happened in it."""
_RAISED = ".raised"
_MOST_STEPS = 1 << 30
_NOBODY = "-"
"""The name of no function."""
_FIRST = Step("", 0, "", "")
"""What comes in front of the first step."""
_NO_SETTINGS = ("PYJIT_FAULT", _ONLY, _GENERIC)
"""Options of a profile that cannot have their default: the planted fault, and what is set here."""


def blame(finding: Finding, limits: Limits, budget: Budget = DEFAULT_BUDGET) -> Finding:
    """Return the finding with its hint, the bucket that follows from it, and what is to blame.

    A finding that does not show, or is of a JIT without switches, comes back
    as it was.
    """
    if finding.tested.jit not in _JITS_WITH_SWITCHES:
        return finding
    home = finding.reference, finding.tested
    end = time.monotonic() + budget.seconds
    for profiles in [*_native(finding), home]:
        left = end - time.monotonic()
        share = left if profiles == home else left * _NATIVE_SHARE
        part = msgspec.structs.replace(budget, seconds=share)
        with _Search(finding, profiles, limits, part) as search:
            if not search.begin():
                continue
            hint = search.hint()
            found = search.minimal()
        if profiles != home:
            rest = msgspec.structs.replace(budget, seconds=end - time.monotonic())
            with _Search(finding, home, limits, rest) as checking:
                if not _holds(checking, search, hint):
                    continue
        blamed = msgspec.structs.replace(
            finding,
            hint=hint,
            blame=msgspec.structs.replace(
                found,
                listing=listing(finding, found.functions, search.environment, limits),
                trials=search.trials,
                cut_short=search.spent(),
            ),
        )
        return msgspec.structs.replace(blamed, bucket=bucket(blamed))
    return finding


def _native(finding: Finding) -> list[tuple[Profile, Profile]]:
    """Return the reference and the tested profile of this machine, if they are others and ready."""
    tested = finding.tested
    fault = tested.environment.get("PYJIT_FAULT", "")
    with contextlib.suppress(SetupError):  # a profile of somebody else's, that is not here
        found = native_helpers((tested.name,), (tested.arch,), fault=fault)
        if len(found) == 2:
            reference, native = found
            same = msgspec.structs.replace(native, environment=tested.environment, space={})
            return [(reference, same)]
    return []


def _holds(home: _Search, search: _Search, hint: str) -> bool:
    """Say whether what was found elsewhere is so under the finding's own profile."""
    without = {**home.environment, **SWITCHES.get(hint, {})}
    return home.begin(search.environment) and not (hint and home.shows(without))


class _Happened(NamedTuple):
    """What is known of the first wrong step."""

    outcomes: tuple[str, ...] = ()
    harm: Harm | None = None
    changes: tuple[str, ...] = ()
    premises: Premises = Premises()


_NO_STEP: tuple[float, Step | None, _Happened] = (math.inf, None, _Happened())


class _Search:
    """Variants of a finding's profile, tried until the budget is spent."""

    def __init__(
        self,
        finding: Finding,
        profiles: tuple[Profile, Profile],
        limits: Limits,
        budget: Budget,
    ) -> None:
        self._reference, self._tested = profiles
        self._finding = finding
        self._program = finding.program
        self._limits = limits
        self._budget = budget
        self._end = time.monotonic() + budget.seconds
        self._chances = 1
        self._lanes = contextlib.ExitStack()
        self._lane_in: dict[tuple[tuple[str, str], ...], Lane] = {}
        with Lane((self._reference,), limits) as lane:
            self._truth = lane.run(self._program, lane.reference)
        self.trials = 0
        self.environment = dict(finding.tested.environment)
        """What the difference was last seen to show with; narrowed by ``minimal``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lanes.close()

    def begin(self, environment: dict[str, str] | None = None) -> bool:
        """Say whether the difference shows at all; from then on it has as many chances as here."""
        for chance in range(1, _CHANCES + 1):
            if self._try(environment or self.environment, chances=1)[0]:
                self._chances = 1 if chance == 1 else _CHANCES
                return True
        return False

    def shows(self, environment: dict[str, str]) -> bool:
        """Say whether the difference shows under the tested profile with that environment."""
        return self._try(environment)[0]

    def _try(
        self, environment: dict[str, str], chances: int = 0
    ) -> tuple[bool, Observation | None]:
        """Say so, and what was seen; nothing once the budget is spent."""
        own = self._tested.environment
        # Options can be set for a single run; only their absence takes another interpreter.
        base = own if own.keys() <= environment.keys() else environment
        options = {name: value for name, value in environment.items() if base.get(name) != value}
        seen = None
        for _ in range(chances or self._chances):
            if self.spent():
                break
            self.trials += 1
            lane = self._lane(base)
            # The reference is not run again.
            seen = lane.run(self._program, lane.reference, options=options)
            pair = self._truth, seen
            if lane.found_again(self._program, pair, self._finding.verdict) is not None:
                return True, seen
        return False, seen

    def _lane(self, environment: dict[str, str]) -> Lane:
        """Return the lane of the tested profile with that environment, which stays open."""
        key = tuple(sorted(environment.items()))
        if key not in self._lane_in:
            variant = msgspec.structs.replace(self._tested, environment=environment)
            self._lane_in[key] = self._lanes.enter_context(Lane((variant,), self._limits))
        return self._lane_in[key]

    def spent(self) -> bool:
        """Say whether nothing more may be tried."""
        return self.trials >= self._budget.trials or time.monotonic() > self._end

    def hint(self) -> str:
        """Return the first switch that makes the difference vanish; empty for none."""
        for name, change in SWITCHES.items():
            if self.spent():
                return self._finding.hint
            if not self.shows({**self.environment, **change}):
                return name
        return ""

    def minimal(self) -> Blame:
        """Switch off what the difference does not need; one kind of part after the other."""
        possible = self._functions()
        functions = self._needed(possible, lambda on: {_ONLY: ",".join(on) or _NOBODY})
        opcodes = self._needed(
            WITH_FAST_PATHS, lambda on: {_GENERIC: ",".join(_others(WITH_FAST_PATHS, on))}
        )
        operators = self._operators(functions, opcodes)
        step, happened = self._begins()
        return Blame(
            functions=functions,
            step=step,
            outcomes=happened.outcomes,
            harm=happened.harm,
            changes=happened.changes,
            premises=happened.premises,
            opcodes=opcodes,
            operators=operators,
            alike=self._alike(functions, opcodes, operator_of(step.kind) if step else ""),
            parts=self._needed([*SWITCHES], _switched_off),
            settings=self._settings(),
        )

    def _begins(self) -> tuple[Step | None, _Happened]:
        """Return the step of compiled code with which the difference begins, and what happened.

        A crash may show much later than what causes it, or never, as little as another option
        changes what is in memory. So it is looked for with memory that is checked when it is freed,
        too, which shows what is written behind a block or into one that is free; the earlier
        step of both is nearer to the cause.
        """
        found = self._step()
        if not self._crashes:
            return found[1:]
        with self._guarded_memory():
            guarded = self._step() if self.shows(self.environment) else _NO_STEP
        return min(found, guarded, key=lambda each: each[0])[1:]

    def _step(self) -> tuple[float, Step | None, _Happened]:
        """Return how many steps it takes, the last of them, and what happened in it.

        Compiled code is left for good behind ever fewer steps. ``_NO_STEP`` if that finds none.
        """
        before, behind = 0, 1
        last: Step | None = _FIRST
        chances = max(self._chances, _CHANCES_TO_CRASH if self._crashes else 1)

        def shows(steps: int) -> bool:
            nonlocal last
            shown, seen = self._try({**self.environment, _STEPS: str(steps)}, chances)
            if not shown and seen is not None:
                last = seen.stopped
            return shown

        while not shows(behind):
            before, behind = behind, 4 * behind
            if last is None or behind > _MOST_STEPS:  # it does not show although nothing is left
                return _NO_STEP
        while behind - before > 1:
            middle = (before + behind) // 2
            if shows(middle):
                behind = middle
            else:
                before = middle
        if self.spent() or last is None:
            return _NO_STEP
        if before == 0:
            return behind, last, self._without_instructions()
        return behind, last, self._happened(last, before, behind)

    @property
    def _crashes(self) -> bool:
        return self._finding.verdict.oracle == crash.NAME

    @contextlib.contextmanager
    def _guarded_memory(self) -> Iterator[None]:
        """Have blocks of memory looked at when they are freed, meanwhile."""
        before = self._tested, self.environment
        environment = {**self._tested.environment, **_GUARDED_MEMORY}
        self._tested = msgspec.structs.replace(self._tested, environment=environment)
        self.environment = {**self.environment, **_GUARDED_MEMORY}
        try:
            yield
        finally:
            self._tested, self.environment = before

    def _happened(self, step: Step, before: int, behind: int) -> _Happened:
        """Return which events of a step happen between two numbers of steps, and its harm.

        What is counted and described is in files, so that it is there when the run dies.
        """
        opcode = step.kind.rpartition(" ")[2].partition(".")[0]
        with tempfile.TemporaryDirectory(prefix="pyjit-fuzz-events-") as folder:
            events, snapshots = Path(folder, "events"), Path(folder, "snapshots")
            watched = {_COUNT: "1", _COUNTED_IN: str(events), _SNAPSHOTS: str(snapshots)}
            profile = msgspec.structs.replace(
                self._tested, environment={**self.environment, **watched}
            )
            counts, runs = [], []
            with open_executor(profile, limits=self._limits) as executor:
                names = [name for name in executor.hello.events if "." in name]
                for steps in (before, behind):
                    seen = executor.run(self._program, options={_STEPS: str(steps)})
                    counts.append(array.array("I", events.read_bytes()))
                    runs.append(read_snapshots(snapshots))
        happened = {
            name
            for name, less, more in zip(names, *counts, strict=False)
            if name.split(".")[0] == opcode and more > less
        }
        outcomes = tuple(sorted(each for each in happened if not each.endswith(_COMPILED)))
        died = seen.status is Status.CRASH
        raised = any(each.endswith(_RAISED) for each in outcomes)
        done, changes = harm(step, *runs, died=died, raised=raised)
        instruction = instruction_of(self._program.source, step)
        went_by = premises(step, runs[0].frames, outcomes, done, instruction)
        return _Happened(outcomes, done, changes, went_by)

    def _without_instructions(self) -> _Happened:
        """Return what the JIT has done where not even a second instruction shows a difference."""
        _, seen = self._try({**self.environment, _STEPS: "1"})
        stats = seen.jit_stats if seen else {}
        return _Happened(tuple(name for name in NOT_OF_CODE if stats.get(name)))

    def _alike(
        self, functions: tuple[str, ...], opcodes: tuple[str, ...], guilty: str
    ) -> tuple[str, ...]:
        """Return which operators are wrong as well, if that one is to blame."""
        if guilty not in OPERATORS:
            return ()
        environment = dict(self.environment)
        if opcodes:
            on = {*opcodes, *WITH_OPERATORS}
            environment[_GENERIC] = ",".join(_others(WITH_FAST_PATHS, on))
        tested = msgspec.structs.replace(self._tested, environment=environment)
        found = []
        with Lane((self._reference, tested), self._limits) as lane:
            for name in OPERATORS:
                source = exchange(self._program.source, functions, guilty, name)
                if name == guilty or source == self._program.source or self.spent():
                    continue
                changed = msgspec.structs.replace(self._program, source=source)
                if lane.judge(changed, lane.observe(changed)):
                    found.append(name)
        return tuple(found)

    def _operators(self, functions: tuple[str, ...], opcodes: tuple[str, ...]) -> tuple[str, ...]:
        """Return which operators need their fast paths, of opcodes that stand for several."""
        arguments: dict[str, list[str]] = {}
        seen = operators_in(self._program.source, functions)
        for opcode in opcodes:
            for name, numbers in seen.get(opcode, {}).items():
                single = [f"{opcode}:{number}" for number in sorted(numbers)]
                arguments[f"{opcode}.{name}"] = single
        whole = _others(WITH_FAST_PATHS, opcodes)

        def off(on: tuple[str, ...]) -> dict[str, str]:
            single = [each for name in _others([*arguments], on) for each in arguments[name]]
            return {_GENERIC: ",".join([*whole, *single])}

        # If there is but one, it is this one.
        return self._needed([*arguments], off) if len(arguments) > 1 else tuple(arguments)

    def _needed(
        self, parts: Sequence[str], off: Callable[[tuple[str, ...]], dict[str, str]]
    ) -> tuple[str, ...]:
        """Narrow the environment by one kind; ``off`` leaves the given parts of it on."""
        before = self.environment

        def shows(on: tuple[str, ...]) -> bool:
            changed = {**before, **off(on)}
            if not self.shows(changed):
                return False
            self.environment = changed
            return True

        # That all of them show need not be so: the library's functions are never among them.
        return smallest(parts, shows) if shows(tuple(parts)) else ()

    def _settings(self) -> tuple[str, ...]:
        """Give the profile's own options their defaults, as far as the difference allows it."""
        before = self.environment
        own = [
            name
            for name in self._finding.tested.environment
            if name.startswith("PYJIT_")
            and not name.startswith(_NO_SETTINGS)
            and before[name] == self._finding.tested.environment[name]
        ]

        def shows(on: tuple[str, ...]) -> bool:
            dropped = _others(own, on)
            changed = {name: value for name, value in before.items() if name not in dropped}
            if not self.shows(changed):
                return False
            self.environment = changed
            return True

        return tuple(f"{name}={before[name]}" for name in smallest(own, shows))

    def _functions(self) -> list[str]:
        """Return the names of all that could be compiled, in the order of the source."""
        codes = code_objects(self._finding.program.source)
        names = [each.co_qualname for each in codes if "," not in each.co_qualname]
        return list(dict.fromkeys([*names, *self._finding.observations[1].compiled]))


def _switched_off(on: tuple[str, ...]) -> dict[str, str]:
    changes: dict[str, str] = {}
    for name in _others([*SWITCHES], on):
        changes.update(SWITCHES[name])
    return changes


def _others(parts: Sequence[str], on: Collection[str]) -> list[str]:
    return [name for name in parts if name not in on]
