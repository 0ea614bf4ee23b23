"""Exchanging operators: the ones that are meant, and no others."""

import ast

import pytest

from pyjit_fuzz.reduce import OPERATORS, exchange

SOURCE = """
def f(a, b):
    c = a + b * 2
    c += b
    c[0] += a
    return (a + 1) + (b - 1)
def g(a):
    return a + 1 < 3
"""


def test_all_places_in_the_functions_are_exchanged_and_no_others():
    changed = exchange(SOURCE, ["f"], "add", "sub")
    assert changed.splitlines() == [
        "def f(a, b):",
        "    c = a - b * 2",
        "    c = c - b",
        "    c[0] += a",
        "    return a - 1 - (b - 1)",
        "",
        "def g(a):",
        "    return a + 1 < 3",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("lt", "ge", "    return a + 1 >= 3"),
        ("lt", "mul", "    return (a + 1) * 3"),
        ("add", "eq", "    return (a == 1) < 3"),
    ],
)
def test_comparisons_and_operations_may_take_each_others_place(old, new, line):
    assert exchange(SOURCE, ["g"], old, new).splitlines()[-1] == line


@pytest.mark.parametrize(("functions", "old"), [(["f"], "mod"), (["h"], "add"), ([], "add")])
def test_where_nothing_is_to_exchange_the_text_is_the_same(functions, old):
    assert exchange(SOURCE, functions, old, "sub") == SOURCE


@pytest.mark.parametrize("new", OPERATORS)
@pytest.mark.parametrize("old", OPERATORS)
def test_every_operator_can_stand_in_the_place_of_every_other(old, new):
    (plain,) = ast.parse(exchange("def f(a, b):\n    return a + b\n", ["f"], "add", old)).body
    source = f"{ast.unparse(plain)}\n"
    (function,) = ast.parse(exchange(source, ["f"], old, new)).body
    value = function.body[0].value
    (operator,) = value.ops if isinstance(value, ast.Compare) else (value.op,)
    assert isinstance(operator, OPERATORS[new])
