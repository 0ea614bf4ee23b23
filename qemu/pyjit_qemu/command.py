"""The command line of Debian's ``python3.11`` of either architecture."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu.paths import DEBUG_INTERPRETER, INTERPRETER
from pyjit_qemu.sysroot import ensure_sysroot, interpreter
from pyjit_qemu.tools import find

if TYPE_CHECKING:
    from pathlib import Path

_EMULATORS = {"aarch64": "qemu-aarch64"}
"""Architecture → the user-mode emulator that runs it."""


def emulator_prefix(
    arch: str, *, debug: bool = False, cache: Path | None = None
) -> tuple[str, ...]:
    """Return what goes before a command of ``arch`` to run it here; empty: it runs as it is.

    ``debug``: for the debug interpreter.

    Raises:
        SetupError: the emulator or the sysroot cannot be had.
    """
    if arch == platform.machine():
        return ()
    if arch not in _EMULATORS:
        raise SetupError(
            f"Programs of the architecture {arch!r} cannot be run on this machine; "
            f"emulated are: {', '.join(_EMULATORS)}."
        )
    emulator = find(_EMULATORS[arch])
    return (str(emulator), "-L", str(ensure_sysroot(debug=debug, cache=cache)))


def interpreter_path(arch: str, *, debug: bool = False, cache: Path | None = None) -> str:
    """Return the reference interpreter of ``arch``, or the one built for debugging."""
    if arch == platform.machine():
        return DEBUG_INTERPRETER if debug else INTERPRETER
    return str(interpreter(ensure_sysroot(debug=debug, cache=cache), debug=debug))


def interpreter_command(
    arch: str, *, debug: bool = False, cache: Path | None = None
) -> tuple[str, ...]:
    """Return the command that starts the reference interpreter of ``arch`` on this machine.

    ``debug``: the same, built with assertions and counted references.

    Raises:
        SetupError: the emulator or the sysroot cannot be had.
    """
    return (
        *emulator_prefix(arch, debug=debug, cache=cache),
        interpreter_path(arch, debug=debug, cache=cache),
    )
