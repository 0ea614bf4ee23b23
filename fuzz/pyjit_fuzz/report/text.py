"""Observations as lines of text, so that two of them can be laid side by side.

The lines are for people; what counts as a difference was decided by the
oracles on the data itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyjit_fuzz.model import Crash, ExceptionInfo, Observation

_SEQUENCES = frozenset(("list", "tuple", "set", "frozenset", "deque", "view"))
"""Kinds of canonical nodes whose children are elements; others alternate label and value."""
_BRACKETS = {"list": ("[", "]"), "set": ("{", "}"), "frozenset": ("{", "}"), "dict": ("{", "}")}
_WORKER = "pyjit_fuzz/worker/"
"""Part of the paths of frames that are not the program's."""
_WIDTH = 60
"""A node that fits is written on one line."""


def observation_lines(observation: Observation, oracle: str = "") -> list[str]:
    """Write an observation, part by part; parts that say nothing are left out.

    ``oracle`` is the one that found a difference: what survives a program is
    shown only where that is the point.
    """
    lines = [f"status: {observation.status.value}"]
    if observation.crash is not None:
        lines += _crash(observation.crash)
    if observation.exception is not None:
        lines += ["exception:", *_indent(_exception(observation.exception))]
    if observation.result is not None:
        lines += _labelled("RESULT = ", value_lines(observation.result))
    if observation.log is not None:
        lines += _labelled("LOG = ", value_lines(observation.log))
    if observation.output:
        lines += ["output:", *_indent(observation.output.splitlines())]
    if oracle == "lifetime":
        lines.append("objects alive after the end:")
        lines += _indent(
            f"{count} of {name}" for name, count in sorted(observation.survivors.items())
        )
    return lines


def value_lines(node: Any) -> list[str]:
    """Write a canonical value (see ``pyjit_fuzz.worker.canon``)."""
    if not isinstance(node, list) or len(node) != 4 or not isinstance(node[3], list):
        return [_atom(node)]
    kind, number, meta, children = str(node[0]), node[1], node[2], node[3]
    open_, close = _BRACKETS.get(kind, ("(", ")"))
    name = kind if not meta or meta == "None" else f"{kind} {_plain(meta)}"
    head = f"{name} #{number} {open_}"
    parts = list(_parts(kind, children))
    flat = head + ", ".join(line for part in parts for line in part) + close
    if len(flat) <= _WIDTH and all(len(part) == 1 for part in parts):
        return [flat]
    return [head, *_indent(line for part in parts for line in part), close]


def _parts(kind: str, children: list[Any]) -> Iterator[list[str]]:
    if kind in _SEQUENCES:
        for child in children:
            yield value_lines(child)
        return
    for label, value in zip(children[::2], children[1::2], strict=False):
        lines = value_lines(value)
        head = value_lines(label)
        yield [*head[:-1], f"{head[-1]}: {lines[0]}", *lines[1:]]


def _atom(node: Any) -> str:
    text = _plain(node)
    kind, separator, value = text.partition(":")
    match kind if separator else "":
        case "int" | "bool" | "ref" | "limit":
            return f"{kind} {value}"
        case "float":
            return f"float {_float(value)}"
        case "str":
            return f"str {value!r}"
        case _:
            return text


def _float(text: str) -> str:
    try:
        return repr(float.fromhex(text))
    except ValueError:
        return text


def _plain(node: Any) -> str:
    return node if isinstance(node, str) else repr(node)


def _exception(error: ExceptionInfo) -> Iterator[str]:
    yield error.type
    yield from _labelled("  args = ", value_lines(error.args))
    for entry in error.trace:
        columns = f", columns {entry.column}-{entry.end_column}" if entry.column >= 0 else ""
        yield f"  in {entry.function}, line {entry.line}{columns}"
    if error.suppress_context:
        yield "  context suppressed"
    for label, other in (("cause", error.cause), ("context", error.context)):
        if other is not None:
            yield f"  {label}:"
            yield from _indent(_exception(other), 4)


def _crash(crash: Crash) -> Iterator[str]:
    yield f"died of: {crash.signal_name or crash.signal or 'exit without a report'}"
    if crash.last_point:
        yield f"last point: {crash.last_point}"
    if crash.python_backtrace:
        yield "python frames, innermost first:"
        yield from _indent(crash.python_backtrace)
    if crash.native_backtrace:
        yield "native frames, innermost first:"
        yield from _indent(crash.native_backtrace)
    if crash.stderr_tail and not crash.python_backtrace:  # which was read from it
        yield "standard error:"
        lines = crash.stderr_tail.strip().splitlines()
        yield from _indent(line for line in lines if _WORKER not in line)


def _labelled(label: str, lines: list[str]) -> list[str]:
    return [label + lines[0], *lines[1:]]


def _indent(lines: Iterable[str], by: int = 2) -> list[str]:
    return [" " * by + line for line in lines]
