"""What tests of compiled code share."""

import pytest

import pyjit_core


@pytest.fixture
def at_once():
    """Compile the functions of the test's own program at their first call; restore all options."""
    before = {option.name: getattr(pyjit_core.config, option.name) for option in pyjit_core.config}
    settings = {"threshold_calls": 1, "threshold_loops": 1, "recompile_after": 4}
    for name, value in {**settings, "compile_share": 0, "compile_only": "f,C.m,gen,co"}.items():
        setattr(pyjit_core.config, name, value)
    pyjit_core.enable()
    yield
    pyjit_core.disable()
    for name, value in before.items():
        setattr(pyjit_core.config, name, value)
    pyjit_core.reset_executed()
