"""Runs a program of the corpus in this process, and destroys what it leaves.

For the scripts beside it, which run in the interpreter under test: the standard library only.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
import traceback
from collections.abc import Callable
from types import CodeType


def load(path: str) -> CodeType:
    """Return the program as code, made once: what is run again is compiled code."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return compile(file.read(), path, "exec")


def play(code: CodeType) -> None:
    """Run the program; an exception that ends it is no matter of ours."""
    streams = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = io.StringIO()
    namespace = {"__name__": "program"}
    with contextlib.suppress(BaseException):  # some programs mean to end with an exception
        exec(code, namespace)
    sys.settrace(None)
    sys.setprofile(None)
    namespace.clear()
    gc.collect()
    sys.stdout, sys.stderr = streams


def in_child(work: Callable[..., None], *arguments: object) -> int:
    """Do the work in a forked child; return its exit code, negative for a signal."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(*arguments)
            code = 0
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
