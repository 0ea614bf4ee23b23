"""Blame: which parts of the JIT a difference needs, the smallest set that still shows it.

The JIT's options take parts of it out: ``compile_only`` functions,
``generic_opcodes`` their fast paths, the switches below optimisations and
caches. What the difference does not need is switched off step by step, and stays
off, so that the end is a set which shows it with everything else off.

Each try starts an interpreter, which takes seconds under an emulator. A finding of another
architecture that shows natively is therefore blamed natively, and what comes out has to hold
where the finding was made.

What the interpreter can do of the functions that have to be compiled is moved out of them
first, and the search goes on with that program. What stays names the bucket. The first
switch that, alone, makes the difference vanish gives the finding its hint, which names the
bucket where no instruction does.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence

import msgspec

from pyjit_fuzz.campaign.kinds import kinds_of
from pyjit_fuzz.campaign.lane import Lane
from pyjit_fuzz.campaign.listing import listing
from pyjit_fuzz.campaign.setup import native_helpers
from pyjit_fuzz.execute import Limits, SetupError
from pyjit_fuzz.model import Blame, Finding, Profile, code_objects
from pyjit_fuzz.reduce import MOVED, OPERATORS, Budget, exchange, outline, smallest
from pyjit_fuzz.triage import WITH_OPERATORS, arguments_in, bucket, could_move, operators_in

SWITCHES: dict[str, dict[str, str]] = {
    "polymorphic-caches": {"PYJIT_INLINE_CACHES": "1"},
    "inline-caches": {"PYJIT_INLINE_CACHES": "0"},
    "type-feedback": {"PYJIT_RECOMPILE_AFTER": "1000000000"},
    "fast-paths": {"PYJIT_FAIL_GUARDS": "1"},
}
"""Name of a part, and the environment that switches it off; what is more special comes first."""

OPCODES = (
    *("LOAD_ATTR", "STORE_ATTR", "LOAD_METHOD", "LOAD_GLOBAL", "CALL"),
    *("BINARY_SUBSCR", "STORE_SUBSCR", "BUILD_SLICE", "UNPACK_SEQUENCE", "FOR_ITER", "GET_ANEXT"),
    *("BINARY_OP", "COMPARE_OP", "UNARY_NEGATIVE", "STORE_FAST"),
)
"""Those that have fast paths. The first five keep inline caches: of attributes, stores of
attributes, methods, globals, callees."""

DEFAULT_BUDGET = Budget(seconds=60.0, trials=150)
_OUTLINING = 0.4
"""Part of the time that is left when the functions are known, at most, for what they do besides."""
_NATIVE_SHARE = 2 / 3
"""Part of the time for a native search; in the rest it is checked, or made, at home."""

_JITS_WITH_SWITCHES = frozenset({"pyjit_core"})
_BY_ARGUMENT = "#"
_ARGUMENTS = 64
"""``generic_opcodes`` knows arguments below this."""
_ONLY, _GENERIC = "PYJIT_COMPILE_ONLY", "PYJIT_GENERIC_OPCODES"
_NOBODY = "-"
"""The name of no function."""
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
        search = _Search(finding, profiles, limits, part)
        if not search.shows(search.environment):
            continue
        hint = search.hint()
        found = search.minimal()
        # What was narrowed belongs to the program that was narrowed with it.
        there = msgspec.structs.replace(finding, program=search.program)
        if profiles != home:
            rest = msgspec.structs.replace(budget, seconds=end - time.monotonic())
            if not _holds(_Search(there, home, limits, rest), search, hint):
                continue
        blamed = msgspec.structs.replace(
            finding,
            hint=hint,
            blame=msgspec.structs.replace(
                found,
                kinds=search.kinds(found),
                listing=listing(there, found.functions, search.environment, limits),
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
    return home.shows(search.environment) and not (hint and home.shows(without))


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
        self.program = finding.program
        """What shows the difference; ``minimal`` leaves parts of it to the interpreter."""
        self._limits = limits
        self._budget = budget
        self._end = time.monotonic() + budget.seconds
        with Lane((self._reference,), limits) as lane:
            self._truth = lane.run(self.program, lane.reference)
        self.trials = 0
        self.environment = dict(finding.tested.environment)
        """What the difference was last seen to show with; narrowed by ``minimal``."""

    def shows(self, environment: dict[str, str]) -> bool:
        """Say whether the difference shows under the tested profile with that environment."""
        if self.spent():
            return False
        self.trials += 1
        variant = msgspec.structs.replace(self._tested, environment=environment)
        with Lane((variant,), self._limits) as lane:
            # Each variant costs the start of an interpreter: the reference is not run again.
            pair = self._truth, lane.run(self.program, variant.key)
            return lane.found(self.program, pair, self._finding.verdict) is not None

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
        instructions = self._outline(functions) if functions else ()
        opcodes = self._needed(OPCODES, lambda on: {_GENERIC: ",".join(_others(OPCODES, on))})
        operators = self._operators(functions, opcodes)
        return Blame(
            functions=functions,
            instructions=instructions,
            opcodes=opcodes,
            operators=operators,
            alike=self._alike(functions, opcodes, operators or instructions),
            parts=self._needed([*SWITCHES], _switched_off),
            settings=self._settings(),
        )

    def _outline(self, functions: tuple[str, ...]) -> tuple[str, ...]:
        """Leave to the interpreter what it can do of these functions; return what is left.

        The search goes on with that program.
        """
        verdict = self._finding.verdict
        end = time.monotonic() + _OUTLINING * max(0.0, self._end - time.monotonic())
        tested = msgspec.structs.replace(self._tested, environment=self.environment)
        with Lane((self._reference, tested), self._limits) as lane:
            seconds = lane.enough_seconds(self.program, verdict, tested=tested.key)

            def shows(source: str) -> bool:
                changed = msgspec.structs.replace(self.program, source=source, choices=())
                return time.monotonic() < end and lane.shows(
                    changed, verdict, tested=tested.key, seconds=seconds
                )

            outlined = outline(self.program.source, functions, shows)
            self.program = msgspec.structs.replace(self.program, source=outlined.source, choices=())
            self._truth = lane.run(self.program, lane.reference)
        left = operators_in(outlined.rest, functions, without=MOVED)
        named = (".".join((name, *sorted(operators))) for name, operators in left.items())
        return tuple(sorted(named))

    def _alike(
        self, functions: tuple[str, ...], opcodes: tuple[str, ...], named: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Return which operators are wrong as well, if the one among ``named`` is to blame."""
        possible = [each for each in named if could_move(each)]
        opcode, _, guilty = possible[0].partition(".") if len(possible) == 1 else ("", "", "")
        if guilty not in OPERATORS or not {*opcodes} <= {opcode}:
            return ()
        environment = dict(self.environment)
        if opcodes:
            environment[_GENERIC] = ",".join(_others(OPCODES, WITH_OPERATORS))
        tested = msgspec.structs.replace(self._tested, environment=environment)
        found = []
        with Lane((self._reference, tested), self._limits) as lane:
            for name in OPERATORS:
                source = exchange(self.program.source, functions, guilty, name)
                if name == guilty or source == self.program.source or self.spent():
                    continue
                changed = msgspec.structs.replace(self.program, source=source)
                if lane.judge(changed, lane.observe(changed)):
                    found.append(name)
        return tuple(found)

    def kinds(self, found: Blame) -> tuple[str, ...]:
        """Return what the guilty opcodes were compiled for, with everything else switched off."""
        profile = msgspec.structs.replace(self._tested, environment=self.environment)
        return kinds_of(self.program, profile, found.opcodes, found.operators, self._limits)

    def _operators(self, functions: tuple[str, ...], opcodes: tuple[str, ...]) -> tuple[str, ...]:
        """Return which operators need their fast paths, of opcodes that stand for several.

        Other opcodes are told apart by their arguments, too, so that it is seen in the end what
        the guilty ones were compiled for.
        """
        arguments: dict[str, list[str]] = {}
        for opcode in opcodes:
            if opcode in WITH_OPERATORS:
                seen = operators_in(self.program.source, functions).get(opcode, {})
            else:
                used = arguments_in(self.program.source, functions, opcode)
                seen = {f"{_BY_ARGUMENT}{number}": {number} for number in used}
                seen = seen if len(seen) > 1 and max(used) < _ARGUMENTS else {}
            for name, numbers in seen.items():
                single = [f"{opcode}:{number}" for number in sorted(numbers)]
                arguments[f"{opcode}.{name}"] = single
        whole = _others(OPCODES, opcodes)

        def off(on: tuple[str, ...]) -> dict[str, str]:
            single = [each for name in _others([*arguments], on) for each in arguments[name]]
            return {_GENERIC: ",".join([*whole, *single])}

        # If there is but one, it is this one.
        needed = self._needed([*arguments], off) if len(arguments) > 1 else tuple(arguments)
        return tuple(name for name in needed if _BY_ARGUMENT not in name)

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


def _others(parts: Sequence[str], on: Sequence[str]) -> list[str]:
    return [name for name in parts if name not in on]
