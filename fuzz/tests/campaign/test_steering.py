"""Steering: what reached something new is kept, bred from, and run on other architectures."""

import msgspec
import pytest
from campaigns import ADDS, PLAIN, settings

from pyjit_fuzz.campaign import Ran, run_campaign
from pyjit_fuzz.campaign.protocol import ProfileRun
from pyjit_fuzz.campaign.reached import feedback
from pyjit_fuzz.campaign.sources import Sources, bred_key, kept_key, mutator_of, parents_of
from pyjit_fuzz.campaign.state import State
from pyjit_fuzz.campaign.steering import Steering
from pyjit_fuzz.model import Profile, Program
from pyjit_fuzz.report import OpcodeEvents

OTHER = Program(source="RESULT = [1]\n", origin="corpus:other")
CORPUS = [ADDS, PLAIN, OTHER]


def two_architectures(feedback=1.0):
    ours = settings("right", feedback=feedback)
    other = tuple(Profile(name=each.name, arch="aarch64") for each in ours.profiles)
    return msgspec.structs.replace(ours, profiles=(*ours.profiles, *other))


@pytest.fixture
def open_(tmp_path):
    states = []

    def open_(asked=None):
        for state in states:
            state.close()
        states[:] = [State(tmp_path)]
        asked = asked or two_architectures()
        return Steering(asked, Sources(asked.seed, CORPUS, 0), states[0])

    open_.state = lambda: states[0]
    yield open_
    for state in states:
        state.close()


def ran(key, *features, arch="x86_64", **fields):
    run = ProfileRun(f"jit@{arch}", "", "ok", compiled=True, different=False, seconds=0.1)
    fields = {"valid": True, "planned": False, "runs": (run,), **fields}
    named = (each for each in CORPUS if key in (key_of(each), kept_key(each.id)))
    program = next(named, None) or Program(source=f"RESULT = {key!r}\n")
    fields = {"program_id": "1", "origin": "generated", "program": program, **fields}
    return Ran(key=key, features=tuple(f"jit@{arch} {each} once" for each in features), **fields)


def key_of(program):
    return f"corpus:{program.id}"


def test_what_reached_something_new_is_kept_and_what_did_not_is_not(open_):
    steering = open_()
    steering.note("x86_64", ran(key_of(ADDS), "a", "b"))
    steering.note("x86_64", ran(key_of(PLAIN), "b"))
    steering.note("x86_64", ran(key_of(OTHER), "b", "c"))
    assert [each.program for each in steering.pool] == [ADDS, OTHER]


@pytest.mark.parametrize(
    "unfit",
    [
        {"valid": False},
        {"mechanisms": ("result:int",)},
        {"known": ("result:int",)},
        {"in_company": ("result:int",)},
    ],
)
def test_what_differs_or_ends_early_is_not_kept_and_takes_nothing_from_the_next(open_, unfit):
    steering = open_()
    steering.note("x86_64", ran(key_of(ADDS), "a", **unfit))
    assert len(steering.pool) == 0
    assert open_.state().rows("SELECT feature, hits FROM features") == [("jit@x86_64 a once", 0)]
    steering = open_()
    steering.note("x86_64", ran(key_of(PLAIN), "a"))
    assert [each.program for each in steering.pool] == [PLAIN]


def test_fresh_programs_are_bred_in_the_part_that_was_asked_for(open_):
    keys = [str(number) for number in range(400)]
    for part in (0.0, 0.25, 1.0):
        steering = open_(two_architectures(part))
        steering.note("x86_64", ran(key_of(ADDS), f"a{part}"))
        bred = sum(bool(parents_of(key)) for key in steering.steer("x86_64", keys))
        assert abs(bred - part * 200) < 40  # as long as both ways pay the same, a half of it


def test_without_anything_kept_programs_stay_fresh(open_):
    assert open_().steer("x86_64", ["0", "1"]) == ("0", "1")


