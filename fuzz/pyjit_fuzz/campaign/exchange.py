"""The exchange: a storage where campaigns of several machines leave what others can use.

    <url>/findings/<finding id>.<state>.json    each finding, once for each state it came to
    <url>/programs/<program id>.json            programs that reached something new in the JIT

Contract
- The storage is whatever fsspec can write to: a folder, S3, GCS, SFTP… Its files are never
  changed, so two campaigns cannot be in each other's way, and what is missing on either side
  follows from the names alone.
- The exchange works in a thread of its own: a slow or absent storage delays nothing. What could
  not be copied is tried again, and at the latest by the next sitting on the same folder.
- Half-written and damaged files are left alone, and told of once.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

import msgspec

from pyjit_fuzz.model import Finding, Program

Item: TypeAlias = Finding | Program

SECONDS_BETWEEN_ROUNDS: Final = 20.0
_LAST_ROUND: Final = 60.0
"""Seconds that the end of a sitting waits for what is still to be copied."""
_PART: Final = ".part"
"""Behind the name of what is not whole yet; who is killed meanwhile writes it again."""
_ROUNDS_OF_A_WRITER: Final = 3
"""So many rounds a file may be unreadable, because somebody is writing it."""


class ExchangeError(Exception):
    """The storage cannot be used; the text says why and what to do."""


class Exchange:
    """A sitting's connection with the storage."""

    def __init__(
        self,
        url: str,
        tell: Callable[[str], None],
        seconds: float = SECONDS_BETWEEN_ROUNDS,
    ) -> None:
        """Look at the storage; raises ``ExchangeError`` if it cannot be read and written.

        ``tell`` hears of later trouble, in the exchange's own thread; ``seconds`` is the time
        between two rounds.
        """
        self._shelf = _Shelf(url)
        self._tell = tell
        self._seconds = seconds
        self._outgoing: dict[str, Item] = {}
        self._there: set[str] = set()
        """Names that are in the storage and need not be read."""
        self._unreadable: dict[str, int] = {}
        self._lock = threading.Lock()
        self._news: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._closing = False
        self._trouble = ""
        self._thread = threading.Thread(target=self._work, name="exchange", daemon=True)

    def offer(self, items: Iterable[Item]) -> None:
        """Copy these to the storage if they are not there, and do not bring them back."""
        with self._lock:
            self._outgoing.update((_name(item), item) for item in items)

    def begin(self) -> None:
        """Start copying; what is offered before counts as known here."""
        self._thread.start()

    def news(self) -> list[Item]:
        """Return what others have left there since the last call; does not wait."""
        news = []
        while not self._news.empty():
            news.append(self._news.get())
        return news

    def close(self) -> None:
        """Copy what is left, for as long as that works, and end."""
        if not self._thread.is_alive():
            return
        self._closing = True
        self._wake.set()
        self._thread.join(_LAST_ROUND)
        if self._outgoing:
            self._tell(
                f"{len(self._outgoing)} findings and programs could not be copied to "
                f"{self._shelf.url}; the next sitting on this folder tries again"
            )

    def _work(self) -> None:
        while True:
            closing = self._closing
            try:
                self._round()
            except Exception as error:  # noqa: BLE001 - whatever a file system of a third party raises
                self._complain(f"cannot reach the storage {self._shelf.url}: {_text(error)}")
            else:
                self._trouble = ""
            if closing:
                return
            self._wake.wait(self._seconds)

    def _round(self) -> None:
        with self._lock:
            outgoing = dict(self._outgoing)
        names = self._shelf.names()
        for name, item in outgoing.items():
            if name not in names:
                self._shelf.put(name, msgspec.json.encode(item))
            self._there.add(name)
            with self._lock:
                self._outgoing.pop(name, None)
        for name in sorted(names - self._there):
            # At the end findings are worth waiting for, for the report; programs come again.
            if not (self._closing and name.startswith("programs/")):
                self._fetch(name)

    def _fetch(self, name: str) -> None:
        try:
            item = _read(name, self._shelf.get(name))
        except (msgspec.MsgspecError, ValueError) as error:
            self._unreadable[name] = self._unreadable.get(name, 0) + 1
            if self._unreadable[name] < _ROUNDS_OF_A_WRITER:
                return
            self._tell(f"left alone: {self._shelf.url}/{name} is damaged ({error})")
        else:
            self._news.put(item)
        self._there.add(name)

    def _complain(self, text: str) -> None:
        if text != self._trouble:
            self._trouble = text
            self._tell(f"{text}; nothing is lost, it is tried again")


class _Shelf:
    """The storage as a set of names."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        try:
            import fsspec  # noqa: PLC0415 - it is optional

            self._files, self._root = fsspec.core.url_to_fs(self.url)
            for kind in ("findings", "programs"):
                self._files.makedirs(f"{self._root}/{kind}", exist_ok=True)
            self._probe()
        except ModuleNotFoundError as error:
            if error.name == "fsspec":
                raise ExchangeError(
                    "--storage needs fsspec; install it with: pip install 'pyjit-fuzz[storage]'"
                ) from error
            raise ExchangeError(_unusable(url, error)) from error
        except Exception as error:
            raise ExchangeError(_unusable(url, error)) from error

    def names(self) -> set[str]:
        """Return the names of all files, as ``KIND/NAME``."""
        self._files.invalidate_cache()
        return {
            f"{kind}/{path.rpartition('/')[2]}"
            for kind in ("findings", "programs")
            for path in self._files.ls(f"{self._root}/{kind}", detail=False)
            if path.endswith(".json")
        }

    def get(self, name: str) -> bytes:
        return bytes(self._files.cat_file(f"{self._root}/{name}"))

    def put(self, name: str, data: bytes) -> None:
        path = f"{self._root}/{name}"
        self._files.pipe_file(path + _PART, data)
        self._files.mv(path + _PART, path)

    def _probe(self) -> None:
        """Write, read and remove a file."""
        path = f"{self._root}/programs/.probe-{time.time_ns()}"
        self._files.pipe_file(path, b"probe")
        if self._files.cat_file(path) != b"probe":
            raise OSError("what was written to it cannot be read back")
        self._files.rm_file(path)


def _name(item: Item) -> str:
    if isinstance(item, Program):
        return f"programs/{item.id}.json"
    return f"findings/{item.id}.{item.state.value}.json"


def _read(name: str, data: bytes) -> Item:
    """Return what a file holds; raises ``ValueError``, ``MsgspecError``."""
    kind: type[Item] = Program if name.startswith("programs/") else Finding
    item = msgspec.json.decode(data, type=kind)
    if _name(item) != name:
        raise ValueError(f"it holds {_name(item)}")
    return item


def _unusable(url: str, error: Exception) -> str:
    return (
        f"cannot use the storage {url}: {_text(error)}. It is a URL that fsspec knows, such as "
        "file:///mnt/fuzz or s3://bucket/fuzz (which needs s3fs), and has to be writable"
    )


def _text(error: Exception) -> str:
    return str(error) or type(error).__name__
