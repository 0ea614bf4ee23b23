"""What a mutator is, and what mutators share.

Contract. A mutator is a function ``(program, choices, corpus) -> Program | None``; it draws
all its decisions from ``choices`` and answers None where it has nothing to change. What it
returns has the origin ``mutant:<name>``; whether it compiles is for whoever wants to run it to ask
(``compiles``), as programs are mutated several times in a row. Mutants of trees keep no choice
sequence: the tree passes of the reducer are for them.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias, TypeVar

import msgspec

from pyjit_fuzz.generate import GENERATOR, Choices, ReplayChoices, generate
from pyjit_fuzz.model import Program, compiled

Mutator: TypeAlias = Callable[[Program, Choices, Sequence[Program]], Program | None]
N = TypeVar("N", bound=ast.AST)
_READS: Final = "_lasti"
_LOOKS_AROUND: Final = "get_objects"
"""What the garbage collector knows is in no order, and not the same in all processes."""
_KEPT: Final = 64
"""Programs are mutated several times in a row."""
_NO_NODES: Final = frozenset({"identifier", "int", "string", "constant", "expr_context"})
_POSITIONS: Final = frozenset({"_.tb_lasti // 2", "_.f_lasti // 2"})

PRELUDE_NAMES: Final = frozenset({"note", "state", "tick", "fail", "traced", "tagged"})
"""Helpers that programs carry with them; changing them says little about a JIT."""


def is_of_choices(program: Program) -> bool:
    """Tell whether a program can be built again from a choice sequence."""
    return bool(program.choices) and program.generator == GENERATOR


def regenerate(program: Program, sequence: Sequence[int], name: str) -> Program | None:
    """Return the program of a changed choice sequence, or None if it is the same program."""
    if not is_of_choices(program):
        return None
    return accepted(program, generate(ReplayChoices(sequence), seed=program.seed), name)


def accepted(program: Program, made: Program, name: str) -> Program | None:
    """Return what was made of a program, or None if it is the same one."""
    if made.source == program.source:
        return None
    return msgspec.structs.replace(made, origin=f"mutant:{name}")


def parse(program: Program) -> ast.Module | None:
    """Return the program's tree, or None where it does not compile."""
    try:
        return ast.parse(program.source)
    except (SyntaxError, ValueError):
        return None


def finish(program: Program, tree: ast.Module, name: str) -> Program | None:
    """Return the program of a changed tree, or None if that is the same one or has no text.

    A mutant must not read more than its program does of what may differ by contract.
    """
    try:
        source = ast.unparse(tree) + "\n"
    except (ValueError, RecursionError):
        # A format string whose parts need more kinds of quotes than the language has.
        return None
    if source == program.source:
        return None
    if _reads_more(source, program.source):
        return None
    return msgspec.structs.replace(
        program, source=source, choices=(), origin=f"mutant:{name}", planned_exception=""
    )


def _reads_more(source: str, before: str) -> bool:
    """Say whether a changed text reads positions, or all objects, otherwise than it did before."""
    if not _lines_with(_LOOKS_AROUND, source) <= _lines_with(_LOOKS_AROUND, _unparsed(before)):
        return True
    if _lines_with(_READS, source) <= _lines_with(_READS, before):
        return False  # these lines are as they were, and nothing has to be parsed
    try:
        return not _reads_of_positions(source) <= _reads_of_positions(before) | _POSITIONS
    except (SyntaxError, ValueError):
        return True  # it does not compile


@functools.lru_cache(_KEPT)
def _unparsed(source: str) -> str:
    """Return a text that looks around, with each statement in a line, as mutants have it."""
    return ast.unparse(ast.parse(source)) if _LOOKS_AROUND in source else ""


@functools.lru_cache(2 * _KEPT)
def _lines_with(text: str, source: str) -> frozenset[str]:
    if text not in source:
        return frozenset()
    return frozenset(line.strip() for line in source.splitlines() if text in line)


