"""The campaign's memory: one SQLite file in WAL mode.

Contract
- One process, the supervisor, writes; readers may come at any time.
- It counts and remembers which programs ran. The findings themselves are in
  the store; what the database missed of them, because a sitting was killed, it
  takes from there (``adopt``).
- Counters of a program, the program's row and its mechanisms are written in
  one transaction: after ``kill -9`` a program either counts or runs again.
"""

from __future__ import annotations

import collections
import datetime as dt
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from pyjit_fuzz.campaign.protocol import Ran, Stored
from pyjit_fuzz.feedback import Feature, Kept
from pyjit_fuzz.model import Program

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS programs (
    arch TEXT NOT NULL, key TEXT NOT NULL, program_id TEXT NOT NULL, origin TEXT NOT NULL,
    outcome TEXT NOT NULL, PRIMARY KEY (arch, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (
    scope TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (scope, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mechanisms (
    mechanism TEXT NOT NULL, arch TEXT NOT NULL, seen INTEGER NOT NULL,
    PRIMARY KEY (mechanism, arch)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sightings (
    mechanism TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, PRIMARY KEY (mechanism)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history (
    arch TEXT NOT NULL, minute INTEGER NOT NULL, programs INTEGER NOT NULL,
    different INTEGER NOT NULL, PRIMARY KEY (arch, minute)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS findings (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, mechanism TEXT NOT NULL, arch TEXT NOT NULL,
    profile TEXT NOT NULL, state TEXT NOT NULL, lines INTEGER NOT NULL, folder TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS features (
    feature TEXT PRIMARY KEY, hits INTEGER NOT NULL, first TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept (
    id TEXT PRIMARY KEY, program BLOB NOT NULL, features BLOB NOT NULL, pooled INTEGER NOT NULL,
    children INTEGER NOT NULL, useful INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS answers (
    program_id TEXT NOT NULL, arch TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (program_id, arch)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS guests (id TEXT PRIMARY KEY, program BLOB NOT NULL);
CREATE VIEW IF NOT EXISTS buckets AS
    SELECT bucket, COUNT(*) AS samples, MIN(lines) AS lines FROM findings GROUP BY bucket;
"""
_SECONDS_BETWEEN_COMMITS = 0.5
COMPANY = "company"
"""Scope of the counters of what programs showed behind others only, and their outcome."""
LOST = "lost"
"""Outcome of a program that took down its job again and again."""


STATE_FILE = "campaign.sqlite"
"""Of a campaign's folder, which one is known by."""


class StateError(Exception):
    """The database cannot be used; the text says why and what to do."""


class State:
    """An open campaign database."""

    def __init__(self, folder: Path) -> None:
        """Open or make the database of a campaign folder; raises ``StateError``."""
        self.path = folder / STATE_FILE
        self._last_commit = time.monotonic()
        self._counted: collections.Counter[tuple[str, str]] = collections.Counter()
        """What was counted since the last commit, by scope and name."""
        try:
            self._db = sqlite3.connect(self.path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise StateError(f"cannot open the campaign database {self.path}: {error}") from error

    def setting(self, name: str) -> str | None:
        """Return a stored setting."""
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        self._write("INSERT OR REPLACE INTO settings VALUES (?, ?)", [(name, value)])

    def done(self, arch: str) -> set[str]:
        """Return the keys of the programs that ran on an architecture."""
        rows = self._db.execute("SELECT key FROM programs WHERE arch = ?", (arch,))
        return {str(key) for (key,) in rows}

    def seen(self) -> dict[str, int]:
        """Return how often each mechanism was seen, on all architectures together."""
        rows = self._db.execute("SELECT mechanism, SUM(seen) FROM mechanisms GROUP BY mechanism")
        return {str(name): int(count) for name, count in rows}

    def counters(self, scope: str) -> dict[str, float]:
        """Return the counters of an architecture or a profile key."""
        self._write_counters()
        rows = self._db.execute("SELECT name, value FROM counters WHERE scope = ?", (scope,))
        return {str(name): float(value) for name, value in rows}

    def rows(self, query: str, *values: str) -> list[tuple[object, ...]]:
        """Answer a query of the summary."""
        self._write_counters()
        return self._db.execute(query, values).fetchall()

    def record(self, arch: str, message: Ran) -> None:
        """Count one program."""
        counts: dict[tuple[str, str], float] = {(arch, "programs"): 1}
        tested = message.runs[1:]
        counts[arch, "valid"] = message.valid
        counts[arch, "planned"] = message.planned
        counts[arch, "guards"] = any(run.guard_failed for run in tested)
        counts[arch, "compiled"] = bool(tested) and all(run.compiled for run in tested)
        counts[arch, "different"] = any(run.different for run in tested)
        for run in message.runs:
            counts[run.profile, "programs"] = 1
            counts[run.profile, f"status:{run.status}"] = 1
            counts[run.profile, "compiled"] = run.compiled
            counts[run.profile, "different"] = run.different
            counts[run.profile, "passed"] = run.compiled and not run.different
            counts[run.profile, "seconds"] = run.seconds
        for name in message.known:
            counts["known", name] = 1
        for name in message.in_company:
            counts[COMPANY, name] = 1
        self._write(
            "INSERT OR REPLACE INTO programs VALUES (?, ?, ?, ?, ?)",
            [(arch, message.key, message.program_id, message.origin, _outcome(message))],
        )
        self._add(counts)
        self._write(
            "INSERT INTO mechanisms VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET seen = seen + 1",
            [(name, arch) for name in message.mechanisms],
        )
        if message.answer:
            row = (message.program_id, arch, message.answer)
            self._write("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", [row])
        self._date(arch, message)
        self.commit(soon=True)

    def compared(self) -> tuple[int, list[str]]:
        """Return how many programs several architectures answered, and keys of those that differ.

        A program counts once for each pair of architectures.
        """
        pairs = (
            "FROM answers AS a JOIN answers AS b ON a.program_id = b.program_id AND a.arch < b.arch"
        )
        ((number,),) = self.rows(f"SELECT COUNT(*) {pairs}")
        rows = self.rows(
            f"SELECT DISTINCT p.key {pairs} JOIN programs AS p ON p.program_id = a.program_id "
            "WHERE a.answer != b.answer ORDER BY p.key"
        )
        return int(str(number)), [str(key) for (key,) in rows]

    def record_lost(self, arch: str, key: str) -> None:
        """Note a program that cannot be run, so that it is not tried for ever."""
        row = (arch, key, "", "", LOST)
        self._write("INSERT OR REPLACE INTO programs VALUES (?, ?, ?, ?, ?)", [row])
        self._add({(arch, LOST): 1})
        self.commit()

    def record_features(self, features: Sequence[Feature], *, counted: bool) -> None:
        """Remember what a program reached; not ``counted``: it was no program to breed from."""
        now = utc_now()
        self._write(
            "INSERT INTO features VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET hits = hits + excluded.hits",
            [(feature, counted, now) for feature in features],
        )

    def hits(self) -> dict[Feature, int]:
        """Return how many programs that count have reached each feature."""
        rows = self._db.execute("SELECT feature, hits FROM features WHERE hits > 0")
        return {str(feature): int(hits) for feature, hits in rows}

    def keep(self, kept: Kept) -> None:
        """Store a program that reached something new."""
        program, features = (
            msgspec.msgpack.encode(kept.program),
            msgspec.msgpack.encode(kept.features),
        )
        row = (kept.program.id, program, features, True, kept.children, kept.useful)
        self._write("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?)", [row])

    def record_guest(self, program: Program) -> None:
        """Store a program that another campaign has kept."""
        row = (program.id, msgspec.msgpack.encode(program))
        self._write("INSERT OR REPLACE INTO guests VALUES (?, ?)", [row])

    def guests(self) -> list[Program]:
        """Return the programs of other campaigns, in the order in which they came."""
        rows = self._db.execute("SELECT program FROM guests ORDER BY rowid")
        return [msgspec.msgpack.decode(program, type=Program) for (program,) in rows]

    def record_child(self, program_id: str, *, useful: bool) -> None:
        """Count a program that was bred from a kept one."""
        self._write(
            "UPDATE kept SET children = children + 1, useful = useful + ? WHERE id = ?",
            [(useful, program_id)],
        )

    def drop(self, ids: Iterable[str]) -> None:
        """Breed no more from programs; they stay, because keys may name them."""
        self._write("UPDATE kept SET pooled = 0 WHERE id = ?", [(each,) for each in ids])

    def kept(self) -> list[Kept]:
        """Return the programs to breed from, in the order in which they were kept."""
        rows = self._db.execute(
            "SELECT program, features, children, useful FROM kept WHERE pooled ORDER BY rowid"
        )
        return [
            Kept(
                program=msgspec.msgpack.decode(program, type=Program),
                features=msgspec.msgpack.decode(features, type=tuple[str, ...]),
                children=int(children),
                useful=int(useful),
            )
            for program, features, children, useful in rows
        ]

    def record_finding(self, message: Stored) -> None:
        """Remember a finding's state."""
        self.adopt([message])

    def adopt(self, messages: Iterable[Stored]) -> None:
        """Take over what the store says of findings; the store is right."""
        self._write(
            "INSERT OR REPLACE INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (m.id, m.bucket, m.mechanism, m.arch, m.profile, m.state, m.lines, m.folder)
                for m in messages
            ],
        )
        self.commit()

    def add_seconds(self, arch: str, seconds: float) -> None:
        """Count wall seconds during which programs of an architecture ran."""
        self._add({(arch, "seconds"): seconds})

    def commit(self, *, soon: bool = False) -> None:
        """Make durable what was written; ``soon``: within half a second, with what follows."""
        now = time.monotonic()
        if soon and now - self._last_commit < _SECONDS_BETWEEN_COMMITS:
            return
        self._write_counters()
        if self._db.in_transaction:
            self._run("COMMIT")
            self._last_commit = now

    def close(self) -> None:
        """Commit and close."""
        try:
            self.commit()
        finally:
            self._db.close()

    def _date(self, arch: str, message: Ran) -> None:
        """Note when it was: for each mechanism, and how much was done in this minute."""
        now = utc_now()
        self._write(
            "INSERT INTO sightings VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last",
            [(name, now, now) for name in message.mechanisms],
        )
        self._write(
            "INSERT INTO history VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET "
            "programs = programs + 1, different = different + excluded.different",
            [(arch, int(time.time() // 60), bool(message.mechanisms))],
        )

    def _add(self, counts: dict[tuple[str, str], float]) -> None:
        self._counted.update(counts)

    def _write_counters(self) -> None:
        """Write what was counted, in the transaction of the programs that it is about."""
        if not self._counted:
            return
        self._write(
            "INSERT INTO counters VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET value = value + excluded.value",
            [(scope, name, float(value)) for (scope, name), value in self._counted.items()],
        )
        self._counted.clear()

    def _write(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        if not self._db.in_transaction:
            self._run("BEGIN IMMEDIATE")
        try:
            self._db.executemany(statement, rows)
        except sqlite3.Error as error:
            raise self._unwritable(error) from error

    def _run(self, statement: str) -> None:
        try:
            self._db.execute(statement)
        except sqlite3.Error as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: sqlite3.Error) -> StateError:
        return StateError(
            f"cannot write the campaign database {self.path}: {error}. The findings so far are "
            "safe on disk; make room or mend the permissions and run the same command again, "
            "it goes on where it stopped."
        )


def _outcome(message: Ran) -> str:
    if message.mechanisms:
        return "different"
    if message.known:
        return "known"
    if message.in_company:
        return COMPANY
    if len(message.runs) == 1:
        return "inconclusive"
    return "same" if all(run.compiled for run in message.runs[1:]) else "not-compiled"


def utc_now() -> str:
    """Return the time as the campaign writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
