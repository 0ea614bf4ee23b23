"""What an oracle says of a set of observations."""

from __future__ import annotations

import enum

import msgspec


class Outcome(enum.Enum):
    """An oracle's answer."""

    SAME = "same"
    DIFFERENT = "different"
    INCONCLUSIVE = "inconclusive"
    """The oracle cannot judge these (a time-out, a limit, a missing part)."""


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One oracle's judgement on one reference and one tested observation."""

    oracle: str
    outcome: Outcome
    reference: str
    """Profile key of the observation taken as the truth."""
    tested: str
    """Profile key of the observation that is judged."""
    signature: str = ""
    """Stable short text that names the *mechanism* of the difference
    (for example ``result:int!=float`` or ``crash:SIGSEGV:list_dealloc``);
    two runs of one bug have one signature. Empty when SAME."""
    explanation: str = ""
    """One or a few lines for a person: what differs, where."""
    rerun_at: float = 0.0
    """Run the tested side again at this many times its time limit before judging, or before
    anybody believes that it is different; 0: no need."""
