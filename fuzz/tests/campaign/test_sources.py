"""A key names the same program for ever, corpus first."""

import msgspec
import pytest
from campaigns import ADDS, PLAIN

from pyjit_fuzz.campaign.sources import (
    Sources,
    bred_key,
    is_fresh,
    is_kept,
    kept_in,
    kept_key,
    mutator_of,
    number_of,
    parents_of,
)
from pyjit_fuzz.generate import RandomChoices, generate
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate import MUTATORS, compiles


def test_a_key_names_the_same_program_in_every_process():
    keys = [str(number) for number in range(20)]
    first, second = (Sources(7, [ADDS, PLAIN], 0.5) for _ in range(2))
    assert [first.program(key) for key in keys] == [second.program(key) for key in keys]


def test_the_seed_changes_the_programs():
    assert Sources(7, [], 0).program("0") != Sources(8, [], 0).program("0")


def test_generated_programs_can_be_had_again_from_their_choices():
    program = Sources(7, [], 0).program("3")
    assert program.origin == "generated"
    assert program.choices
    assert program.seed is not None


def test_the_share_of_mutants_is_what_was_asked_for():
    def origins(share):
        source = Sources(7, [ADDS, PLAIN], share)
        return [source.program(str(number)).origin for number in range(40)]

    assert not any(origin.startswith("mutant:") for origin in origins(0))
    assert sum(origin.startswith("mutant:") for origin in origins(1)) > 30


def test_nothing_is_made_from_a_program_that_is_to_stay_as_it_is():
    program = Program("def unmistakable(a):\n    return a + 2\nRESULT = unmistakable(1)\n")
    alone = msgspec.structs.replace(program, unmutated=True)
    source, free = (Sources(7, [each], 1) for each in (alone, program))
    assert [*source.corpus_keys()] == [*free.corpus_keys()]

    def mutants(sources):
        made = (sources.program(str(number)).source for number in range(60))
        return sum("unmistakable" in each for each in made)

    assert mutants(free) > 10
    assert mutants(source) == 0


BRED = [generate(RandomChoices(seed), seed=seed) for seed in range(2)]


def test_a_program_bred_from_kept_ones_follows_from_its_key():
    first, second = (Sources(7, [ADDS], 0.5) for _ in range(2))
    first.know(BRED)
    second.know(reversed(BRED))
    for number, mutator in enumerate([*MUTATORS, *MUTATORS]):
        key = bred_key(str(number), *BRED, mutator)
        program = first.program(key)
        assert second.program(key) == program
        assert program.origin.startswith("mutant:")
        assert program.source not in {each.source for each in BRED}
        assert (number_of(key), parents_of(key)) == (number, tuple(each.id for each in BRED))
        assert mutator_of(key) == mutator
        assert is_fresh(key)


def test_programs_bred_from_hand_written_ones_are_others_too():
    source = Sources(7, [], 0)
    source.know([ADDS, PLAIN])
    bred = {
        source.program(bred_key(str(number), ADDS, PLAIN, name)).source
        for number, name in enumerate([*MUTATORS, *MUTATORS])
    }
    assert len(bred - {ADDS.source}) > 10


def test_what_does_not_compile_is_not_run(monkeypatch):
    def broken(program, choices, corpus):
        return msgspec.structs.replace(program, source="return", origin="mutant:broken")

    source = Sources(7, [ADDS, PLAIN], 1)
    source.know(BRED)
    monkeypatch.setattr(source, "_mutators", {**source._mutators, "wrap": broken})
    keys = [*map(str, range(40)), *(bred_key(str(n), *BRED, "wrap") for n in range(40))]
    assert all(compiles(source.program(key).source) for key in keys)
    monkeypatch.setattr(source, "_mutators", {"wrap": broken})
    assert all(source.program(key).origin == "generated" for key in keys)
    for key in keys:
        *mutants, last = source.candidates(key)
        assert {each.source for each in mutants} == {"return"}
        assert last == source.program(key)


def test_whether_a_candidate_compiles_is_asked_behind_it():
    source = Sources(7, [ADDS, PLAIN], 1)
    source.know(BRED)
    for key in [*map(str, range(40)), *(bred_key(str(n), *BRED, "wrap") for n in range(40))]:
        *mutants, last = source.candidates(key)
        assert len(mutants) <= 4
        assert all(each.origin.startswith("mutant:") for each in mutants)
        assert last.origin == "generated"
        assert source.program(key) == next(e for e in (*mutants, last) if compiles(e.source))


def test_kept_programs_have_keys_of_their_own():
    source = Sources(7, [PLAIN], 0)
    key = kept_key(ADDS.id)
    with pytest.raises(KeyError):
        source.program(key)
    source.know([ADDS])
    assert source.program(key) == ADDS
    assert kept_in(key) == (ADDS.id,)
    assert kept_in(bred_key("3", ADDS, PLAIN, "wrap")) == (ADDS.id, PLAIN.id)
    assert kept_in("3") == kept_in(f"corpus:{PLAIN.id}") == ()
    assert is_kept(key)
    for other in (f"corpus:{PLAIN.id}", "3", bred_key("3", ADDS, PLAIN, "wrap")):
        assert not is_kept(other)
    assert not is_fresh(key)
    assert not is_fresh(f"corpus:{PLAIN.id}")


def test_corpus_programs_have_keys_of_their_own():
    source = Sources(7, [ADDS, PLAIN], 0)
    assert [source.program(key) for key in source.corpus_keys()] == [ADDS, PLAIN]
    with pytest.raises(KeyError):
        source.program("corpus:0000000000000000")
