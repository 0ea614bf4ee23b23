"""Mutators: what they return is another program, compiles, and is of their own kind."""

from __future__ import annotations

import ast
import pkgutil
from importlib import metadata

import pytest

from pyjit_fuzz import mutate
from pyjit_fuzz.generate import RandomChoices, ReplayChoices, generate
from pyjit_fuzz.model import Program
from pyjit_fuzz.mutate import MUTATORS, constants, invalidate, load_mutators, operators, wrap
from pyjit_fuzz.mutate.base import compiles, expressions

CORPUS = [generate(RandomChoices(seed), seed=seed) for seed in range(12)]
OF_CHOICES = [name for name in MUTATORS if name.startswith("choice-")]
OF_TREES = [name for name in MUTATORS if not name.startswith("choice-")]
HAND_WRITTEN = Program(
    source=(
        "LOG = []\n\n\n"
        "class C:\n    def m(self, a, b):\n        return a - b\n\n\n"
        "def f(a, b):\n    total = 0\n    for i in range(20):\n"
        "        total = total + a * 3 - (b + 7)\n    return total\n\n\n"
        "def main():\n    return [f(1, 2), f(3, 4), C().m(5, 6)]\n\n\nRESULT = main()\n"
    ),
    origin="corpus:hand",
)


def mutants(name, programs=CORPUS, times=6):
    for position, program in enumerate(programs):
        for time in range(times):
            mutant = MUTATORS[name](program, RandomChoices(100 * position + time), CORPUS)
            if mutant is not None:
                yield program, mutant


def result_of(source):
    namespace = {}
    exec(compile(source, "program.py", "exec"), namespace)
    return namespace["RESULT"]


@pytest.mark.parametrize("name", MUTATORS)
def test_mutants_are_other_programs_nearly_all_of_which_compile(name):
    found = list(mutants(name))
    assert len(found) > 30
    assert sum(compiles(mutant.source) for _, mutant in found) >= 0.95 * len(found)
    for program, mutant in found:
        assert mutant.source != program.source
        assert mutant.origin == f"mutant:{name}"


@pytest.mark.parametrize("name", MUTATORS)
def test_mutants_follow_from_their_choices(name):
    choices = RandomChoices(5)
    mutant = MUTATORS[name](CORPUS[3], choices, CORPUS)
    again = MUTATORS[name](CORPUS[3], ReplayChoices(choices.sequence), CORPUS)
    assert again == mutant


@pytest.mark.parametrize("name", MUTATORS)
def test_mutants_are_varied(name):
    # Not simply the longest one: helpers make a program long, and have little to change.
    richest = max(CORPUS, key=lambda program: program.source.count(", "))
    sources = {mutant.source for _, mutant in mutants(name, [richest], 20)}
    assert len(sources) > 5


@pytest.mark.parametrize("name", OF_CHOICES)
def test_mutants_of_choices_replay_from_their_choices(name):
    for _, mutant in mutants(name, times=2):
        assert generate(ReplayChoices(mutant.choices)).source == mutant.source


@pytest.mark.parametrize("name", OF_CHOICES)
def test_programs_without_choices_have_no_mutants_of_choices(name):
    assert MUTATORS[name](HAND_WRITTEN, RandomChoices(1), CORPUS) is None


@pytest.mark.parametrize("name", OF_TREES)
def test_hand_written_programs_have_mutants_of_trees(name):
    found = list(mutants(name, [HAND_WRITTEN], 20))
    assert found
    assert all(mutant.choices == () for _, mutant in found)


@pytest.mark.parametrize("name", MUTATORS)
def test_what_does_not_compile_has_no_mutants(name):
    broken = Program(source="def f(:\n")
    assert MUTATORS[name](broken, RandomChoices(1), [broken]) is None


@pytest.mark.parametrize("module", [wrap, invalidate], ids=["wrap", "invalidate"])
def test_wrapping_and_invalidating_leave_the_result_as_it_is(module):
    # Statements in loops may run twice, so only mutants without one are compared.
    expected = result_of(HAND_WRITTEN.source)
    compared = 0
    for seed in range(120):
        mutant = module.mutate(HAND_WRITTEN, RandomChoices(seed), [])
        if mutant is None or "for _ in" in mutant.source:
            continue
        compared += 1
        assert result_of(mutant.source) == expected, mutant.source
    assert compared > 40


def test_every_wrapper_and_every_loop_is_used():
    text = " ".join(mutant.source for _, mutant in mutants("wrap", [HAND_WRITTEN], 600))
    for fragment in ("lambda v: v", "next(iter(", "for _ in range(30)", "while True", ".pop()"):
        assert fragment in text


def test_every_invalidation_is_valid():
    templates = [
        *invalidate.OF_MODULE,
        *(line.replace("NAME", "f") for line in invalidate.OF_FUNCTION),
        *(line.replace("NAME", "C") for line in invalidate.OF_CLASS),
    ]
    for line in templates:
        namespace = {}
        exec(HAND_WRITTEN.source, namespace)
        exec(line, namespace)
        assert namespace["main"]() == namespace["RESULT"], line


