"""``match`` statements: patterns fit their types, every form occurs, nothing is irrefutable."""

from __future__ import annotations

import ast

import pytest

from pyjit_fuzz.generate import types as t
from pyjit_fuzz.generate.classes.define import define_class
from pyjit_fuzz.generate.patterns import FREE, PATTERNS
from pyjit_fuzz.generate.scope import Frame
from pyjit_fuzz.generate.statements.matching import match
from pyjit_fuzz.generate.surprises.matching import CHANGES, SUBJECTS, any_subject

SUBJECT_TYPES = [
    t.INT,
    t.FLOAT,
    t.STR,
    t.BOOL,
    t.tuple_of(t.INT, t.STR),
    t.INTS,
    t.list_of(t.INT),
    t.record_of(t.INT),
]
PYTHON_TYPES = {"int": int, "float": float, "str": str, "bool": bool, "list": list}


@pytest.mark.parametrize("type_", SUBJECT_TYPES, ids=str)
def test_what_a_pattern_binds_has_its_type(type_, build, execute):
    matched = bound = 0
    for seed in range(150):
        b = build(seed)
        pattern, variables = PATTERNS[type_.kind](b, type_, 2)
        b.emit("BOUND = None")
        b.emit(f"match {b.text(type_, 1)}:")
        b.emit(f"    case {pattern}:")
        b.emit(f"        BOUND = [{', '.join(var.name for var in variables)}]")
        # A second case is an error of syntax if the first one is irrefutable.
        b.emit("    case _:")
        b.emit("        pass")
        values = execute(b)["BOUND"]
        if values is not None:
            matched += 1
            bound += len(values)
            for var, value in zip(variables, values, strict=True):
                assert isinstance(value, PYTHON_TYPES[var.type.kind]), (pattern, value)
    assert matched > 15
    assert bound > 10


def test_class_patterns_match_instances(build, execute):
    matched = 0
    for seed in range(80):
        b = build(seed)
        info = define_class(b)
        pattern, variables = PATTERNS["object"](b, info.type, 2)
        b.emit(f"match {b.text(info.type, 1)}:")
        b.emit(f"    case {pattern}:")
        b.emit(f"        BOUND = [{', '.join(var.name for var in variables)}]")
        b.emit("    case _:")
        b.emit("        BOUND = None")
        matched += execute(b)["BOUND"] is not None
    assert matched > 20


def test_statements_have_guards_stars_alternatives_and_captures(build):
    kinds = set()
    for seed in range(200):
        b = build(seed)
        define_class(b)
        b.emit("def use():")
        b.frame = Frame(t.INT, 200, 1000)
        b.level, b.room = 1, 60
        assert match(b)
        for node in ast.walk(ast.parse("\n".join(b.lines))):
            if isinstance(node, ast.match_case) and node.guard is not None:
                kinds.add("guard")
            if isinstance(node, ast.pattern):
                kinds.add(type(node).__name__)
    assert kinds == {
        "guard",
        "MatchAs",
        "MatchClass",
        "MatchMapping",
        "MatchOr",
        "MatchSequence",
        "MatchSingleton",
        "MatchStar",
        "MatchValue",
    }


def test_scenes_of_match_see_every_subject_case_and_change(build, execute):
    text, answers = "", set()
    for seed in range(120):
        b = build(seed)
        assert any_subject(b)
        text += "\n".join(b.lines)
        b.emit(f"OUT = {b.records['scenes'][-1]}()")
        answers.add(repr(execute(b)["OUT"]))
    assert len(answers) > 80
    for template in (*FREE, *SUBJECTS, *CHANGES):
        for part in template.format(point="Point1").split("Point1"):
            assert part in text
