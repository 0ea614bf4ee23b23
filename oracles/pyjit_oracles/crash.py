"""A process that died where the reference's did not.

The signature ends in the native function at the top of the stack where the
observation has a native backtrace, and in the point that the worker had
marked where it has none; ``same_mechanism`` knows that the two belong together.
"""

from __future__ import annotations

from pyjit_fuzz.model import Crash, Observation, Program, Status, Verdict
from pyjit_oracles.verdicts import different, inconclusive, same

NAME = "crash"

PHASES = frozenset(("start", "compile", "run", "canonicalise", "teardown", "done", "unknown"))
"""Points that the worker marks; they stand for the place where there is no native stack."""

_UNNAMED = "??"


def judge(program: Program, reference: Observation, tested: Observation) -> Verdict:
    """Judge runs of which at least one crashed."""
    del program
    if reference.status is Status.CRASH:
        return inconclusive(
            NAME,
            reference,
            tested,
            "reference",
            f"the reference itself crashed: {_explain(reference.crash)}",
        )
    if tested.status is not Status.CRASH:
        return same(NAME, reference, tested)
    died = tested.crash or Crash(signal=0)
    return different(
        NAME, reference, tested, f"{_cause(died)}:{_place(died)}", _explain(tested.crash)
    )


def _cause(died: Crash) -> str:
    return died.signal_name or (f"signal-{died.signal}" if died.signal else "exit")


def _place(died: Crash) -> str:
    if not died.native_backtrace:
        return died.last_point.partition(" ")[0] or "unknown"
    # Code that the JIT made has no name for gdb, and what gdb makes of its callers is guesswork.
    top = died.native_backtrace[0]
    return "jitted" if top == _UNNAMED else top


def _explain(died: Crash | None) -> str:
    if died is None:
        return "the process died"
    parts = [f"the process died: {_cause(died)}"]
    if died.last_point:
        parts.append(f"last point: {died.last_point}")
    if died.native_backtrace:
        parts.append(f"native stack: {' < '.join(died.native_backtrace[:6])}")
    if died.python_backtrace:
        parts.append(f"Python stack: {' < '.join(died.python_backtrace[:6])}")
    return "\n".join(parts)
