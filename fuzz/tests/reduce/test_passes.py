"""Each pass does what its name says, seen through whole reductions with small predicates."""

import ast
import textwrap

import pytest

from pyjit_fuzz.model import Program
from pyjit_fuzz.reduce import Budget, Gate, line_count, reduce
from pyjit_fuzz.reduce.choices import delete_spans, minimise_values, zero_spans
from pyjit_fuzz.reduce.definitions import remove_parameters, shrink_lambdas
from pyjit_fuzz.reduce.editor import Editor
from pyjit_fuzz.reduce.expressions import shrink_constants, shrink_displays, simplify_expressions
from pyjit_fuzz.reduce.inline import inline_functions, inline_temporaries
from pyjit_fuzz.reduce.names import shorten_names
from pyjit_fuzz.reduce.statements import drop_clauses, remove_statements, unwrap_blocks

POINT = """\
class Point:
    __slots__ = ('first',)
def build(value):
    point = Point()
    point.first = value
    return point
RESULT = build(value=3).first
"""
METHOD = """\
class A:
    def m(self, a):
        self.x = a
        return self.x
b = A()
c = b.m(4)
RESULT = c
"""
SHORT_POINT = """\
class A:
    __slots__ = ('c',)
def f(a):
    b = A()
    b.c = a
    return b
RESULT = f(a=3).c
"""


def run(source):
    names = {"__name__": "__main__"}
    try:
        exec(compile(source, "program.py", "exec"), names)
    except Exception:  # noqa: BLE001 - candidates fail in every way
        return None
    return names.get("RESULT")


def after(tree_pass, source, predicate):
    gate = Gate(Program(textwrap.dedent(source)), predicate, Budget())
    editor = Editor(gate)
    editor.lay_out()
    tree_pass(editor)
    return gate.best.source


@pytest.mark.parametrize(
    ("tree_pass", "source", "result", "expected"),
    [
        (remove_statements, "a = 1\nRESULT = 5\ndef f(): pass\nif a: b = 2", 5, "RESULT = 5"),
        (unwrap_blocks, "if True:\n    for i in [7]:\n        RESULT = 7", 7, "RESULT = 7"),
        (unwrap_blocks, "for i in [7]:\n    RESULT = i * 0 + 7", 7, "i = 0\nRESULT = i * 0 + 7"),
        (unwrap_blocks, "while True:\n    RESULT = 1\n    break", 1, "RESULT = 1\npass"),
        (unwrap_blocks, "try:\n    1 / 0\nexcept E:\n    pass\nfinally:\n    RESULT = 3", None, ""),
        (
            remove_parameters,
            "def f(a, b, c=1, *, d=2):\n    return b\nRESULT = f(1, 4, d=3)",
            4,
            "def f(b):\n    return b\nRESULT = f(4)",
        ),
        (
            remove_parameters,
            "class A:\n    def m(self, a, b):\n        return b\nRESULT = A().m(1, 4)",
            4,
            "class A:\n\n    def m(self, b):\n        return b\nRESULT = A().m(4)",
        ),
        (inline_temporaries, "x = [1, 2]\nRESULT = len(x)", 2, "RESULT = len([1, 2])"),
        (
            inline_functions,
            "def main():\n    x = 3\n    return x + 1\nRESULT = main()",
            4,
            "x = 3\nRESULT = x + 1",
        ),
        (
            inline_functions,
            "def add(a, b):\n    return a + b\ndef f(x):\n    return add(x, 2)\nRESULT = f(1)",
            3,
            None,
        ),
        (
            inline_functions,
            METHOD,
            4,
            "class A:\n    pass\nb = A()\nb.x = 4\nc = b.x\nRESULT = c",
        ),
        (
            inline_temporaries,
            "def f(a):\n    t = a + 1\n    return t\nt = f(1)\nRESULT = t",
            2,
            "def f(a):\n    return a + 1\nRESULT = f(1)",
        ),
        (
            shrink_lambdas,
            "f = lambda a, b=1, *c, **d: 7\nRESULT = f()",
            7,
            "f = lambda: 7\nRESULT = f()",
        ),
        (simplify_expressions, "RESULT = max(4, 1 + 2, 3)", 4, "RESULT = 4"),
        (shrink_displays, "RESULT = len([1, 2]) + len({1: 2, 3: 4}) * 0", 1, None),
        (shrink_constants, "RESULT = bool(1000)", True, "RESULT = bool(1)"),
        (shrink_constants, "RESULT = len('abc' * 3) > 5", True, "RESULT = len('abc' * 2) > 0"),
        (
            drop_clauses,
            "class B: pass\nclass A(B):\n    x: int = 1\nRESULT = A.x",
            1,
            "class B:\n    pass\n\nclass A:\n    x = 1\nRESULT = A.x",
        ),
        (
            shorten_names,
            POINT,
            3,
            SHORT_POINT,
        ),
    ],
)
def test_pass(tree_pass, source, result, expected):
    shown = after(tree_pass, source, lambda program: run(program.source) == result)
    assert run(shown) == result
    if expected is None:
        assert len(shown) < len(source)
    elif expected:
        assert ast.dump(ast.parse(shown)) == ast.dump(ast.parse(expected))