def test_constants_never_reach_trip_counts():
    source = (
        "def f(n):\n    xs = []\n    while n > 0 and len(xs) < 5:\n        n = n - 1\n"
        "        xs.append(n + 2)\n    for i in range(10):\n        xs[0] = xs[0] << 3\n"
        "    while True:\n        n = n - 1\n        if n < -8:\n            break\n"
        "    return xs\n\n\nRESULT = f(3)\n"
    )
    for seed in range(60):
        mutant = constants.mutate(Program(source=source), RandomChoices(seed), [])
        assert mutant is not None
        assert "range(10)" in mutant.source
        assert "<< 3" in mutant.source
        assert "if n < -8" in mutant.source
        assert mutant.source.count("n = n - 1") == 2
        assert "while n > 0 and len(xs) < 5" in mutant.source


def test_operators_never_reach_what_ends_a_loop():
    source = (
        "def f(n):\n    t = 0\n    while n > 0:\n        n = n - 1\n        t = t + n\n"
        "    while True:\n        n += 1\n        if n == 9:\n            break\n"
        "    k = 2 - t\n    for i in range(k + 3):\n        t = t ^ i\n"
        "    return '%s' % (t * 3), -t < n\n\n\nRESULT = f(3)\n"
    )
    texts = set()
    for seed in range(120):
        mutant = operators.mutate(Program(source=source), RandomChoices(seed), [])
        if mutant is None:
            continue
        texts.add(mutant.source)
        for kept in (
            "while n > 0",
            "n = n - 1",
            "n += 1",
            "if n == 9",
            "'%s' %",
            "k = 2 - t",
            "range(k + 3)",
        ):
            assert kept in mutant.source
        assert not any(sign in mutant.source for sign in ("**", "<<", "@"))
    assert len(texts) > 40


def test_no_mutant_reads_more_of_positions_than_its_program():
    source = """
def place(tb, n):
    found = 1 + tb.tb_lasti // 2 - 3
    return found * n

def raw(tb, n):
    return (n - 1, tb.tb_next.tb_lasti)
"""
    found = set()
    for seed in range(200):
        mutant = operators.mutate(Program(source), RandomChoices(seed), ())
        if mutant is not None:
            assert "tb.tb_lasti // 2" in mutant.source
            assert "(n - 1, tb.tb_next.tb_lasti)" in mutant.source
            found.add(mutant.source)
    assert len(found) > 20


def test_no_mutant_looks_at_all_objects_otherwise_than_its_program():
    source = """
import gc
def found(name, n):
    n = 1 + n * 2 - 3
    return [
        each
        for each in gc.get_objects()
        if type(each).__name__ == name
    ]
"""
    line = "[each for each in gc.get_objects() if type(each).__name__ == name]"
    made = [operators.mutate(Program(source), RandomChoices(seed), ()) for seed in range(200)]
    found = {mutant.source for mutant in made if mutant is not None}
    assert len(found) > 5
    assert all(line in each for each in found)


def test_every_operator_is_used():
    text = " ".join(mutant.source for _, mutant in mutants("operators", [HAND_WRITTEN], 600))
    for sign in (" + ", " - ", " & ", " | ", " ^ ", " // ", " % ", " / ", " >> "):
        assert sign in text
    compared = "def f(a):\n    return a < 1, -a\n"
    found = (
        operators.mutate(Program(source=compared), RandomChoices(seed), []) for seed in range(200)
    )
    text = " ".join(mutant.source for mutant in found if mutant)
    for sign in ("<", "<=", "==", "!=", ">", ">=", "is", "is not"):
        assert f"a {sign} 1" in text
    for sign in ("+a", "~a", "not a"):
        assert sign in text


def test_a_new_tail_leaves_the_head():
    base = CORPUS[3]
    kept = []
    for seed in range(40):
        mutant = MUTATORS["choice-tail"](base, RandomChoices(seed), [])
        if mutant is None:
            continue
        pairs = zip(base.choices, mutant.choices, strict=False)
        kept.append(next((at for at, (a, b) in enumerate(pairs) if a != b), len(base.choices)))
    assert max(kept) > len(base.choices) / 2
    assert min(kept) < len(base.choices) / 4


def test_places_of_expressions_leave_out_targets_and_format_strings():
    tree = ast.parse("x.y = f'{a}' + b[c]\nfor z in w: pass\n")
    names = {node.id for *_, node in expressions(tree) if isinstance(node, ast.Name)}
    assert names == {"x", "b", "c", "w"}


def test_other_distributions_add_mutators(monkeypatch):
    class Entry:
        name = "theirs"
        value = "their.module:mutate"

        @staticmethod
        def load():
            return wrap.mutate

    monkeypatch.setattr(
        "pyjit_fuzz.mutate.entry_points", lambda group: [Entry] * (group == "pyjit_fuzz.mutators")
    )
    assert load_mutators() == {**MUTATORS, "theirs": wrap.mutate}
    Entry.name = "constants"
    with pytest.raises(ValueError, match=r"two mutators are called 'constants'"):
        load_mutators()


def test_our_mutators_load_from_the_installed_metadata():
    assert set(MUTATORS) <= set(load_mutators())
    assert all(entry.name for entry in metadata.entry_points(group="pyjit_fuzz.mutators"))


def test_every_mutator_is_in_the_table():
    files = {module.name for module in pkgutil.iter_modules(mutate.__path__)} - {"base"}
    assert {f.__module__.rpartition(".")[2] for f in MUTATORS.values()} == files
