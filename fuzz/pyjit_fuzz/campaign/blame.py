"""Blame: which part of the JIT has to be switched off for a difference to go away.

Each switch is an option of the JIT that takes one mechanism out. The first
switch that makes the difference vanish gives the finding its hint, and with it
its bucket, so that two bugs behind one signature come apart.
"""

from __future__ import annotations

import msgspec

from pyjit_fuzz.campaign.lane import Lane
from pyjit_fuzz.execute import Limits
from pyjit_fuzz.model import Finding
from pyjit_fuzz.triage import bucket

SWITCHES: tuple[tuple[str, dict[str, str]], ...] = (
    ("inline-caches", {"PYJIT_INLINE_CACHES": "0"}),
    ("type-feedback", {"PYJIT_RECOMPILE_AFTER": "1000000000"}),
    ("fast-paths", {"PYJIT_FAIL_GUARDS": "1"}),
)
"""Name of the hint, and the environment that switches the part off."""

_JITS_WITH_SWITCHES = frozenset({"pyjit_core"})


def blame(finding: Finding, limits: Limits) -> Finding:
    """Return the finding with its hint and the bucket that follows from it."""
    if finding.tested.jit not in _JITS_WITH_SWITCHES:
        return finding
    for hint, environment in SWITCHES:
        without = msgspec.structs.replace(
            finding.tested, environment={**finding.tested.environment, **environment}
        )
        with Lane((finding.reference, without), limits) as lane:
            if not lane.shows(finding.program, finding.verdict):
                blamed = msgspec.structs.replace(finding, hint=hint)
                return msgspec.structs.replace(blamed, bucket=bucket(blamed))
    return finding
