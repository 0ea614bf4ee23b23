"""What the supervisor and its jobs say to each other: frames of MessagePack.

A job gets a ``Start``, then one ``Task`` after another, and ends when its end
of the connection is closed. For a task it sends any number of ``Stored`` and
``Working``, at most one ``Ran`` for each program, and at the end ``Done``; or
``Failed``, after which it ends. Programs without a ``Ran`` before ``Done`` are handed back:
the job had found enough, or its time was over.
"""

from __future__ import annotations

import math
from multiprocessing.connection import Connection
from typing import TypeAlias

import msgspec

from pyjit_fuzz.campaign.settings import Settings
from pyjit_fuzz.model import Program


class Start(msgspec.Struct, frozen=True, tag=True):
    """First message to a job."""

    settings: Settings
    corpus: tuple[Program, ...]
    campaign: str
    """The campaign's folder."""


class RunPrograms(msgspec.Struct, frozen=True, tag=True):
    """Run programs and store what differs."""

    arch: str
    keys: tuple[str, ...]
    """Keys of the programs, see ``sources``."""
    kept: tuple[Program, ...] = ()
    """Kept programs that keys name, and those that they are bred from."""
    seen: dict[str, int] = {}
    """How often each mechanism was seen so far."""
    seconds: float = math.inf
    """Wall seconds after which no other program of these is looked at."""
    enough: float = math.inf
    """Findings after which no other program of these is looked at."""


class Finish(msgspec.Struct, frozen=True, tag=True):
    """Confirm, reduce and blame a finding, as far as it is not done yet."""

    arch: str
    folder: str
    """Where it is stored."""
    reduce: bool = True
    """Whether there is time for more than confirming it."""


Task: TypeAlias = RunPrograms | Finish


class ProfileRun(msgspec.Struct, frozen=True):
    """How one program fared under one profile."""

    profile: str
    build_id: str
    status: str
    compiled: bool
    different: bool
    seconds: float
    guard_failed: bool = False


class Ran(msgspec.Struct, frozen=True, tag=True):
    """A program ran under all profiles, and what it showed is safe on disk."""

    key: str
    program_id: str
    origin: str
    valid: bool
    """The reference ended without an unplanned exception."""
    planned: bool
    """The reference ended with the exception that the program planned."""
    runs: tuple[ProfileRun, ...]
    mechanisms: tuple[str, ...] = ()
    answer: str = ""
    """What the reference answered, for comparison with other architectures; empty: nothing."""
    known: tuple[str, ...] = ()
    """Names of known issues that it showed."""
    features: tuple[str, ...] = ()
    """What it reached in the JIT that few programs did before it, see ``feedback``."""
    program: Program | None = None
    """Itself, if there is any such feature: it may have to be kept."""
    in_company: tuple[str, ...] = ()
    """Mechanisms that it showed behind other programs, and not alone."""


class Stored(msgspec.Struct, frozen=True, tag=True):
    """A finding was written, in a new or a later state."""

    id: str
    bucket: str
    mechanism: str
    arch: str
    profile: str
    state: str
    lines: int
    folder: str


class Working(msgspec.Struct, frozen=True, tag=True):
    """What a job is at, for the progress display."""

    text: str


class Notice(msgspec.Struct, frozen=True, tag=True):
    """What the person who runs the campaign should read; it comes from no job."""

    text: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """The task is finished."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The job cannot go on; the text is for the user."""

    message: str


ToJob: TypeAlias = Start | RunPrograms | Finish
FromJob: TypeAlias = Ran | Stored | Working | Done | Failed
Event: TypeAlias = FromJob | Notice
"""What a campaign tells whoever looks on."""

_ENCODER = msgspec.msgpack.Encoder()
_TO_JOB: msgspec.msgpack.Decoder[ToJob] = msgspec.msgpack.Decoder(ToJob)
_FROM_JOB: msgspec.msgpack.Decoder[FromJob] = msgspec.msgpack.Decoder(FromJob)


def send(connection: Connection, message: ToJob | FromJob) -> None:
    """Send one message; raises ``OSError`` when the other side is gone."""
    connection.send_bytes(_ENCODER.encode(message))


def receive_in_job(connection: Connection) -> ToJob:
    """Receive a message from the supervisor; raises ``EOFError`` when it is gone."""
    return _TO_JOB.decode(connection.recv_bytes())


def receive_from_job(connection: Connection) -> FromJob:
    """Receive a message from a job; raises ``EOFError`` when it is gone."""
    return _FROM_JOB.decode(connection.recv_bytes())
