"""Runs programs inside the interpreter under test, for the generator's own tests.

Reads one JSON object a line (``{"source": ..., "trace": bool}``) from standard input and
writes one a line: ``status`` (``ok``, ``exception``, ``syntax``, ``limit``), ``error``,
``digest`` (of the result, the log and the output), ``seconds``, and with ``trace`` also
``iterations`` (jumps back, counted by a trace function) and ``hottest`` (the greatest count
of one function). Standard library only; it is started as a script.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import resource
import signal
import sys
import time
import traceback
import warnings


class OutOfTime(BaseException):
    """Not an Exception: programs catch those."""


def canonical(value: object, seen: dict[int, int]) -> str:
    """Return a text that is equal for equal values, independent of addresses and hashes."""
    if value is None or isinstance(value, (bool, int, str, bytes)):
        return f"{type(value).__name__}:{value!r}"
    if isinstance(value, float):
        return f"float:{value.hex()}"
    if id(value) in seen:
        return f"ref{seen[id(value)]}"
    seen[id(value)] = len(seen)
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}[{','.join(canonical(item, seen) for item in value)}]"
    if isinstance(value, dict):
        items = (f"{canonical(k, seen)}={canonical(v, seen)}" for k, v in value.items())
        return f"dict[{','.join(items)}]"
    if isinstance(value, (set, frozenset)):
        return f"set[{','.join(sorted(canonical(item, {}) for item in value))}]"
    return f"<{type(value).__name__}>"


class Iterations:
    """Counts jumps back, by function."""

    def __init__(self) -> None:
        self.total = 0
        self.by_function: dict[str, int] = {}

    def __call__(self, frame, event, arg):  # noqa: ARG002 - what sys.settrace calls
        if frame.f_code.co_filename != "program.py":
            return None
        last = [frame.f_lineno]
        name = frame.f_code.co_qualname
        self.by_function[name] = self.by_function.get(name, 0) + 1

        def local(frame, event, arg):
            if event == "line":
                if frame.f_lineno <= last[0]:
                    self.total += 1
                    self.by_function[name] += 1
                last[0] = frame.f_lineno
            return local

        return local


def run(request: dict) -> dict:
    """Run one program."""
    source = request["source"]
    namespace = {"__name__": "program"}
    answer: dict = {"status": "ok", "error": ""}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            code = compile(source, "program.py", "exec")
    except (SyntaxError, Warning) as exc:
        return {"status": "syntax", "error": repr(exc), "digest": "", "seconds": 0.0}
    output = io.StringIO()
    counter = Iterations()
    start = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, 20.0 if request.get("trace") else 3.0)
    try:
        with contextlib.redirect_stdout(output):
            if request.get("trace"):
                sys.settrace(counter)
            exec(code, namespace)
    except (OutOfTime, MemoryError, RecursionError) as exc:
        answer = {"status": "limit", "error": repr(exc)[:200]}
    except Exception as exc:  # noqa: BLE001 - whatever a program raises is an answer
        line = [entry.lineno for entry in traceback.extract_tb(exc.__traceback__)][-1]
        answer = {
            "status": "exception",
            "error": type(exc).__name__,
            "detail": f"{exc!r}: {source.splitlines()[line - 1].strip()}"[:300],
        }
    finally:
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
    answer["seconds"] = time.perf_counter() - start
    answer["iterations"] = counter.total
    answer["hottest"] = max(counter.by_function.values(), default=0)
    shown = canonical((namespace.get("RESULT"), namespace.get("LOG"), output.getvalue()), {})
    answer["digest"] = hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    answer["size"] = len(shown)
    return answer


def main() -> None:
    """Serve requests until the input ends."""

    def out_of_time(number, frame):
        raise OutOfTime

    signal.signal(signal.SIGALRM, out_of_time)
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    for line in sys.stdin:
        sys.__stdout__.write(json.dumps(run(json.loads(line))) + "\n")
        sys.__stdout__.flush()


if __name__ == "__main__":
    main()
