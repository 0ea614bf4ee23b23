"""Enables the JIT when the interpreter starts with PYJIT=1 in its environment.

Installed beside pyjit_core_autoload.pth, which imports this only if PYJIT is set, and only where
there is no extension module of the same name (src/autoload), which short programs pay less for. A
program must start whatever is wrong here: every problem is one line on standard error, and the
program then runs in the interpreter alone.
"""

import os
import sys


def autoload() -> None:
    """Enable the JIT if PYJIT is 1."""
    wanted = os.environ.get("PYJIT", "")
    if wanted != "1":
        print(f"pyjit: not enabled: PYJIT={wanted!r}: expected 0 or 1", file=sys.stderr)
        return
    try:
        from pyjit_core import enable  # noqa: PLC0415 -- its failure is reported here

        enable()
    except (ImportError, ValueError) as error:
        print(f"pyjit: not enabled: {error}", file=sys.stderr)


autoload()
