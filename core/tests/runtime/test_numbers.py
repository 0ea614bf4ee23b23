"""Arithmetic and comparison: each helper against the operator, for every pair of many values."""

from __future__ import annotations

import itertools
import math
import opcode
import operator
import re
import sys

import pytest

INTS = [
    *(0, 1, -1, 2, -3, 7, -7, 29, 30, 31, 32, 33, 34, 40, 63, 64, 255, 256, 257, -5, -6),
    *(
        sign * (2**bits + delta)
        for sign in (1, -1)
        for bits in (30, 31, 60, 62, 64)
        for delta in (-1, 0, 1)
    ),
    10**40,
]
FLOATS = [
    *(0.0, -0.0, 1.0, -1.0, 0.5, 1.5, -2.25, 3.0, 1e16, 1e308, -1e308, 5e-324, 2.2e-308),
    *(math.inf, -math.inf, math.nan, 2.0**30, 2.0**53),
]


class Loud:
    """Takes part in every operation and says so."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"Loud({self.name})"


def answer(name):
    return lambda *operands: (name, repr(operands))


for _name in (
    "add",
    "sub",
    "mul",
    "matmul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "lshift",
    "rshift",
):
    for _prefix in ("", "r", "i"):
        setattr(Loud, f"__{_prefix}{_name}__", answer(_prefix + _name))
for _name in ("lt", "le", "eq", "ne", "gt", "ge"):
    setattr(Loud, f"__{_name}__", answer(_name))


class IntOfOurs(int):
    def __add__(self, other):
        return "added by subclass"

    def __radd__(self, other):
        return "added by subclass, reversed"

    def __eq__(self, other):
        return "compared by subclass"

    __hash__ = int.__hash__


OTHERS = [
    *(True, False, None, "", "a", "ab", "ä", "\U0001f600", b"a", (), (1,), 1j),
    *(IntOfOurs(3), Loud("x"), Loud("y"), float("nan"), frozenset({1})),
]
VALUES = [*INTS, *FLOATS, *OTHERS]
OPERATORS = [text for _, text in opcode._nb_ops]
COMPARISONS = list(opcode.cmp_op)


def is_huge(text, left, right):
    """Results of many megabytes say nothing more and take time."""
    if text.startswith("<<"):
        return isinstance(right, int) and 10**4 < right < 2**62
    if text.startswith("**"):
        return isinstance(right, int) and abs(right) > 300
    if text.startswith("*"):
        sizes = [v for v in (left, right) if isinstance(v, int)]
        return len(sizes) == 1 and 10**4 < sizes[0] < 2**62
    return False


def stock(text, inplace):
    namespace = {}
    body = f"left {text} right; return left" if inplace else f"return left {text} right"
    exec(f"def operation(left, right):\n    {body}\n", namespace)
    return namespace["operation"]


@pytest.mark.parametrize("oparg", range(len(OPERATORS)), ids=OPERATORS)
def test_binary_op_is_the_operator(h, outcome, oparg):
    text = OPERATORS[oparg]
    operation = stock(text, text.endswith("="))
    site = h.Site()
    for left, right in itertools.product(VALUES, VALUES):
        if is_huge(text, left, right):
            continue
        expected = outcome(operation, left, right)
        assert outcome(h.binary_op, site, left, right, oparg) == expected, (left, text, right)
        assert outcome(h.binary_op, None, left, right, oparg) == expected
        assert outcome(h.binary_builtin, site, left, right, oparg) == expected


@pytest.mark.parametrize("op", range(6), ids=COMPARISONS[:6])
def test_compare_is_the_comparison(h, outcome, op):
    operation = stock(COMPARISONS[op], inplace=False)
    site = h.Site()
    for left, right in itertools.product(VALUES, VALUES):
        expected = outcome(operation, left, right)
        assert outcome(h.compare, site, left, right, op) == expected, (left, COMPARISONS[op], right)
        truth = outcome(lambda: int(bool(operation(left, right))))  # noqa: B023
        assert outcome(h.compare_bool, None, left, right, op) == truth


def test_comparison_that_is_no_bool(h):
    class Odd:
        def __eq__(self, other):
            return []

        __hash__ = None

    class Bad:
        def __lt__(self, other):
            return self

        def __bool__(self):
            raise ValueError("no truth")

    odd = Odd()
    assert h.compare(None, odd, odd, 2) == []
    assert h.compare_bool(None, odd, odd, 2) == 0  # identical objects need not be equal
    assert h.compare_bool(None, math.nan, math.nan, 2) == 0
    with pytest.raises(ValueError, match="no truth"):
        h.compare_bool(None, Bad(), 1, 0)


def test_in_place_lists_stay_the_same_object(h):
    numbers = [1]
    assert h.binary_op(None, numbers, [2], OPERATORS.index("+=")) is numbers
    assert h.binary_op(None, numbers, [3], OPERATORS.index("+")) is not numbers
    assert numbers == [1, 2]


def test_sites_record_types(h):
    site = h.Site()
    h.binary_op(site, 1, 2.0, 0)
    assert (site.seen_left, site.seen_right) == (h.SEEN_INT, h.SEEN_FLOAT)
    h.compare(site, 2**60, "a", 2)
    assert (site.seen_left, site.seen_right) == (
        h.SEEN_INT | h.SEEN_BIGINT,
        h.SEEN_FLOAT | h.SEEN_STR,
    )
    site = h.Site()
    h.compare_bool(site, 2**30 - 1, True, 2)
    assert (site.seen_left, site.seen_right) == (h.SEEN_INT, h.SEEN_BUILTIN)
    h.compare(site, re.compile(""), Loud(0), 2)
    assert site.seen_left == h.SEEN_INT | h.SEEN_BUILTIN  # a heap type, but made in C
    assert site.seen_right == h.SEEN_OTHER | h.SEEN_BUILTIN


def test_float_power(h, outcome):
    for left, right in itertools.product(FLOATS, FLOATS):
        expected = outcome(operator.pow, left, right)
        assert outcome(h.float_power, left, right) == expected, (left, right)


def test_new_numbers(h):
    for value in (0, -5, -6, 256, 257, 2**30, -(2**63), 2**63 - 1):
        assert h.int_new(value) == value
        assert type(h.int_new(value)) is int
    assert h.int_new(256) is int("256")
    assert repr(h.float_new(-0.0)) == "-0.0"


def test_truth(h, outcome):
    class Silent:
        def __len__(self):
            return -1

    for value in (*VALUES, [], [0], {}, {1: 1}, Silent()):
        assert outcome(h.is_true, value) == outcome(lambda: int(bool(value)))  # noqa: B023


def test_small_results_keep_no_reference(h):
    value = 2.5 * len(sys.argv)
    before = sys.getrefcount(value)
    for op in range(len(OPERATORS)):
        if OPERATORS[op].rstrip("=") in {"+", "-", "*", "/", "//", "%", "**"}:
            for _ in range(10):
                h.binary_op(None, value, value, op)
                h.compare(None, value, value, op % 6)
    assert sys.getrefcount(value) == before
