"""The engine's target: makes a program of the bytes and runs it jitted, again and again.

    python -m pyjit_fuzz.guided.inside SCRATCH [LIBFUZZER_OPTION…] FOLDER

Contract: the interpreter has atheris, and on its path a core that is built for coverage; libFuzzer
is preloaded. Nothing is compared here. Programs come out of our own generator only; they run with
the worker's audit hook armed, and what they may have changed outside is put back. The core
compiles at the first call and again as soon as types were seen, so its whole compiler is passed
by every program.
"""

from __future__ import annotations

import gc
import io
import sys
from typing import Final

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

import pyjit_core
from pyjit_fuzz.guided.inputs import program_of
from pyjit_fuzz.worker.errors import PROGRAM_FILE
from pyjit_fuzz.worker.sandbox import Sandbox
from pyjit_fuzz.worker.surroundings import RECURSION, Surroundings

RECURSION_OF_PROGRAMS: Final = 500
_COLLECT_EVERY: Final = 50


class Target:
    """What is called with each input."""

    def __init__(self, scratch: str) -> None:
        """Set the core's options and the audit hook; ``scratch`` is all that programs may write."""
        config = pyjit_core.config
        config.threshold_calls = config.threshold_loops = 1
        config.recompile_after = 2
        config.compile_share = 0
        self._sandbox = Sandbox()
        self._sandbox.watch(scratch)
        self._surroundings = Surroundings()
        self._runs = 0

    def __call__(self, data: bytes) -> None:
        """Run the program of one input."""
        code = compile(program_of(data).source, PROGRAM_FILE, "exec", dont_inherit=True)
        reach = self._surroundings.within_reach(code)
        streams = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = io.StringIO()
        sys.setrecursionlimit(RECURSION_OF_PROGRAMS)
        pyjit_core.enable()
        try:
            with self._sandbox.armed():
                exec(code, {"__name__": "__main__"})  # noqa: S102 - what it is for
        except BaseException:  # noqa: BLE001, S110 - how a program ends is for the oracles
            pass
        finally:
            pyjit_core.disable()
            sys.setrecursionlimit(RECURSION)
            sys.stdout, sys.stderr = streams
            self._surroundings.restore(reach)
        self._runs += 1
        if self._runs % _COLLECT_EVERY == 0:
            gc.collect()


def main() -> None:
    """Hand the target to the engine; does not return."""
    sys.argv.pop(0)
    target = Target(sys.argv[0])
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
