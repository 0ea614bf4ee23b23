"""Start the agent: ``python launch.py --requests FD --replies FD ...``.

Contract: after this script has run its first lines, ``pyjit_fuzz.worker`` can
be imported and the rest of ``pyjit_fuzz`` cannot. A stand-in package is made by
hand, because importing the real one would need the toolkit's dependencies in
the tested interpreter, and would disturb the programs under test.
"""

from __future__ import annotations

import importlib
import os
import sys
import types


def _stand_alone() -> None:
    """Make this folder importable as ``pyjit_fuzz.worker``, and nothing beside it."""
    folder = os.path.dirname(os.path.abspath(__file__))
    if sys.path and os.path.abspath(sys.path[0]) == folder:
        del sys.path[0]
    for name, path in (("pyjit_fuzz", ""), ("pyjit_fuzz.worker", folder)):
        package = types.ModuleType(name)
        package.__path__ = [path] if path else []
        sys.modules[name] = package


if __name__ == "__main__":
    _stand_alone()
    sys.exit(importlib.import_module("pyjit_fuzz.worker.agent").main(sys.argv[1:]))
