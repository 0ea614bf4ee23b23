"""Properties that hold for any choices at all."""

from __future__ import annotations

import warnings

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pyjit_fuzz.generate import BytesChoices, RandomChoices, ReplayChoices, generate
from pyjit_fuzz.generate.single import draw_function
from pyjit_fuzz.generate.strategies import (
    choice_sequences,
    functions,
    programs,
    programs_from_sequences,
    values,
)


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


@settings(max_examples=150, deadline=None)
@given(choice_sequences())
def test_any_sequence_is_a_function_whose_calls_can_be_made_again(sequence):
    function = draw_function(ReplayChoices(sequence))
    assert compiles(function.source)
    outcomes = function.outcomes(turns=2)
    assert len(outcomes) == 2 * len(function.calls) > 0
    assert function.outcomes(turns=2) == outcomes


def test_most_calls_of_drawn_functions_return():
    drawn = [draw_function(RandomChoices(seed)) for seed in range(120)]
    outcomes = [each for function in drawn for each in function.outcomes()]
    raised = [each for each in outcomes if isinstance(each, list) and each[0] == "raised"]
    assert len(raised) < len(outcomes) / 10


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(functions())
def test_a_jit_that_is_wrong_is_told_from_one_that_is_right(function):
    def wrong(called):
        return lambda *args, **kwargs: (called(*args, **kwargs), "wrong")

    assert function.outcomes(lambda called: called) == function.outcomes()
    assert function.outcomes(wrong) != function.outcomes()


def test_what_a_function_raises_is_an_outcome():
    def raises(_):
        def function(*_args, **_kwargs):
            raise LookupError("gone")

        return function

    function = draw_function(RandomChoices(4))
    outcomes = function.outcomes(raises)
    assert outcomes == [["raised", "LookupError", "gone"]] * len(function.calls)


def test_values_are_of_every_kind_and_share_objects():
    seen, shared = set(), []

    @settings(
        max_examples=1000, deadline=None, phases=[Phase.generate], database=None, derandomize=True
    )
    @given(values())
    def look(value):
        seen.add(type(value).__name__)
        if isinstance(value, list) and len(value) == 2 and value[0] is value[1]:
            shared.append(value)

    look()
    scalars = {"NoneType", "bool", "int", "float", "str", "bytes", "complex"}
    assert seen >= scalars | {"list", "tuple", "dict", "_Int", "_Float", "_Str"}
    assert shared
