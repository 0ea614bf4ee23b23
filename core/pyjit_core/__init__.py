"""A just-in-time compiler for stock CPython.

>>> import pyjit_core
>>> pyjit_core.enable()

From then on hot functions are compiled; the rest stays with the interpreter. `stats()` says what
happened, `config` holds the options, `python -m pyjit_core script.py` runs a program unchanged.

Importing this raises ImportError under any interpreter but CPython 3.11 and ValueError when a
PYJIT_* environment variable has a value that is not allowed, each with one clear line.
"""

# This file is read by whatever interpreter finds it, so its syntax is one that they all know: the
# check has to come before anything that they could stumble over.
import sys

__version__ = "0.1.0"

TYPE_CHECKING = False  # `typing` is not imported at run time: it costs more than all of this
if TYPE_CHECKING:
    from pyjit_core._config import Config, Option, config
    from pyjit_core._listing import disassemble
    from pyjit_core._stats import opcode_stats


def _check_interpreter() -> None:
    implementation = getattr(getattr(sys, "implementation", None), "name", "cpython")
    if sys.version_info[:2] == (3, 11) and implementation == "cpython":
        return
    name = {"cpython": "CPython", "pypy": "PyPy"}.get(implementation, implementation)
    version = ".".join(map(str, sys.version_info[:3]))
    raise ImportError(f"pyjit-core {__version__} supports CPython 3.11; this is {name} {version}")


def _is_command() -> bool:
    # `python -m pyjit_core` imports the package before any code of __main__ can catch an error.
    argv = getattr(sys, "orig_argv", [])
    if sys.argv[:1] != ["-m"] or "-m" not in argv:
        return False
    return bool(argv[argv.index("-m") + 1] == "pyjit_core")


try:
    _check_interpreter()
    from pyjit_core._native import (
        build_info,
        compile,  # noqa: A004 -- pyjit_core.compile is what everybody expects it to be called
        disable,
        enable,
        event_names,
        events,
        executed,
        is_compiled,
        is_enabled,
        reset_events,
        reset_executed,
        stats,
        stopped_at,
    )
except (ImportError, ValueError) as error:
    if not _is_command():
        raise
    sys.stderr.write(f"python -m pyjit_core: {error}\n")
    sys.exit(2)

# With PYJIT=1 it may not have been worth loading until now.
getattr(sys.modules.get("pyjit_core_autoload"), "now", bool)()

_LAZY = {
    "Config": "_config",
    "Option": "_config",
    "config": "_config",
    "disassemble": "_listing",
    "opcode_stats": "_stats",
}


def __getattr__(name: str) -> object:
    # Most programs set no option, and every file to import lengthens their start.
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(__import__(f"pyjit_core.{_LAZY[name]}", fromlist=[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})


__all__ = [
    "Config",
    "Option",
    "build_info",
    "compile",
    "config",
    "disable",
    "disassemble",
    "enable",
    "event_names",
    "events",
    "executed",
    "is_compiled",
    "is_enabled",
    "opcode_stats",
    "reset_events",
    "reset_executed",
    "stats",
    "stopped_at",
]
