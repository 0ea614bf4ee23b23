"""Differences that docs/contract.md explains: a table, each row with its reason."""

from __future__ import annotations

import fnmatch
import tomllib
from pathlib import Path

import msgspec

from pyjit_fuzz.execute.errors import SetupError
from pyjit_testbed.model import Difference

TABLE = Path(__file__).with_name("tables") / "known.toml"


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the table. ``unit`` and ``test`` are patterns of the shell."""

    unit: str
    test: str
    reason: str
    contract: str
    """The beginning of the row of docs/contract.md that explains it."""
    profiles: tuple[str, ...] = ()
    """Where it may happen; empty: everywhere."""

    def explains(self, difference: Difference) -> bool:
        """Say whether this row is about ``difference``; a crash is never explained."""
        return (
            difference.kind != "crash"
            and fnmatch.fnmatchcase(difference.unit, self.unit)
            and fnmatch.fnmatchcase(difference.test, self.test)
            and (not self.profiles or difference.arm in self.profiles)
        )


def load(path: Path = TABLE) -> list[Known]:
    """Read the table.

    Raises:
        SetupError: it cannot be read.
    """
    try:
        rows = tomllib.loads(path.read_text("utf-8")).get("difference", [])
        return msgspec.convert(rows, list[Known])
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise SetupError(f"The table {path} cannot be read: {error}.") from error
