"""The exception that left the program: type, arguments, traceback, and its whole chain."""

from __future__ import annotations

from pyjit_fuzz.model import ExceptionInfo, Observation, Program, TraceEntry, Verdict
from pyjit_oracles import normalise, superinstructions
from pyjit_oracles.compare import Difference, first_difference
from pyjit_oracles.verdicts import both_ended, different, same

NAME = "exception"

_TRACE_FIELDS = ("function", "line", "column", "end_line", "end_column")


def judge(program: Program, reference: Observation, tested: Observation) -> Verdict:
    """Compare the exceptions of two runs that came to their own end."""
    if not both_ended(reference, tested) or reference.exception == tested.exception:
        return same(NAME, reference, tested)
    expected = normalise.exception(reference.exception, tested.exception)
    found = normalise.exception(tested.exception, reference.exception)
    found = superinstructions.placed(program, expected, found)
    difference = _differ(expected, found, "exception")
    if difference is None:
        return same(NAME, reference, tested)
    return different(NAME, reference, tested, difference.mechanism, difference.explanation)


def _differ(
    expected: ExceptionInfo | None, found: ExceptionInfo | None, path: str
) -> Difference | None:
    """Return the first difference of two chains; ``path`` says which link this is."""
    if expected is None or found is None:
        if expected is found:
            return None
        sides = _name(expected), _name(found)
        return Difference(path, _prefixed(path, "!=".join(sides)), *sides)
    if expected.type != found.type:
        sides = _name(expected), _name(found)
        return Difference(path, _prefixed(path, "!=".join(sides)), *sides)
    return (
        _of_args(expected, found, path)
        or _of_own(expected, found, path)
        or _of_traces(expected, found, path)
        or _of_links(expected, found, path)
    )


def _of_links(expected: ExceptionInfo, found: ExceptionInfo, path: str) -> Difference | None:
    if expected.suppress_context != found.suppress_context:
        sides = str(expected.suppress_context), str(found.suppress_context)
        return Difference(
            f"{path}.__suppress_context__", _prefixed(path, "suppress-context"), *sides
        )
    return _differ(expected.cause, found.cause, f"{path}.__cause__") or _differ(
        expected.context, found.context, f"{path}.__context__"
    )


def _of_args(expected: ExceptionInfo, found: ExceptionInfo, path: str) -> Difference | None:
    difference = first_difference(expected.args, found.args, f"{path}.args")
    if difference is None:
        return None
    mechanism = _prefixed(path, f"{expected.type}:args:{difference.mechanism}")
    return Difference(difference.path, mechanism, difference.reference, difference.tested)


def _of_own(expected: ExceptionInfo, found: ExceptionInfo, path: str) -> Difference | None:
    """Compare what a type carries besides its arguments."""
    for name in sorted({*expected.own, *found.own}):
        left, right = expected.own.get(name), found.own.get(name)
        difference = first_difference(left, right, f"{path}.{name}")
        if difference is not None:
            mechanism = _prefixed(path, f"{expected.type}:{name}:{difference.mechanism}")
            return Difference(difference.path, mechanism, difference.reference, difference.tested)
    return None


def _of_traces(expected: ExceptionInfo, found: ExceptionInfo, path: str) -> Difference | None:
    pairs = zip(expected.trace, found.trace, strict=False)
    for index, (left, right) in enumerate(pairs):
        for field in _TRACE_FIELDS:
            if getattr(left, field) != getattr(right, field):
                return Difference(
                    f"{path}.traceback[{index}].{field}",
                    _prefixed(path, f"traceback:{field}"),
                    _place(left),
                    _place(right),
                )
    if len(expected.trace) == len(found.trace):
        return None
    sides = (f"{len(expected.trace)} entries", f"{len(found.trace)} entries")
    return Difference(f"{path}.traceback", _prefixed(path, "traceback:length"), *sides)


def _prefixed(path: str, mechanism: str) -> str:
    """Say which kind of link it is; how deep in the chain is the program's doing."""
    link = path.rpartition(".")[2].strip("_")
    return mechanism if link == "exception" else f"{link}:{mechanism}"


def _name(info: ExceptionInfo | None) -> str:
    return "none" if info is None else info.type


def _place(entry: TraceEntry) -> str:
    start = f"{entry.line}:{entry.column}"
    return f"{entry.function} {start}-{entry.end_line}:{entry.end_column}"
