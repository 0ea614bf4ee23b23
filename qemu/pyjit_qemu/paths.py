"""Where a checkout keeps what is downloaded and built, and the lock that guards it.

The cache can be deleted at any time: all of it is made again when needed.
"""

from __future__ import annotations

import contextlib
import fcntl
from pathlib import Path
from typing import TYPE_CHECKING

from pyjit_fuzz.execute.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator

ARCHITECTURES = ("x86_64", "aarch64")
INTERPRETER = "/usr/bin/python3.11"
"""The reference interpreter of the native architecture: Debian's."""
DEBUG_INTERPRETER = "/usr/bin/python3.11d"
"""The same, built with assertions and counted references."""


def checkout() -> Path:
    """Return the root of the checkout that this package lies in.

    Raises:
        SetupError: it was installed away from its checkout, so there is no core to build.
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / "core" / "CMakeLists.txt").is_file():
        raise SetupError(
            f"pyjit_qemu is installed in {Path(__file__).parent}, away from a checkout of pyjit, "
            "so it has no core to build. Clone the repository and run ./dev in it, "
            "or install the toolkit from there with: pip install -e ."
        )
    return root


def cache_folder() -> Path:
    """Return the checkout's ``.cache`` folder, made if it is not there.

    Raises:
        SetupError: the folder cannot be made.
    """
    folder = checkout() / ".cache"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"The cache folder {folder} cannot be made: {error.strerror}. "
            "Make the checkout writable, or clone it to a place that is."
        ) from error
    return folder


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` exclusively; waits for other processes.

    The operating system drops the lock with its holder, so a killed process
    leaves nothing to clean up.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
