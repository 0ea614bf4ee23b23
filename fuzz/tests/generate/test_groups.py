"""Exception groups: raised, split, nested, the rest raised again; nothing gets out."""

from __future__ import annotations

import ast

from pyjit_fuzz.generate.scope import Frame
from pyjit_fuzz.generate.statements.groups import ARMS, LEAVES, except_star, group
from pyjit_fuzz.generate.surprises.groups import changing


def test_groups_are_groups_and_some_are_nested(build, execute):
    nested = 0
    for seed in range(60):
        b = build(seed)
        b.emit(f"GROUP = {group(b)}")
        namespace = execute(b)
        found = namespace["GROUP"]
        assert isinstance(found, ExceptionGroup)
        nested += any(isinstance(part, ExceptionGroup) for part in found.exceptions)
        assert namespace["shape"](found)[0] == "ExceptionGroup"
    assert 5 < nested < 55


def test_nothing_gets_out_of_the_statement_and_the_log_tells_of_it(build, execute):
    text, logs = "", set()
    for seed in range(200):
        b = build(seed)
        b.emit("def use():")
        saved = b.enter(Frame(None, 200, 0), b.scope)
        assert except_star(b)
        b.leave(saved)
        b.emit("use()")
        text += "\n".join(b.lines)
        logs.add(repr(execute(b)["LOG"]))
    assert len(logs) > 100
    for part in (*(f"except* {arm} as" for arm in ARMS), *(f"{leaf}(" for leaf in LEAVES)):
        assert part in text


def test_without_the_feature_no_group_is_nested(build):
    for seed in range(60):
        tree = ast.parse(group(build(seed, features=())), mode="eval")
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        assert sum(call.func.id == "ExceptionGroup" for call in calls) == 1


def test_scenes_of_groups_run(build, execute):
    answers = set()
    for seed in range(60):
        b = build(seed)
        assert changing(b)
        b.emit(f"OUT = {b.records['scenes'][-1]}()")
        answers.add(repr(execute(b)["OUT"]))
    assert len(answers) > 40
