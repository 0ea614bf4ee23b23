"""What one run of a program may use."""

from __future__ import annotations

from typing import Any

import msgspec


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of one run; hitting one of them says nothing about the JIT."""

    seconds: float = 2.0
    """Processor seconds of the program, a thousand times what a usual one takes; the load of the
    machine does not count."""
    memory_mib: int = 1024
    """Address space that the program adds, code memory of the JIT included."""
    output_bytes: int = 256 << 10
    """Text that the program may print; what is beyond is cut off."""
    file_mib: int = 128
    """Size of one file; the JIT's code memory may be a file to the system."""
    open_files: int = 64
    processes: int = 0
    """Processes and threads that the program may start."""
    recursion: int = 1000
    """``sys.setrecursionlimit``, the same under every profile."""

    @property
    def wall_seconds(self) -> float:
        """Wall seconds after which a run that waits for something is ended."""
        return 5 * self.seconds + 5

    def times(self, factor: float) -> Limits:
        """Return the same limits with ``factor`` times the time."""
        return msgspec.structs.replace(self, seconds=self.seconds * factor)

    def for_worker(self, *, address_space: bool) -> dict[str, Any]:
        """Return them as the worker wants them; ``address_space``: it is to limit that."""
        return {
            "seconds": self.seconds,
            "wall_seconds": self.wall_seconds,
            "memory_bytes": self.memory_mib << 20,
            "limit_address_space": address_space,
            "output_bytes": self.output_bytes,
            "file_bytes": self.file_mib << 20,
            "open_files": self.open_files,
            "processes": self.processes,
            "recursion": self.recursion,
        }
