"""Generators, coroutines and asynchronous generators, and what programs do with them."""

from __future__ import annotations

import gc
import inspect
import re

import pytest

from pyjit_fuzz.generate import types as t
from pyjit_fuzz.generate.builder import ASYNC_GENERATOR, COROUTINE, GENERATOR
from pyjit_fuzz.generate.classes.define import define_class, generator_method
from pyjit_fuzz.generate.functions import Suspended
from pyjit_fuzz.generate.program import LANGUAGE
from pyjit_fuzz.generate.scope import Frame
from pyjit_fuzz.generate.statements.generators import STEPS, by_hand, nested
from pyjit_fuzz.generate.surprises import SURPRISES, coroutines, delegation, generators
from pyjit_fuzz.generate.suspended import define

KINDS = {
    GENERATOR: (define.generator, inspect.isgeneratorfunction),
    COROUTINE: (define.coroutine, inspect.iscoroutinefunction),
    ASYNC_GENERATOR: (define.async_generator, inspect.isasyncgenfunction),
}
PYTHON_TYPES = {"int": int, "float": (float, int), "str": str, "bool": (bool, int)}
ROWS = [
    (kind, production)
    for kind, table in LANGUAGE.suspended.items()
    for _, _, production in table.rows
]
SCENES = [
    scene
    for _, _, scene in SURPRISES.rows
    if scene.__module__ in {part.__name__ for part in (coroutines, delegation, generators)}
]

# Some generators yield in ``finally``: dropped, they say so.
DROPPED = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _dropped_here():
    """Let what a test has dropped die within it, not within some later test."""
    yield
    gc.collect()


def call(b, function):
    """Return the text of a call with plain values for the parameters."""
    texts = []
    for param in function.params:
        value = b.text(param.type, 0)
        texts.append(f"{param.name}={value}" if param.kind == "keyword" else value)
    return f"{function.name}({', '.join(texts)})"


@pytest.mark.parametrize("kind", KINDS)
def test_definitions_are_of_their_kind(kind, build, execute):
    define_one, is_of_kind = KINDS[kind]
    for seed in range(60):
        b = build(seed)
        assert define_one(b)
        assert is_of_kind(execute(b)[b.suspended[kind][-1].name]), b.lines


def test_generators_yield_what_they_say(build, execute):
    longest = 0
    for seed in range(150):
        b = build(seed)
        define.generator(b)
        define.generator(b)
        function = b.suspended[GENERATOR][-1]
        b.emit(f"ITEMS = list({call(b, function)})")
        items = execute(b)["ITEMS"]
        longest = max(longest, len(items))
        assert len(items) <= function.length
        kind = PYTHON_TYPES[function.item.kind]
        assert all(isinstance(item, kind) for item in items), (seed, items)
    assert longest > 10


@DROPPED
def test_coroutines_return_what_they_say(build, execute):
    suspended = 0
    for seed in range(100):
        b = build(seed)
        define.async_generator(b)
        define.coroutine(b)
        define.coroutine(b)
        b.needs.add("Pause")
        function = b.suspended[COROUTINE][-1]
        b.emit(f"VALUES = drive({call(b, function)})")
        b.emit(f"co = {call(b, function)}")
        b.emit("try:")
        b.emit("    co.send(None)")
        b.emit("    SUSPENDED = True")
        b.emit("except StopIteration:")
        b.emit("    SUSPENDED = False")
        namespace = execute(b)
        assert isinstance(namespace["VALUES"][0], PYTHON_TYPES[function.returns.kind])
        suspended += namespace["SUSPENDED"]
    assert suspended > 50


@pytest.mark.parametrize(("kind", "production"), ROWS, ids=lambda p: getattr(p, "__name__", p))
def test_each_row_suspends_and_accounts_for_it(kind, production, build):
    applied = 0
    for seed in range(40):
        b = build(seed)
        for define_one, _ in KINDS.values():
            define_one(b)
        frame = Frame(t.INT, 500, 1000)
        frame.suspends = kind
        if kind != COROUTINE:
            frame.item = t.INT
        saved = b.enter(frame, b.scope)
        start, cost = len(b.lines), frame.cost
        if production(b):
            applied += 1
            text = "\n".join(b.lines[start:])
            assert "yield" in text or "await" in text or "async " in text, text
            assert frame.cost > cost
            # What a generator within it yields is not its own.
            assert frame.items or "yield" not in text or "def " in text or kind == COROUTINE
        else:
            assert len(b.lines) == start
            assert frame.cost == cost
        b.leave(saved)
    assert applied >= 5


