"""The registry of known issues: what is not to be reported again, and what must not come back.

The registry is a TOML file::

    [[issue]]
    name = "recursion-depth"
    oracle = "exception"
    signature = "exception:RecursionError*"
    reason = "compiled frames use less native stack; docs/contract.md"

    [[issue]]
    name = "negated-zero"
    state = "fixed"
    signature = "result:float:value"
    part = "type-feedback"
    reason = "-x of a raw float lost the sign of zero"
    fixed_in = "1d3e3ce"

A mechanism of an issue that is ``expected`` or ``open`` is counted and is no finding. One of an
issue that is ``fixed`` is a finding like any other, and a regression.
"""

from __future__ import annotations

import enum
import fnmatch
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pyjit_fuzz.model import Finding, Verdict


class KnownIssueError(Exception):
    """The registry cannot be read; the text says why and where."""


class IssueState(enum.Enum):
    """What is to become of an issue."""

    EXPECTED = "expected"
    """It may differ, and always will."""
    OPEN = "open"
    """A bug that somebody is going to fix."""
    FIXED = "fixed"
    """A bug that is no more: seen again, it is a regression."""


class KnownIssue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mechanism that was looked into."""

    name: str
    signature: str
    """Shell pattern for the verdict's signature."""
    reason: str
    """Why it differs, for the report."""
    oracle: str = "*"
    profile: str = "*"
    """Shell pattern for the tested profile's key."""
    state: IssueState = IssueState.EXPECTED
    part: str = "*"
    """Shell pattern for the part of the JIT without which it is gone (``Finding.hint``);
    for fixed issues only, because it is known only once a finding is blamed."""
    fixed_in: str = ""
    """Commit or version of the fix."""
    link: str = ""
    """Its place in an issue tracker."""


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    issue: tuple[KnownIssue, ...] = ()


def load_known(path: Path) -> tuple[KnownIssue, ...]:
    """Read a registry of known issues; raises ``KnownIssueError``."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _List).issue
    except OSError as error:
        text = f"cannot read the known issues in {path}: {error.strerror}"
        raise KnownIssueError(text) from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise KnownIssueError(f"{path} is not a list of known issues: {error}") from error


def match_known(verdict: Verdict, known: Iterable[KnownIssue]) -> KnownIssue | None:
    """Return the known issue that explains a verdict, if there is one; a fixed one does not."""
    for issue in known:
        if issue.state is not IssueState.FIXED and _matches(issue, verdict):
            return issue
    return None


def regression_of(finding: Finding, known: Iterable[KnownIssue]) -> KnownIssue | None:
    """Return the fixed issue that a finding shows again, if it is one."""
    for issue in known:
        if (
            issue.state is IssueState.FIXED
            and _matches(issue, finding.verdict)
            and fnmatch.fnmatchcase(finding.hint, issue.part)
        ):
            return issue
    return None


def _matches(issue: KnownIssue, verdict: Verdict) -> bool:
    return (
        fnmatch.fnmatchcase(verdict.oracle, issue.oracle)
        and fnmatch.fnmatchcase(verdict.signature, issue.signature)
        and fnmatch.fnmatchcase(verdict.tested, issue.profile)
    )


def is_counted_for(mechanism: str, issue: KnownIssue) -> bool:
    """Say whether programs that were counted by mechanism belong to an issue."""
    oracle, _, rest = mechanism.partition(":")
    return fnmatch.fnmatchcase(oracle, issue.oracle) and any(
        fnmatch.fnmatchcase(text, issue.signature) for text in (mechanism, rest)
    )
