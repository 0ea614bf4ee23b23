"""What a lane believes, and how long it lets programs run.

Most executors here answer as a test tells them to.
"""

import platform

import msgspec
import pytest

from pyjit_fuzz.campaign import lane as lane_module
from pyjit_fuzz.campaign.lane import Lane
from pyjit_fuzz.execute import COLLECT_EVERY, Limits, load_profiles
from pyjit_fuzz.model import Crash, Observation, Outcome, Profile, Program, Status, Verdict

PROGRAM = Program(source="pass")
LIMITS = Limits(seconds=2.0)
SLOWDOWN = 6.0


class Hello(msgspec.Struct):
    python: tuple = (3, 11, 2)
    executable: str = "python"


class Scripted:
    """Takes ``needs`` seconds for every program, and remembers the limits that it was given."""

    slowdown = SLOWDOWN

    def __init__(self, profile, needs, limits):
        self.profile, self.hello, self._needs = profile, Hello(), needs
        self._default = limits
        self.limits = []

    def run(self, program, *, fresh=False, limits=None, options=None):
        del program, fresh, options
        bound = (limits or self._default).seconds
        self.limits.append(bound)
        bound *= SLOWDOWN
        if self._needs > bound:
            return self._seen(Status.TIMEOUT, bound)
        return self._seen(Status.OK, self._needs)

    def _seen(self, status, duration):
        result = "int:1" if status is Status.OK else None
        return Observation(
            self.profile.key, status, result=result, duration=duration, slowdown=SLOWDOWN
        )

    def run_batch(self, programs):
        return [self.run(program) for program in programs]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


@pytest.fixture
def lane(monkeypatch):
    """Return a function that opens a lane whose sides need so many seconds."""

    def opened(reference, tested, limits=LIMITS):
        needs = {"interp": reference, "jit": tested}
        executors = {}

        def open_executor(profile, limits):
            executors[profile.name] = Scripted(profile, needs[profile.name], limits)
            return executors[profile.name]

        monkeypatch.setattr(lane_module, "open_executor", open_executor)
        profiles = [Profile(name=name, arch="aarch64") for name in needs]
        return Lane(profiles, limits), executors

    return opened


FOREVER = 1e9


def test_a_reference_without_end_is_run_once(lane):
    opened, executors = lane(FOREVER, FOREVER)
    (seen,) = opened.observe_batch([[PROGRAM]])
    assert ([each.status for each in seen.observations], seen.verdicts) == ([Status.TIMEOUT], [])
    assert executors["interp"].limits == [2.0]
    assert executors["jit"].limits == []


@pytest.mark.parametrize(
    ("reference", "tested", "limits", "verdicts"),
    [
        (0.01, FOREVER, [2.0], 1),
        (0.5, FOREVER, [2.0, 10.0], 1),
        (0.5, 30.0, [2.0, 10.0], 0),
        (2.0, FOREVER, [2.0], 0),
    ],
)
def test_a_tested_run_gets_as_long_as_it_takes_to_tell(lane, reference, tested, limits, verdicts):
    opened, executors = lane(reference, tested)
    assert len(opened.judge(PROGRAM, opened.observe(PROGRAM))) == verdicts
    assert executors["jit"].limits == limits


@pytest.mark.parametrize(("compiling", "verdicts"), [(1.8, 0), (FOREVER, 1)])
def test_a_program_whose_compiling_takes_longer_than_the_limit_is_no_difference(
    lane, compiling, verdicts
):
    """Found in a campaign: 229 code objects, compiled in 1.8 s under the emulator."""
    opened, executors = lane(0.004, compiling, Limits(seconds=0.25))
    assert len(opened.judge(PROGRAM, opened.observe(PROGRAM))) == verdicts
    assert executors["jit"].limits == [0.25, 2.0]


def verdict(oracle):
    return Verdict(
        oracle=oracle,
        reference="interp@aarch64",
        tested="jit@aarch64",
        outcome=Outcome.DIFFERENT,
        signature=f"{oracle}:tested",
    )


def test_the_limit_of_a_variant_is_told_before_it_is_stretched(lane):
    opened, _ = lane(0.06, 0.12)
    assert opened.enough_seconds(PROGRAM, verdict("result")) == pytest.approx(0.2 + 5 * 0.12 / 6)
    assert opened.enough_seconds(PROGRAM, verdict("timeout")) == 2.0
    opened, _ = lane(0.0006, FOREVER)
    short = opened.enough_seconds(PROGRAM, verdict("timeout"))
    assert short == pytest.approx(0.2 + 500 * 0.0006 / 6)
    assert opened.shows(PROGRAM, verdict("timeout"), seconds=short)


CYCLE = """
import weakref
LOG = []
class A:
    pass
def f(n):
    a = A()
    a.itself = a
    a.told = weakref.ref(a, lambda _: LOG.append(n))
    keep.append(a.told)
keep = []
for n in range(5):
    f(n)
RESULT = len(LOG)
"""


