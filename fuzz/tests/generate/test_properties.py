"""Properties that hold for any choices at all."""

from __future__ import annotations

import warnings

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pyjit_fuzz.generate import BytesChoices, RandomChoices, ReplayChoices, generate
from pyjit_fuzz.generate.strategies import choice_sequences, programs, programs_from_sequences


def compiles(source):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile(source, "program.py", "exec", dont_inherit=True)
    return True


@settings(max_examples=150, deadline=None)
@given(choice_sequences())
def test_any_sequence_is_a_program_that_compiles_and_replays(sequence):
    program = generate(ReplayChoices(sequence))
    assert compiles(program.source)
    assert generate(ReplayChoices(program.choices)).source == program.source


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_a_program_that_compiles(data):
    assert compiles(generate(BytesChoices(data)).source)


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(programs())
def test_programs_drawn_choice_by_choice_compile(program):
    assert compiles(program.source)
    assert generate(ReplayChoices(program.choices)).source == program.source


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 1 << 20), data=st.data())
def test_a_program_without_a_span_of_its_choices_is_a_program(seed, data):
    choices = generate(RandomChoices(seed)).choices
    start = data.draw(st.integers(0, len(choices) - 1))
    end = data.draw(st.integers(start, len(choices)))
    assert compiles(generate(ReplayChoices(choices[:start] + choices[end:])).source)


def test_deleting_spans_mostly_makes_programs_smaller():
    # What a reducer lives on: cutting choices cuts text.
    smaller = total = 0
    for seed in range(60):
        program = generate(RandomChoices(seed))
        size = len(program.choices)
        for start in range(0, size, max(size // 8, 1)):
            cut = program.choices[:start] + program.choices[start + size // 8 :]
            total += 1
            smaller += len(generate(ReplayChoices(cut)).source) < len(program.source)
    assert smaller > 0.6 * total


def test_zeroing_the_tail_shortens_programs():
    for seed in range(30):
        program = generate(RandomChoices(seed))
        head = generate(ReplayChoices(program.choices[: len(program.choices) // 4]))
        assert len(head.source) <= len(program.source)


@settings(max_examples=30, deadline=None)
@given(programs_from_sequences())
def test_all_that_is_random_is_in_the_choices(program):
    assert generate(ReplayChoices(program.choices)) == program
