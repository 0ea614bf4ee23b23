"""How long a lane lets programs run, with executors that answer as a test tells them to."""

import msgspec
import pytest

from pyjit_fuzz.campaign import lane as lane_module
from pyjit_fuzz.campaign.lane import Lane
from pyjit_fuzz.execute import Limits
from pyjit_fuzz.model import Observation, Outcome, Profile, Program, Status, Verdict

PROGRAM = Program(source="pass")
LIMITS = Limits(seconds=2.0)
SLOWDOWN = 6.0


class Hello(msgspec.Struct):
    python: tuple = (3, 11, 2)
    executable: str = "python"


class Scripted:
    """Takes ``needs`` seconds for every program, and remembers the limits that it was given."""

    slowdown = SLOWDOWN

    def __init__(self, profile, needs):
        self.profile, self.hello, self._needs = profile, Hello(), needs
        self.limits = []

    def run(self, program, *, fresh=False, limits=None):
        del program, fresh
        bound = (limits or LIMITS).seconds
        self.limits.append(bound)
        bound *= SLOWDOWN
        if self._needs > bound:
            return Observation(self.profile.key, Status.TIMEOUT, duration=bound)
        return Observation(self.profile.key, Status.OK, result="int:1", duration=self._needs)

    def run_batch(self, programs):
        return [self.run(program) for program in programs]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


@pytest.fixture
def lane(monkeypatch):
    """Return a function that opens a lane whose sides need so many seconds."""

    def opened(reference, tested):
        needs = {"interp": reference, "jit": tested}
        executors = {}

        def open_executor(profile, limits):
            executors[profile.name] = Scripted(profile, needs[profile.name])
            return executors[profile.name]

        monkeypatch.setattr(lane_module, "open_executor", open_executor)
        profiles = [Profile(name=name, arch="aarch64") for name in needs]
        return Lane(profiles, LIMITS), executors

    return opened


FOREVER = 1e9


def test_a_reference_without_end_is_run_once(lane):
    opened, executors = lane(FOREVER, FOREVER)
    (seen,) = opened.observe_batch([PROGRAM])
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
