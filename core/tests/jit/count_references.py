"""Runs programs again and again under the JIT; prints those whose references add up.

For an interpreter built for debugging: count_references.py FILE... prints, for each file,
by how much sys.gettotalrefcount() grew in each of the last rounds.
"""

import array
import contextlib
import gc
import io
import json
import os
import sys
import warnings

import pyjit_core

ROUNDS, LAST = 24, 6  # code is compiled for the last time well before


def play(code):
    """Run the program and destroy what it leaves."""
    streams = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = io.StringIO()
    namespace = {"__name__": "program"}
    with contextlib.suppress(BaseException):  # some programs mean to end with an exception
        exec(code, namespace)
    sys.settrace(None)
    sys.setprofile(None)
    sys.stdout, sys.stderr = streams
    namespace.clear()
    gc.collect()


def growth(path):
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        code = compile(file.read(), path, "exec")
    totals = array.array("q", bytes(8 * ROUNDS))
    pyjit_core.enable()
    for i in range(ROUNDS):
        play(code)
        totals[i] = sys.gettotalrefcount()
    pyjit_core.disable()
    return [totals[i] - totals[i - 1] for i in range(ROUNDS - LAST, ROUNDS)]


def main():
    warnings.simplefilter("ignore")
    for path in sys.argv[1:]:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            print(json.dumps([path, growth(path)]), flush=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status != 0:
            print(json.dumps([path, [f"ended with status {status}"]]))


main()
