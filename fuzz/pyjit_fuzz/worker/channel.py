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
from typing import Any, Dict, NamedTuple, Tuple

MAGIC = b"PJF1"
PREFIX = struct.Struct(">4sII")
MAX_FRAME = 64 << 20

START, COMPILE, RUN, CANONICALISE, TEARDOWN, DONE = range(6)
PHASES = ("start", "compile", "run", "canonicalise", "teardown", "done")
"""Names of the points that a child marks, by number."""

COLLECT_EVERY = "PYJIT_FUZZ_COLLECT_EVERY"
"""A worker's own option: garbage is collected whenever there are so many more containers than after
the last time. 0: never, and so it is where the option is not given."""

_REPORT, _ADDITION, _CODE = 1, 2, 3


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


class Told(NamedTuple):
    """What a child told of one program."""

    report: bytes
    addition: bytes
    code: bytes
    """What the program was compiled to, marshalled; empty where nobody asked for it."""
    begin: int
    """Where the program's text starts in the captured output."""
    end: int
    """Where it ended when the report was posted."""


class Board:
    """Shared memory: which program the child is at, how far, and the reports on all of them.

    The child writes, the server reads after the child is dead, so nothing needs
    a lock. Reports carry a checksum, because a program under a faulty JIT may
    write anywhere.
    """

    _HEAD = struct.Struct("=IIIQQ")
    """Phase, place of the program in its child, bytes of records, where its texts start."""
    _RECORD = struct.Struct("=IIIIQQ")
    """Place, kind, size and checksum of a report, where the program's output starts and ends."""
    SIZE = 24 << 20

    def __init__(self) -> None:
        """Map the memory; it must happen before the fork."""
        self._memory = mmap.mmap(-1, self.SIZE)

    def reset(self) -> None:
        """Forget the last child."""
        self._memory[: self._HEAD.size] = b"\0" * self._HEAD.size

    def begin(self, place: int, output: int, native: int) -> None:
        """Note that the child starts with the program at ``place``; texts start here."""
        used = self._HEAD.unpack_from(self._memory)[2]
        self._HEAD.pack_into(self._memory, 0, START, place, used, output, native)

    def mark(self, phase: int) -> None:
        """Note that the child has reached ``phase``."""
        self._memory[0] = phase

    def phase(self) -> str:
        """Return the name of the last point reached."""
        phase = self._memory[0]
        return PHASES[phase] if phase < len(PHASES) else "damaged"

    def place(self) -> int:
        """Return the place of the program that the child is at."""
        return int(self._HEAD.unpack_from(self._memory)[1])

    def starts(self) -> Tuple[int, int]:
        """Return where the last program's output and native text start."""
        output, native = self._HEAD.unpack_from(self._memory)[3:]
        return output, native

    def nearly_full(self) -> bool:
        """Tell whether another program might not find room."""
        return bool(self._HEAD.unpack_from(self._memory)[2] > self.SIZE // 3)

    def post(self, report: bytes, end: int) -> None:
        """Store the report on the present program; ``end`` is the output's size at this point."""
        self._put(_REPORT, report, end)

    def give(self, code: bytes) -> None:
        """Store what the present program was compiled to, if there is room for it."""
        if len(code) < self.SIZE // 8:
            self._put(_CODE, code, 0)

    def add(self, addition: bytes) -> None:
        """Store what the end of the run adds to the report."""
        self._put(_ADDITION, addition, 0)

    def _put(self, kind: int, text: bytes, end: int) -> None:
        phase, place, used, output, native = self._HEAD.unpack_from(self._memory)
        start = self._HEAD.size + used
        middle = start + self._RECORD.size
        if middle + len(text) > self.SIZE:
            raise MemoryError("the report does not fit")
        record = (place, kind, len(text), zlib.crc32(text), output, end)
        self._RECORD.pack_into(self._memory, start, *record)
        self._memory[middle : middle + len(text)] = text
        used = middle + len(text) - self._HEAD.size
        self._HEAD.pack_into(self._memory, 0, phase, place, used, output, native)

    def told(self) -> Dict[int, Told]:
        """Return what was told by place; damaged reports are left out."""
        found: Dict[int, Told] = {}
        start = self._HEAD.size
        last = min(start + self._HEAD.unpack_from(self._memory)[2], self.SIZE)
        while start + self._RECORD.size <= last:
            place, kind, size, check, begin, end = self._RECORD.unpack_from(self._memory, start)
            start += self._RECORD.size
            text = self._memory[start : start + size]
            start += size
            if start > last or zlib.crc32(text) != check:
                continue
            before = found.get(place, Told(b"", b"", b"", 0, 0))
            if kind == _REPORT:
                found[place] = before._replace(report=text, begin=begin, end=end)
            elif kind == _CODE:
                found[place] = before._replace(code=text)
            elif kind == _ADDITION and before.report:
                found[place] = before._replace(addition=text)
        return found
