"""Starting other people's programs, with errors that say how to get what is missing.

One table names the Debian package of every tool that this room uses; the
doctor reads the same table.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from plumbum import CommandNotFound, ProcessTimedOut, local

from pyjit_fuzz.execute.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plumbum.machines import LocalCommand

PACKAGES: Mapping[str, str] = {
    "aarch64-linux-gnu-g++": "g++-aarch64-linux-gnu",
    "aarch64-linux-gnu-gcc": "g++-aarch64-linux-gnu",
    "apt-get": "apt",
    "chromium-headless-shell": "chromium-headless-shell",
    "clang": "clang",
    "cmake": "cmake",
    "dpkg-deb": "dpkg",
    "g++": "g++",
    "gdb": "gdb",
    "gcc": "g++",
    "git": "git",
    "ninja": "ninja-build",
    "objcopy": "binutils",
    "python3.11": "python3.11",
    "python3.11d": "python3.11-dbg",
    "qemu-aarch64": "qemu-user",
}
"""Tool → the Debian package that has it."""

_TAIL_LINES = 15


class ToolError(SetupError):
    """A tool ran and failed; ``output`` is all that it said."""

    def __init__(self, message: str, output: str) -> None:
        super().__init__(message)
        self.output = output


def find(tool: str) -> LocalCommand:
    """Return the command ``tool``: a name to look up in ``PATH``, or a path.

    Raises:
        SetupError: it is not installed; the text names the package.
    """
    # A path is taken as it is by plumbum: whether it can be run is looked at here.
    if "/" not in tool or os.access(tool, os.X_OK):
        with contextlib.suppress(CommandNotFound):
            return local[tool]
    name = tool.rpartition("/")[2]
    where = "there" if "/" in tool else "on PATH"
    raise SetupError(
        f"The program {tool} is not {where}. Install it with: "
        f"apt-get install {PACKAGES.get(name, name)}"
    )


def run(tool: str, *arguments: str, what: str, timeout: float = 1800) -> str:
    """Run ``tool`` and return its standard output followed by its standard error.

    ``what`` says in a few words what the caller is doing, for the error's text.

    Raises:
        SetupError: the tool is missing, or took longer than ``timeout`` seconds.
        ToolError: it failed; the text ends with the last lines of its output.
    """
    command = find(tool)
    try:
        # Tools' messages are matched and shown: never translated ones.
        status, out, err = command[arguments].run(
            retcode=None, timeout=timeout, env={"LC_ALL": "C.UTF-8"}
        )
    except ProcessTimedOut:
        raise SetupError(
            f"{what}: {tool} did not end within {timeout:.0f} seconds and was stopped."
        ) from None
    output = str(out) + str(err)
    if status != 0:
        raise ToolError(f"{what}: {tool} failed (exit code {status}).\n{tail(output)}", output)
    return output


def tail(text: str, lines: int = _TAIL_LINES) -> str:
    """Return the last non-empty lines of a tool's output, indented."""
    kept: Sequence[str] = [line for line in text.splitlines() if line.strip()][-lines:]
    return "\n".join(f"    {line}" for line in kept)
