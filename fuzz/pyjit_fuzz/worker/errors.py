"""Exceptions with their tracebacks and chain, as canonical data.

Contract: only entries of the program's own code are kept, so that the worker's
frames never show. Positions come from the code object's table and the
instruction at which the frame stood; where the interpreter has no columns
(before 3.11) they are -1. Long tracebacks keep both ends and a digest of
the middle.
"""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import Any, Dict, List

from pyjit_fuzz.worker import shapes
from pyjit_fuzz.worker.canon import Canonicaliser

PROGRAM_FILE = "<program>"
"""File name that programs are compiled under."""

_KEPT_ENDS = 25
_MAX_CHAIN = 30

_fields = BaseException.__dict__
_OWN_FIELDS = (
    (NameError, "name"),
    (AttributeError, "name"),
    (ImportError, "name"),
    (StopIteration, "value"),
    (SystemExit, "code"),
)
"""What an exception carries besides its arguments, set by whoever raises it."""


def describe(error: BaseException, canon: Canonicaliser) -> Dict[str, Any]:
    """Return the exception as the fields of the toolkit's ``ExceptionInfo``."""
    return _describe(error, canon, [], 0)


def _describe(
    error: BaseException, canon: Canonicaliser, seen: List[BaseException], depth: int
) -> Dict[str, Any]:
    seen.append(error)
    info = {
        "type": shapes.type_name(type(error)),
        "args": canon.tree(_fields["args"].__get__(error)),
        "trace": trace(_fields["__traceback__"].__get__(error)),
        "suppress_context": bool(_fields["__suppress_context__"].__get__(error)),
    }  # type: Dict[str, Any]
    own = {
        name: canon.tree(kind.__dict__[name].__get__(error))
        for kind, name in _OWN_FIELDS
        if isinstance(error, kind)
    }
    if own:
        info["own"] = own
    for name in ("cause", "context"):
        linked = _fields["__%s__" % name].__get__(error)
        if linked is None:
            continue
        if depth >= _MAX_CHAIN:
            info[name] = {"type": "limit:chain:" + shapes.type_name(type(linked)), "args": None}
        elif any(linked is earlier for earlier in seen):
            position = [linked is earlier for earlier in seen].index(True)
            info[name] = {"type": "ref:%d" % position, "args": None}
        else:
            info[name] = _describe(linked, canon, seen, depth + 1)
    return info


def trace(traceback: Any) -> List[Dict[str, Any]]:
    """Return the program's entries, outermost first, as fields of ``TraceEntry``."""
    entries: List[Dict[str, Any]] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == PROGRAM_FILE:
            entries.append(_entry(code, traceback))
        traceback = traceback.tb_next
    if len(entries) <= 2 * _KEPT_ENDS + 1:
        return entries
    middle = entries[_KEPT_ENDS:-_KEPT_ENDS]
    digest = hashlib.sha256(repr([sorted(entry.items()) for entry in middle]).encode())
    summary = {"function": "%d entries %s" % (len(middle), digest.hexdigest()[:16]), "line": -1}
    return [*entries[:_KEPT_ENDS], summary, *entries[-_KEPT_ENDS:]]


def _entry(code: Any, traceback: Any) -> Dict[str, Any]:
    name = getattr(code, "co_qualname", code.co_name)
    positions = getattr(code, "co_positions", None)
    entry = {"function": name, "line": traceback.tb_lineno or -1}
    if positions is None:
        return entry
    for _, end_line, column, end_column in islice(positions(), traceback.tb_lasti // 2, None):
        entry["column"] = -1 if column is None else column
        entry["end_line"] = -1 if end_line is None else end_line
        entry["end_column"] = -1 if end_column is None else end_column
        break
    return entry