def test_a_refused_attempt_leaves_no_trace():
    source = "def f(a, b):\n    while a:\n        a -= b\n    return [a, b]\nRESULT = f(9, 3)\n"
    gate = Gate(Program(source), lambda _: False, Budget())
    editor = Editor(gate)
    for tree_pass in (
        remove_statements,
        unwrap_blocks,
        inline_functions,
        simplify_expressions,
        remove_parameters,
        inline_temporaries,
        drop_clauses,
        shrink_constants,
        shorten_names,
    ):
        tree_pass(editor)
    assert ast.dump(editor.tree) == ast.dump(ast.parse(source))
    assert gate.best.source == source
    assert gate.trials > 20


def regenerate(choices):
    """Make a program of one statement for each choice, as a generator would."""
    lines = [f"v{index} = {value}" for index, value in enumerate(choices)]
    return Program("\n".join(lines) + "\n", choices=tuple(choices))


def test_choice_passes_delete_zero_and_lower():
    start = regenerate((9, 9, 9, 9, 9, 9, 9, 9, 77, 9, 9, 9, 9, 9, 9, 9))
    gate = Gate(start, lambda program: max(program.choices, default=0) >= 40, Budget())
    delete_spans(gate, regenerate)
    assert len(gate.best.choices) < 8
    zero_spans(gate, regenerate)
    minimise_values(gate, regenerate)
    assert max(gate.best.choices) == 40
    assert sorted(gate.best.choices)[:-1] == [0] * (len(gate.best.choices) - 1)


WORDY = '''
"""A program with much around its one interesting line."""

LOG = []


class Account:
    """Holds a balance."""

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance

    def deposit(self, amount):
        try:
            if amount > 0:
                self.balance = self.balance + amount
            else:
                raise ValueError("negative")
        finally:
            LOG.append((self.owner, amount))
        return self.balance


def helper(account, amounts, unused):
    total = 0
    for index, amount in enumerate(amounts):
        total += account.deposit(amount)
        if index % 3 == 0:
            LOG.append(f"{index}: {total}")
    return total


def main():
    accounts = [Account(name) for name in ("ann", "bob", "eve")]
    answers = []
    for account in accounts:
        answers.append(helper(account, range(1, 20), unused=[1, 2, 3]))
    return {"answers": answers, "log": len(LOG)}


RESULT = main()
'''


def calls_an_addition(program):
    """Hold for programs in which a function that is called adds something to an attribute."""
    if run(program.source) is None:
        return False
    return any(
        isinstance(node, ast.FunctionDef)
        and any(
            isinstance(inner, ast.BinOp)
            and isinstance(inner.op, ast.Add)
            and isinstance(inner.left, ast.Attribute)
            for inner in ast.walk(node)
        )
        for node in ast.walk(ast.parse(program.source))
    )


def test_a_wordy_program_becomes_a_few_lines():
    small = reduce(Program(WORDY), calls_an_addition, budget=Budget(seconds=60))
    assert calls_an_addition(small)
    assert line_count(small.source) <= 4
    assert small.origin == "reduced"


def test_the_best_so_far_is_returned_when_the_budget_is_spent():
    small = reduce(Program(WORDY), calls_an_addition, budget=Budget(trials=40))
    assert calls_an_addition(small)
    assert line_count(small.source) < line_count(WORDY)


def test_a_program_that_is_not_python_is_returned_as_it_is():
    broken = Program("def f(:\n")
    assert reduce(broken, lambda _: True) == broken


def test_choices_are_reduced_before_the_tree_and_then_given_up():
    start = regenerate(tuple(range(30)))
    small = reduce(
        start,
        lambda program: any(f"= {n}\n" in program.source for n in range(20, 30)),
        regenerate=regenerate,
    )
    assert line_count(small.source) == 1
    assert small.choices == ()
