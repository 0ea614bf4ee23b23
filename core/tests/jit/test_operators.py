"""Which helper an operator of compiled code calls, by what its left operand was."""

from decimal import Decimal

import pytest

import pyjit_core


class Own:
    def __add__(self, other):
        return self


@pytest.fixture(autouse=True)
def _at_once():
    before = pyjit_core.config.compile_share
    pyjit_core.config.compile_share = 0
    pyjit_core.enable()
    yield
    pyjit_core.disable()
    pyjit_core.config.compile_share = before


def listing(left, right):
    """Return that of an addition that has seen these operands often."""
    namespace = {}
    exec("def add(a, b):\n    return a + b\n", namespace)
    add = namespace["add"]
    for _ in range(300):
        add(left, right)
    assert pyjit_core.is_compiled(add)
    return pyjit_core.disassemble(add)


@pytest.mark.parametrize(
    ("left", "right"),
    [(Decimal(1), 2), ([1], [2]), (10**40, 1), (1j, 2.0), (b"a", b"b")],
    ids=repr,
)
def test_types_made_in_c_go_straight_to_the_protocol(left, right):
    text = listing(left, right)
    assert "; pyjit_binary_builtin" in text
    assert "; pyjit_binary_op" not in text


def test_what_the_right_operand_is_does_not_matter():
    reflected = type("Right", (), {"__radd__": lambda self, other: self})()
    assert "; pyjit_binary_builtin" in listing(Decimal(1), reflected)


@pytest.mark.parametrize("left", [Own(), 2**40, "a"], ids=["class", "int", "str"])
def test_others_do_not(left):
    assert "; pyjit_binary_builtin" not in listing(left, left)
