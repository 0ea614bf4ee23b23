"""The command line of Debian's ``python3.11`` of either architecture."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from pyjit_fuzz.execute.errors import SetupError
from pyjit_qemu.paths import INTERPRETER
from pyjit_qemu.sysroot import ensure_sysroot, interpreter
from pyjit_qemu.tools import find

if TYPE_CHECKING:
    from pathlib import Path

_EMULATORS = {"aarch64": "qemu-aarch64"}
"""Architecture → the user-mode emulator that runs it."""


def emulator_prefix(arch: str, *, cache: Path | None = None) -> tuple[str, ...]:
    """Return what goes before a command of ``arch`` to run it here; empty: it runs as it is.

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
    return (str(emulator), "-L", str(ensure_sysroot(cache=cache)))


def interpreter_path(arch: str, *, cache: Path | None = None) -> str:
    """Return the reference interpreter of ``arch``."""
    if arch == platform.machine():
        return INTERPRETER
    return str(interpreter(ensure_sysroot(cache=cache)))


def interpreter_command(arch: str, *, cache: Path | None = None) -> tuple[str, ...]:
    """Return the command that starts the reference interpreter of ``arch`` on this machine.

    Raises:
        SetupError: the emulator or the sysroot cannot be had.
    """
    return (*emulator_prefix(arch, cache=cache), interpreter_path(arch, cache=cache))
