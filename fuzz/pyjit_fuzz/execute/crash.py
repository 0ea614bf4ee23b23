"""What a dead process leaves: its signal, the Python stack, the native stack.

Contract: text in, data out, but for ``native_backtrace``, which runs the program
once more under gdb, in bounded time, and gives nothing where gdb is missing or
shows nothing.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from pyjit_fuzz.execute.server import LAUNCHER
from pyjit_fuzz.worker.channel import MAGIC, PREFIX

_FRAMES = 40
_PYTHON_FRAME = re.compile(r'^  File "<program>", line (\d+|\?\?\?) in (.+)$', re.MULTILINE)
_NATIVE_FRAME = re.compile(r"^#\d+ +(?:0x[0-9a-f]+ in )?([^\s(]+)", re.MULTILINE)
_PLUMBING = frozenset(
    (
        "raise",
        "__GI_raise",
        "abort",
        "__GI_abort",
        "__pthread_kill_implementation",
        "__pthread_kill_internal",
        "__GI___pthread_kill",
        "__pthread_kill",
        "pthread_kill",
        "fatal_error",
        "fatal_error_exit",
        "__assert_fail_base",
        "__assert_fail",
        "__GI___assert_fail",
        "_Py_FatalErrorFunc",
    )
)
"""Frames between the cause of an abort and the signal: they name no mechanism."""

_WORKER = "builtin_exec_impl"
"""The frame by which the worker runs a program; what is outside is the worker's."""


def signal_name(number: int) -> str:
    """Return ``SIGSEGV`` and the like; ``signal 99`` for one without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def python_backtrace(text: str) -> tuple[str, ...]:
    """Return the program's frames out of faulthandler's text, innermost first."""
    return tuple(f"{function}:{line}" for line, function in _PYTHON_FRAME.findall(text))


def top_frames(text: str) -> tuple[str, ...]:
    """Return function names out of gdb's ``bt``, innermost first, plumbing left out."""
    names = _NATIVE_FRAME.findall(text)
    while names and names[0] in _PLUMBING:
        del names[0]
    if _WORKER in names:
        del names[names.index(_WORKER) :]
    return tuple(names)


def native_backtrace(
    command: Sequence[str],
    environment: Mapping[str, str],
    options: Sequence[str],
    *,
    request: bytes,
    source: bytes,
    seconds: float = 60.0,
) -> tuple[str, ...]:
    """Run one request under gdb, without a fork, and return where it died."""
    gdb = shutil.which("gdb")
    if gdb is None:
        return ()
    with tempfile.TemporaryDirectory(prefix="pyjit-fuzz-gdb-") as folder:
        Path(folder).chmod(0o711)
        frame = Path(folder) / "request"
        frame.write_bytes(PREFIX.pack(MAGIC, len(request), len(source)) + request + source)
        steps = (
            "set confirm off",
            "set pagination off",
            "set width 0",
            "set auto-load off",
            "set debuginfod enabled off",
            "set print frame-arguments none",
            "handle SIGPROF SIGALRM nostop noprint pass",
            "run",
            f"bt {_FRAMES}",
            "kill",
        )
        arguments = [gdb, "-nx", "-nh", "-batch", "-iex", "set auto-load off"]
        for step in steps:
            arguments += ("-ex", step)
        arguments += ("--args", *command, str(LAUNCHER))
        arguments += (f"--direct={frame}", f"--scratch={folder}", *options)
        return top_frames(_run(arguments, environment, folder, seconds))


def _run(
    arguments: Sequence[str], environment: Mapping[str, str], folder: str, seconds: float
) -> str:
    try:
        done = subprocess.run(
            arguments,
            env={"HOME": folder, **environment},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
