"""One run of one program, in a process of its own.

Contract: ``run_and_exit`` is called in a freshly forked child (or in a process
started for this one program) and never returns. It holds no pipe to anyone; it
answers through the board. The JIT is switched on for the program only. When
the report is posted, the program's objects are destroyed with the board at
``teardown``, so that a reference count that is off by one still has its chance
to crash, and what survives is counted.
"""

from __future__ import annotations

import builtins
import gc
import io
import json
import os
import sys
import time
import types
from typing import Any, Dict, NoReturn, Tuple

from pyjit_fuzz.worker import channel, errors, shapes
from pyjit_fuzz.worker.canon import Canonicaliser
from pyjit_fuzz.worker.sandbox import Sandbox

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_MISSING = object()


class Run:
    """What the server hands to a child."""

    __slots__ = ("board", "jit", "limits", "sandbox", "scratch", "source", "streams")

    def __init__(
        self,
        *,
        board: channel.Board,
        sandbox: Sandbox,
        streams: Dict[str, Any],
        jit: Any,
        source: bytes,
        scratch: str,
        limits: Dict[str, Any],
    ) -> None:
        """Keep them; ``jit`` is the JIT's module or ``None``."""
        self.board = board
        self.sandbox = sandbox
        self.streams = streams
        self.jit = jit
        self.source = source
        self.scratch = scratch
        self.limits = limits


_SAMPLE = """
class A:
    def __init__(self, x): self.x = x
RESULT = {"a": [1, 2.5, (None, True)], "b": {1, 2}, "c": A(A(b""))}
raise ValueError(RESULT)
"""


def warm_up() -> None:
    """Take the worker's own code through its paths, so that no child has to specialise it."""
    for _ in range(16):
        namespace: Dict[str, Any] = {"__name__": "__main__"}
        code = compile(_SAMPLE, errors.PROGRAM_FILE, "exec", 0, True)
        left, _ = _execute(code, namespace, None)
        _to_bytes(_values(namespace, left))


def run_and_exit(run: Run) -> NoReturn:
    """Run the program, post the report, end the process."""
    status = 1
    try:
        for name, stream in run.streams.items():
            setattr(sys, name, stream)
            setattr(sys, "__%s__" % name, stream)
        run.sandbox.enter(run.scratch, run.limits)
        _run(run)
        status = 0
    except MemoryError:
        _post(run.board, {"status": "limit", "limit": "memory"})
        status = 0
    finally:
        os._exit(status)


def make_streams() -> Dict[str, Any]:
    """Make the program's unbuffered text streams, so that nothing is lost in a crash.

    The server makes them, the child puts them in place.
    """
    raw = io.FileIO(1, "wb", closefd=False)
    return {
        name: io.TextIOWrapper(
            raw,
            encoding="utf-8",
            errors=policy,
            newline="\n",
            write_through=True,
        )
        for name, policy in (("stdout", "strict"), ("stderr", "backslashreplace"))
    }


def _run(run: Run) -> None:
    board = run.board
    board.mark(channel.COMPILE)
    try:
        code = compile(run.source.decode("utf-8"), errors.PROGRAM_FILE, "exec", 0, True)
    except (SyntaxError, ValueError, RecursionError) as error:
        run.sandbox.leave(run.limits)
        _post(board, {"status": "invalid", "exception": errors.describe(error, Canonicaliser())})
        return
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    sys.argv[:] = [errors.PROGRAM_FILE]
    sys.setrecursionlimit(run.limits["recursion"])
    true_builtins = dict(builtins.__dict__)
    gc.disable()
    before = _jit_stats(run.jit)
    if run.jit is not None:
        run.jit.reset_executed()
    board.mark(channel.RUN)
    left, seconds = _execute(code, module.__dict__, run.jit)
    board.mark(channel.CANONICALISE)
    _restore(true_builtins)
    run.sandbox.leave(run.limits)
    report = _jit_report(run.jit, before)
    report["duration"] = seconds
    report.update(_values(module.__dict__, left))
    if type(left) is MemoryError and run.sandbox.memory_is_used_up(run.limits):
        report.update(status="limit", limit="memory")
    del code, left
    _post(board, report)
    board.mark(channel.TEARDOWN)
    _tear_down(board, module)
    board.mark(channel.DONE)


def _execute(
    code: types.CodeType, namespace: Dict[str, Any], jit: Any
) -> Tuple[BaseException | None, float]:
    """Run the module's code; return what left it, and the wall seconds.

    This frame was entered before the JIT is switched on, so it is itself never
    compiled.
    """
    caught = None
    begin = time.perf_counter()
    if jit is not None:
        jit.enable()
    try:
        exec(code, namespace)  # noqa: S102 -- running programs is what the worker is for
    except BaseException as error:  # noqa: BLE001 -- whatever leaves it is the observation
        caught = error
    if jit is not None:
        jit.disable()
    return caught, time.perf_counter() - begin


def _restore(true_builtins: Dict[str, Any]) -> None:
    """Undo what a program may have changed and the worker's own code depends on."""
    sys.settrace(None)
    sys.setprofile(None)
    sys.setrecursionlimit(5000)
    gc.disable()
    current = builtins.__dict__
    for name in [*current]:  # "list" may be the program's
        if name not in true_builtins:
            del current[name]
    for name, value in true_builtins.items():
        if current.get(name, _MISSING) is not value:
            current[name] = value


def _values(namespace: Dict[str, Any], error: BaseException | None) -> Dict[str, Any]:
    """Canonical trees of all that the program leaves behind.

    Each has a numbering of its own, so that a difference in one does not show
    in the others.
    """
    found: Dict[str, Any] = {"status": "ok"}
    for field, name in (("result", "RESULT"), ("log", "LOG")):
        value = namespace.get(name, _MISSING)
        found[field] = None if value is _MISSING else Canonicaliser().tree(value)
    if error is not None:
        found["status"] = "exception"
        found["exception"] = errors.describe(error, Canonicaliser())
    return found


def _jit_stats(jit: Any) -> Dict[str, Any]:
    return {} if jit is None else jit.stats()


def _jit_report(jit: Any, before: Dict[str, Any]) -> Dict[str, Any]:
    """Say what the JIT did in this run: functions that ran compiled, counters, refusals."""
    if jit is None:
        return {}
    after = jit.stats()
    ran = {name for file, name in jit.executed() if file == errors.PROGRAM_FILE}
    counters = {
        name: value - before.get(name, 0) for name, value in after.items() if type(value) is int
    }
    earlier = before.get("refused", {})
    refused = {
        reason: count - earlier.get(reason, 0)
        for reason, count in after.get("refused", {}).items()
        if count > earlier.get(reason, 0)
    }
    return {"compiled": sorted(ran), "jit_stats": counters, "refused": refused}


def _post(board: channel.Board, report: Dict[str, Any]) -> None:
    board.post(_to_bytes(report), os.lseek(1, 0, os.SEEK_CUR))


def _to_bytes(data: Dict[str, Any]) -> bytes:
    return _encode(data).encode("utf-8", "backslashreplace")


def _tear_down(board: channel.Board, module: types.ModuleType) -> None:
    """Destroy the program's objects and count those of its making that stay alive."""
    sys.modules.pop("__main__", None)
    module.__dict__.clear()
    gc.collect()
    survivors: Dict[str, int] = {}
    for value in gc.get_objects():
        name = shapes.type_name(type(value))
        survivors[name] = survivors.get(name, 0) + 1
    board.add(_to_bytes({"survivors": survivors}))
