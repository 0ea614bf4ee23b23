"""The parts: tables, types, scopes, features, prelude."""

from __future__ import annotations

import ast

import pytest

from pyjit_fuzz.generate import RandomChoices, ReplayChoices
from pyjit_fuzz.generate import types as t
from pyjit_fuzz.generate.builder import Builder
from pyjit_fuzz.generate.classes.define import MEMBERS
from pyjit_fuzz.generate.classes.dunders import DUNDERS
from pyjit_fuzz.generate.expressions import BOUNDERS, EXPRESSIONS
from pyjit_fuzz.generate.features import FEATURES, GROUPS, SWITCHED, draw_features
from pyjit_fuzz.generate.functions import VALUE_TYPES
from pyjit_fuzz.generate.prelude import HELPERS, prelude
from pyjit_fuzz.generate.program import DEFINITIONS, LANGUAGE
from pyjit_fuzz.generate.scope import Frame, Scope, Var
from pyjit_fuzz.generate.statements import STATEMENTS
from pyjit_fuzz.generate.surprises import SURPRISES
from pyjit_fuzz.generate.table import Table

TABLES = [
    *EXPRESSIONS.values(),
    *LANGUAGE.suspended.values(),
    STATEMENTS,
    SURPRISES,
    DUNDERS,
    MEMBERS,
    DEFINITIONS,
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_rows_name_known_features(table):
    assert {feature for _, feature, _ in table.rows} <= {"", *FEATURES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_swarm_with_nothing_on_still_has_productions(table):
    rows = table.rows_for(frozenset())
    assert rows
    assert all(feature == "" for feature, _ in rows)
    assert len(table.rows_for(frozenset(FEATURES))) >= len(rows)


def test_every_kind_of_type_has_a_table_and_a_bounder():
    kinds = {type_.kind for _, types in VALUE_TYPES for type_ in types}
    assert kinds <= set(EXPRESSIONS)
    assert set(EXPRESSIONS) == set(BOUNDERS)


def test_a_table_must_start_with_what_always_applies():
    with pytest.raises(ValueError, match="first row"):
        Table("broken", [(1, "float", None)])
    with pytest.raises(ValueError, match="first row"):
        Table("empty", [])


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize(
    "type_", [t.SMALL, t.INT, t.FLOAT, t.STR, t.BOOL, t.INTS, t.record_of(t.INT)], ids=str
)
def test_expressions_have_the_type_that_was_wanted(type_, seed):
    b = Builder(RandomChoices(seed), LANGUAGE, frozenset(FEATURES))
    text = b.text(type_, 3)
    namespace = {}
    exec(prelude(b.needs), namespace)
    value = eval(text, namespace)
    expected = {"int": int, "float": (float, int), "bool": bool, "vector": list, "record": dict}
    assert isinstance(value, expected.get(type_.kind, str))
    if type_.kind == "int":
        assert abs(int(value)).bit_length() <= type_.limit + 8
    elif type_.kind == "vector":
        assert t.VECTOR_LENGTH <= len(value) <= type_.limit
    elif type_.kind == "record":
        assert set(t.RECORD_KEYS) <= set(value)
    elif type_.kind == "str":
        assert len(value) <= type_.limit


def test_types_are_interned():
    assert t.vector_of(t.INT) is t.vector_of(t.INT)
    assert t.vector_of(t.INT) is not t.vector_of(t.STR)
    assert t.vector_of(t.INT) in t.list_of(t.INT).accepts


def test_a_block_forgets_its_variables():
    scope = Scope()
    kept = scope.add(Var("kept", t.SMALL))
    mark = scope.mark()
    scope.add(Var("gone", t.INT))
    assert [var.name for var in scope.find(t.INT)] == ["gone", "kept"]
    scope.release(mark)
    assert scope.find(t.INT) == [kept]


def test_inner_functions_cannot_rebind_what_they_inherit():
    outer = Scope()
    outer.add(Var("x", t.INT, mutable=True))
    inner = Scope(outer.stack)
    assert inner.mutable() == []
    assert [var.name for var in outer.mutable()] == ["x"]


def test_a_frame_counts_what_loops_multiply():
    frame = Frame(None, 100, 1)
    before = frame.cost
    frame.mult = 10
    frame.charge(3)
    assert frame.cost == before + 30
    assert not frame.affords(10)


def test_features_are_drawn_as_one_choice_a_group():
    source = ReplayChoices((0b1,) + (0,) * len(GROUPS))
    assert draw_features(source) == {"float"}
    assert len(source.sequence) == len(GROUPS)
    assert draw_features(ReplayChoices(())) == frozenset()
    surprises = [0] * len(GROUPS)
    surprises[list(GROUPS).index("class-surprises")] = (1 << len(GROUPS["class-surprises"])) - 1
    assert draw_features(ReplayChoices(surprises)) == {"class", *GROUPS["class-surprises"]}


@pytest.mark.parametrize("group", sorted(SWITCHED))
def test_a_group_can_be_switched_off_as_a_whole(group):
    names = GROUPS[group]
    at = list(GROUPS).index(group)
    everything = (1 << len(names)) - 1
    off = ReplayChoices((0,) * at + (everything,))
    assert draw_features(off) == frozenset()
    on = ReplayChoices((0,) * at + (everything + 1,))
    assert draw_features(on) == {names[0]}
    whole = ReplayChoices((0,) * at + (2 * everything + 1,))
    assert draw_features(whole) == set(names)


def test_feature_names_are_unique():
    assert len(set(FEATURES)) == len(FEATURES)


@pytest.mark.parametrize("name", HELPERS)
def test_each_helper_stands_alone(name):
    ast.parse(prelude({name}))
    exec(prelude({name, "import math"}), {})
