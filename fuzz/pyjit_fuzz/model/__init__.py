"""The nouns of the toolkit: frozen data, no I/O, no behaviour beyond identity.

Every other room imports this one and this one imports none of them, so a
stored finding can be read by any part of the toolkit. All structures convert
to and from JSON through ``msgspec``.
"""

from pyjit_fuzz.model.blame import Blame, Harm, Premises
from pyjit_fuzz.model.code import Compiled, code_objects, compiled
from pyjit_fuzz.model.finding import Finding, FindingState, Since
from pyjit_fuzz.model.observation import (
    Crash,
    ExceptionInfo,
    Observation,
    Status,
    Step,
    TraceEntry,
)
from pyjit_fuzz.model.profile import Profile
from pyjit_fuzz.model.program import Program
from pyjit_fuzz.model.verdict import Outcome, Verdict

__all__ = [
    "Blame",
    "Compiled",
    "Crash",
    "ExceptionInfo",
    "Finding",
    "FindingState",
    "Harm",
    "Observation",
    "Outcome",
    "Premises",
    "Profile",
    "Program",
    "Since",
    "Status",
    "Step",
    "TraceEntry",
    "Verdict",
    "code_objects",
    "compiled",
]
