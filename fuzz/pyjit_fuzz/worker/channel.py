"""How the fork server talks: frames with the host, shared memory with its children.

Contract: a frame is ``magic, header length, body length`` (big-endian, 12
bytes), a JSON object and a body of raw bytes. Only the server holds the two
pipes; a child closes them before it does anything else and answers through
``Board``, memory that it shares with the server. A child can thus neither forge
an answer on the pipe nor be waited for on it.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from typing import Any, Dict, Tuple

MAGIC = b"PJF1"
PREFIX = struct.Struct(">4sII")
MAX_FRAME = 64 << 20

COMPILE, RUN, CANONICALISE, TEARDOWN, DONE = range(1, 6)
PHASES = ("start", "compile", "run", "canonicalise", "teardown", "done")
"""Names of the points that a child marks, by number."""


class BrokenFrameError(Exception):
    """The bytes on the pipe are no frame."""


def write_frame(fd: int, header: Dict[str, Any], body: bytes = b"") -> None:
    """Write one frame; raises ``OSError`` (a broken pipe) when nobody reads any more."""
    head = json.dumps(header).encode("ascii")
    data = memoryview(PREFIX.pack(MAGIC, len(head), len(body)) + head + body)
    while data:
        data = data[os.write(fd, data) :]


def read_frame(fd: int) -> Tuple[Dict[str, Any], bytes] | None:
    """Read one frame; ``None`` at the end of the stream."""
    prefix = _read_exactly(fd, PREFIX.size)
    if not prefix:
        return None
    magic, head_size, body_size = PREFIX.unpack(prefix)
    if magic != MAGIC or head_size > MAX_FRAME or body_size > MAX_FRAME:
        raise BrokenFrameError("the request does not start with a frame's magic number")
    header = json.loads(_read_exactly(fd, head_size).decode("ascii"))
    if type(header) is not dict:
        raise BrokenFrameError("the request's header is not an object")
    return header, _read_exactly(fd, body_size)


def _read_exactly(fd: int, size: int) -> bytes:
    parts = []
    missing = size
    while missing:
        part = os.read(fd, missing)
        if not part:
            if missing == size:
                return b""
            raise BrokenFrameError("the stream ended inside a frame")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


class Board:
    """Shared memory: the point that the child has reached, and its two reports.

    The child writes, the server reads after the child is dead, so nothing needs
    a lock. Reports carry a checksum, because a program under a faulty JIT may
    write anywhere.
    """

    _HEAD = struct.Struct("=IIIIIQ")
    SIZE = 24 << 20

    def __init__(self) -> None:
        """Map the memory; it must happen before the fork."""
        self._memory = mmap.mmap(-1, self.SIZE)

    def reset(self) -> None:
        """Forget the last child."""
        self._memory[: self._HEAD.size] = b"\0" * self._HEAD.size

    def mark(self, phase: int) -> None:
        """Note that the child has reached ``phase``."""
        self._memory[0] = phase

    def phase(self) -> str:
        """Return the name of the last point reached."""
        phase = self._memory[0]
        return PHASES[phase] if phase < len(PHASES) else "damaged"

    def post(self, report: bytes, output_bytes: int) -> None:
        """Store the report and the size of the output at this point."""
        self._put(report, b"", output_bytes)

    def add(self, addition: bytes) -> None:
        """Store what the end of the run adds to the report."""
        report, _, output_bytes = self.reports()
        self._put(report, addition, output_bytes or 0)

    def _put(self, report: bytes, addition: bytes, output_bytes: int) -> None:
        start = self._HEAD.size
        middle = start + len(report)
        end = middle + len(addition)
        if end > self.SIZE:
            raise MemoryError("the report does not fit")
        self._memory[start:middle] = report
        self._memory[middle:end] = addition
        self._memory[:start] = self._HEAD.pack(
            self._memory[0],
            len(report),
            zlib.crc32(report),
            len(addition),
            zlib.crc32(addition),
            output_bytes,
        )

    def reports(self) -> Tuple[bytes, bytes, int | None]:
        """Return both reports and the output's size; ``None`` for a size never posted.

        A damaged report is left out.
        """
        start = self._HEAD.size
        _, size, check, more, more_check, output = self._HEAD.unpack(self._memory[:start])
        if not size or start + size + more > self.SIZE:
            return b"", b"", None
        report = self._memory[start : start + size]
        if zlib.crc32(report) != check:
            return b"", b"", None
        addition = self._memory[start + size : start + size + more]
        return report, addition if zlib.crc32(addition) == more_check else b"", output
