"""The pool: who is kept, who is bred from, and what goes when it is too large."""

import collections

from pyjit_fuzz.feedback import Kept, Pool, Rarity
from pyjit_fuzz.feedback.features import COMMON
from pyjit_fuzz.feedback.pool import MOST_LINES
from pyjit_fuzz.generate import RandomChoices
from pyjit_fuzz.model import Program


def program(number, lines=1):
    return Program(source=f"RESULT = {number}\n" * lines)


def pool_of(*features, hits=None, most=100):
    kept = [Kept(program(number), tuple(each)) for number, each in enumerate(features)]
    return Pool(kept, Rarity(hits or {name: 1 for each in features for name in each}), most)


def chosen(pool, number=600):
    parents = pool.parents(number, RandomChoices(1))
    counts = collections.Counter(parent.source for parent in parents)
    return [counts[each.program.source] for each in pool]


def test_an_empty_pool_has_no_parents():
    assert pool_of().parents(3, RandomChoices(1)) == []


def test_what_reached_something_rare_is_bred_from_more():
    common, rare = chosen(pool_of("c", "r", hits={"c": COMMON, "r": 1}))
    assert rare > 20 * common > 0


def test_the_rarest_feature_counts_and_not_their_number():
    many, one = chosen(pool_of("abcdefgh", "r", hits={**dict.fromkeys("abcdefgh", 8), "r": 1}))
    assert one > 4 * many


def test_tries_in_vain_sink_a_program_and_useful_children_lift_it():
    pool = pool_of("a", "b", "c")
    first, second, third = pool
    for _ in range(9):
        pool.credit(first.program.id, useful=False)
        pool.credit(second.program.id, useful=True)
    assert pool.energy(first) < pool.energy(third) / 5
    assert pool.energy(second) >= pool.energy(third)
    assert (first.children, first.useful, second.useful) == (9, 0, 9)
    assert chosen(pool)[0] > 0  # none is ever given up


def test_crediting_a_program_that_has_gone_does_nothing():
    pool_of("a").credit("gone", useful=True)


def test_a_choice_of_parents_can_be_repeated():
    pool = pool_of("a", "b", "c", "d")
    first, again, other = (pool.parents(20, RandomChoices(seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_long_programs_are_not_bred_from():
    pool = pool_of()
    assert pool.keep(program(1, MOST_LINES), ("a",)) is not None
    assert pool.keep(program(2, MOST_LINES + 1), ("b",)) is None
    assert len(pool) == 1


def test_a_program_that_is_to_stay_as_it_is_is_not_bred_from():
    pool = pool_of()
    assert pool.keep(Program("RESULT = 1\n", unmutated=True), ("a",)) is None
    assert len(pool) == 0


def test_a_program_is_kept_once_for_all_architectures():
    pool = pool_of()
    pool.keep(program(1), ("jit@x86_64 a once",))
    kept = pool.keep(program(1), ("jit@aarch64 a once",))
    assert len(pool) == 1
    assert kept is pool.get(program(1).id)
    assert kept.is_of("aarch64")
    assert kept.is_of("x86_64")
    assert not pool_of(["jit@x86_64 a once"]).get(program(0).id).is_of("aarch64")


def test_a_pool_that_is_too_large_drops_what_the_others_make_up_for():
    pool = pool_of("ab", "b", "c", most=2)
    assert pool.shrink() == [program(1).id]
    assert [each.program for each in pool] == [program(0), program(2)]
    assert pool.shrink() == []


def test_the_energy_is_that_of_the_feature_which_is_the_rarest_now():
    choices = RandomChoices(3)
    names = "abcdefghij"
    pool = pool_of(*("".join(choices.pick(names) for _ in range(1 + n % 5)) for n in range(12)))
    for turn in range(200):
        pool.rarity.note({choices.pick(names), choices.pick(names)})
        if turn == 100:
            pool.keep(next(iter(pool)).program, ("new",))
            pool.rarity.note({"new"})
        for each in pool:
            rarest = max(pool.rarity.of(feature) for feature in each.features)
            assert abs(pool.energy(each) - rarest) < 1e-4
