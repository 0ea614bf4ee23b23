"""Slices: bounds of every kind, and of tuples often enough."""

from __future__ import annotations

import ast

import pytest

from pyjit_fuzz.generate import types as t
from pyjit_fuzz.generate.expressions import slices


@pytest.mark.parametrize("whole", ["[1, 2, 3, 4]", "(1, 2, 3, 4)", '"abcd"'])
def test_bounds_slice_anything(whole, build, execute):
    sizes = set()
    for seed in range(150):
        b = build(seed)
        b.emit(f"PART = {whole}[{slices.bounds(b, 1)}]")
        sizes.add(len(execute(b)["PART"]))
    assert sizes == {0, 1, 2, 3, 4}


def test_bounds_are_negative_out_of_range_and_left_out(build):
    lower, upper, steps = set(), set(), set()
    for seed in range(400):
        tree = ast.parse(f"x[{slices.bounds(build(seed), 0)}]", mode="eval")
        part = tree.body.slice
        for found, node in ((lower, part.lower), (upper, part.upper), (steps, part.step)):
            found.add(None if node is None else ast.unparse(node))
    for found in (lower, upper, steps):
        assert None in found
        assert any(text and text.startswith("-") for text in found)
    assert {"100", "1 << 70"} <= lower
    assert {"-1", "-2", "100"} <= steps
    assert "0" not in steps


@pytest.mark.parametrize(
    "type_", [t.tuple_of(t.INT, t.INT), t.tuple_of(t.INT, t.STR), t.tuple_of(t.INT)], ids=str
)
def test_a_tuple_keeps_its_type(type_, build, execute):
    for seed in range(60):
        b = build(seed)
        var = b.assign(type_)
        b.emit(f"PART = {slices.same_tuple(b, type_, 1)[0]}")
        namespace = execute(b)
        kinds = [type(item) for item in namespace["PART"]]
        assert kinds == [type(item) for item in namespace[var.name]]


def test_tuples_are_sliced_in_many_programs(batch):
    # What the planted fault "crash" needs to be found without a corpus.
    having = 0
    for program in batch:
        having += any(
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Slice)
            and isinstance(node.value, ast.Tuple)
            for node in ast.walk(ast.parse(program.source))
        )
    assert having > 0.15 * len(batch)
