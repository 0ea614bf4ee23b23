"""A profile: one way to run a program. Plain data, read from TOML."""

from __future__ import annotations

import hashlib

import msgspec

from pyjit_fuzz.model.program import Program


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
    space: dict[str, tuple[str, ...]] = {}
    """Environment variables of options, and the values that they may have: each program is run at
    one point of this space, which follows from the program and ``space_seed``."""
    space_seed: int = 0
    build_id: str = ""
    """Build id of the JIT, filled in by the executor's handshake."""

    def at(self, program: Program) -> Profile:
        """Return the profile at the point of its space where a program is run."""
        if not self.space:
            return self
        return msgspec.structs.replace(
            self, environment={**self.environment, **self.point(program)}, space={}
        )

    def point(self, program: Program) -> dict[str, str]:
        """Return the values of the options with which a program is run; empty without a space."""
        return {
            name: values[_number(f"{self.space_seed}/{name}/{program.id}") % len(values)]
            for name, values in self.space.items()
        }

    @property
    def key(self) -> str:
        """``<name>@<arch>``, unique in a campaign."""
        return f"{self.name}@{self.arch}"


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")
