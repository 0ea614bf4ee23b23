"""Triage: which findings are one bug, how bad it is, which are known, which to keep.

Pure functions over ``Finding``; no I/O but reading the list of known issues.
Suppression is by mechanism (oracle and signature), never by a property of the
program: a rule that says "ignore programs with X" would hide other bugs.
"""

from pyjit_fuzz.triage.bucket import Severity, bucket, mechanism, pick_primary, severity
from pyjit_fuzz.triage.guilty import (
    DIGITS,
    IN_PLACE,
    MOVING,
    NOT_OF_CODE,
    OBJECTS,
    SUBCLASS,
    WITH_FAST_PATHS,
    WITH_OPERATORS,
    guilty,
    instruction_of,
    operator_of,
    operators_in,
)
from pyjit_fuzz.triage.keep import SAMPLES, worth_a_sample
from pyjit_fuzz.triage.known import (
    IssueState,
    KnownIssue,
    KnownIssueError,
    is_counted_for,
    load_known,
    match_known,
    regression_of,
)

__all__ = [
    "DIGITS",
    "IN_PLACE",
    "MOVING",
    "NOT_OF_CODE",
    "OBJECTS",
    "SAMPLES",
    "SUBCLASS",
    "WITH_FAST_PATHS",
    "WITH_OPERATORS",
    "IssueState",
    "KnownIssue",
    "KnownIssueError",
    "Severity",
    "bucket",
    "guilty",
    "instruction_of",
    "is_counted_for",
    "load_known",
    "match_known",
    "mechanism",
    "operator_of",
    "operators_in",
    "pick_primary",
    "regression_of",
    "severity",
    "worth_a_sample",
]
