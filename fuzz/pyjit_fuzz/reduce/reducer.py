"""The reducer: which passes run, in which order, until none of them helps."""

from __future__ import annotations

from collections.abc import Callable

from pyjit_fuzz.model import Program
from pyjit_fuzz.reduce.choices import CHOICE_PASSES, Regenerate
from pyjit_fuzz.reduce.definitions import remove_parameters, shrink_lambdas
from pyjit_fuzz.reduce.editor import Editor, TreePass
from pyjit_fuzz.reduce.expressions import shrink_constants, shrink_displays, simplify_expressions
from pyjit_fuzz.reduce.gate import Budget, BudgetSpentError, Gate, Predicate, Progress
from pyjit_fuzz.reduce.inline import inline_functions, inline_temporaries
from pyjit_fuzz.reduce.measure import measure
from pyjit_fuzz.reduce.names import shorten_names
from pyjit_fuzz.reduce.statements import drop_clauses, remove_statements, unwrap_blocks

CHOICE_SHARE = 0.25
"""Part of the budget that the passes over the choice sequence may use."""

TREE_PASSES: tuple[TreePass, ...] = (
    remove_statements,  # the most is gained first, so that later trials are short programs
    unwrap_blocks,
    inline_functions,
    simplify_expressions,
    remove_statements,
    shrink_displays,
    remove_parameters,
    shrink_lambdas,
    inline_temporaries,
    drop_clauses,
    shrink_constants,
    shorten_names,
)


def reduce(
    program: Program,
    predicate: Predicate,
    *,
    budget: Budget | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    regenerate: Regenerate | None = None,
) -> Program:
    """Return the smallest program found for which ``predicate`` holds.

    ``program`` must satisfy the predicate. ``regenerate`` turns a choice
    sequence into a program; without it, or for a program with no choices, only
    the tree is reduced. What the predicate raises is passed on.
    """
    gate = Gate(program, predicate, budget or Budget(), on_progress)
    if regenerate is not None and program.choices:
        with gate.share(CHOICE_SHARE):
            _until_no_better(gate, lambda: [run(gate, regenerate) for run in CHOICE_PASSES])
    if measure(gate.best.source) is None:
        return gate.best  # not Python: nothing to edit
    try:
        editor = Editor(gate)
        editor.lay_out()
        _until_no_better(gate, lambda: [run(editor) for run in TREE_PASSES])
    except BudgetSpentError:
        pass
    return gate.best


def _until_no_better(gate: Gate, cycle: Callable[[], object]) -> None:
    accepted = -1
    while accepted != gate.accepted:
        accepted = gate.accepted
        cycle()
