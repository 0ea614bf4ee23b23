"""Runs of programs, one after another, in a process of their own.

Contract: ``run_and_exit`` is called in a freshly forked child (or in a process
started for this one program) and never returns. It holds no pipe to anyone; it
answers through the board. Each program has a module of its own, and the JIT is
switched on for the program only. When the report is posted, the program's
objects are destroyed with the board at ``teardown``, so that a reference count that
is off by one still has its chance to crash, and what survives is counted.

A child ends before it has run all programs when a program has left something
behind that the next one could see (``surroundings``); the server starts another.
"""

from __future__ import annotations

import contextvars
import gc
import io
import json
import marshal
import os
import sys
import time
import types
from typing import Any, Dict, List, NoReturn, Tuple

from pyjit_fuzz.worker import channel, errors, shapes
from pyjit_fuzz.worker.canon import Canonicaliser
from pyjit_fuzz.worker.sandbox import Sandbox
from pyjit_fuzz.worker.surroundings import Surroundings

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_MISSING = object()
_set_trace, _set_profile = sys.settrace, sys.setprofile  # programs may put others there

Text = Tuple[str, bytes, Dict[str, str]]
"""A program: ``source`` and UTF-8, or ``code`` and a marshalled code object; and the options of
the JIT with which it is to run, by environment variable."""
_EVERY = os.environ.get(channel.COLLECT_EVERY, "0")
"""How a program runs whose point does not say it."""


class Run:
    """What the server hands to a child."""

    __slots__ = (
        "board",
        "jit",
        "limits",
        "options",
        "sandbox",
        "scratch",
        "surroundings",
        "texts",
        "wants_code",
    )

    def __init__(
        self,
        *,
        board: channel.Board,
        sandbox: Sandbox,
        surroundings: Surroundings,
        jit: Any,
        options: Any,
        texts: List[Text],
        scratch: str,
        limits: Dict[str, Any],
        wants_code: bool,
    ) -> None:
        """Keep them.

        ``jit`` is the JIT's module or ``None``, ``options`` what has its options. ``wants_code``
        tells whether to answer what the sources are compiled to, too.
        """
        self.board = board
        self.sandbox = sandbox
        self.surroundings = surroundings
        self.jit = jit
        self.options = options
        self.texts = texts
        self.scratch = scratch
        self.limits = limits
        self.wants_code = wants_code


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
        left, _, _ = _execute(code, namespace, None)
        _to_bytes(_values(namespace, left))


def run_and_exit(run: Run) -> NoReturn:
    """Run the programs, post a report on each, end the process."""
    status = 1
    try:
        run.sandbox.enter(run.scratch, run.limits, len(run.texts))
        for place, text in enumerate(run.texts):
            run.board.begin(place, _position(1), _position(2))
            if not _run(run, text) or run.sandbox.touched() or run.board.nearly_full():
                break
        status = 0
    except MemoryError:
        _post(run.board, {"status": "limit", "limit": "memory"})
        status = 0
    finally:
        os._exit(status)


def _position(fd: int) -> int:
    return os.lseek(fd, 0, os.SEEK_CUR)


def set_streams() -> None:
    """Give programs unbuffered text streams, so that nothing is lost in a crash."""
    raw = io.FileIO(1, "wb", closefd=False)
    for name, policy in (("stdout", "strict"), ("stderr", "backslashreplace")):
        stream = io.TextIOWrapper(
            raw, encoding="utf-8", errors=policy, newline="\n", write_through=True
        )
        setattr(sys, name, stream)
        setattr(sys, "__%s__" % name, stream)


