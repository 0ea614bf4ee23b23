"""The list of known issues: differences that are explained and not to be reported again.

The list is a TOML file::

    [[issue]]
    name = "recursion-depth"
    oracle = "exception"
    signature = "exception:RecursionError*"
    reason = "compiled frames use less native stack; documented in DIFFERENCES.md"
"""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pyjit_fuzz.model import Verdict


class KnownIssueError(Exception):
    """The list cannot be read; the text says why and where."""


class KnownIssue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mechanism that is expected to differ."""

    name: str
    signature: str
    """Shell pattern for the verdict's signature."""
    reason: str
    """Why it may differ, for the report."""
    oracle: str = "*"
    profile: str = "*"
    """Shell pattern for the tested profile's key."""


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    issue: tuple[KnownIssue, ...] = ()


def load_known(path: Path) -> tuple[KnownIssue, ...]:
    """Read a list of known issues; raises ``KnownIssueError``."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _List).issue
    except OSError as error:
        text = f"cannot read the known issues in {path}: {error.strerror}"
        raise KnownIssueError(text) from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise KnownIssueError(f"{path} is not a list of known issues: {error}") from error


def match_known(verdict: Verdict, known: Iterable[KnownIssue]) -> KnownIssue | None:
    """Return the known issue that explains a verdict, if there is one."""
    for issue in known:
        if (
            fnmatch.fnmatchcase(verdict.oracle, issue.oracle)
            and fnmatch.fnmatchcase(verdict.signature, issue.signature)
            and fnmatch.fnmatchcase(verdict.tested, issue.profile)
        ):
            return issue
    return None
