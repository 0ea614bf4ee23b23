#!/usr/bin/env python3
"""Shows one difference between the interpreter and a JIT.  @TITLE@

Needs only the Python that has the JIT installed:  @COMMAND@
It runs PROGRAM in two child processes, one interpreted and one jitted, prints
what differs, and exits with 1 if something does, 0 if nothing does.
"""

from __future__ import annotations

import difflib
import gc
import importlib
import importlib.util
import os
import signal
import sys
import types
import warnings

JIT = "@JIT@"
ENVIRONMENT: dict[str, str] = {}  # @ENVIRONMENT@

# Under the JIT, garbage is collected whenever there are so many more containers; 0: never.
COLLECT_EVERY = 0  # @COLLECT_EVERY@

# More runs make a leak of one object a run stand out; one run shows everything else.
RUNS = 1  # @RUNS@

# The program. It leaves its answer in RESULT and its side effects in LOG.
PROGRAM = ""  # @PROGRAM@

WARM_UP = """
class A: x = 1
def f(a): return [len(str(i)) + a.x for i in range(9)]
for _ in range(9): f(A())
"""


def describe(value: object, seen: dict[int, int], depth: int = 0) -> str:
    """Write a value with its types; objects seen before by the number of their first visit."""
    kind = type(value).__name__
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
        return "%s %r" % (kind, value)
    if id(value) in seen:
        return "%s #%d" % (kind, seen[id(value)])
    number = seen[id(value)] = len(seen)
    pad = "\n" + "  " * (depth + 1)
    if isinstance(value, (list, tuple)):
        parts = [describe(item, seen, depth + 1) for item in value]
    elif isinstance(value, (set, frozenset)):
        parts = sorted(describe(item, seen, depth + 1) for item in value)
    elif isinstance(value, dict):
        parts = [
            describe(key, seen, depth + 1) + ": " + describe(item, seen, depth + 1)
            for key, item in value.items()
        ]
    elif isinstance(value, type) or callable(value):
        parts = [getattr(value, "__qualname__", "?")]
    else:
        state = attributes(value)
        parts = ["%s=%s" % (name, describe(state[name], seen, depth + 1)) for name in sorted(state)]
    return "%s #%d" % (kind, number) + "".join(pad + part for part in parts)


def attributes(value: object) -> dict[str, object]:
    """Return what an object consists of: its dictionary, slots, an exception's arguments."""
    state = dict(getattr(value, "__dict__", {}))
    if isinstance(value, BaseException):
        state["args"] = value.args
    for base in type(value).__mro__:
        slots = base.__dict__.get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            if slot not in ("__dict__", "__weakref__") and hasattr(value, slot):
                state[slot] = getattr(value, slot)
    return state


def describe_exception(error: BaseException, indent: str = "") -> str:
    """Write an exception: type, arguments, where it was raised, and what led to it."""
    lines = ["%s%s %s" % (indent, type(error).__qualname__, describe(error.args, {}))]
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename == "program.py":
            place = "line %s" % trace.tb_lineno
            if hasattr(code, "co_positions"):
                positions = list(code.co_positions())[trace.tb_lasti // 2]
                place += ", columns %s-%s" % (positions[2], positions[3])
            lines.append("%s  in %s, %s" % (indent, code.co_name, place))
        trace = trace.tb_next
    for name in ("__cause__", "__context__"):
        if getattr(error, name) is not None:
            lines.append("%s  %s:" % (indent, name))
            lines.append(describe_exception(getattr(error, name), indent + "    "))
    return "\n".join(lines)


def living() -> dict[str, int]:
    """Count the objects that the garbage collector knows, by type."""
    gc.collect()
    counts: dict[str, int] = {}
    for value in gc.get_objects():
        name = type(value).__qualname__
        counts[name] = counts.get(name, 0) + 1
    return counts


def run(jitted: bool) -> str:
    """Run PROGRAM in this process and return what it shows as text."""
    module = None
    if jitted:
        os.environ.update(ENVIRONMENT)
        module = importlib.import_module(JIT)
    warnings.simplefilter("ignore")
    code = compile(PROGRAM, "program.py", "exec")
    gc.disable()  # objects die when their last reference goes, not when a collection comes
    if module is not None:
        module.enable()
        exec(WARM_UP, {})  # noqa: S102 - what the JIT makes for itself once is made now
        module.disable()
    before = living()
    parts = run_once(code, module)
    for _ in range(RUNS - 1):
        run_once(code, module)
    # What the program leaves behind; a few objects may be what the JIT keeps for itself.
    left = {name: count - before.get(name, 0) for name, count in living().items()}
    many = sorted(name for name, count in left.items() if count > max(4, RUNS - 1))
    parts += ["left behind: %d of %s" % (left[name], name) for name in many]
    return "\n".join(parts)


def run_once(code: types.CodeType, module: types.ModuleType | None) -> list[str]:
    """Run the program and return what it shows; all its objects are let go."""
    names: dict[str, object] = {"__name__": "__main__"}
    error: BaseException | None = None
    if module is not None:
        module.enable()
        if COLLECT_EVERY:
            gc.freeze()  # what was there before is no garbage, and not looked at
            gc.collect()
            gc.set_threshold(COLLECT_EVERY, 1, 1)
            gc.enable()
    try:
        exec(code, names)  # noqa: S102 - what this script is for
    except BaseException as raised:  # noqa: BLE001 - whatever it is, it is shown
        error = raised
    gc.disable()
    gc.unfreeze()
    if module is not None:
        module.disable()
    sys.stdout.flush()
    parts = []
    if error is not None:
        parts.append("exception: " + describe_exception(error))
    shown = [name for name in ("RESULT", "LOG") if name in names]
    return parts + [name + " = " + describe(names[name], {}) for name in shown]


def in_child(jitted: bool) -> str:
    """Run PROGRAM in a child process and return what it shows, its death included."""
    read, write = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.dup2(write, 1)
        status = 3
        try:
            text = "\n" + run(jitted) + "\n"
            with os.fdopen(write, "wb") as pipe:
                pipe.write(text.encode("utf-8", "backslashreplace"))
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        text = answer.read().decode("utf-8", "replace").strip()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        text += "\ndied of %s" % signal.Signals(number).name
    elif os.WEXITSTATUS(status):
        text += "\nended with exit status %d" % os.WEXITSTATUS(status)
    return text.strip()


def main() -> int:
    """Compare the two runs."""
    if importlib.util.find_spec(JIT) is None:
        print("%s is not installed in %s" % (JIT, sys.executable), file=sys.stderr)
        return 2
    interpreted, jitted = in_child(False), in_child(True)
    if interpreted == jitted:
        print("no difference; both show:\n" + interpreted)
        return 0
    for line in difflib.unified_diff(
        interpreted.splitlines(), jitted.splitlines(), "interpreted", "jitted", n=3, lineterm=""
    ):
        print(line)
    return 1


if __name__ == "__main__":
    sys.exit(main())