def _run(run: Run, text: Text) -> bool:
    """Run one program; tell whether the process is fit for another."""
    board = run.board
    run.sandbox.begin(run.limits)
    board.mark(channel.COMPILE)
    try:
        code = _compile(run, text)
    except (SyntaxError, ValueError, RecursionError) as error:
        run.sandbox.leave(run.limits)
        _post(board, {"status": "invalid", "exception": errors.describe(error, Canonicaliser())})
        return True
    reach = run.surroundings.within_reach(code)
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    sys.setrecursionlimit(run.limits["recursion"])
    gc.disable()
    gc.freeze()  # what is here already is none of its objects
    point = {**text[2]}
    every = int(point.pop(channel.COLLECT_EVERY, _EVERY))
    before = _jit_stats(run.jit)
    if run.jit is not None:
        _set_options(run.options, point)
        run.jit.reset_executed()
        if hasattr(run.jit, "reset_events"):
            run.jit.reset_events()
    board.mark(channel.RUN)
    if every:
        gc.collect()  # old objects are looked at when they are many more than after the last time
        gc.set_threshold(every, 1, 1)
        gc.enable()
    left, seconds, processor = _execute(code, module.__dict__, run.jit)
    gc.disable()
    board.mark(channel.CANONICALISE)
    fit = run.surroundings.restore(reach)
    run.sandbox.leave(run.limits)
    report = _jit_report(run.jit, before)
    report["duration"] = seconds
    report["processor"] = processor
    report.update(_values(module.__dict__, left))
    if type(left) is MemoryError and run.sandbox.memory_is_used_up(run.limits):
        report.update(status="limit", limit="memory")
    del code, left
    _post(board, report)
    board.mark(channel.TEARDOWN)
    _tear_down(board, module)
    board.mark(channel.DONE)
    return fit


def _set_options(options: Any, point: Dict[str, str]) -> None:
    """Set options as the environment would: ``PYJIT_FAIL_GUARDS`` is ``config.fail_guards``."""
    for variable, text in point.items():
        name = variable.partition("_")[2].lower()
        before = getattr(options, name)
        value = int(text) if type(before) is int else text
        if before != value:
            setattr(options, name, value)


def _compile(run: Run, text: Text) -> types.CodeType:
    """Return the program's code, and answer it if the host wants it for other interpreters.

    They could not print what the compiler has to say, so then it is not answered. What is answered
    is run here, too: that it went through ``marshal`` can be no difference.
    """
    kind, data, _ = text
    if kind == "source":
        said = _position(1)
        code = compile(data.decode("utf-8"), errors.PROGRAM_FILE, "exec", 0, True)
        if not run.wants_code or _position(1) != said:
            return code
        try:
            data = marshal.dumps(code)
        except ValueError:  # nested too deeply for it, and not for the compiler
            return code
        run.board.give(data)
    code = marshal.loads(data)  # noqa: S302 -- it is run next
    if type(code) is not types.CodeType:
        raise TypeError("the request has something else than code")
    return code


def _execute(
    code: types.CodeType, namespace: Dict[str, Any], jit: Any
) -> Tuple[BaseException | None, float, float]:
    """Run the module's code; return what left it, wall seconds and processor seconds.

    This frame was entered before the JIT is switched on, so it is itself never
    compiled. A trace or profile function that the program leaves set sees nothing of what is
    done with a JIT only.
    """
    caught = None
    begin, used = time.perf_counter(), time.process_time()
    if jit is not None:
        jit.enable()
    context = contextvars.Context()  # of decimal, for one
    try:
        context.run(exec, code, namespace)  # running programs is what the worker is for
    except BaseException as error:  # noqa: BLE001 -- whatever leaves it is the observation
        caught = error
    _set_trace(None)
    _set_profile(None)
    if jit is not None:
        jit.disable()
    return caught, time.perf_counter() - begin, time.process_time() - used


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
    report: Dict[str, Any] = {"compiled": sorted(ran), "jit_stats": counters, "refused": refused}
    if hasattr(jit, "events"):
        report["events"] = list(jit.events().items())
    if hasattr(jit, "stopped_at"):
        report["stopped"] = _step(jit.stopped_at())
    return report


def _step(place: Tuple[str, str, int, str, str] | None) -> Dict[str, Any] | None:
    if place is None:
        return None
    file, function, offset, version, kind = place
    if file != errors.PROGRAM_FILE:
        function = f"{os.path.basename(file)}:{function}"
    return {"function": function, "offset": offset, "version": version, "kind": kind}


def _post(board: channel.Board, report: Dict[str, Any]) -> None:
    board.post(_to_bytes(report), _position(1))


def _to_bytes(data: Dict[str, Any]) -> bytes:
    return _encode(data).encode("utf-8", "backslashreplace")


def _tear_down(board: channel.Board, module: types.ModuleType) -> None:
    """Destroy the program's objects and count those of its making that stay alive."""
    module.__dict__.clear()
    gc.collect()
    survivors: Dict[str, int] = {}
    for value in gc.get_objects():
        name = shapes.type_name(type(value))
        survivors[name] = survivors.get(name, 0) + 1
    board.add(_to_bytes({"survivors": survivors}))
