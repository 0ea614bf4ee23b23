"""The generator's strategies as people use them who test a JIT inside their own tests."""

import pytest
from hypothesis import HealthCheck, given, settings

import pyjit_core
from pyjit_fuzz.generate import ReplayChoices
from pyjit_fuzz.generate.single import draw_function
from pyjit_fuzz.generate.strategies import choice_sequences

TURNS = 30


@pytest.fixture
def jit():
    """Switch the JIT on while a function's calls are made."""
    compiled = []

    def jitted(function):
        def call(*args, **kwargs):
            pyjit_core.enable()
            try:
                return function(*args, **kwargs)
            finally:
                pyjit_core.disable()
                compiled.append(pyjit_core.is_compiled(function))

        return call

    before = pyjit_core.config.threshold_calls, pyjit_core.config.recompile_after
    pyjit_core.config.threshold_calls, pyjit_core.config.recompile_after = 1, 3
    jitted.compiled = compiled
    yield jitted
    pyjit_core.config.threshold_calls, pyjit_core.config.recompile_after = before


def test_our_jit_does_what_the_interpreter_does(jit):
    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(choice_sequences())
    def check(sequence):
        function = draw_function(ReplayChoices(sequence))
        assert function.outcomes(jit, TURNS) == function.outcomes(turns=TURNS)

    check()
    assert sum(jit.compiled) > 0.9 * len(jit.compiled) > 0
