"""A profile: one way to run a program. Plain data, read from TOML."""

from __future__ import annotations

import msgspec


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an interpreter is started and which JIT, if any, is switched on in it."""

    name: str
    """``interp``, ``jit``, ``jit-eager``, … without the architecture."""
    arch: str
    """``x86_64`` or ``aarch64``: the architecture of the tested interpreter."""
    executor: str = "native"
    """Entry point in the group ``pyjit_fuzz.executors`` that opens it."""
    interpreter: str = ""
    """Path of the interpreter; empty: the executor's default."""
    jit: str = ""
    """Name of the JIT module that the worker enables; empty: none."""
    python_path: tuple[str, ...] = ()
    """Folders put first on ``PYTHONPATH``, for example a built core."""
    environment: dict[str, str] = {}
    """Extra environment variables, for example ``PYJIT_THRESHOLD_CALLS``."""
    build_id: str = ""
    """Build id of the JIT, filled in by the executor's handshake."""

    @property
    def key(self) -> str:
        """``<name>@<arch>``, unique in a campaign."""
        return f"{self.name}@{self.arch}"