@DROPPED
@pytest.mark.parametrize(
    "scene", SCENES, ids=lambda scene: f"{scene.__module__.rpartition('.')[2]}-{scene.__name__}"
)
def test_scenes_run_and_find_something(scene, build, execute):
    seen = set()
    too_dear = 0
    for seed in range(40):
        b = build(seed)
        for define_one, _ in KINDS.values():
            define_one(b)
        if not scene(b):
            too_dear += 1
            continue
        b.emit(f"OUT = {b.records['scenes'][-1]}()")
        namespace = execute(b)
        assert namespace["OUT"]
        seen.add(repr(namespace["OUT"]))
    assert len(seen) > 5
    assert too_dear < 5


def test_scenes_of_generators_want_a_generator(build):
    for scene in (generators.exhausted, generators.driven, coroutines.driven):
        b = build(1)
        assert not scene(b)
        assert b.lines == []


@DROPPED
def test_generators_are_driven_in_every_way_by_hand(build, execute):
    text = ""
    for seed in range(120):
        b = build(seed)
        define.generator(b)
        b.emit("def use():")
        saved = b.enter(Frame(None, 400, 1000), b.scope)
        if by_hand(b):
            text += "\n".join(b.lines)
            b.leave(saved)
            b.emit("use()")
            assert len(execute(b)["LOG"]) > 1
    for step in STEPS:
        pattern = re.escape(step.format(g="GI", n="7")).replace("GI", r"gi\d+").replace("7", r"\d")
        assert re.search(pattern, text), step


def test_the_event_loop_interleaves_and_keeps_exceptions(build, execute):
    b = build(1)
    b.needs.update(("Pause", "Oops", "AGuard", "Ticker"))
    b.lines += """\
async def count(name, stop):
    async with AGuard(name):
        async for n in Ticker(2):
            note((name, n))
        return fail(name) if stop else name
RESULTS = drive(count("a", False), count("b", True))
""".splitlines()
    namespace = execute(b)
    assert namespace["RESULTS"] == ["a", ("Oops", ("b",))]
    log = namespace["LOG"][1:]
    assert log[:4] == [("aenter", "a", 1), ("aenter", "b", 1), ("a", 1), ("b", 1)]
    assert ("aexit", "b", "Oops") in log


def test_half_of_the_programs_do_without_generators(batch):
    having = sum("generator-function" in program.features for program in batch)
    assert 0.15 < having / len(batch) < 0.5


def test_callers_see_functions_that_can_be_suspended_apart(build):
    b = build(5)
    define.generator(b)
    assert b.functions == []
    assert isinstance(b.suspended[GENERATOR][0], Suspended)


@DROPPED
def test_generators_see_the_locals_around_them(build, execute):
    rebound = 0
    for seed in range(80):
        b = build(seed)
        b.emit("def use():")
        saved = b.enter(Frame(t.INT, 400, 1000), b.scope)
        b.assign(t.INT)
        b.assign(t.SMALL)
        assert nested(b)
        b.leave(saved)
        b.emit("use()")
        rebound += "nonlocal" in "\n".join(b.lines)
        names = [name for name in execute(b)["use"].__code__.co_consts if hasattr(name, "co_flags")]
        assert any(code.co_flags & inspect.CO_GENERATOR for code in names)
    assert 10 < rebound < 75


def test_methods_can_be_generators(build, execute):
    for seed in range(60):
        b = build(seed, features=())
        info = define_class(b)
        b.level = 1
        assert generator_method(b, info)
        b.level = 0
        b.emit(f"o = {b.text(info.type, 0)}")
        operations = info.operations[-3:]
        for number, operation in enumerate(operations):
            operands = [b.operand(kind, 1) for kind in operation.arguments]
            b.emit(f"VALUE{number} = {operation.template.format(*operands, o='o')}")
        namespace = execute(b)
        for number, operation in enumerate(operations):
            kind = PYTHON_TYPES[operation.result.kind]
            assert isinstance(namespace[f"VALUE{number}"], kind)
        assert namespace["VALUE2"] >= 1
