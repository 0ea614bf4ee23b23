"""Profiles with a space: each program is run at a point of its own, always the same."""

import platform

import msgspec
import pytest

from pyjit_fuzz.campaign import prepare_profiles
from pyjit_fuzz.execute import (
    COLLECT_EVERY,
    Limits,
    SetupError,
    load_profiles,
    open_executor,
)
from pyjit_fuzz.model import Profile, Program, Status

LOOP = "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"
HERE = platform.machine()


def programs(number):
    return [Program(source=f"{LOOP}RESULT = f({500 + each})\n") for each in range(number)]


def test_a_point_follows_from_program_and_seed():
    space = {"A": tuple("123"), "B": tuple("xyz")}
    profile = Profile(name="p", arch=HERE, environment={"A": "0", "C": "c"}, space=space)
    points = [profile.point(each) for each in programs(60)]
    assert points == [profile.point(each) for each in programs(60)]
    assert len({(each["A"], each["B"]) for each in points}) == 9
    other = msgspec.structs.replace(profile, space_seed=1)
    assert points != [other.point(each) for each in programs(60)]


def test_the_profile_at_a_point_has_its_options_and_no_space():
    space = {"A": tuple("123")}
    profile = Profile(name="p", arch=HERE, environment={"A": "0", "C": "c"}, space=space)
    (program,) = programs(1)
    there = profile.at(program)
    assert there.environment == {"C": "c", **profile.point(program)}
    assert (there.space, there.key) == ({}, profile.key)
    assert there.at(program) == there


def test_every_value_of_our_space_is_used():
    (profile,) = load_profiles(["jit-space"], [HERE])
    points = [profile.point(each) for each in programs(600)]
    for name, values in profile.space.items():
        assert {point[name] for point in points} == set(values)


@pytest.fixture
def open_():
    """Open the core's profile with a space of one's own."""
    opened = []

    def open_(**space):
        _, profile = prepare_profiles(["jit-space"], [HERE])
        options = {f"PYJIT_{name.upper()}": values for name, values in space.items()}
        opened.append(
            open_executor(msgspec.structs.replace(profile, space=options), limits=Limits())
        )
        return opened[-1]

    yield open_
    for executor in opened:
        executor.close()


def test_an_option_that_the_jit_does_not_have_is_named(open_):
    with pytest.raises(SetupError, match=r"PYJIT_SPEED, but .* no option 'config\.speed'"):
        open_(speed=("1",))


def recompiles(seen):
    assert seen.status is Status.OK
    return seen.jit_stats["recompiles"]


@pytest.mark.parametrize("fresh", [False, True])
def test_the_options_of_its_point_are_set_for_a_program(open_, fresh):
    (program,) = programs(1)
    never, soon = open_(recompile_after=("1000000000",)), open_(recompile_after=("1",))
    assert recompiles(never.run(program, fresh=fresh)) == 0
    assert recompiles(soon.run(program, fresh=fresh)) > 0


def test_programs_of_a_batch_have_points_of_their_own(open_):
    executor = open_(recompile_after=("1000000000", "1"), generic_opcodes=("", "FOR_ITER"))
    batch = programs(24)
    points = [executor.profile.point(each) for each in batch]
    assert len({tuple(each.items()) for each in points}) == 4
    for point, seen in zip(points, executor.run_batch(batch), strict=True):
        assert (recompiles(seen) > 0) == (point["PYJIT_RECOMPILE_AFTER"] == "1")


def test_a_finding_replayed_by_environment_behaves_as_it_did_at_its_point(open_):
    executor = open_(recompile_after=("1000000000", "1"))
    for program in programs(4):
        with open_executor(executor.profile.at(program), limits=Limits()) as there:
            assert recompiles(there.run(program)) == recompiles(executor.run(program))


GARBAGE = """
import weakref
class A: pass
def f():
    a = A()
    a.itself = a
    return weakref.ref(a)
kept = [f() for n in range(200)]
RESULT = sum(each() is None for each in kept)
"""


@pytest.mark.parametrize("fresh", [False, True])
def test_garbage_is_collected_as_often_as_the_point_says(open_, fresh):
    program = Program(source=GARBAGE)
    collected = []
    for every in ("0", "1", "50"):
        executor = open_(fuzz_collect_every=(every,))
        seen = executor.run(program, fresh=fresh)
        collected.append(int(seen.result.partition(":")[2]))
        with open_executor(executor.profile.at(program), limits=Limits()) as there:
            assert there.run(program).result == seen.result
    never, always, seldom = collected
    assert never == 0
    assert 100 < seldom < always <= 200


def test_one_run_may_have_options_of_its_own(open_):
    program = Program(source=GARBAGE)
    executor = open_(fuzz_collect_every=("0",))
    tidy = executor.run(program, options={COLLECT_EVERY: "1"})
    assert tidy.result != executor.run(program).result
    (batched,) = executor.run_batch([program])
    assert batched.result == executor.run(program).result
