"""The store: findings as folders, the truth of a campaign.

    <campaign>/findings/<bucket>/<finding id>/
        finding.json    everything, for ``pyjit-fuzz replay`` and the report
        program.py      the program, reduced as far as it was
        original.py     as it was found, if it was reduced
        repro.py        runs without the toolkit
        command.txt     what to type

Invariants
- A folder is complete or absent: it is written beside its place, flushed to
  the disk, and renamed. ``kill -9`` at any moment leaves at most a hidden
  folder, which the next sitting mends or removes (``tidy``).
- A finding has one id from the moment it is found; adding it again replaces
  its folder, in whatever bucket that was.
- A folder needs neither the database nor its neighbours to be replayed.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pyjit_fuzz.campaign.repro import repro_text
from pyjit_fuzz.model import Finding, FindingState

_NEW = ".new-"
_OLD = ".old-"
_ORDER = list(FindingState)


class StoreError(Exception):
    """A finding cannot be written or read; the text says where, why and what to do."""


class Store:
    """The findings of one campaign folder."""

    def __init__(self, campaign: Path) -> None:
        """``campaign`` is the campaign's folder; it is made when it is first written to."""
        self.root = campaign / "findings"

    def add(self, finding: Finding) -> Path:
        """Write a finding durably and return its folder; raises ``StoreError``."""
        folder = self.root / (finding.bucket or "unsorted") / finding.id
        try:
            stale = [path for path in self._folders(finding.id) if path != folder]
            _write_folder(folder, _files(finding, folder))
            for path in stale:
                shutil.rmtree(path)
        except OSError as error:
            raise StoreError(
                f"cannot write the finding to {folder}: {error.strerror}. What was found before "
                "is safe on disk; make room or mend the permissions and run the same command "
                "again, it goes on where it stopped."
            ) from error
        return folder

    def folders(self) -> Iterator[Path]:
        """Yield the folders of all findings, in order of bucket and id."""
        yield from self._folders("*")

    def findings(self) -> Iterator[tuple[Path, Finding]]:
        """Yield all findings; one left behind twice by a crash only in its later state."""
        latest: dict[str, tuple[Path, Finding]] = {}
        for folder in self.folders():
            finding = read_finding(folder)
            known = latest.get(finding.id)
            if known is None or _ORDER.index(known[1].state) < _ORDER.index(finding.state):
                latest[finding.id] = folder, finding
        yield from latest.values()

    def is_news(self, finding: Finding) -> bool:
        """Tell whether a finding is not here, or not in so late a state."""
        here = (read_finding(path).state for path in self._folders(finding.id))
        return all(_ORDER.index(state) < _ORDER.index(finding.state) for state in here)

    def tidy(self) -> None:
        """Mend what a killed sitting left half done. One sitting at a time may call it."""
        for path in self.root.glob(f"*/{_OLD}*"):
            place = path.with_name(path.name.removeprefix(_OLD))
            if place.exists():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.rename(place)  # killed between taking the old away and putting the new
        for path in self.root.glob(f"*/{_NEW}*"):
            shutil.rmtree(path, ignore_errors=True)
        for path in self.root.glob("*"):
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()

    def _folders(self, name: str) -> Iterator[Path]:
        for path in sorted(self.root.glob(f"*/{name}/finding.json")):
            if not path.parent.name.startswith((_NEW, _OLD)):
                yield path.parent


def rewrite_finding(folder: Path, finding: Finding) -> None:
    """Replace the finding in a folder, wherever that is; raises ``StoreError``."""
    try:
        _write_folder(folder.absolute(), _files(finding, folder))
    except OSError as error:
        raise StoreError(f"cannot write the finding to {folder}: {error.strerror}") from error


def read_finding(folder: Path) -> Finding:
    """Read one finding folder; raises ``StoreError``."""
    path = folder / "finding.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Finding)
    except OSError as error:
        raise StoreError(
            f"{folder} is not the folder of a finding: {path.name} cannot be read "
            f"({error.strerror})"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{path} is damaged or of another version: {error}") from error


def _files(finding: Finding, folder: Path) -> dict[str, str]:
    finding_json = msgspec.json.format(msgspec.json.encode(finding), indent=1).decode()
    files = {
        "finding.json": finding_json + "\n",
        "program.py": finding.program.source,
        "repro.py": repro_text(finding),
        "command.txt": _commands(finding, folder),
    }
    if finding.original is not None and finding.original != finding.program:
        files["original.py"] = finding.original.source
    return files


def _commands(finding: Finding, folder: Path) -> str:
    profile = finding.tested
    variables = {"PYTHONHASHSEED": "0"}
    if profile.python_path:
        variables["PYTHONPATH"] = os.pathsep.join(profile.python_path)
    settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
    interpreter = profile.interpreter or "python3.11"
    return "\n".join(
        [
            "# With the toolkit: both observations side by side.",
            f"pyjit-fuzz replay {shlex.quote(str(folder))}",
            "",
            f"# Without it: in this folder, with the interpreter of {profile.arch}.",
            f"{settings} {shlex.quote(interpreter)} repro.py",
            "",
        ]
    )


def _write_folder(folder: Path, files: dict[str, str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = folder.with_name(f"{_NEW}{os.getpid()}-{folder.name}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        for name, text in files.items():
            with (temporary / name).open("wb") as stream:
                stream.write(text.encode("utf-8", "surrogatepass"))
                stream.flush()
                os.fsync(stream.fileno())
        _sync_folder(temporary)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    _replace(folder, temporary)
    _sync_folder(folder.parent)


def _replace(folder: Path, new: Path) -> None:
    """Put a complete folder in the place of another; ``tidy`` mends it if killed half way."""
    old = folder.with_name(f"{_OLD}{folder.name}")
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