def test_corpus_programs_stay_what_they_are(open_):
    steering = open_()
    steering.note("x86_64", ran(key_of(ADDS), "a"))
    assert steering.steer("x86_64", [key_of(PLAIN)]) == (key_of(PLAIN),)


def test_the_programs_that_keys_name_come_with_them(open_):
    steering = open_()
    steering.note("x86_64", ran(key_of(ADDS), "a"))
    steering.note("x86_64", ran(key_of(PLAIN), "b"))
    keys = ("7", bred_key("8", ADDS, PLAIN, "wrap"), kept_key(ADDS.id), key_of(OTHER))
    assert steering.named_in(keys) == (ADDS, PLAIN)


def test_mutators_that_pay_get_more_turns(open_):
    steering = open_()
    steering.note("x86_64", ran(key_of(ADDS), "a"))
    steering.note("x86_64", ran(key_of(PLAIN), "b"))
    for number in range(60):
        new = f"c{number}"
        steering.note("x86_64", ran(bred_key(str(number), ADDS, PLAIN, "choice-tail"), new))
        steering.note("x86_64", ran(bred_key(f"1{number}", ADDS, PLAIN, "wrap"), "a"))
    keys = steering.steer("x86_64", [str(number) for number in range(400)])
    names = [mutator_of(key) for key in keys]
    assert names.count("choice-tail") > 5 * names.count("wrap") > 0


@pytest.mark.parametrize(("better", "least", "most"), [("bred", 330, 400), ("fresh", 1, 100)])
def test_more_is_bred_the_better_it_pays(open_, better, least, most):
    steering = open_()
    steering.note("x86_64", ran(key_of(ADDS), "a"))
    steering.note("x86_64", ran(key_of(PLAIN), "b"))
    for number in range(100):
        keys = {"bred": bred_key(str(number), ADDS, PLAIN, "wrap"), "fresh": f"1{number}"}
        for name, key in keys.items():
            steering.note("x86_64", ran(key, f"c{number}" if name == better else "a"))
    keys = steering.steer("x86_64", [str(number) for number in range(400)])
    assert least <= sum(bool(parents_of(key)) for key in keys) <= most


def test_children_are_counted_for_their_first_parent(open_):
    steering = open_()
    steering.note("x86_64", ran(key_of(ADDS), "a"))
    steering.note("x86_64", ran(key_of(PLAIN), "b"))
    steering.note("x86_64", ran(bred_key("1", ADDS, PLAIN, "wrap"), "a"))
    steering.note("x86_64", ran(bred_key("2", ADDS, PLAIN, "wrap"), "c"))
    for pool in (steering.pool, open_().pool):
        counts = {each.program: (each.children, each.useful) for each in pool}
        assert counts[ADDS] == (2, 1)
        assert counts[PLAIN] == (0, 0)
        assert len(counts) == 3


def test_the_next_sitting_goes_on_with_it(open_):
    steering = open_()
    steering.note("x86_64", ran(key_of(ADDS), "a", "b"))
    kept = [*steering.pool]
    steering = open_()
    assert [*steering.pool] == kept
    steering.note("x86_64", ran(key_of(PLAIN), "b"))
    assert len(steering.pool) == 1


def test_other_architectures_run_what_one_has_kept_once(open_):
    steering = open_()
    steering.note("x86_64", ran(key_of(ADDS), "a"))
    steering.note("x86_64", ran(key_of(PLAIN), "b"))
    assert steering.waiting("x86_64", 9) == ()
    assert steering.waiting("aarch64", 1) == (kept_key(ADDS.id),)
    message = ran(kept_key(ADDS.id), "a", arch="aarch64")
    steering.note("aarch64", message)
    open_.state().record("aarch64", message)
    assert steering.waiting("x86_64", 9) == ()  # not back again
    assert open_().waiting("aarch64", 9) == (kept_key(PLAIN.id),)


