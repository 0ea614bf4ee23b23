"""A key names the same program for ever, corpus first."""

import pytest
from campaigns import ADDS, PLAIN

from pyjit_fuzz.campaign.sources import Sources


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


def test_corpus_programs_have_keys_of_their_own():
    source = Sources(7, [ADDS, PLAIN], 0)
    assert [source.program(key) for key in source.corpus_keys()] == [ADDS, PLAIN]
    with pytest.raises(KeyError):
        source.program("corpus:0000000000000000")