def _reads_of_positions(source: str) -> set[str]:
    """Return the expressions that read in which unit of its bytecode a frame is.

    That unit may differ within a call, whose units are all of one position in the source: so
    whoever halves it, for ``co_positions()``, sees no difference, and everybody else may.
    """
    if _READS not in source:
        return set()
    found = set()
    for parent in nodes(ast.parse(source)):
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, ast.Attribute) and node.attr.endswith(_READS):
                node.value = ast.Name("_")
                found.add(ast.unparse(parent))
    return found


def compiles(source: str) -> bool:
    """Say whether the text is a valid module."""
    return compiled(source) is not None


@functools.cache
def _parts(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind of node that hold nodes, from its grammar: ``(expr? value)``."""
    grammar = (getattr(ast, kind).__doc__ or "").partition("(")[2].rstrip(")")
    fields = [field.split() for field in grammar.split(", ") if field]
    return tuple(name for of, name in fields if of.rstrip("*?") not in _NO_NODES)


def nodes(root: ast.AST) -> list[ast.AST]:
    """Return a node and all below it, each before its parts; quicker than ``ast.walk``.

    Nodes that say how a name is used (``ast.Load``) are left out.
    """
    found = [root]
    for node in found:  # which grows
        for field in _parts(type(node).__name__):
            value = getattr(node, field, None)
            if isinstance(value, list):
                found += [each for each in value if each is not None]
            elif value is not None:
                found.append(value)
    return found


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """Return the program's own functions and methods, in order of their text."""
    return [
        node
        for node in nodes(tree)
        if isinstance(node, ast.FunctionDef) and node.name not in PRELUDE_NAMES
    ]


def ends_loops(tree: ast.Module) -> set[int]:
    """Return the ids of all nodes on which it hangs that loops come to an end.

    That are the tests of ``while``, and of ``if`` with a ``break`` in it, what ``range`` is called
    with, and whatever assigns to a name in one of them.
    """
    every = nodes(tree)
    roots: list[ast.AST] = [
        node.test
        for node in every
        if isinstance(node, ast.While)
        or (isinstance(node, ast.If) and any(isinstance(each, ast.Break) for each in node.body))
    ]
    roots += [
        node
        for node in every
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "range"
    ]
    names = {name for test in roots for name in _names(test)}
    for node in every:
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if names.intersection(name for target in targets for name in _names(target)):
                roots.append(node)
    return {id(node) for root in roots for node in nodes(root)}


def _names(root: ast.AST) -> Iterator[str]:
    return (node.id for node in nodes(root) if isinstance(node, ast.Name))


def expressions(root: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.expr]]:
    """Yield ``(parent, field, index, expression)`` of all values that are read below ``root``.

    Leaves out what is not an ordinary value: targets, the insides of format strings,
    decorators, annotations and starred arguments.
    """
    for parent in nodes(root):
        if isinstance(parent, (ast.JoinedStr, ast.FormattedValue)):
            continue
        for field, value in ast.iter_fields(parent):
            if field in {"decorator_list", "annotation", "returns", "bases", "keywords"}:
                continue
            if isinstance(value, ast.expr):
                if _is_value(value):
                    yield (parent, field, None, value)
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, ast.expr) and _is_value(item):
                        yield (parent, field, index, item)


def _is_value(node: ast.expr) -> bool:
    if isinstance(node, (ast.Starred, ast.Slice, ast.JoinedStr, ast.FormattedValue)):
        return False
    return isinstance(getattr(node, "ctx", None), (ast.Load, type(None)))


def replace(place: tuple[ast.AST, str, int | None, ast.expr], new: ast.expr) -> None:
    """Put another expression at a place that ``expressions`` gave."""
    parent, field, index, _ = place
    if index is None:
        setattr(parent, field, new)
    else:
        getattr(parent, field)[index] = new