def collecting(every):
    """Return the reference, and a profile of the same interpreter that collects garbage."""
    (interp,) = load_profiles(["interp"], [platform.machine()])
    tested = msgspec.structs.replace(interp, name="tested", environment={COLLECT_EVERY: every})
    return interp, tested


@pytest.mark.parametrize("every", ["0", "1", "2"])
def test_what_a_program_shows_of_its_garbage_is_no_difference(every):
    program = Program(source=CYCLE)
    with Lane(collecting(every), Limits()) as lane:
        found = lane.judge(program, lane.observe(program))
        assert bool(found) == (every != "0")
        (seen,) = lane.observe_batch([[program]])
        assert (seen.verdicts, seen.in_company) == ([], [])
        assert not any(lane.shows(program, each) for each in found)


class Tidy(Scripted):
    """Answers otherwise when it collects garbage."""

    def __init__(self, profile, answers):
        super().__init__(profile, 0.0, LIMITS)
        self._plain, self._collecting = answers

    def run(self, program, *, fresh=False, limits=None, options=None):
        del program, fresh, limits
        every = (options or self.profile.environment).get(COLLECT_EVERY, "0")
        answer = self._plain if every == "0" else self._collecting[every]
        if answer == "dies":
            return Observation(self.profile.key, Status.CRASH, crash=Crash(signal=11))
        return Observation(self.profile.key, Status.OK, result=f"int:{answer}")


@pytest.mark.parametrize(
    ("reference", "often", "always", "tested", "verdicts"),
    [
        (1, 1, 1, 2, 1),  # the collections of the reference change nothing
        (1, 2, 1, 2, 0),
        (1, 3, 1, 2, 0),  # another difference: the collections came at other points
        (1, 1, 3, 2, 0),
        (1, 3, 1, "dies", 1),
    ],
)
def test_a_difference_is_believed_if_the_interpreter_has_none_with_collections(
    monkeypatch, reference, often, always, tested, verdicts
):
    answers = {"interp": (reference, {"7": often, "1": always}), "jit": (None, {"7": tested})}
    monkeypatch.setattr(
        lane_module, "open_executor", lambda profile, limits: Tidy(profile, answers[profile.name])
    )
    options = {COLLECT_EVERY: "7"}
    lane = Lane(
        [
            Profile(name="interp", arch="aarch64"),
            Profile(name="jit", arch="aarch64", environment=options),
        ],
        LIMITS,
    )
    (seen,) = lane.observe_batch([[PROGRAM]])
    assert len(seen.verdicts) == verdicts
    (found,) = lane.judge(PROGRAM, seen.observations)
    assert lane.shows(PROGRAM, found) == bool(verdicts)


def test_what_garbage_shows_in_company_only_is_not_counted(monkeypatch):
    """Collections come at other points when a program runs behind others."""

    class InCompany(Tidy):
        def run_batch(self, programs):
            return [
                msgspec.structs.replace(self.run(program), result="int:3", place=1)
                for program in programs
            ]

    sides = {"interp": (Tidy, (1, {"7": 3, "1": 3})), "jit": (InCompany, (None, {"7": 1}))}

    def opened(profile, limits):
        del limits
        kind, answers = sides[profile.name]
        return kind(profile, answers)

    monkeypatch.setattr(lane_module, "open_executor", opened)
    options = {COLLECT_EVERY: "7"}
    profiles = [
        Profile(name="interp", arch="aarch64"),
        Profile(name="jit", arch="aarch64", environment=options),
    ]
    (seen,) = Lane(profiles, LIMITS).observe_batch([[PROGRAM]])
    assert (seen.verdicts, seen.in_company) == ([], [])
    sides["interp"] = Tidy, (1, {"7": 1, "1": 1})
    (seen,) = Lane(profiles, LIMITS).observe_batch([[PROGRAM]])
    assert (seen.verdicts, len(seen.in_company)) == ([], 1)


def test_of_a_programs_candidates_the_first_that_compiles_is_run():
    good, better, bad = Program("RESULT = 1"), Program("RESULT = 2"), Program("return")
    (profile,) = load_profiles(["interp"], [platform.machine()])
    with Lane([profile, msgspec.structs.replace(profile, name="again")], LIMITS) as lane:
        runs = []
        execute = lane.run_batch
        lane.run_batch = lambda programs, key: runs.append(programs) or execute(programs, key)
        more = iter([bad, bad, better, good])
        seen = [*lane.observe_batch([[good], [bad], more, [better, bad], [bad, good]])]
        assert [each.program for each in seen] == [good, bad, better, better, good]
        results = [[each.result for each in shown.observations] for shown in seen]
        assert results == [["int:1"] * 2, [None], ["int:2"] * 2, ["int:2"] * 2, ["int:1"] * 2]
        assert seen[1].observations[0].status is Status.INVALID
        assert [len(programs) for programs in runs] == [5, 2, 1, 4]
        assert next(more) == good  # nobody has asked for it
