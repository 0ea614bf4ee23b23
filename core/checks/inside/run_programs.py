"""Runs each program a few times under the JIT, in a process of its own, and looks for leaks.

run_programs.py FILE... prints, for each file, a line of JSON: the path and how the process ended.
What a sanitizer has to say is on standard error, behind a line with the program's name.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
import warnings

from play import in_child, load, play

import pyjit_core

RUNS = 4  # the first ones compile, and compile again with what was seen


def run(path: str) -> None:
    """Run one program."""
    code = load(path)
    pyjit_core.enable()
    for _ in range(RUNS):
        play(code)
    del code
    gc.collect()
    ctypes.CDLL(None)["__lsan_do_recoverable_leak_check"]()


def main() -> None:
    """Run all of them."""
    warnings.simplefilter("ignore")
    for path in sys.argv[1:]:
        print(f"{path}:", file=sys.stderr, flush=True)
        print(json.dumps([path, in_child(run, path)]), flush=True)


main()
