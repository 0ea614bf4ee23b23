"""What programs share: looked at between two programs that run in the same process.

Contract: ``restore`` puts back what a program may have changed in the modules and in
the settings of the interpreter, and says whether the process is fit for another
program. It is not when something was changed that cannot be put back so easily: a class
of the standard library, one of its containers, its registries. The
process then ends, and the next program gets another one.

Random numbers are left out: a forked process has others anyway.

Nothing here calls into the program: values are compared by identity only.
"""

from __future__ import annotations

import abc
import builtins
import decimal
import gc
import sys
import types
import warnings
from operator import is_
from typing import Any, Dict, List, Set, Tuple

_MISSING = object()
_HEAP_TYPE = 1 << 9
_ALWAYS = ("builtins", "sys")
"""Modules that are in reach of everybody: warnings write into ``sys``."""
_WIDE = frozenset(
    (
        *("__import__", "__builtins__", "__globals__", "__loader__", "__spec__", "__subclasses__"),
        *(
            "f_back",
            "f_builtins",
            "f_globals",
            "eval",
            "exec",
            "compile",
            "gc",
            "inspect",
            "pickle",
            "sys",
            "types",
        ),
    )
)
"""Names by which a program may get at modules that it does not name."""
RECURSION = 5000
"""Enough for the worker's own code, whatever a program had."""


class _Saved:
    """A dictionary and what was in it."""

    __slots__ = ("current", "names", "values")

    def __init__(self, current: Any) -> None:
        self.current = current
        self.names = [*current]
        self.values = [*current.values()]

    def same(self) -> bool:
        current = self.current
        return len(current) == len(self.values) and all(map(is_, current.values(), self.values))

    def restore(self) -> None:
        """Put back names and values; only dictionaries of modules can be written."""
        current = self.current
        saved = dict(zip(self.names, self.values))  # noqa: B905 -- Python 3.8
        for name in [*current]:
            if name not in saved:
                del current[name]
        for name, value in saved.items():
            if current.get(name, _MISSING) is not value:
                current[name] = value


class Surroundings:
    """The state outside of the program, as it is in a server that is ready."""

    def __init__(self) -> None:
        """Remember it all."""
        by_name = {
            name: module for name, module in sys.modules.items() if type(module) is types.ModuleType
        }
        values = [value for module in by_name.values() for value in module.__dict__.values()]
        self._containers = list(
            {id(value): value for value in values if type(value) in (list, dict, set)}.values()
        )
        self._builtins = builtins.__dict__
        self._ordinary = {**self._builtins}
        self._loaded = _Saved(sys.modules)
        self._modules: Dict[str, List[_Saved]] = {}
        self._classes: Dict[str, List[_Saved]] = {}
        for name, module in by_name.items():
            own = [value for value in module.__dict__.values() if _is_heap_type(value)]
            head = name.partition(".")[0]
            self._modules.setdefault(head, []).append(_Saved(module.__dict__))
            self._classes.setdefault(head, []).extend(_Saved(value.__dict__) for value in own)
        self._threshold = gc.get_threshold()
        self._fixed = self._marks()
        self._streams = _streams()
        self._templates = _templates()

    def within_reach(self, code: types.CodeType) -> List[str]:
        """Return the modules that a program can get at, judging by the names that it uses."""
        names: Set[str] = set()
        pending = [code]
        for each in pending:  # which grows
            names.update(each.co_names)
            pending.extend(value for value in each.co_consts if type(value) is types.CodeType)
        if names & _WIDE:
            return [*self._modules]
        heads = {name.partition(".")[0] for name in names}
        return [*_ALWAYS, *(name for name in self._modules if name.lstrip("_") in heads)]

    def restore(self, reach: List[str]) -> bool:
        """Put the modules in ``reach`` and the settings right; tell whether the rest is as it was.

        Whatever else a program can change is looked at in any case.
        """
        self._builtins.update(self._ordinary)  # first of all: the rest of this needs them
        sys.settrace(None)
        sys.setprofile(None)
        sys.setrecursionlimit(RECURSION)
        sys.set_asyncgen_hooks(None, None)
        sys.set_coroutine_origin_tracking_depth(0)
        gc.disable()
        gc.set_debug(0)
        gc.set_threshold(*self._threshold)
        if not self._loaded.same():
            self._loaded.restore()
        for name in reach:
            for saved in self._modules[name]:
                if not saved.same():
                    saved.restore()
        if "decimal" in reach and _templates() != self._templates:
            return False
        classes = all(saved.same() for name in reach for saved in self._classes[name])
        return classes and self._marks() == self._fixed and _streams() == self._streams

    def _marks(self) -> Tuple[Any, ...]:
        return (
            [*map(len, self._containers)],
            [*map(id, warnings.filters)],
            abc.get_cache_token(),
            sys.getswitchinterval(),
            getattr(sys, "get_int_max_str_digits", int)(),
        )


def _streams() -> List[Tuple[Any, ...]]:
    """Describe the streams; a program may have closed them, or taken them apart."""
    streams: Tuple[Any, ...] = (sys.stdin, sys.stdout, sys.stderr)
    try:
        return [
            (each.closed, each.encoding, each.errors, each.line_buffering, each.write_through)
            for each in streams
        ]
    except ValueError:
        return []


def _templates() -> List[str]:
    """Describe the contexts that others are made from; they can be written, not replaced."""
    return [*map(str, (decimal.BasicContext, decimal.DefaultContext, decimal.ExtendedContext))]


def _is_heap_type(value: Any) -> bool:
    return isinstance(value, type) and bool(value.__flags__ & _HEAP_TYPE)
