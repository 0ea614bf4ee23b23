"""The host's end of the pipes: frames with time limits, decoded strictly.

Contract: whatever arrives is data that may be garbage. It is decoded into
typed structures or refused with ``WorkerGoneError``; nothing is evaluated.
"""

from __future__ import annotations

import functools
import os
import select
import time
from typing import Any, Literal, TypeVar

import msgspec

from pyjit_fuzz.model import ExceptionInfo, Step
from pyjit_fuzz.worker.channel import MAGIC, MAX_FRAME, PREFIX

PROTOCOL = 4
_CHUNK = 1 << 18

_NONE = msgspec.Raw(b"null")
_LONG_TREE = 1 << 16
"""Bytes; longer ones are not kept."""

_T = TypeVar("_T")


class WorkerGoneError(Exception):
    """The worker died, hung up, or sent something that is no answer."""


class WorkerSilentError(WorkerGoneError):
    """The worker is there and does not answer in time."""


class Hello(msgspec.Struct, frozen=True):
    """The worker's first frame."""

    protocol: int
    python: tuple[int, int, int]
    implementation: str
    magic: str
    """Hexadecimal magic number of its bytecode."""
    executable: str
    arch: str
    pid: int
    jit: dict[str, str] = {}
    """``build_info()`` of the JIT; empty without one."""
    jit_error: str = ""
    """Why the JIT could not be imported."""
    options: tuple[str, ...] = ()
    """Names of what can be set on the JIT's ``config``."""
    events: tuple[str, ...] = ()
    """Names of the JIT's events by place, for a JIT that has a map of them."""


class Answer(msgspec.Struct, frozen=True):
    """Header of the answer to one request; the parts follow as raw bytes."""

    exit: int
    """Exit status of the child, -1 when a signal ended it."""
    signal: int
    phase: str
    timed_out: bool
    seconds: float
    place: int
    """Programs that ran before it in the same process."""
    output_full: bool
    sizes: tuple[int, int, int, int, int]
    """Bytes of the report, its addition, the output, the native standard error, the code."""


class Report(msgspec.Struct, frozen=True):
    """What a child says of itself; canonical trees are as they came, ``tree`` decodes them."""

    status: Literal["ok", "exception", "limit", "invalid"]
    limit: str = ""
    result: msgspec.Raw = _NONE
    log: msgspec.Raw = _NONE
    exception: ExceptionInfo | None = None
    compiled: tuple[str, ...] = ()
    refused: dict[str, int] = {}
    jit_stats: dict[str, int] = {}
    events: tuple[tuple[int, int], ...] = ()
    """Place and count of the JIT's events."""
    stopped: Step | None = None
    duration: float = 0.0
    processor: float = 0.0


class Addition(msgspec.Struct, frozen=True):
    """What a child adds once its objects are destroyed."""

    survivors: dict[str, int] = {}


class Pipes:
    """Two descriptors to one worker; owns and closes them."""

    def __init__(self, requests: int, replies: int) -> None:
        self._requests = requests
        self._replies = replies
        self._poll = select.poll()
        self._poll.register(replies, select.POLLIN)
        os.set_blocking(requests, False)
        self._pending = bytearray()

    def close(self) -> None:
        """Close both; the worker sees the end of its requests and leaves."""
        for fd in (self._requests, self._replies):
            if fd >= 0:
                os.close(fd)
        self._requests = self._replies = -1

    def send(self, header: bytes, body: bytes, seconds: float) -> None:
        """Send one frame; raises ``WorkerGoneError`` when the worker does not take it."""
        data = memoryview(PREFIX.pack(MAGIC, len(header), len(body)) + header + body)
        deadline = time.monotonic() + seconds
        while data:
            try:
                data = data[os.write(self._requests, data) :]
            except BlockingIOError:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise WorkerSilentError("the worker takes no requests") from None
                select.select([], [self._requests], [], left)
            except OSError as error:
                raise WorkerGoneError(f"the worker hung up: {error.strerror}") from error

    def receive(self, seconds: float) -> tuple[bytes, bytes]:
        """Return header and body of the next frame, waiting at most ``seconds``."""
        deadline = time.monotonic() + seconds
        magic, head_size, body_size = PREFIX.unpack(self._take(PREFIX.size, deadline))
        if magic != MAGIC or head_size > MAX_FRAME or body_size > MAX_FRAME:
            raise WorkerGoneError("the worker sent something that is no answer")
        return self._take(head_size, deadline), self._take(body_size, deadline)

    def _take(self, size: int, deadline: float) -> bytes:
        while len(self._pending) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not self._poll.poll(left * 1000):
                raise WorkerSilentError("the worker does not answer")
            part = os.read(self._replies, _CHUNK)
            if not part:
                raise WorkerGoneError("the worker hung up")
            self._pending += part
        taken = bytes(self._pending[:size])
        del self._pending[:size]
        return taken


_hello = msgspec.json.Decoder(Hello)
_answer = msgspec.json.Decoder(Answer)
_report = msgspec.json.Decoder(Report)
_addition = msgspec.json.Decoder(Addition)
_MALFORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def decode_hello(data: bytes) -> Hello:
    """Decode a first frame; raises ``WorkerGoneError``."""
    try:
        return _hello.decode(data)
    except msgspec.MsgspecError as error:
        raise WorkerGoneError(f"the worker's first message is not a hello: {error}") from error


class Reply(msgspec.Struct, frozen=True):
    """One decoded answer with its parts."""

    answer: Answer
    report: Report | None
    """``None`` when the child did not get so far, or damaged it."""
    survivors: dict[str, int]
    output: str
    native: str
    """What was written to the child's native standard error, faulthandler's text included."""
    code: bytes
    """What the program was compiled to, if that was asked for. Nobody but another worker may read
    it."""


def decode_reply(header: bytes, body: bytes) -> Reply:
    """Decode one answer; raises ``WorkerGoneError`` for anything malformed in the header."""
    try:
        answer = _answer.decode(header)
    except msgspec.MsgspecError as error:
        raise WorkerGoneError(f"the worker's answer makes no sense: {error}") from error
    if sum(answer.sizes) != len(body) or min(answer.sizes) < 0:
        raise WorkerGoneError("the worker's answer has parts of the wrong size")
    parts = []
    start = 0
    for size in answer.sizes:
        parts.append(body[start : start + size])
        start += size
    report = _child_said(_report, parts[0])
    try:
        if report is not None:
            tree(report.result), tree(report.log)
    except _MALFORMED:
        report = None
    return Reply(
        answer=answer,
        report=report,
        survivors=(_child_said(_addition, parts[1]) or Addition()).survivors,
        output=parts[2].decode("utf-8", "backslashreplace"),
        native=parts[3].decode("utf-8", "backslashreplace"),
        code=parts[4],
    )


def _child_said(decoder: msgspec.json.Decoder[_T], data: bytes) -> _T | None:
    """Decode what a child wrote; a child under a faulty JIT may have written anything."""
    if not data:
        return None
    try:
        return decoder.decode(data)
    except _MALFORMED:
        return None


def tree(raw: msgspec.Raw) -> Any:
    """Decode a canonical tree. The same text is decoded once: most interpreters say the same."""
    text = bytes(raw)
    return msgspec.json.decode(text) if len(text) > _LONG_TREE else _kept_tree(text)


@functools.lru_cache(256)
def _kept_tree(text: bytes) -> Any:
    return msgspec.json.decode(text)
