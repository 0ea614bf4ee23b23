"""Runs one scenario: run_scenario.py FILE [interpreted|jitted].

The scenario's module is executed as __main__ with the JIT switched on around it; this
frame is entered before, so it is never compiled itself.
"""

import sys


def main() -> None:
    path, mode = sys.argv[1:3]
    sys.argv[:] = [path]
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 -- nothing imported that need not be
        code = compile(file.read(), path, "exec")
    if mode == "jitted":
        import pyjit_core

        pyjit_core.enable()
    exec(code, sys.modules["__main__"].__dict__)


main()
