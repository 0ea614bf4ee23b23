"""What a program answers on every architecture, if its operations are exact.

Programs of the generator and of the corpus use what is the same everywhere: integers, texts,
containers, and floating-point operations that are exact. So the interpreters of two
architectures have to give one answer, and with them their JITs. Where they do not, a program asks
for what depends on the machine, or an emulator is wrong; which of the two no oracle can tell.
"""

from __future__ import annotations

import hashlib

import msgspec

from pyjit_fuzz.model import Observation, Status
from pyjit_oracles import normalise


def answer(observation: Observation) -> str:
    """Return a digest of what a program showed; empty if it did not come to its own end."""
    if observation.status not in (Status.OK, Status.EXCEPTION):
        return ""
    shown = (
        observation.status,
        observation.result,
        observation.log,
        observation.exception,
        observation.output,
    )
    text = normalise.text(msgspec.json.encode(shown).decode())
    return hashlib.sha256(text.encode()).hexdigest()[:16]
