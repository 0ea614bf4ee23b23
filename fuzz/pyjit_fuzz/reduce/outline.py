"""Moves what a difference does not need out of the functions that have to be compiled.

Not to make a program smaller: what is moved into a function of its own is left to the
interpreter, and what stays, since the difference goes away with it, is what the JIT gets wrong.
Outermost expressions and simple statements are tried first, and their parts where they have to
stay.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Callable, Collection
from typing import NamedTuple

from pyjit_fuzz.model import code_objects

MOVED = "_part_"
"""How the names of the new functions begin."""

_MODULE = "<module>"
_COMPREHENSIONS = {
    ast.ListComp: "<listcomp>",
    ast.SetComp: "<setcomp>",
    ast.DictComp: "<dictcomp>",
    ast.GeneratorExp: "<genexpr>",
}
_STAY = (ast.Name, ast.Constant, ast.Starred, ast.Slice, ast.FormattedValue)
"""Expressions that are nothing to move, or cannot stand alone."""
_BOUND = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)
"""Expressions that mean something else in another function."""
_ELSEWHERE = ("decorator_list", "returns", "annotation", "type_comment", "format_spec")
"""Fields in which nothing is looked for."""
_PLACES = (ast.Attribute, ast.Subscript)
_FREE_TARGETS = (ast.Assign, ast.AugAssign, ast.Delete)


class _Scope(NamedTuple):
    """A code object: its qualified name, and whether names in it are looked up in functions."""

    name: str
    is_function: bool = False

    def inner(self, name: str, *, is_function: bool) -> _Scope:
        if self.name == _MODULE:
            return _Scope(name, is_function)
        return _Scope(f"{self.name}{'.<locals>' * self.is_function}.{name}", is_function)


class Outlined(NamedTuple):
    """A program with some of it moved into functions of its own."""

    source: str
    rest: str
    """The program without these functions, their calls turned into names: what was not moved."""


def outline(source: str, functions: Collection[str], shows: Callable[[str], bool]) -> Outlined:
    """Return the program with all that can go moved out of these functions (qualified names).

    ``shows`` says whether a changed program still shows what it has to.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return Outlined(source, source)
    outliner = _Outliner(source, tree, functions, shows)
    outliner.children(tree, _Scope(_MODULE))
    return Outlined(outliner.source, outliner.rest())


class _Outliner:
    def __init__(
        self,
        source: str,
        tree: ast.Module,
        functions: Collection[str],
        shows: Callable[[str], bool],
    ) -> None:
        self.source = source
        self._tree = tree
        self._functions = functions
        self._shows = shows
        self._locals = _local_names(source)
        self._moved = 0
        self._top = sum(1 for _ in _preamble(tree))

    def rest(self) -> str:
        """Return what is left of the program; the tree is of no use afterwards."""
        del self._tree.body[self._top : self._top + self._moved]
        return ast.unparse(ast.fix_missing_locations(_Uncalled().visit(self._tree))) + "\n"

    def children(self, node: ast.AST, scope: _Scope) -> None:
        """Try the parts of a node, whose code is in ``scope``."""
        if isinstance(node, ast.pattern):
            return
        for field, value in [*ast.iter_fields(node)]:
            if field in _ELSEWHERE:
                continue
            there = _scope_of(node, field, scope)
            if isinstance(value, list):
                for index, each in enumerate([*value]):
                    if isinstance(each, ast.comprehension):
                        self._loop(each, scope if index == 0 else there, there)
                    elif isinstance(each, ast.AST):
                        self._part(node, field, each, there)
            elif isinstance(value, ast.AST):
                self._part(node, field, value, there)

    def _loop(self, node: ast.comprehension, outer: _Scope, scope: _Scope) -> None:
        self._part(node, "iter", node.iter, outer)
        for each in [*node.ifs]:
            self._part(node, "ifs", each, scope)

    def _part(self, parent: ast.AST, field: str, node: ast.AST, scope: _Scope) -> None:
        if scope.name in self._functions:
            if isinstance(node, ast.stmt) and self._move_statement(parent, field, node, scope):
                return
            if isinstance(node, ast.expr) and self._move_expression(parent, field, node, scope):
                return
        self.children(node, scope)

    def _move_expression(self, parent: ast.AST, field: str, node: ast.expr, scope: _Scope) -> bool:
        reads = isinstance(getattr(node, "ctx", None), (ast.Load, type(None)))
        if not reads or isinstance(node, _STAY) or not _is_free(node):
            return False
        call, function = self._function(node, [ast.Return(node)], scope)
        return self._attempt(parent, field, node, call, function)

    def _move_statement(self, parent: ast.AST, field: str, node: ast.stmt, scope: _Scope) -> bool:
        if not isinstance(node, _FREE_TARGETS) or not _is_free(node):
            return False
        targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
        if all(isinstance(each, _PLACES) for each in targets):
            call, function = self._function(node, [node], scope)
            return self._attempt(parent, field, node, ast.Expr(call), function)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
            body = [node, ast.Return(ast.Name(name, ast.Load()))]
            call, function = self._function(node, body, scope, name)
            assigned = ast.Assign([ast.Name(name, ast.Store())], call)
            return self._attempt(parent, field, node, assigned, function)
        return False

    def _function(
        self, node: ast.AST, body: list[ast.stmt], scope: _Scope, *more: str
    ) -> tuple[ast.Call, ast.FunctionDef]:
        """Return a call of a function with this body, and the function; it has no home yet."""
        known = self._locals.get(scope.name, frozenset())
        names = sorted({*more, *((_read(node) - _bound(node)) & known)})
        name = f"{MOVED}{self._moved}"
        parameters = ast.arguments(
            posonlyargs=[],
            args=[ast.arg(each) for each in names],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        )
        call = ast.Call(
            ast.Name(name, ast.Load()), [ast.Name(each, ast.Load()) for each in names], []
        )
        return call, ast.FunctionDef(name, parameters, body, [])

    def _attempt(
        self,
        parent: ast.AST,
        field: str,
        old: ast.AST,
        new: ast.AST,
        function: ast.FunctionDef,
    ) -> bool:
        _exchange(parent, field, old, new)
        self._tree.body.insert(self._top, function)
        source = ast.unparse(ast.fix_missing_locations(self._tree)) + "\n"
        if self._shows(source):
            self.source = source
            self._moved += 1
            return True
        del self._tree.body[self._top]
        _exchange(parent, field, new, old)
        return False


