"""Outlining: what can go is moved out of the functions that matter, and nothing else changes."""

import ast

import pytest

from pyjit_fuzz.reduce import MOVED, outline

EVERYTHING = '''"""Text."""
from __future__ import annotations

class A:
    n = 3
    m = n + 1
    def __init__(self, x):
        self.x = x
    def g(self):
        super().__init__(len(self.x))
        self.x += 1
        return [self.x * y for y in range(self.x + 1) if y > self.n]
    def h(self):
        return self.__x + 1
def f(x, *, k=1 + 1):
    t = 0
    d = {i: i for i in range(9)}
    for i in range(x):
        t += i * k
        del d[i + 1]
        d[i], d[-1] = i, -i
    def h(a=t):
        return a + x
    if (w := x + 1) > 2:
        t += w
    return (lambda z: z - x)(t) + h(), f"{t + 1:{x}}", d
def gen(a):
    b = yield a + 1
    yield from [a, b]
class B(A):
    def __init__(self, x):
        self.x = x
A.g.__defaults__ = ()
B.g = lambda self: [self.x * y for y in range(self.x + 1) if y > self.n]
RESULT = [f(3), B(3).g(), [*gen(1)], A.m]
'''
FUNCTIONS = ["A", "A.g", "A.h", "f", "f.<locals>.h", "f.<locals>.<lambda>", "gen", "<lambda>"]


def result_of(source):
    names = {"__name__": "outlined"}
    exec(source, names)
    return names["RESULT"]


def moved(source, functions, shows=lambda _: True):
    """Outline and return the bodies of what was moved, as text."""
    return [
        "; ".join(ast.unparse(each) for each in node.body)
        for node in ast.parse(outline(source, functions, shows).source).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith(MOVED)
    ]


@pytest.mark.parametrize("functions", [[*FUNCTIONS, "<module>"], FUNCTIONS, ["f"], ["<module>"]])
def test_an_outlined_program_does_the_same(functions):
    done = outline(EVERYTHING, functions, lambda source: bool(compile(source, "", "exec")))
    assert done.source.count(f"def {MOVED}") >= 3
    assert result_of(done.source) == result_of(EVERYTHING)


def test_nothing_is_moved_that_the_difference_goes_away_with():
    done = outline(EVERYTHING, FUNCTIONS, lambda _: False)
    assert done.source == EVERYTHING
    assert ast.dump(ast.parse(done.rest)) == ast.dump(ast.parse(EVERYTHING))


def test_what_stays_is_what_was_needed():
    source = "def f(a, b):\n    c = a * 2 - b\n    c += 1\n    a.x = b % c\n    return c\nf(1, 2)\n"
    needs = []

    def shows(changed):
        (function,) = (node for node in ast.parse(changed).body if getattr(node, "name", "") == "f")
        needs.append(changed)
        return " - " in ast.unparse(function)

    done = outline(source, ["f"], shows)
    left = [f"c = {MOVED}0 - b", f"c = {MOVED}1", f"{MOVED}2", "return c"]
    assert done.rest == "\n    ".join(["def f(a, b):", *left]) + "\nf(1, 2)\n"
    assert len(needs) > 3


def test_only_the_chosen_functions_are_touched():
    source = "def f(a):\n    return [a + b for b in c(a)]\nRESULT = f(1) + 2\n"
    comprehension = "f.<locals>.<listcomp>"
    assert moved(source, ["f"]) == ["return [a + b for b in c(a)]"]
    assert moved(source, [comprehension]) == ["return a + b"]
    assert moved(source, ["<module>"]) == ["return f(1) + 2"]
    assert moved(source, ["g"]) == []


@pytest.mark.parametrize(
    "body",
    [
        "return (yield a + b)[0:1]",
        "return (c := a)",
        "return super().x",
        "return self.__x",
        "for a in b: pass",
        "a = b = a",
    ],
)
def test_what_means_something_else_elsewhere_stays(body):
    inside = f"def f(a, b, self):\n    {body}\n"
    left = [text for text in moved(inside, ["f"]) if text != "return a + b"]
    assert left == []


def test_a_text_that_is_no_program_comes_back():
    assert outline("def f(:\n", ["f"], lambda _: True).source == "def f(:\n"