def test_what_was_reached_is_summed_up_by_opcode(open_):
    steering = open_()
    steering.note("x86_64", ran(key_of(ADDS), "ADD.ints.exit", "ADD.ints.made", "entries"))
    made = [f"jit@x86_64 {event} made" for event in ("ADD.ints.exit", "ADD.hit", "CALL.c.raised")]
    steering.note("x86_64", msgspec.structs.replace(ran(key_of(PLAIN)), features=tuple(made)))
    steering.note("x86_64", ran(bred_key("1", ADDS, PLAIN, "wrap"), "ADD.hit"))
    steering.note("x86_64", ran(bred_key("2", ADDS, PLAIN, "wrap"), "ADD.hit"))
    steering.note("aarch64", ran(kept_key(ADDS.id), "ADD.hit", arch="aarch64"))
    found = feedback(open_.state())
    native, other = sorted(found.profiles, key=lambda each: each.key, reverse=True)
    assert native.opcodes == (
        OpcodeEvents("ADD", 3),
        OpcodeEvents("CALL", 0, ("c.raised",)),
    )
    assert (native.happened, native.idle, other.happened) == (3, 1, 1)
    assert (found.kept, found.bred, found.useful) == (3, 2, 1)
    assert found.last_new


def test_a_campaign_breeds_and_can_be_repeated(tmp_path):
    asked = settings("eventful", programs=60, mutants=0, feedback=1.0, batch=4)

    def run(folder, asked=asked):
        ran = []
        run_campaign(folder, asked, CORPUS, on_event=lambda _, message: ran.append(message))
        return [(each.key, each.program_id) for each in ran if isinstance(each, Ran)]

    first = run(tmp_path / "first")
    assert first == run(tmp_path / "again")
    bred = [key for key, _ in first if parents_of(key)]
    assert 3 < len(bred) < 55
    # Another sitting: every number once, and more of them.
    more = run(tmp_path / "first", msgspec.structs.replace(asked, programs={"x86_64": 70}))
    assert [int(key.partition("<")[0]) for key, _ in more] == [*range(60, 70)]


def test_a_job_knows_the_parents_of_what_it_tries_again(tmp_path):
    mark = tmp_path / "mark"
    asked = settings("eventful", programs=60, mutants=0, feedback=1.0, batch=5)
    seen = []
    killed = []

    def listen(_, message):
        if isinstance(message, Ran):
            seen.append(message.key)
            if parents_of(message.key) and not killed:
                killed.append(message.key)
                mark.touch()
                for job in supervisors[0]._jobs:
                    job.process.kill()

    supervisors = []
    run_campaign(tmp_path / "c", asked, CORPUS, on_event=listen, on_ready=supervisors.append)
    assert killed
    assert len({key.partition("<")[0] for key in seen}) == 63


def test_what_another_campaign_has_kept_waits_on_every_architecture(open_):
    steering = open_()
    steering.welcome(PLAIN)
    steering.welcome(PLAIN)
    for arch in ("x86_64", "aarch64"):
        assert steering.waiting(arch, 9) == (kept_key(PLAIN.id),)
        assert steering.named_in([kept_key(PLAIN.id)]) == (PLAIN,)


def test_a_guest_that_has_not_run_is_not_forgotten(open_):
    open_().welcome(PLAIN)
    steering = open_()
    steering.note("x86_64", ran(kept_key(PLAIN.id)))
    open_.state().record("x86_64", ran(kept_key(PLAIN.id)))
    again = open_()
    assert again.waiting("x86_64", 9) == ()
    assert again.waiting("aarch64", 9) == (kept_key(PLAIN.id),)


def test_a_guest_is_kept_if_it_pays_here_and_not_handed_on_as_news(open_):
    steering = open_()
    assert steering.note("x86_64", ran(key_of(ADDS), "a")) == ADDS
    steering.welcome(PLAIN)
    for arch in ("x86_64", "aarch64"):
        steering.waiting(arch, 9)
    assert steering.note("x86_64", ran(kept_key(PLAIN.id), "b")) is None
    assert [each.program for each in steering.pool] == [ADDS, PLAIN]
    assert steering.waiting("aarch64", 9) == ()
