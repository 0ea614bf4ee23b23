"""What the supervisor and the stations of a cluster say to each other: frames of MessagePack.

A station has no part in the campaign's folder. So an order brings the finding that it is about,
and an answer brings those that it has led to, beside the messages of the job that did it.
"""

from __future__ import annotations

import msgspec

from pyjit_fuzz.campaign.protocol import FromJob, Task
from pyjit_fuzz.model import Finding


class Order(msgspec.Struct, frozen=True):
    """One task for whichever worker is free."""

    task: Task
    finding: Finding | None = None
    """What is to be finished."""


class Delivery(msgspec.Struct, frozen=True):
    """One thing that a job reported."""

    message: FromJob
    finding: Finding | None = None
    """What was stored, if the message says that something was."""


class Answer(msgspec.Struct, frozen=True):
    """How an order went."""

    deliveries: tuple[Delivery, ...]
    died: str = ""
    """How the job ended before it was done, for people; empty: it was done."""


_ENCODER = msgspec.msgpack.Encoder()
_ORDER = msgspec.msgpack.Decoder(Order)
_ANSWER = msgspec.msgpack.Decoder(Answer)


def encode(message: Order | Answer) -> bytes:
    """Return a message as bytes."""
    return _ENCODER.encode(message)


def decode_order(data: bytes) -> Order:
    """Return an order; raises ``msgspec.DecodeError``."""
    return _ORDER.decode(data)


def decode_answer(data: bytes) -> Answer:
    """Return an answer; raises ``msgspec.DecodeError``."""
    return _ANSWER.decode(data)