class _Uncalled(ast.NodeTransformer):
    """Puts names in the place of calls of what was moved."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id.startswith(MOVED):
            return node.func
        return self.generic_visit(node)


def _exchange(parent: ast.AST, field: str, old: ast.AST, new: ast.AST) -> None:
    value = getattr(parent, field)
    if isinstance(value, list):
        value[next(index for index, each in enumerate(value) if each is old)] = new
    else:
        setattr(parent, field, new)


def _scope_of(node: ast.AST, field: str, scope: _Scope) -> _Scope:
    """Return the scope of what stands in a field, of a node that stands in ``scope``."""
    kind = _COMPREHENSIONS.get(type(node), "")
    if kind:
        return scope.inner(kind, is_function=True)
    if field != "body":
        return scope
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return scope.inner(node.name, is_function=True)
    if isinstance(node, ast.Lambda):
        return scope.inner("<lambda>", is_function=True)
    if isinstance(node, ast.ClassDef):
        return scope.inner(node.name, is_function=False)
    return scope


def _is_free(root: ast.AST) -> bool:
    """Say whether this means the same in a function of its own, as far as can be seen."""
    if isinstance(root, ast.Tuple) and any(isinstance(each, ast.Slice) for each in root.elts):
        return False
    for node in ast.walk(root):
        name = getattr(node, "id", "") or getattr(node, "attr", "")
        mangled = name.startswith("__") and not name.endswith("__")
        of_class = isinstance(node, ast.Name) and name in ("super", "__class__")
        is_async = isinstance(node, ast.comprehension) and node.is_async
        if isinstance(node, _BOUND) or mangled or of_class or is_async:
            return False
    return True


def _read(root: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(root) if isinstance(each, ast.Name)}


def _bound(root: ast.AST) -> set[str]:
    """Return the names that comprehensions and lambdas bind in here."""
    found: set[str] = set()
    for node in ast.walk(root):
        if isinstance(node, ast.comprehension):
            found |= _read(node.target)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


def _local_names(source: str) -> dict[str, frozenset[str]]:
    """Return the names that another function does not see, by qualified name of the function."""
    found: dict[str, frozenset[str]] = {}
    for code in code_objects(source):
        if code.co_name == _MODULE:
            continue
        names = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
        names |= {each.argval for each in dis.get_instructions(code) if each.opname == "STORE_NAME"}
        found[code.co_qualname] = found.get(code.co_qualname, frozenset()) | names
    return found


def _preamble(tree: ast.Module) -> list[ast.stmt]:
    """Return what has to be first in a module: its docstring and imports from the future."""
    found = []
    for node in tree.body:
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_text and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            break
        found.append(node)
    return found
