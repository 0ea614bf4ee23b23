"""The seeded faults as the built core lists them, and the canaries that they have."""

from __future__ import annotations

import json
import os
import platform
import struct
import subprocess
from pathlib import Path

import msgspec

from pyjit_fuzz.execute import SetupError
from pyjit_qemu.build import build_core
from pyjit_qemu.paths import INTERPRETER

_LIST = "import json, pyjit_core; print(json.dumps(pyjit_core.build_info()['fault_table']))"
_BACK_ENDS = {"masm-x64": "x86_64", "masm-a64": "aarch64"}
"""Parts of the core that run on one architecture only."""
_COUNTERS = struct.Struct("=QQ")


class Fault(msgspec.Struct, frozen=True):
    """One seeded fault."""

    name: str
    part: str
    """Part of the core that it is in."""
    oracles: tuple[str, ...]
    """Oracles that are expected to see it."""
    what: str

    def is_on(self, arch: str) -> bool:
        """Say whether the part that it is in is used on an architecture."""
        return _BACK_ENDS.get(self.part, arch) == arch


def fault_table() -> list[Fault]:
    """Return the faults of the core, built for this machine; raises ``SetupError``."""
    built = build_core(platform.machine(), variant="faults")
    environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(built)}
    done = subprocess.run(
        [INTERPRETER, "-c", _LIST],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise SetupError(f"The core in {built} does not list its faults: {last[0]}.")
    return [
        Fault(name, part, tuple(oracles.split()), what)
        for name, part, oracles, what in json.loads(done.stdout)
    ]


class Canary:
    """The two counters of the fault under test, in a file that the tested processes share."""

    def __init__(self, path: Path) -> None:
        """Start at zero."""
        self.path = path.resolve()
        self.reset()

    def reset(self) -> None:
        """Set both counters to zero; nobody may be counting."""
        self.path.write_bytes(_COUNTERS.pack(0, 0))

    def read(self) -> tuple[int, int]:
        """Return how often the fault was reached and triggered."""
        reached, triggered = _COUNTERS.unpack(self.path.read_bytes())
        return reached, triggered
