"""Options that leave parts of the JIT out: functions, and the fast paths of opcodes."""

import pytest

import pyjit_core
from pyjit_core import config

REASON = "not among config.compile_only"
SOURCE = """
class Counter:
    def __init__(self):
        self.count = 0
    def step(self, by):
        self.count = self.count + by
        return self.count
def outer():
    def inner(n):
        return -n + 1
    return inner
counter, inner = Counter(), outer()
for number in range(200):
    assert counter.step(2) == 2 * number + 2
    assert inner(number) == 1 - number
"""


@pytest.fixture(autouse=True)
def _restore():
    before = {option.name: getattr(config, option.name) for option in config}
    config.threshold_calls = 2
    config.recompile_after = 10
    pyjit_core.enable()
    yield
    pyjit_core.disable()
    for name, value in before.items():
        setattr(config, name, value)


def hot():
    """Return a method and a function inside a function, run until they are hot; new code each."""
    namespace = {"__name__": "hot"}
    exec(compile(SOURCE, "<hot>", "exec"), namespace)
    return namespace["Counter"].step, namespace["inner"]


def sizes():
    return [len(pyjit_core.disassemble(each).splitlines()) for each in hot()]


def test_only_the_chosen_functions_are_compiled():
    refused = pyjit_core.stats()["refused"].get(REASON, 0)
    config.compile_only = "elsewhere,outer.<locals>.inner"
    step, inner = hot()
    assert inner.__qualname__ == "outer.<locals>.inner"
    assert pyjit_core.is_compiled(inner)
    assert not pyjit_core.is_compiled(step)
    assert not pyjit_core.compile(step)
    assert pyjit_core.stats()["refused"][REASON] > refused


def optimised(number):
    """Return which of forty functions are optimised with a number."""
    names = [f"function_{each}" for each in range(40)]
    source = "".join(f"def {name}(a): return a + 1\n" for name in names)
    namespace = {"__name__": "sampled"}
    config.optimise_sample = number
    config.compile_share = 0
    config.compile_only = ",".join(names)  # and not what counts here
    exec(compile(source, "<sampled>", "exec"), namespace)
    found = set()
    for name in names:
        before = pyjit_core.stats()["recompiles"]
        for _ in range(30):
            assert namespace[name](1) == 2
        assert pyjit_core.is_compiled(namespace[name])
        if pyjit_core.stats()["recompiles"] > before:
            found.add(name)
    return found


def test_a_sample_is_about_half_of_the_functions_and_always_the_same():
    everything = optimised(0)
    assert len(everything) == 40
    samples = [optimised(number) for number in range(1, 9)]
    assert samples == [optimised(number) for number in range(1, 9)]
    assert all(10 <= len(each) <= 30 for each in samples)
    assert len({frozenset(each) for each in samples}) == 8
    for name in everything:  # none is left out by chance for ever
        assert 0 < sum(name in each for each in samples) < 8


def test_a_part_of_a_name_chooses_nothing():
    config.compile_only = "inner,outer,Counter"
    step, inner = hot()
    assert not pyjit_core.is_compiled(step)
    assert not pyjit_core.is_compiled(inner)


def test_generic_opcodes_lose_their_fast_paths_and_the_others_keep_theirs():
    usual = sizes()
    config.generic_opcodes = "STORE_SUBSCR"
    assert sizes() == usual
    config.generic_opcodes = "LOAD_ATTR"
    step, inner = sizes()
    assert step < usual[0]
    assert inner == usual[1]
    config.generic_opcodes = "UNARY_NEGATIVE,BINARY_OP"
    step, inner = sizes()
    assert step < usual[0]
    assert inner < usual[1]


def test_one_operator_of_an_opcode_loses_its_fast_path_and_the_others_keep_theirs():
    def failures(generic):
        config.generic_opcodes = generic
        namespace = {"__name__": "operators"}
        source = "def f(a, b):\n    return (a + b, a - b)\n"
        exec(compile(source, "<operators>", "exec"), namespace)
        for _ in range(40):
            assert namespace["f"](7, 3) == (10, 4)
        return len(pyjit_core.disassemble(namespace["f"]).splitlines())

    config.compile_share = 0
    both, neither = failures(""), failures("BINARY_OP")
    add, subtract = failures("BINARY_OP:0"), failures("BINARY_OP:10")
    assert neither < add < both
    assert neither < subtract < both
    assert failures("BINARY_OP:0,BINARY_OP:10") == neither
    assert failures("BINARY_OP:5") == both  # there is no multiplication
